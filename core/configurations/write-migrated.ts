import { Configuration, ConfigurationRevision, type SealedSetting } from './model.ts';
import type { Author } from './write-configuration.ts';

/** Writes a level of the settings as a migration or a rollback left it, as a new revision. Call it in a transaction. */
export async function writeMigrated(
  level: { configuration: Configuration; values_text: string; secrets: SealedSetting[] },
  author: Author,
  cause: string,
): Promise<void> {
  const { configuration, values_text, secrets } = level;
  const revision = configuration.revision + 1;
  const { _id, workspace_id, installation_id, project_id, is_active } = configuration;
  await Configuration.updateOne(
    { _id, revision: configuration.revision },
    { $set: { values_text, secrets, revision, updated_by: author.id } },
  );
  await ConfigurationRevision.create([
    {
      _id: `${_id}:${revision}`,
      ...{
        workspace_id,
        configuration_id: _id,
        installation_id,
        project_id,
        revision,
        values_text,
        secrets,
        is_active,
      },
      author: { kind: author.kind, id: author.id, label: author.label },
      cause,
      at: new Date(),
    },
  ]);
}
