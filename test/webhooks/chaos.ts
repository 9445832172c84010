import { gzipSync } from 'node:zlib';
import { emitEvents } from '../../core/events/emit-event.ts';
import { Job } from '../../core/jobs/model.ts';
import { Delivery, type DeliveryRow, Webhook, type WebhookRow } from '../../core/webhooks/model.ts';
import { numbers } from '../jobs/chaos.ts';
import type { Answering, PostOffice } from './post-office.ts';

/** The lease of the delivering processes. On a machine that is busy with others too, a short one is lost by waiting alone. */
export const lease_ms = 4000;

export interface Rough {
  events: number;
  webhooks: number;
  kills: number;
  pauses: number;
  seed: number;
}

export interface Account {
  deliveries: number;
  /** the log says that they were taken */
  succeeded: number;
  /** the log says so, the receiver does not */
  log_without_receipt: number;
  /** in no receiver’s ledger */
  lost: number;
  /** received under another id than the event's, or with the body of another event */
  wrong_id: number;
  /** logs that go on after the attempt that was taken, or say another end than their last attempt: a stale write */
  torn_logs: number;
  /** what the webhooks counted as taken, less what their logs say: a write made twice, or without the other */
  miscounted: number;
  /** deliveries to the receiver that is gone which did not end as failed */
  not_given_up: number;
  /** taken well more than once */
  duplicates: number;
  /** duplicates that no lost lease and no answer that never arrived accounts for */
  unexplained: number;
  /** deliveries that were under way when processes were killed or paused: the most that may come twice */
  in_flight: number;
  open_jobs: number;
  dead_jobs: number;
}

/** What is to be said of a whole round but how many duplicates there may be and are. */
export function spotless(rough: Rough): Omit<Account, 'duplicates' | 'in_flight'> {
  const deliveries = rough.events * rough.webhooks;
  return {
    ...{ deliveries, succeeded: deliveries, log_without_receipt: 0, lost: 0, wrong_id: 0, torn_logs: 0 },
    ...{ miscounted: 0, not_given_up: 0, unexplained: 0, open_jobs: 0, dead_jobs: 0 },
  };
}

const bomb = gzipSync(Buffer.alloc(20 * 2 ** 20));

/** Every way to be a bad receiver; each request meets one with a chance, the others are taken. */
const misdeeds: Answering[] = [
  (_, response) => void response.writeHead(500).end('no'),
  (_, response) => void response.writeHead(429, { 'retry-after': '0' }).end(),
  () => {},
  (_, __, message) => void message.socket.destroy(),
  (_, __, message) => void message.socket.resetAndDestroy(),
  (_, response) => {
    response.writeHead(500);
    const timer = setInterval(() => response.write('.'), 500);
    response.on('close', () => clearInterval(timer));
  },
  (_, response) => {
    response.writeHead(503);
    const more = (): void => {
      while (!response.destroyed && response.write('x'.repeat(65_536)));
      if (!response.destroyed) response.once('drain', more);
    };
    more();
  },
  (_, response) => void response.writeHead(500, { 'content-encoding': 'gzip' }).end(bomb),
];

/**
 * Delivers while the delivering processes are killed and paused, each on its own and with work in hand, then holds the
 * sender's log against the receivers' ledgers.
 */
export async function deliverInChaos(office: PostOffice, rough: Rough): Promise<Account> {
  const random = numbers(rough.seed);
  const taken = new Map<string, number>();
  let wrong_id = 0;
  const crew = [office.process(), await office.hire()];
  const webhooks: { _id: string; path: string }[] = [];
  for (let i = 0; i < rough.webhooks; i += 1) {
    const path = `/chaos/${rough.seed}/${i}`;
    office.answer(path, (request, response, message) => {
      const misdeed = random(100) < 8 ? misdeeds[random(misdeeds.length)] : undefined;
      if (misdeed) return misdeed(request, response, message);
      const id = request.headers['webhook-id'];
      if (JSON.parse(request.body.toString()).id !== id) wrong_id += 1;
      taken.set(`${path} ${id}`, (taken.get(`${path} ${id}`) ?? 0) + 1);
      response.end();
    });
    const retry_config = { max_retries: 20, retry_delay: 0.1, backoff_multiplier: 1 };
    const { _id } = await office.webhook(path, { events: ['task.updated'], timeout_seconds: 4, retry_config });
    webhooks.push({ _id, path });
  }
  office.answer('/chaos/gone', (_, response) => void response.writeHead(410).end());
  const goner = await office.webhook('/chaos/gone', { events: ['task.updated'] });
  const events: string[] = [];
  let planned = 0;
  const emitUpTo = async (total: number) => {
    const count = Math.max(0, total - planned);
    planned += count;
    const rows = await emitEvents(
      Array.from({ length: count }, (_, n) => ({
        ...{ workspace_id: 'w1', project_id: 'prj_1', type: 'task.updated', data: { id: `t${n}` } },
        ...{ source: { kind: 'user' as const, id: 'usr_1' } },
      })),
    );
    events.push(...rows.map((row) => row._id));
  };
  const fates = [...Array(rough.kills).fill('kill'), ...Array(rough.pauses).fill('pause')].sort(() => random(3) - 1);
  let met = 0;
  let in_flight = 0;
  // Each process has its own fate, so that at times none of them works.
  const suffer = async (index: number) => {
    for (let fate = fates.pop(); fate !== undefined; fate = fates.pop()) {
      met += 1;
      await emitUpTo(Math.floor((rough.events * met) / (rough.kills + rough.pauses)));
      await sleep(random(300));
      crew[index]?.kill('SIGSTOP');
      in_flight += await Job.countDocuments({ kind: 'webhook.deliver', state: 'running' });
      if (fate === 'kill') {
        crew[index]?.kill('SIGKILL');
        crew[index] = await office.hire();
      } else {
        await sleep(random(5) === 0 ? lease_ms * 1.25 : random(1000));
        crew[index]?.kill('SIGCONT');
      }
    }
  };
  await Promise.all([suffer(0), suffer(1)]);
  await emitUpTo(rough.events);
  const open = {
    kind: { $in: ['event.announce', 'webhook.deliver'] },
    state: { $in: ['ready', 'waiting', 'blocked', 'running'] },
  };
  while ((await Job.collection.countDocuments(open)) > 0) await sleep(100);

  const all = await Delivery.find({ event_type: 'task.updated' }).lean<DeliveryRow[]>();
  const rows = all.filter((row) => row.webhook_id !== goner._id);
  const pathOf = new Map(webhooks.map(({ _id, path }) => [_id, path]));
  const keyOf = (row: DeliveryRow) => `${pathOf.get(row.webhook_id)} ${row.event_id}`;
  const succeeded = rows.filter((row) => row.status === 'succeeded');
  const counted = await Webhook.find({ name: /^hook \/chaos\// }).lean<WebhookRow[]>();
  const expected = webhooks.flatMap(({ path }) => events.map((id) => `${path} ${id}`));
  const known = new Set(expected);
  const jobs = await Job.find({ kind: 'webhook.deliver' }, { losses: 1 }).lean();
  const losses = new Map(jobs.map((job) => [job._id, job.losses]));
  return {
    deliveries: rows.length,
    succeeded: succeeded.length,
    log_without_receipt: succeeded.filter((row) => !taken.has(keyOf(row))).length,
    lost: expected.filter((key) => !taken.has(key)).length,
    wrong_id: wrong_id + [...taken.keys()].filter((key) => !known.has(key)).length,
    torn_logs: rows.filter(isTorn).length,
    miscounted: counted.reduce((sum, webhook) => sum + webhook.success_count, 0) - succeeded.length,
    not_given_up: all.filter((row) => row.webhook_id === goner._id && row.status !== 'failed').length,
    duplicates: [...taken.values()].reduce((sum, count) => sum + count - 1, 0),
    unexplained: rows.reduce((sum, row) => {
      const more = (taken.get(keyOf(row)) ?? 0) - 1 - (losses.get(row._id) ?? 0) - unanswered(row);
      return sum + Math.max(0, more);
    }, 0),
    in_flight,
    open_jobs: await Job.collection.countDocuments(open),
    dead_jobs: await Job.countDocuments({ state: 'dead' }),
  };
}

/** Whether a delivery's log is not that of one row of attempts, of which only the last was taken. */
function isTorn({ attempts, status }: DeliveryRow): boolean {
  const takenAt = attempts.findIndex((attempt) => attempt.error === null);
  return takenAt !== attempts.length - 1 || (takenAt === -1 ? 'failed' : 'succeeded') !== status;
}

/** Attempts whose answer never arrived, though the receiver may have taken them. */
function unanswered({ attempts }: DeliveryRow): number {
  return attempts.filter((attempt) => attempt.status_code === null).length;
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
