import type { Manifest } from '../../sdk/contract/manifest.ts';
import { cached } from '../access/cache.ts';
import { Configuration } from '../configurations/model.ts';
import { trusted } from '../database/mongoose.ts';
import { unseal } from '../vault/vault.ts';

/** Where a setting's value comes from. */
export type Origin = 'default' | 'workspace' | 'project';

/** What one call of a plugin sees of its settings. */
export interface Settings {
  /** without the secret ones */
  values: Record<string, unknown>;
  origins: Record<string, Origin>;
  /** names of the secrets that are set */
  secrets: string[];
  /** false: the plugin is off for this project */
  is_active: boolean;
  /** grows with every change of either level */
  revision: number;
  /** Opens a secret setting; null when it is not set. */
  secret(name: string): string | null;
}

/**
 * The settings of an installation for a project: defaults of the schema, then what the workspace says, then the
 * project, each top-level name as a whole. Kept in memory until the workspace's next change.
 */
export function readSettings(
  workspace_id: string,
  installation: { _id: string; digest: string; manifest: Manifest },
  project_id: string | null,
): Promise<Settings> {
  const { _id, digest, manifest } = installation;
  return cached(workspace_id, 'settings', `${_id} ${digest} ${project_id ?? '-'}`, async () => {
    const levels = await Configuration.find({
      workspace_id,
      installation_id: _id,
      project_id: trusted({ $in: project_id === null ? [null] : [null, project_id] }),
    }).lean();
    const workspace = levels.find((level) => level.project_id === null);
    const project = levels.find((level) => level.project_id !== null);
    return mergeSettings(manifest, workspace, project);
  });
}

/** Merges the levels of a configuration; the project's lies over the workspace's. */
export function mergeSettings(
  manifest: Pick<Manifest, 'configuration'>,
  workspace: Configuration | undefined,
  project: Configuration | undefined,
): Settings {
  const values: Record<string, unknown> = {};
  const origins: Record<string, Origin> = {};
  const take = (found: Record<string, unknown>, origin: Origin) => {
    for (const [name, value] of Object.entries(found)) {
      Object.defineProperty(values, name, { value, enumerable: true, writable: true, configurable: true });
      origins[name] = origin;
    }
  };
  take(defaultsOf(manifest), 'default');
  const sealed = new Map<string, { configuration: Configuration; sealed: string }>();
  for (const [configuration, origin] of [
    [workspace, 'workspace'],
    [project, 'project'],
  ] as const) {
    if (!configuration) continue;
    take(JSON.parse(configuration.values_text) as Record<string, unknown>, origin);
    for (const secret of configuration.secrets) {
      sealed.set(secret.name, { configuration, sealed: secret.sealed });
      origins[secret.name] = origin;
    }
  }
  return {
    values,
    origins,
    secrets: [...sealed.keys()],
    is_active: (project ?? workspace)?.is_active ?? true,
    revision: (workspace?.revision ?? 0) + (project?.revision ?? 0),
    secret(name) {
      const found = sealed.get(name);
      return found ? unseal(found.sealed, secretPlace(found.configuration, name)) : null;
    },
  };
}

/** Where a secret setting is sealed to. */
export function secretPlace(configuration: Pick<Configuration, '_id' | 'workspace_id'>, name: string) {
  return { workspace_id: configuration.workspace_id, record: configuration._id, field: `secrets.${name}` };
}

/** The top-level fields of a configuration's schema. */
export function settingFields(
  manifest: Pick<Manifest, 'configuration'>,
): Record<string, { format?: string; default?: unknown }> {
  const schema = manifest.configuration as
    | { properties?: Record<string, { format?: string; default?: unknown }> }
    | undefined;
  return schema?.properties ?? {};
}

function defaultsOf(manifest: Pick<Manifest, 'configuration'>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(settingFields(manifest))
      .filter(([, field]) => typeof field === 'object' && field.default !== undefined && field.format !== 'secret')
      .map(([name, field]) => [name, field.default]),
  );
}
