import type { FromSchema } from 'json-schema-to-ts';
import { masked, maskHeaders, openHeaders } from './custom-headers.ts';
import type { DeliveryRow, WebhookRow } from './model.ts';
import type { deliverySchema, webhookSchema } from './schemas.ts';

/**
 * A webhook as the API shows it: its secret masked, its headers masked where they look like secrets.
 *
 * @param secret in the clear, only in the answer that made it
 */
export function presentWebhook(webhook: WebhookRow, secret?: string): FromSchema<typeof webhookSchema> {
  return {
    id: webhook._id,
    project_id: webhook.project_id,
    name: webhook.name,
    url: webhook.url,
    events: webhook.events,
    filter: webhook.filter === null ? null : (JSON.parse(webhook.filter) as Record<string, unknown>),
    headers: maskHeaders(openHeaders(webhook)),
    secret: secret ?? masked,
    public_keys: webhook.secrets
      .filter((one) => one.expires_at === null || one.expires_at.getTime() > Date.now())
      .map((one) => one.public_key),
    is_active: webhook.is_active,
    disabled_reason: webhook.disabled_reason,
    retry_config: webhook.retry_config,
    timeout_seconds: webhook.timeout_seconds,
    order_key: webhook.order_key,
    integration_id: webhook.integration_id,
    last_triggered_at: webhook.last_triggered_at?.toISOString() ?? null,
    success_count: webhook.success_count,
    failure_count: webhook.failure_count,
    consecutive_failures: webhook.consecutive_failures,
    created_by: webhook.created_by,
    created_at: webhook.created_at.toISOString(),
    updated_at: webhook.updated_at.toISOString(),
  };
}

/** A delivery as the API shows it, with what is sent (but the body, which is the event, and the signatures). */
export function presentDelivery(delivery: DeliveryRow, webhook: WebhookRow): FromSchema<typeof deliverySchema> {
  return {
    id: delivery._id,
    event_id: delivery.event_id,
    event_type: delivery.event_type,
    status: delivery.status,
    // Attempts of before they were kept have neither headers nor timings.
    attempts: delivery.attempts.map(({ response_headers = null, timings = null, ...attempt }) => ({
      ...attempt,
      ...{ at: attempt.at.toISOString(), response_headers, timings },
    })),
    next_attempt_at: delivery.next_attempt_at?.toISOString() ?? null,
    created_at: delivery.created_at.toISOString(),
    finished_at: delivery.finished_at?.toISOString() ?? null,
    request: {
      method: 'POST',
      url: webhook.url,
      headers: {
        ...maskHeaders(openHeaders(webhook)),
        'content-type': 'application/json',
        'webhook-id': delivery.event_id,
      },
    },
  };
}
