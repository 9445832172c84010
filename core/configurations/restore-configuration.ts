import { Failure } from '../../sdk/contract/failure.ts';
import { transaction } from '../database/transaction.ts';
import { type Author, type ConfigurationChange, draftConfiguration } from './draft.ts';
import { conform } from './level.ts';
import { type Configuration, ConfigurationRevision } from './model.ts';
import { storeDraft } from './store-draft.ts';

/**
 * Writes an earlier revision again, as a new one; its secrets too. Under another release than it was written for, it
 * is taken as that release's schema says: a value that is a secret today is sealed.
 *
 * @param revision the one to write again
 * @throws Failure `not_found`, `conflict` as `draftConfiguration`, or `configuration_invalid` when today's release does not take those values
 */
export async function restoreConfiguration(
  change: Pick<ConfigurationChange, 'workspace_id' | 'installation' | 'project_id' | 'revision' | 'language'> & {
    author: Author;
  },
  revision: number,
): Promise<Configuration> {
  return transaction(async () => {
    const draft = await draftConfiguration(change, async (now, installation) => {
      const then = now && (await ConfigurationRevision.findById(`${now._id}:${revision}`).lean());
      if (!then) throw new Failure('not_found', { message: `There is no revision ${revision} to restore` });
      const { workspace_id, values_text, secrets, is_active } = then;
      return { ...conform({ _id: now._id, workspace_id, values_text, secrets }, installation.manifest), is_active };
    });
    const told = { action: 'configuration.restored', more: { from_revision: revision } };
    await storeDraft(draft, change.author, `restored ${revision}`, told);
    return draft.after;
  });
}
