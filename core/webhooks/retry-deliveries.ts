import { Failure } from '../../sdk/contract/failure.ts';
import { newId } from '../database/id.ts';
import { type QueryFilter, trusted } from '../database/mongoose.ts';
import { transaction } from '../database/transaction.ts';
import { readEvents } from '../events/announce.ts';
import { databaseTime } from '../jobs/clock.ts';
import { Again, defineJob } from '../jobs/define-job.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { Delivery, type DeliveryRow, Webhook, type WebhookRow } from './model.ts';
import { deliverJob, orderKey } from './plan-deliveries.ts';

const step = 200;

/**
 * Tries one delivery again, with a whole new row of attempts.
 *
 * @param delivery_id the latest failed one unless given
 * @throws Failure not_found; conflict when the webhook is off, or the delivery is still under way
 */
export async function retryDelivery(webhook: WebhookRow, delivery_id?: string): Promise<DeliveryRow> {
  mustBeActive(webhook);
  const wanted: QueryFilter<DeliveryRow> = delivery_id === undefined ? { status: 'failed' } : { _id: delivery_id };
  const delivery = await Delivery.findOne({ webhook_id: webhook._id, ...wanted })
    .sort({ created_at: -1 })
    .lean<DeliveryRow>();
  if (!delivery) {
    const message =
      delivery_id === undefined ? 'No delivery of this webhook has failed' : 'This webhook has no such delivery';
    throw new Failure('not_found', { message });
  }
  if (delivery.status === 'pending') {
    throw new Failure('conflict', { message: 'This delivery is still under way: see next_attempt_at' });
  }
  return transaction(async () => {
    const [again] = await startAgain(webhook, [delivery]);
    if (!again) throw new Failure('conflict', { message: 'This delivery was just started again by someone else' });
    return again;
  });
}

/**
 * Tries every delivery again that failed since a time, however many: a job goes through them in small steps and goes
 * on where it was after a restart.
 *
 * @returns how many there are now
 * @throws Failure conflict when the webhook is off
 */
export async function retryDeliveriesSince(webhook: WebhookRow, since: Date): Promise<number> {
  mustBeActive(webhook);
  const asked_at = new Date(await databaseTime());
  const count = await Delivery.countDocuments(failedSince({ webhook_id: webhook._id, since, asked_at }));
  await enqueue({
    id: newId('rty'),
    kind: 'webhook.retry',
    workspace_id: webhook.workspace_id,
    data: { webhook_id: webhook._id, since, asked_at },
  });
  return count;
}

interface RetryData {
  webhook_id: string;
  since: Date;
  /** what failed later than that is not tried once more by this job */
  asked_at: Date;
}

/** Says how the deliveries that failed since a time are started again. */
export function defineRetries(): void {
  defineJob<RetryData>('webhook.retry', {
    concurrency: 2,
    async handle(job, context) {
      const webhook = await Webhook.findOne({ _id: job.data.webhook_id, is_active: true }).lean<WebhookRow>();
      if (!webhook) return undefined;
      const found = await Delivery.find(failedSince(job.data))
        .sort({ created_at: 1 })
        .limit(step)
        .lean<DeliveryRow[]>();
      if (found.length === 0) return undefined;
      await context.commit(() => startAgain(webhook, found));
      return new Again({ in_ms: 0 });
    },
  });
}

function failedSince({ webhook_id, since, asked_at }: RetryData): QueryFilter<DeliveryRow> {
  return {
    webhook_id,
    status: 'failed',
    created_at: trusted({ $gte: since }),
    finished_at: trusted({ $lte: asked_at }),
  };
}

/** Makes failed or succeeded deliveries pending and gives each a job, in this transaction. */
async function startAgain(webhook: WebhookRow, deliveries: DeliveryRow[]): Promise<DeliveryRow[]> {
  const now = new Date(await databaseTime());
  const ids = deliveries.map((delivery) => delivery._id);
  const open: QueryFilter<DeliveryRow> = { _id: trusted({ $in: ids }), status: trusted({ $ne: 'pending' }) };
  const mine = new Set((await Delivery.find(open, { _id: 1 }).lean()).map((row) => row._id));
  const again = deliveries.filter((delivery) => mine.has(delivery._id));
  const events = await readEvents(again.map((delivery) => delivery.event_id));
  await Delivery.updateMany(
    { _id: trusted({ $in: [...mine] }) },
    { $set: { status: 'pending', next_attempt_at: now, finished_at: null } },
  );
  await enqueue(
    again.map((delivery) =>
      deliverJob(
        webhook,
        { delivery_id: delivery._id, webhook_id: webhook._id, event_id: delivery.event_id, attempt: 1 },
        `${delivery._id}:${newId('rty')}`,
        orderKey(webhook, events.get(delivery.event_id)?.data),
      ),
    ),
  );
  return again.map((delivery) => ({ ...delivery, status: 'pending', next_attempt_at: now, finished_at: null }));
}

function mustBeActive(webhook: WebhookRow): void {
  if (webhook.is_active) return;
  throw new Failure('conflict', {
    message: 'The webhook is switched off; switch it on first: PUT /webhooks/{id}/status',
  });
}
