import { Failure } from '../../sdk/contract/failure.ts';
import { audit } from '../audit/audit.ts';
import { announce } from '../database/news.ts';
import { transaction } from '../database/transaction.ts';
import type { Installation } from '../installations/model.ts';
import type { Author } from './draft.ts';
import { Configuration, ConfigurationRevision } from './model.ts';
import { shown } from './store-draft.ts';

/**
 * Removes one level of the settings with its history.
 *
 * @param revision the one that the caller read; absent: whatever is there
 * @throws Failure `not_found`; `conflict` with `content.revision` when somebody else wrote since
 */
export async function removeConfiguration(
  installation: Installation,
  project_id: string | null,
  author: Author,
  revision?: number,
): Promise<void> {
  const { workspace_id, _id: installation_id } = installation;
  await transaction(async () => {
    const found = await Configuration.findOne({ workspace_id, installation_id, project_id }).lean();
    if (!found) throw new Failure('not_found', { message: 'Nothing is configured at this level' });
    if (revision !== undefined && revision !== found.revision) {
      throw new Failure('conflict', {
        message: `Somebody else wrote revision ${found.revision} since you read ${revision}; read it again`,
        content: { revision: found.revision },
      });
    }
    await Configuration.deleteOne({ _id: found._id, workspace_id });
    await ConfigurationRevision.deleteMany({ workspace_id, configuration_id: found._id });
    const { kind, id, label } = author;
    await audit({
      workspace_id,
      actor: { kind, id, label },
      action: 'configuration.removed',
      target: { kind: 'configuration', id: found._id, name: installation.name },
      before: shown(found, installation.manifest),
    });
    await announce(workspace_id);
  });
}
