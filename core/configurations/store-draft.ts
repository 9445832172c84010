import type { Manifest } from '../../sdk/contract/manifest.ts';
import { audit } from '../audit/audit.ts';
import { announce } from '../database/news.ts';
import type { Author, Draft } from './draft.ts';
import { shownValues } from './level.ts';
import { Configuration, ConfigurationRevision } from './model.ts';

/** Writes a checked draft, its revision and its audit entry, and tells every node. Call it in the draft's transaction. */
export async function storeDraft(
  { installation, before, after }: Draft,
  author: Author,
  cause: string,
  told: { action: string; more?: object },
): Promise<void> {
  const { created_at: _, updated_at: __, ...stored } = after;
  if (before) {
    const { _id, ...set } = stored;
    await Configuration.updateOne({ _id, revision: before.revision }, { $set: set });
  } else {
    await Configuration.create([stored]);
  }
  await writeRevision(after, author, cause);
  const { kind, id, label } = author;
  await audit({
    workspace_id: after.workspace_id,
    actor: { kind, id, label },
    action: told.action,
    target: { kind: 'configuration', id: after._id, name: installation.name },
    before: before && shown(before, installation.manifest),
    after: { ...shown(after, installation.manifest), ...told.more },
  });
  await announce(after.workspace_id);
}

/** Keeps a level as it is now in its history. */
export async function writeRevision(level: Configuration, author: Author, cause: string): Promise<void> {
  const { _id, workspace_id, installation_id, project_id, revision, values_text, secrets, is_active } = level;
  const { kind, id, label } = author;
  await ConfigurationRevision.create([
    {
      _id: `${_id}:${revision}`,
      configuration_id: _id,
      ...{ workspace_id, installation_id, project_id, revision, values_text, secrets, is_active },
      author: { kind, id, label },
      cause,
      at: new Date(),
    },
  ]);
}

/** A level as the audit log shows it. */
export function shown(
  level: Pick<Configuration, 'values_text' | 'secrets' | 'is_active' | 'project_id'>,
  manifest: Pick<Manifest, 'configuration'>,
): Record<string, unknown> {
  return { project_id: level.project_id, configuration: shownValues(level, manifest), is_active: level.is_active };
}
