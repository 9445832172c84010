import type { FromSchema } from 'json-schema-to-ts';
import { audit, difference } from '../audit/audit.ts';
import { transaction } from '../database/transaction.ts';
import type { Caller } from '../http/caller.ts';
import { checkWebhook, wholeRetryConfig } from './check-webhook.ts';
import { keepMasked, masked, maskHeaders, openHeaders, sealHeaders } from './custom-headers.ts';
import { Webhook, type WebhookRow } from './model.ts';
import type { webhookChange } from './schemas.ts';
import { newSecret } from './signing-keys.ts';

/**
 * Changes a webhook: what is left out stays. Switching it on forgets the failures that switched it off; another
 * address does too. A new secret replaces the old ones at once (`rotateSecret` lets both sign for a while).
 *
 * @throws Failure validation_failed
 */
export async function updateWebhook(
  caller: Caller,
  webhook: WebhookRow,
  asked: FromSchema<typeof webhookChange>,
  address: string,
): Promise<WebhookRow> {
  const stored = openHeaders(webhook);
  const headers = asked.headers && keepMasked(asked.headers, stored);
  const events = await checkWebhook(webhook, { ...asked, headers });
  const { filter, retry_config, secret, ...plain } = asked;
  const change: Partial<WebhookRow> = {
    ...plain,
    ...(asked.events && { events }),
    ...(filter !== undefined && { filter: filter && JSON.stringify(filter) }),
    ...(retry_config && { retry_config: wholeRetryConfig(retry_config) }),
    headers: headers ? sealHeaders(webhook, headers) : webhook.headers,
    ...(secret !== undefined &&
      secret !== masked && {
        secrets: [newSecret({ workspace_id: webhook.workspace_id, id: webhook._id }, secret).record],
      }),
    ...((asked.is_active === true || (asked.url !== undefined && asked.url !== webhook.url)) && {
      consecutive_failures: 0,
      disabled_reason: null,
    }),
  };
  return transaction(async () => {
    const after = await Webhook.findOneAndUpdate(
      { _id: webhook._id, workspace_id: webhook.workspace_id },
      { $set: change },
      { returnDocument: 'after' },
    ).lean<WebhookRow>();
    await audit({
      workspace_id: webhook.workspace_id,
      caller,
      action: 'webhook.updated',
      target: { kind: 'webhook', id: webhook._id, name: webhook.name },
      ...difference(shown(webhook), shown({ ...webhook, ...change })),
      address,
    });
    // Deleted by someone else at this moment: what was asked for is then as done as it can be.
    return after ?? { ...webhook, ...change };
  });
}

/** What an audit entry may know of a webhook. */
function shown(webhook: WebhookRow) {
  const { name, url, events, filter, is_active, retry_config, timeout_seconds, order_key, integration_id } = webhook;
  return {
    ...{ name, url, events, filter, is_active, retry_config, timeout_seconds, order_key, integration_id },
    headers: maskHeaders(openHeaders(webhook)),
    secrets: webhook.secrets.map((one) => one.id),
  };
}
