import { Failure } from '../../sdk/contract/failure.ts';
import type { Language } from '../../sdk/contract/language.ts';
import { newId } from '../database/id.ts';
import { Installation } from '../installations/model.ts';
import { mergeSettings } from '../invocations/settings.ts';
import { checkSize, checkValues } from './check-values.ts';
import { opened, partSecrets, type Said } from './level.ts';
import { Configuration } from './model.ts';

/** Who changes settings. */
export interface Author {
  kind: 'user' | 'key' | 'system';
  id: string;
  label: string;
}

export interface ConfigurationChange {
  workspace_id: string;
  installation: Pick<Installation, '_id' | 'name'>;
  /** null: the workspace's own level */
  project_id: string | null;
  /** replaces every setting of this level; absent: they stay */
  configuration?: Record<string, unknown>;
  /** absent: it stays; where it was never said, the level below decides */
  is_active?: boolean | null;
  /** the revision that the writer read; absent: whatever is there */
  revision?: number;
  /** `new`: there must be none yet (POST) */
  expects?: 'new';
  author: Author;
  cause?: string;
  language?: Language;
}

/** A change of one level, checked and not yet written. */
export interface Draft {
  installation: Installation;
  before: Configuration | null;
  after: Configuration;
}

/**
 * Reads what is there and makes of it what a change asks for. Run it in the transaction that stores the draft: the release is read
 * there too, so that nothing is written by the schema of a release that an upgrade has just replaced.
 *
 * @param remake says what the level holds, where not `change.configuration` does
 * @throws Failure `configuration_invalid` with JSON Pointers; `conflict` with `content.revision` when somebody else
 *   wrote since, or when `new` is expected and there is one; `plugin_not_found` when it was uninstalled meanwhile
 */
export async function draftConfiguration(
  change: ConfigurationChange,
  remake?: (before: Configuration | null, installation: Installation) => Promise<Said & { is_active: boolean | null }>,
): Promise<Draft> {
  const { workspace_id, project_id, language, author } = change;
  const installation = await Installation.findOne({ _id: change.installation._id, workspace_id }).lean();
  if (!installation) throw new Failure('plugin_not_found', { message: `${change.installation.name} was uninstalled` });
  const level = (id: string | null) =>
    Configuration.findOne({ workspace_id, installation_id: installation._id, project_id: id }).lean();
  const before = await level(project_id);
  mustMatch(before, change);
  const workspace = project_id === null ? null : await level(null);
  const place = { _id: before?._id ?? newId('cfg'), workspace_id };
  const said = remake
    ? await remake(before, installation)
    : {
        ...saidBy(change, installation, place, before, workspace),
        is_active: change.is_active === undefined ? (before?.is_active ?? null) : change.is_active,
      };
  const after: Configuration = {
    ...place,
    installation_id: installation._id,
    project_id,
    values_text: said.values_text,
    secrets: said.secrets,
    is_active: said.is_active,
    revision: (before?.revision ?? 0) + 1,
    updated_by: author.id,
    created_at: before?.created_at ?? new Date(),
    updated_at: new Date(),
  };
  mustFit(installation, after, workspace, language);
  return { installation, before, after };
}

function saidBy(
  { configuration, language }: ConfigurationChange,
  installation: Installation,
  place: { _id: string; workspace_id: string },
  before: Configuration | null,
  workspace: Configuration | null,
): Said {
  if (configuration === undefined) return { values_text: before?.values_text ?? '{}', secrets: before?.secrets ?? [] };
  checkSize(configuration, language);
  const earlier = { own: before?.secrets ?? [], inherited: workspace?.secrets.map(({ name }) => name) ?? [] };
  return partSecrets(installation.manifest, place, configuration, earlier, language);
}

/** This level by itself, and for a project both levels together, must be as the schema says. */
export function mustFit(
  { manifest }: Pick<Installation, 'manifest'>,
  level: Configuration,
  workspace: Configuration | null,
  language?: Language,
): void {
  const own = opened(level);
  checkValues(manifest, own, true, language);
  if (level.project_id === null) return;
  checkValues(manifest, wholeOf({ manifest }, workspace, level), false, language);
}

/** Everything that a project's call goes by, secrets in the clear: for the check only. */
export function wholeOf(
  { manifest }: Pick<Installation, 'manifest'>,
  workspace: Configuration | null,
  project: Configuration | null,
): Record<string, unknown> {
  const merged = mergeSettings(manifest, workspace ?? undefined, project ?? undefined);
  return { ...merged.values, ...Object.fromEntries(merged.secrets.map((name) => [name, merged.secret(name)])) };
}

function mustMatch(before: Configuration | null, change: ConfigurationChange): void {
  const revision = before?.revision ?? null;
  if (change.expects === 'new' && before) {
    throw new Failure('conflict', {
      message: 'There is a configuration already; change it with PUT',
      content: { revision },
    });
  }
  if (change.revision !== undefined && change.revision !== (revision ?? 0)) {
    throw new Failure('conflict', {
      message: `Somebody else wrote revision ${revision ?? 0} since you read ${change.revision}; read it again`,
      content: { revision },
    });
  }
}
