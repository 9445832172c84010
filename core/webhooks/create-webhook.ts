import type { FromSchema } from 'json-schema-to-ts';
import { audit } from '../audit/audit.ts';
import { newId } from '../database/id.ts';
import { transaction } from '../database/transaction.ts';
import type { Caller } from '../http/caller.ts';
import { checkWebhook, wholeRetryConfig } from './check-webhook.ts';
import { maskHeaders, sealHeaders } from './custom-headers.ts';
import { Webhook, type WebhookRow } from './model.ts';
import type { newWebhook } from './schemas.ts';
import { newSecret } from './signing-keys.ts';

/**
 * Makes a webhook.
 *
 * @returns it, and its secret in the clear: to be shown this once
 * @throws Failure validation_failed for an address, event type, filter, header or secret that cannot be
 */
export async function createWebhook(
  caller: Caller,
  project_id: string,
  asked: FromSchema<typeof newWebhook>,
  address: string,
): Promise<{ webhook: WebhookRow; secret: string }> {
  const { workspace_id } = caller;
  const events = await checkWebhook({ workspace_id, project_id }, asked);
  const _id = newId('whk');
  const { record, secret } = newSecret({ workspace_id, id: _id }, asked.secret);
  const webhook = await transaction(async () => {
    const [made] = await Webhook.create([
      {
        _id,
        workspace_id,
        project_id,
        name: asked.name,
        url: asked.url,
        events,
        filter: asked.filter ? JSON.stringify(asked.filter) : null,
        headers: sealHeaders({ workspace_id, _id }, asked.headers ?? {}),
        secrets: [record],
        is_active: asked.is_active,
        retry_config: wholeRetryConfig(asked.retry_config),
        timeout_seconds: asked.timeout_seconds,
        order_key: asked.order_key ?? null,
        integration_id: asked.integration_id ?? null,
        created_by: caller.id,
      },
    ]);
    await audit({
      workspace_id,
      caller,
      action: 'webhook.created',
      target: { kind: 'webhook', id: _id, name: asked.name },
      after: { url: asked.url, events, headers: maskHeaders(asked.headers ?? {}) },
      address,
    });
    return made?.toObject() as WebhookRow;
  });
  return { webhook, secret };
}
