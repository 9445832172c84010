import { createHash } from 'node:crypto';
import { trusted } from '../database/mongoose.ts';
import { transaction } from '../database/transaction.ts';
import type { Announcement } from '../events/followers.ts';
import { databaseTime } from '../jobs/clock.ts';
import { enqueue, type NewJob } from '../jobs/enqueue.ts';
import { activeWebhooks, wants } from './match-webhooks.ts';
import { Delivery, type DeliveryRow, type WebhookRow } from './model.ts';

/** The data of a `webhook.deliver` job. */
export interface DeliverData {
  delivery_id: string;
  webhook_id: string;
  event_id: string;
  /** the attempt that comes, from 1 */
  attempt: number;
}

/**
 * Writes down the deliveries of events and the jobs that make them. Ids follow from event, webhook and round, so doing
 * it twice is doing it once.
 *
 * @param which `ordered`: only for webhooks that keep an order, in the transaction that stores the event, so that the
 *   order is that of the commits; `all`: afterwards, for every webhook
 */
export async function planDeliveries(announcements: Announcement[], which: 'ordered' | 'all'): Promise<void> {
  const webhooks = await activeWebhooks(announcements.map(({ event }) => event.workspace_id));
  const planned = announcements.flatMap(({ event, round }) =>
    webhooks
      .filter((webhook) => wants(webhook, event))
      .map((webhook) => ({
        webhook,
        event,
        id: deliveryId(event._id, webhook._id, round),
        key: orderKey(webhook, event.data),
      }))
      .filter(({ key }) => which === 'all' || key !== null),
  );
  if (planned.length === 0) return;
  const now = new Date(await databaseTime());
  // Both or neither: a delivery without its job would stay open for ever when its webhook is switched off meanwhile. In
  // steps, because others wait while a transaction of thousands of deliveries is written.
  for (let from = 0; from < planned.length; from += step) {
    await transaction(() => store(planned.slice(from, from + step), now));
  }
}

/** Deliveries that one transaction writes down. */
const step = 250;

interface Planned {
  webhook: WebhookRow;
  event: Announcement['event'];
  id: string;
  key: string | null;
}

async function store(planned: Planned[], now: Date): Promise<void> {
  await Delivery.bulkWrite(
    planned.map(({ webhook, event, id }) => ({
      updateOne: { filter: { _id: id }, update: { $setOnInsert: newDelivery(webhook, event, now) }, upsert: true },
    })),
    { ordered: false },
  );
  // One that is over already, planned long ago, gets no second job.
  const open = await Delivery.find(
    { _id: trusted({ $in: planned.map(({ id }) => id) }), status: 'pending' },
    { _id: 1 },
  ).lean();
  const pending = new Set(open.map((row) => row._id));
  await enqueue(
    planned
      .filter(({ id }) => pending.has(id))
      .map(({ webhook, event, id, key }) =>
        deliverJob(webhook, { delivery_id: id, webhook_id: webhook._id, event_id: event._id, attempt: 1 }, id, key),
      ),
  );
}

/** The job that delivers. */
export function deliverJob(
  webhook: Pick<WebhookRow, '_id' | 'workspace_id'>,
  data: DeliverData,
  id: string,
  order_key: string | null,
): NewJob {
  return {
    id,
    kind: 'webhook.deliver',
    workspace_id: webhook.workspace_id,
    group: endpointGroup(webhook._id),
    order_key,
    data,
  };
}

/** The group of an endpoint's jobs: what caps them and makes them wait. */
export function endpointGroup(webhook_id: string): string {
  return `webhook:${webhook_id}`;
}

function newDelivery(webhook: WebhookRow, event: Announcement['event'], now: Date): Omit<DeliveryRow, '_id'> {
  return {
    workspace_id: webhook.workspace_id,
    webhook_id: webhook._id,
    event_id: event._id,
    event_type: event.type,
    status: 'pending',
    attempts: [],
    next_attempt_at: now,
    created_at: now,
    finished_at: null,
  };
}

/** The order key of an event for a webhook: what its pointer finds in the data; null where it finds nothing plain. */
export function orderKey(webhook: WebhookRow, data: unknown): string | null {
  if (webhook.order_key === null) return null;
  let place: unknown = data;
  for (const part of webhook.order_key.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof place !== 'object' || place === null || !Object.hasOwn(place, name)) return null;
    place = (place as Record<string, unknown>)[name];
  }
  if (typeof place !== 'string' && typeof place !== 'number') return null;
  // Hashed when long: a key is an index entry.
  const text = String(place);
  const short = text.length <= 100 ? text : createHash('sha256').update(text).digest('base64url');
  return `${webhook._id}:${short}`;
}

function deliveryId(event_id: string, webhook_id: string, round: string): string {
  const hash = createHash('sha256').update(`${event_id} ${webhook_id} ${round}`).digest('hex');
  return `dlv_${hash.slice(0, 24)}`;
}
