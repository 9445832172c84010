import { audit } from '../audit/audit.ts';
import { transaction } from '../database/transaction.ts';
import type { Caller } from '../http/caller.ts';
import { databaseTime } from '../jobs/clock.ts';
import { Webhook, type WebhookRow } from './model.ts';
import { newSecret } from './signing-keys.ts';

/** How long the old secret signs beside the new one, so that the receiver can be changed meanwhile. */
export const overlap_s = 86_400;

/**
 * Gives a webhook a new secret and new keys; the old ones go on signing for a day. A second rotation within that day
 * ends the overlap of what was old already.
 *
 * @returns the webhook, and the new secret in the clear: to be shown this once
 */
export async function rotateSecret(
  caller: Caller,
  webhook: WebhookRow,
  address: string,
): Promise<{ webhook: WebhookRow; secret: string }> {
  const { workspace_id } = webhook;
  const { record, secret } = newSecret({ workspace_id, id: webhook._id });
  const until = new Date((await databaseTime()) + overlap_s * 1000);
  const rotated = await transaction(async () => {
    const now = await Webhook.findOne({ _id: webhook._id, workspace_id }).lean<WebhookRow>();
    const [newest] = now?.secrets ?? webhook.secrets;
    const secrets = newest ? [record, { ...newest, expires_at: until }] : [record];
    await Webhook.updateOne({ _id: webhook._id, workspace_id }, { $set: { secrets } });
    await audit({
      workspace_id,
      caller,
      action: 'webhook.secret_rotated',
      target: { kind: 'webhook', id: webhook._id, name: webhook.name },
      after: { public_key: record.public_key, old_signs_until: until.toISOString() },
      address,
    });
    return { ...(now ?? webhook), secrets };
  });
  return { webhook: rotated, secret };
}
