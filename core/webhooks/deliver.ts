import { backoff } from '../../sdk/flow/retry.ts';
import { trusted } from '../database/mongoose.ts';
import { Again, defineJob, type JobContext } from '../jobs/define-job.ts';
import { gather } from '../jobs/gather.ts';
import type { JobRow } from '../jobs/model.ts';
import { pauseGroup } from '../jobs/pause-group.ts';
import { countFailure, switchOff } from './count-failure.ts';
import { deliveryBody } from './delivery-body.ts';
import { deliveries_made, delivery_duration } from './metrics.ts';
import { type Attempt, Delivery, Webhook, type WebhookRow } from './model.ts';
import { type DeliverData, endpointGroup } from './plan-deliveries.ts';
import { waitAfter } from './retry-waits.ts';
import { type Sent, send } from './send.ts';

/** Attempts that a delivery's log keeps; retries by hand can make any number of them. */
const kept_attempts = 50;
const longest_pause_ms = 3_600_000;

const load = gather(async (ids: string[]) => {
  const rows = await Webhook.find({ _id: trusted({ $in: [...new Set(ids)] }) }).lean<WebhookRow[]>();
  const byId = new Map(rows.map((row) => [row._id, row]));
  return ids.map((id) => byId.get(id) ?? null);
});

/**
 * Says how deliveries are made: up to 64 at once to an endpoint that is quick, 16 to one that is slow or new, and those
 * together never take more than half of the places, so that endpoints that hang leave room for the others.
 */
export function defineDeliveries(): void {
  defineJob<DeliverData>('webhook.deliver', {
    concurrency: 384,
    group_concurrency: 64,
    slow_concurrency: 192,
    max_losses: 100,
    keep_done_s: 3600,
    handle: deliver,
    async died(job, error) {
      const last = noAttempt(`${error.type}: ${error.message}`);
      await Delivery.updateOne({ _id: job.data.delivery_id, status: 'pending' }, failed(last, new Date()));
    },
  });
}

async function deliver(job: JobRow & { data: DeliverData }, context: JobContext): Promise<Again | undefined> {
  const { delivery_id, event_id, webhook_id } = job.data;
  const webhook = await load(webhook_id);
  const body = webhook?.is_active ? await deliveryBody(event_id) : null;
  if (!webhook || !body) {
    const why = !webhook ? 'The webhook was deleted' : body ? '' : whyNot(webhook);
    context.record(Delivery, { filter: { _id: delivery_id }, update: failed(noAttempt(why), new Date()) });
    return undefined;
  }
  const sent = await send(webhook, { id: event_id, body }, context.signal);
  measure(sent);
  const now = new Date(await context.now());
  if (sent.ok) {
    context.record(Delivery, {
      filter: { _id: delivery_id },
      update: { $set: { status: 'succeeded', next_attempt_at: null, finished_at: now }, $push: log(sent.attempt) },
    });
    context.record(Webhook, {
      filter: { _id: webhook_id },
      update: { $inc: { success_count: 1 }, $set: { consecutive_failures: 0 }, $max: { last_triggered_at: now } },
    });
    return undefined;
  }
  return retryOrFail(job, context, webhook, sent, now);
}

async function retryOrFail(
  job: JobRow & { data: DeliverData },
  context: JobContext,
  webhook: WebhookRow,
  sent: Sent,
  now: Date,
): Promise<Again | undefined> {
  const { data } = job;
  const gone = sent.attempt.status_code === 410;
  if (slows(sent)) await pauseGroup(endpointGroup(webhook._id), pauseFor(sent, data.attempt));
  const wait =
    gone || sent.hopeless ? null : waitAfter(webhook.retry_config, data.attempt, Math.random(), sent.retry_after_s);
  if (wait === null) {
    await context.commit(
      async () => {
        await Delivery.bulkWrite([
          { updateOne: { filter: { _id: data.delivery_id }, update: failed(sent.attempt, now) } },
        ]);
        if (gone) await switchOff(webhook, 'The receiver answered 410 Gone', now);
        else await countFailure(webhook, now);
      },
      { finish: true },
    );
    return undefined;
  }
  const next = new Date(now.getTime() + wait);
  context.record(Delivery, {
    filter: { _id: data.delivery_id },
    update: { $set: { status: 'pending', next_attempt_at: next }, $push: log(sent.attempt) },
  });
  context.record(Webhook, { filter: { _id: webhook._id }, update: { $max: { last_triggered_at: now } } });
  return new Again(next, { ...data, attempt: data.attempt + 1 });
}

/** An endpoint that says "too much", or that a proxy cannot reach in time, gets time as a whole, not delivery by delivery. */
function slows(sent: Sent): boolean {
  const status = sent.attempt.status_code;
  return status === 429 || status === 502 || status === 504 || (sent.attempt.error?.startsWith('timeout:') ?? false);
}

function pauseFor(sent: Sent, attempt: number): number {
  if (sent.retry_after_s !== null) return Math.min(longest_pause_ms, sent.retry_after_s * 1000);
  return backoff(attempt + 1, { base_ms: 1000, cap_ms: 60_000, jitter: 0.5 });
}

function whyNot(webhook: WebhookRow): string {
  if (webhook.is_active) return 'The event is past its retention';
  return `The webhook is switched off${webhook.disabled_reason ? `: ${webhook.disabled_reason}` : ''}`;
}

function failed(attempt: Attempt, now: Date) {
  return { $set: { status: 'failed', next_attempt_at: null, finished_at: now }, $push: log(attempt) };
}

const log = (attempt: Attempt) => ({ attempts: { $each: [attempt], $slice: -kept_attempts } });

function noAttempt(error: string): Attempt {
  const nothing = { status_code: null, response_headers: null, response_head: null, address: null, timings: null };
  return { at: new Date(), duration_ms: 0, error, ...nothing };
}

function measure(sent: Sent): void {
  const { status_code } = sent.attempt;
  deliveries_made.inc({
    result: sent.ok ? 'ok' : status_code === null ? 'no_answer' : `${Math.floor(status_code / 100)}xx`,
  });
  delivery_duration.observe(sent.attempt.duration_ms / 1000);
}
