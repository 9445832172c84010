import { Failure } from '../../sdk/contract/failure.ts';
import { audit } from '../audit/audit.ts';
import { announce } from '../database/news.ts';
import { transaction } from '../database/transaction.ts';
import type { Installation } from '../installations/model.ts';
import { checkValues } from './check-values.ts';
import { Configuration, ConfigurationRevision } from './model.ts';
import { type Author, opened, shown } from './write-configuration.ts';

/**
 * Writes an earlier revision again, as a new one; its secrets too.
 *
 * @throws Failure `not_found`, or `configuration_invalid` when today's release does not take those values
 */
export async function restoreConfiguration(
  installation: Installation,
  project_id: string | null,
  revision: number,
  author: Author,
  cause = `restored ${revision}`,
): Promise<Configuration> {
  const { workspace_id, _id: installation_id } = installation;
  return transaction(async () => {
    const now = await Configuration.findOne({ workspace_id, installation_id, project_id }).lean();
    const then = now && (await ConfigurationRevision.findById(`${now._id}:${revision}`).lean());
    if (!now || !then) throw new Failure('not_found', { message: `There is no revision ${revision} to restore` });
    const { values_text, secrets, is_active } = then;
    const after: Configuration = {
      ...now,
      values_text,
      secrets,
      is_active,
      revision: now.revision + 1,
      updated_by: author.id,
    };
    checkValues(installation.manifest, opened(after), true);
    const set = { values_text, secrets, is_active, revision: after.revision, updated_by: author.id };
    await Configuration.updateOne({ _id: now._id, revision: now.revision }, { $set: set });
    const { kind, id, label } = author;
    await ConfigurationRevision.create([
      {
        _id: `${now._id}:${after.revision}`,
        ...{ workspace_id, configuration_id: now._id, installation_id, project_id, values_text, secrets, is_active },
        revision: after.revision,
        author: { kind, id, label },
        cause,
        at: new Date(),
      },
    ]);
    await audit({
      workspace_id,
      actor: { kind, id, label },
      action: 'configuration.restored',
      target: { kind: 'configuration', id: now._id, name: installation.name },
      before: shown(now),
      after: { ...shown(after), from_revision: revision },
    });
    await announce(workspace_id);
    return after;
  });
}
