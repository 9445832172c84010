import semver from 'semver';
import { Failure } from '../../sdk/contract/failure.ts';
import { checkValues } from '../configurations/check-values.ts';
import { Configuration } from '../configurations/model.ts';
import { opened } from '../configurations/write-configuration.ts';
import type { ChosenRelease } from '../invocations/choose-release.ts';
import { invoke } from '../invocations/invoke.ts';
import type { Cause } from '../invocations/model.ts';
import { settingFields } from '../invocations/settings.ts';
import type { Installation } from './model.ts';

/** What becomes of one level of the settings under another release. */
export interface MigratedLevel {
  configuration: Configuration;
  values_text: string;
  /** names of the secrets that the new schema still has */
  secrets: Configuration['secrets'];
  is_changed: boolean;
  errors: { pointer: string; message: string }[];
}

/**
 * Takes every level of an installation's settings to another release: through the `configuration_migrations` whose
 * range holds the present version, then the new schema's check. Writes nothing.
 */
export async function migrateConfigurations(
  installation: Installation,
  release: ChosenRelease,
  cause: Cause,
): Promise<MigratedLevel[]> {
  const { workspace_id, _id: installation_id } = installation;
  const levels = await Configuration.find({ workspace_id, installation_id }).lean();
  const handler = migrationFor(release, installation.version);
  return Promise.all(levels.map((level) => migrateLevel(installation, release, level, handler, cause)));
}

/** Name of the handler that brings settings of a version to a release; null when none is declared for it. */
export function migrationFor(release: ChosenRelease, from: string): string | null {
  const found = Object.entries(release.manifest.configuration_migrations ?? {}).find(([range]) =>
    semver.satisfies(from, range, { includePrerelease: true }),
  );
  return found ? `migrate.${found[1]}` : null;
}

async function migrateLevel(
  installation: Installation,
  release: ChosenRelease,
  configuration: Configuration,
  handler: string | null,
  cause: Cause,
): Promise<MigratedLevel> {
  const before = JSON.parse(configuration.values_text) as Record<string, unknown>;
  const fields = settingFields(release.manifest);
  const secrets = configuration.secrets.filter(({ name }) => Object.hasOwn(fields, name));
  const unchanged = { configuration, values_text: configuration.values_text, secrets, is_changed: false };
  try {
    const values =
      handler === null ? before : await migrated(installation, release, configuration, handler, before, cause);
    const values_text = JSON.stringify(values);
    checkValues(release.manifest, opened({ ...configuration, values_text, secrets }), true);
    const is_changed = values_text !== configuration.values_text || secrets.length < configuration.secrets.length;
    return { configuration, values_text, secrets, is_changed, errors: [] };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { errors } = error.content as { errors?: { pointer: string; message: string }[] };
    const told = errors?.map(({ pointer, message }) => ({ pointer, message }));
    return { ...unchanged, errors: told ?? [{ pointer: '/configuration', message: error.message }] };
  }
}

async function migrated(
  installation: Installation,
  release: ChosenRelease,
  { project_id }: Configuration,
  handler: string,
  values: Record<string, unknown>,
  cause: Cause,
): Promise<Record<string, unknown>> {
  const { output } = await invoke({
    workspace_id: installation.workspace_id,
    installation,
    // A migration computes; it has no business outside, so it is granted nothing.
    release: { ...release, grants: [] },
    handler,
    args: [values],
    project_id,
    cause,
    even_when_off: true,
  });
  if (typeof output === 'object' && output !== null && !Array.isArray(output)) return output as Record<string, unknown>;
  throw new Failure('configuration_invalid', {
    content: {
      errors: [{ pointer: '/configuration', message: `${handler} must answer an object`, keyword: 'type', params: {} }],
    },
  });
}
