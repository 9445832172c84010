import type { Manifest } from '../../sdk/contract/manifest.ts';
import { newBudget } from '../../sdk/contract/stranger/budget.ts';
import { fillDefaults } from '../../sdk/contract/stranger/fill-defaults.ts';
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

/**
 * Merges the levels of a configuration: the project's lies over the workspace's, and what neither says is the schema's
 * default, also within objects and lists that are there. A value whose name is a secret in this release is left out, and so is
 * a secret that is none in it.
 */
export function mergeSettings(
  manifest: Pick<Manifest, 'configuration'>,
  workspace: Configuration | undefined,
  project: Configuration | undefined,
): Settings {
  const names = secretNames(manifest);
  const said = new Map<string, unknown>();
  const origins = new Map<string, Origin>();
  const sealed = new Map<string, { configuration: Configuration; sealed: string }>();
  for (const [configuration, origin] of [
    [workspace, 'workspace'],
    [project, 'project'],
  ] as const) {
    if (!configuration) continue;
    for (const [name, value] of Object.entries(JSON.parse(configuration.values_text) as Record<string, unknown>)) {
      if (names.has(name)) continue;
      said.set(name, value);
      origins.set(name, origin);
    }
    for (const secret of configuration.secrets) {
      if (!names.has(secret.name)) continue;
      sealed.set(secret.name, { configuration, sealed: secret.sealed });
      origins.set(secret.name, origin);
    }
  }
  const values = filled(manifest, Object.fromEntries(said));
  for (const name of Object.keys(values)) if (!origins.has(name)) origins.set(name, 'default');
  return {
    values,
    origins: Object.fromEntries(origins),
    secrets: [...sealed.keys()],
    is_active: project?.is_active ?? workspace?.is_active ?? true,
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

/** Names of the settings whose values are sealed. */
export function secretNames(manifest: Pick<Manifest, 'configuration'>): Set<string> {
  return new Set(
    Object.entries(settingFields(manifest))
      .filter(([, field]) => typeof field === 'object' && field.format === 'secret')
      .map(([name]) => name),
  );
}

/** Each level was held to half of this budget when it was written, so both together keep within it. */
function filled(manifest: Pick<Manifest, 'configuration'>, values: Record<string, unknown>): Record<string, unknown> {
  const budget = newBudget();
  return fillDefaults((manifest.configuration ?? {}) as object, values, { ...budget, steps: budget.steps * 2 });
}
