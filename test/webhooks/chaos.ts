import { gzipSync } from 'node:zlib';
import { emitEvents } from '../../core/events/emit-event.ts';
import { Job } from '../../core/jobs/model.ts';
import { Delivery, type DeliveryRow } from '../../core/webhooks/model.ts';
import { numbers } from '../jobs/chaos.ts';
import type { Answering, PostOffice } from './post-office.ts';

export interface Rough {
  events: number;
  webhooks: number;
  kills: number;
  pauses: number;
  seed: number;
}

export interface Account {
  deliveries: number;
  succeeded: number;
  /** taken by the receiver, though the sender’s log does not say so: nobody knows then */
  log_without_receipt: number;
  /** in no receiver’s ledger */
  lost: number;
  /** received under another id than the event's */
  wrong_id: number;
  /** taken well more than once */
  duplicates: number;
  open_jobs: number;
  dead_jobs: number;
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

/** Delivers while the delivering processes are killed and paused, then holds the sender's log against the receivers' ledgers. */
export async function deliverInChaos(office: PostOffice, rough: Rough): Promise<Account> {
  const random = numbers(rough.seed);
  const taken = new Map<string, number>();
  const gone = '/chaos/gone';
  const crew = [office.process(), await office.hire()];
  for (let i = 0; i < rough.webhooks; i += 1) {
    const path = `/chaos/${i}`;
    office.answer(path, (request, response, message) => {
      const misdeed = random(100) < 4 ? misdeeds[random(misdeeds.length)] : undefined;
      if (misdeed) return misdeed(request, response, message);
      const key = `${path} ${request.headers['webhook-id']}`;
      taken.set(key, (taken.get(key) ?? 0) + 1);
      response.end();
    });
    const retry_config = { max_retries: 20, retry_delay: 0.1, backoff_multiplier: 1 };
    await office.webhook(path, { events: ['task.updated'], timeout_seconds: 4, retry_config });
  }
  office.answer(gone, (_, response) => void response.writeHead(410).end());
  const goner = await office.webhook(gone, { events: ['task.updated'] });
  const events: string[] = [];
  const emitting = (async () => {
    for (let i = 0; i < rough.events; i += 10) {
      const rows = await emitEvents(
        Array.from({ length: Math.min(10, rough.events - i) }, (_, n) => ({
          ...{ workspace_id: 'w1', project_id: 'prj_1', type: 'task.updated', data: { id: `t${i + n}` } },
          ...{ source: { kind: 'user' as const, id: 'usr_1' } },
        })),
      );
      events.push(...rows.map((row) => row._id));
    }
  })();
  const fates = [...Array(rough.kills).fill('kill'), ...Array(rough.pauses).fill('pause')].sort(() => random(3) - 1);
  for (const fate of fates) {
    const index = random(crew.length);
    if (fate === 'kill') {
      crew[index]?.kill('SIGKILL');
      crew[index] = await office.hire();
    } else {
      crew[index]?.kill('SIGSTOP');
      await sleep(random(2000));
      crew[index]?.kill('SIGCONT');
    }
  }
  await emitting;
  const open = {
    kind: { $in: ['event.announce', 'webhook.deliver'] },
    state: { $in: ['ready', 'waiting', 'blocked', 'running'] },
  };
  while ((await Job.collection.countDocuments(open)) > 0) await sleep(100);

  const rows = (await Delivery.find({ event_type: 'task.updated' }).lean<DeliveryRow[]>()).filter(
    (row) => row.webhook_id !== goner._id,
  );
  const known = new Set(events);
  const succeeded = rows.filter((row) => row.status === 'succeeded').length;
  const expected = Array.from({ length: rough.webhooks }, (_, i) => events.map((id) => `/chaos/${i} ${id}`)).flat();
  return {
    deliveries: rows.length,
    succeeded,
    log_without_receipt: Math.max(0, succeeded - taken.size),
    lost: expected.filter((key) => !taken.has(key)).length,
    wrong_id: [...taken.keys()].filter((key) => !known.has(key.split(' ')[1] ?? '')).length,
    duplicates: [...taken.values()].reduce((sum, count) => sum + count - 1, 0),
    open_jobs: await Job.collection.countDocuments(open),
    dead_jobs: await Job.countDocuments({ state: 'dead' }),
  };
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
