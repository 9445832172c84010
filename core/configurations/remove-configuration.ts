import { Failure } from '../../sdk/contract/failure.ts';
import { audit } from '../audit/audit.ts';
import { announce } from '../database/news.ts';
import { transaction } from '../database/transaction.ts';
import type { Installation } from '../installations/model.ts';
import { Configuration, ConfigurationRevision } from './model.ts';
import { type Author, shown } from './write-configuration.ts';

/** Removes one level of the settings with its history. @throws Failure `not_found` */
export async function removeConfiguration(
  installation: Installation,
  project_id: string | null,
  author: Author,
): Promise<void> {
  const { workspace_id, _id: installation_id } = installation;
  await transaction(async () => {
    const found = await Configuration.findOneAndDelete({ workspace_id, installation_id, project_id }).lean();
    if (!found) throw new Failure('not_found', { message: 'Nothing is configured at this level' });
    await ConfigurationRevision.deleteMany({ workspace_id, configuration_id: found._id });
    const { kind, id, label } = author;
    await audit({
      workspace_id,
      actor: { kind, id, label },
      action: 'configuration.removed',
      target: { kind: 'configuration', id: found._id, name: installation.name },
      before: shown(found),
    });
    await announce(workspace_id);
  });
}
