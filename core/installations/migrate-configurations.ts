import semver from 'semver';
import { Failure } from '../../sdk/contract/failure.ts';
import { checkValues } from '../configurations/check-values.ts';
import { wholeOf } from '../configurations/draft.ts';
import { conform, errorsOf, opened, type Said, valuesOf } from '../configurations/level.ts';
import { Configuration } from '../configurations/model.ts';
import type { ChosenRelease } from '../invocations/choose-release.ts';
import { invoke } from '../invocations/invoke.ts';
import type { Cause } from '../invocations/model.ts';
import type { Installation } from './model.ts';

/** What becomes of one level of the settings under another release. */
export interface MigratedLevel extends Said {
  configuration: Configuration;
  is_changed: boolean;
  errors: { pointer: string; message: string }[];
}

/**
 * Takes every level of an installation's settings to another release: through the `configuration_migrations` whose
 * range holds the present version, then the new schema's check. What was whole before must be whole afterwards. Writes
 * nothing.
 */
export async function migrateConfigurations(
  installation: Installation,
  release: ChosenRelease,
  cause: Cause,
): Promise<MigratedLevel[]> {
  const { workspace_id, _id: installation_id } = installation;
  const levels = await Configuration.find({ workspace_id, installation_id }).lean();
  const handler = migrationFor(release, installation.version);
  const migrated = await Promise.all(levels.map((level) => migrateLevel(installation, release, level, handler, cause)));
  const workspace = migrated.find(({ configuration }) => configuration.project_id === null);
  return migrated.map((level) =>
    level.errors.length > 0 || (workspace?.errors.length ?? 0) > 0
      ? level
      : { ...level, errors: wholenessErrors(installation, release, workspace, level) },
  );
}

/** What a project, or the workspace for those that say nothing, would lack under a release though it lacks nothing today. */
function wholenessErrors(
  installation: Installation,
  { manifest }: ChosenRelease,
  workspace: MigratedLevel | undefined,
  level: MigratedLevel,
): MigratedLevel['errors'] {
  const project = level === workspace ? null : level;
  const after = (one: MigratedLevel | null | undefined) =>
    one ? { ...one.configuration, values_text: one.values_text, secrets: one.secrets } : null;
  const before = wholeOf(installation, workspace?.configuration ?? null, project?.configuration ?? null);
  try {
    checkValues(installation.manifest, before, false);
  } catch {
    return [];
  }
  try {
    checkValues(manifest, wholeOf({ manifest }, after(workspace), after(project)), false);
    return [];
  } catch (error) {
    return errorsOf(error);
  }
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
  const { values_text, secrets } = configuration;
  const before = valuesOf(configuration);
  try {
    const values =
      handler === null ? before : await migrated(installation, release, configuration, handler, before, cause);
    const said = conform({ ...configuration, values_text: JSON.stringify(values) }, release.manifest);
    checkValues(release.manifest, opened({ ...configuration, ...said }), true);
    const is_changed = said.values_text !== values_text || said.secrets.length !== secrets.length;
    return { configuration, ...said, is_changed, errors: [] };
  } catch (error) {
    return { configuration, values_text, secrets, is_changed: false, errors: errorsOf(error) };
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
