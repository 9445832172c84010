import { trusted } from '../database/mongoose.ts';
import { checkOf } from '../events/check-of.ts';
import type { EventRow } from '../events/model.ts';
import { log } from '../log.ts';
import { Webhook, type WebhookRow } from './model.ts';

/** The active webhooks of some workspaces: always as they are stored, so that a change counts from the next event on. */
export async function activeWebhooks(workspace_ids: string[]): Promise<WebhookRow[]> {
  return Webhook.find({ workspace_id: trusted({ $in: [...new Set(workspace_ids)] }), is_active: true }).lean<
    WebhookRow[]
  >();
}

/** How many webhooks an event goes to now. */
export async function countMatches(event: EventRow): Promise<number> {
  const webhooks = await activeWebhooks([event.workspace_id]);
  return webhooks.filter((webhook) => wants(webhook, event)).length;
}

/**
 * Whether a webhook wants an event: its type is listed; it belongs to the webhook's project, or to the whole
 * workspace; it is of the webhook's integration, where one is named; its data fits the filter, where there is one.
 */
export function wants(webhook: WebhookRow, event: EventRow): boolean {
  if (webhook.workspace_id !== event.workspace_id || !webhook.events.includes(event.type)) return false;
  if (event.project_id !== null && event.project_id !== webhook.project_id) return false;
  if (webhook.integration_id !== null && integrationOf(event) !== webhook.integration_id) return false;
  return webhook.filter === null || fits(webhook, webhook.filter, event);
}

function integrationOf(event: EventRow): string | null {
  const { data } = event;
  if (typeof data === 'object' && data !== null && 'integration_id' in data) return String(data.integration_id);
  return event.integration_id ?? null;
}

function fits(webhook: WebhookRow, filter: string, event: EventRow): boolean {
  try {
    return checkOf(filter)(event.data).ok;
  } catch (error) {
    // It was checked when it was written; should it not compile any more, its owner hears more rather than nothing.
    log.error({ err: error, webhook: webhook._id }, 'The filter of a webhook does not compile; the event is delivered');
    return true;
  }
}
