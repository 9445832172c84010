import { audit } from '../audit/audit.ts';
import { emitEvent } from '../events/emit-event.ts';
import { webhooks_disabled } from './metrics.ts';
import { Webhook, type WebhookRow } from './model.ts';

/** So many failed deliveries in a row switch a webhook off (`API.md`); so many announce that it is about to happen. */
export const disabled_after = 10;
export const warned_after = 8;

/** Counts a delivery that failed for good; the tenth in a row switches the webhook off. Call it in the transaction that ends it. */
export async function countFailure(webhook: Pick<WebhookRow, '_id'>, now: Date): Promise<void> {
  const after = await Webhook.findOneAndUpdate(
    { _id: webhook._id },
    { $inc: { failure_count: 1, consecutive_failures: 1 }, $max: { last_triggered_at: now } },
    { returnDocument: 'after', timestamps: false },
  ).lean<WebhookRow>();
  if (!after?.is_active) return;
  if (after.consecutive_failures === warned_after) await tell(after, 'webhook.disabling');
  if (after.consecutive_failures >= disabled_after) {
    await turnOff(after, `${after.consecutive_failures} deliveries in a row failed`);
  }
}

/** Counts a failure that ends the webhook itself, as 410 does. Call it in the transaction that ends the delivery. */
export async function switchOff(webhook: Pick<WebhookRow, '_id'>, reason: string, now: Date): Promise<void> {
  const after = await Webhook.findOneAndUpdate(
    { _id: webhook._id },
    { $inc: { failure_count: 1, consecutive_failures: 1 }, $max: { last_triggered_at: now } },
    { returnDocument: 'after', timestamps: false },
  ).lean<WebhookRow>();
  if (after?.is_active) await turnOff(after, reason);
}

async function turnOff(webhook: WebhookRow, reason: string): Promise<void> {
  await Webhook.updateOne({ _id: webhook._id }, { $set: { is_active: false, disabled_reason: reason } });
  await audit({
    workspace_id: webhook.workspace_id,
    actor: { kind: 'system', id: 'webhooks', label: 'webhooks' },
    action: 'webhook.disabled',
    target: { kind: 'webhook', id: webhook._id, name: webhook.name },
    before: { is_active: true },
    after: { is_active: false, disabled_reason: reason },
  });
  await tell(webhook, 'webhook.disabled');
  webhooks_disabled.inc();
}

async function tell(webhook: WebhookRow, type: 'webhook.disabling' | 'webhook.disabled'): Promise<void> {
  await emitEvent({
    workspace_id: webhook.workspace_id,
    project_id: webhook.project_id,
    type,
    data: {
      webhook_id: webhook._id,
      project_id: webhook.project_id,
      name: webhook.name,
      consecutive_failures: webhook.consecutive_failures,
    },
    source: { kind: 'system', id: 'webhooks' },
  });
}
