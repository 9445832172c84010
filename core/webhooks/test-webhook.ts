import { eventTypes } from '../../sdk/contract/event-types.ts';
import { Failure } from '../../sdk/contract/failure.ts';
import { newId } from '../database/id.ts';
import { databaseTime } from '../jobs/clock.ts';
import { bodyOf } from './delivery-body.ts';
import type { Attempt, WebhookRow } from './model.ts';
import { send } from './send.ts';

/**
 * Sends one signed delivery now, outside the log and the counts: of the webhook's first event type, with the given
 * data or the type's sample.
 *
 * @throws Failure webhook_failed when there was no answer at all, saying why
 */
export async function testWebhook(
  webhook: WebhookRow,
  data?: object,
): Promise<Attempt & { success: boolean; status_code: number }> {
  const [type = 'webhook.test'] = webhook.events;
  const event = {
    _id: newId('evt'),
    type,
    occurred_at: new Date(await databaseTime()),
    project_id: webhook.project_id,
    data: data ?? eventTypes[type]?.sample ?? { message: 'A test' },
  };
  const { ok, attempt } = await send(webhook, { id: event._id, body: bodyOf(event) });
  const { status_code } = attempt;
  if (status_code !== null) return { ...attempt, status_code, success: ok };
  throw new Failure('webhook_failed', { message: `The receiver gave no answer: ${attempt.error}` });
}
