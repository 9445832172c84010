import { transaction } from '../database/transaction.ts';
import { type ConfigurationChange, draftConfiguration } from './draft.ts';
import type { Configuration } from './model.ts';
import { storeDraft } from './store-draft.ts';

/**
 * Writes one level of an installation's settings, with a new revision.
 *
 * @throws Failure as `draftConfiguration`
 */
export async function writeConfiguration(change: ConfigurationChange): Promise<Configuration> {
  return transaction(async () => {
    const draft = await draftConfiguration(change);
    const [cause, action] = draft.before ? ['updated', 'configuration.changed'] : ['created', 'configuration.created'];
    await storeDraft(draft, change.author, change.cause ?? cause, { action });
    return draft.after;
  });
}
