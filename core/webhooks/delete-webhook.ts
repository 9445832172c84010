import { audit } from '../audit/audit.ts';
import { transaction } from '../database/transaction.ts';
import type { Caller } from '../http/caller.ts';
import { Webhook, type WebhookRow } from './model.ts';

/** Deletes a webhook. Deliveries under way end as failed; its log goes with retention. */
export async function deleteWebhook(caller: Caller, webhook: WebhookRow, address: string): Promise<void> {
  await transaction(async () => {
    await Webhook.deleteOne({ _id: webhook._id, workspace_id: webhook.workspace_id });
    await audit({
      workspace_id: webhook.workspace_id,
      caller,
      action: 'webhook.deleted',
      target: { kind: 'webhook', id: webhook._id, name: webhook.name },
      before: { url: webhook.url, events: webhook.events },
      address,
    });
  });
}
