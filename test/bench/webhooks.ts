// The cost of a delivery: npm run bench -- webhooks
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, request } from 'undici';

// Read once, when the first module of the host is loaded.
process.env.PATCHBAY_EGRESS_ALLOW = '127.0.0.0/8';
process.env.LOG_LEVEL = 'fatal';
const { connectDatabase } = await import('../../core/database/connect.ts');
const { defineAnnouncements } = await import('../../core/events/announce.ts');
const { emitEvents } = await import('../../core/events/emit-event.ts');
const { startWorkers } = await import('../../core/jobs/start-workers.ts');
const { log } = await import('../../core/log.ts');
const { openVault } = await import('../../core/vault/vault.ts');
const { createWebhook } = await import('../../core/webhooks/create-webhook.ts');
const { defineDeliveries } = await import('../../core/webhooks/deliver.ts');
const { followWithWebhooks } = await import('../../core/webhooks/follow.ts');
const { deliveries_made } = await import('../../core/webhooks/metrics.ts');
const { Delivery, Webhook } = await import('../../core/webhooks/model.ts');
const { signDelivery } = await import('../../core/webhooks/sign-delivery.ts');
const { openSecrets } = await import('../../core/webhooks/signing-keys.ts');
const { caller } = await import('../webhooks/post-office.ts');

const count = Number(process.env.DELIVERIES ?? 5000);
const history = Number(process.env.HISTORY ?? 1_000_000);
const fanOut = 10;
const [rounds, steps, step_ms] = [Number(process.env.ROUNDS ?? 5), 60, 50];
const folder = mkdtempSync(join(tmpdir(), 'patchbay-bench-'));
const receiver = spawn(process.execPath, [join(import.meta.dirname, '../webhooks/receiver.ts')], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const port = await new Promise<string>((resolve) =>
  receiver.stdout.once('data', (line) => resolve(String(line).trim())),
);
openVault([randomBytes(32)]);
const database = await connectDatabase({ uri: process.env.MONGODB_URI ?? null, data: folder, log });
let commands = 0;
Webhook.db.getClient().on('commandStarted', () => void ++commands);
defineAnnouncements();
followWithWebhooks();
defineDeliveries();

const hook = (path: string, events: string[], timeout_seconds = 30) =>
  createWebhook(
    caller,
    'prj_1',
    { name: path, url: `http://127.0.0.1:${port}${path}`, events, is_active: true, timeout_seconds },
    '127.0.0.1',
  );
for (let i = 0; i < fanOut; i += 1) await hook(`/ok/${i}`, ['task.created']);
const { webhook: lone } = await hook('/lone', ['task.updated']);

const emit = (events: number, type = 'task.created') =>
  emitEvents(
    Array.from({ length: events }, (_, i) => ({
      ...{ workspace_id: 'w1', project_id: 'prj_1', type, data: { id: `t${i}`, title: 'x'.repeat(300) } },
      ...{ source: { kind: 'user' as const, id: 'usr_1' } },
    })),
  );
const emitMany = async (events: number) => {
  for (let left = events; left > 0; left -= 100) await emit(Math.min(100, left));
};
const pending = () => Delivery.countDocuments({ status: 'pending' });
// How far it is is asked of the metrics, not of the database that is measured.
const answered = async (): Promise<number> =>
  (await deliveries_made.get()).values.find((one) => one.labels.result === 'ok')?.value ?? 0;
let made = 0;
const settled = async (deliveries: number) => {
  made += deliveries;
  while ((await answered()) < made) await pause(10);
};

// 1. Deliveries per second from stored events on, and commands per delivery.
await emitMany(count / fanOut);
commands = 0;
const begin = performance.now();
const workers = startWorkers();
await settled(count);
const deliver_s = (performance.now() - begin) / 1000;
console.log(
  `deliveries       ${Math.round(count / deliver_s)}/s (goal ≥ 500), ${(commands / count).toFixed(3)} commands each (goal ≤ 0.2)`,
);

// 2. The same signed bodies by a bare loop.
const agent = new Agent({ connections: 128 });
const keys = openSecrets(lone, Date.now());
const body = Buffer.from(JSON.stringify({ id: 'evt', type: 'task.created', data: { title: 'x'.repeat(300) } }));
const post = async (): Promise<void> => {
  const headers = signDelivery({ id: 'evt', timestamp: Math.floor(Date.now() / 1000), body }, keys);
  const answer = await request(`http://127.0.0.1:${port}/bare`, { method: 'POST', headers, body, dispatcher: agent });
  await answer.body.dump();
};
const bareBegin = performance.now();
let left = count;
await Promise.all(
  Array.from({ length: 128 }, async () => {
    while (left-- > 0) await post();
  }),
);
const bare_s = (performance.now() - bareBegin) / 1000;
console.log(
  `bare undici loop ${Math.round(count / bare_s)}/s: a delivery costs ${(deliver_s / bare_s).toFixed(1)} times as much`,
);

// 3. From the commit to the answer when idle, against one bare post.
// The receiver answers at once, so what is left of the answer's way is the post itself.
const whole: number[] = [];
const posts: number[] = [];
for (let i = 0; i < 100; i += 1) {
  await emit(1, 'task.updated');
  const committed = performance.now();
  made += 1;
  while ((await answered()) < made) await new Promise((resolve) => setImmediate(resolve));
  whole.push(performance.now() - committed);
  const sent = performance.now();
  await post();
  posts.push(performance.now() - sent);
}
console.log(
  `commit to answer p50 ${ms(whole, 0.5)}, p99 ${ms(whole, 0.99)}; one bare post p50 ${ms(posts, 0.5)}, p99 ${ms(posts, 0.99)}: ${(at(whole, 0.5) / at(posts, 0.5)).toFixed(1)} and ${(at(whole, 0.99) / at(posts, 0.99)).toFixed(1)} times`,
);

// 4. What an endpoint that hangs for 30 s does to the others, at a steady rate that the host has room for, compared with
// one that answers: as many deliveries. Rounds of both take turns, so that what else the machine does falls on both.
for (let i = 0; i < fanOut; i += 1) await hook(`/timed/${i}`, ['post.published']);
const { webhook: stuck } = await hook('/hang', ['post.published'], 30);
const { webhook: calm } = await hook('/calm', ['post.published'], 30);
const ask = async (path: string): Promise<string> =>
  (await request(`http://127.0.0.1:${port}${path}`, { dispatcher: agent })).body.text();
const open = () => Delivery.countDocuments({ webhook_id: stuck._id, status: 'pending' });
const steady = async (hangs: boolean): Promise<number[]> => {
  await Webhook.updateOne({ _id: stuck._id }, { $set: { is_active: hangs } });
  await Webhook.updateOne({ _id: calm._id }, { $set: { is_active: !hangs } });
  const times: number[] = [];
  for (let i = 0; i < steps; i += 1) {
    await emitEvents([
      {
        ...{ workspace_id: 'w1', project_id: 'prj_1', type: 'post.published' },
        ...{ data: { id: `p${i}`, sent_at: Date.now() }, source: { kind: 'user' as const, id: 'usr_1' } },
      },
    ]);
    await pause(step_ms);
  }
  made += steps * (fanOut + (hangs ? 0 : 1));
  while ((await answered()) < made) await pause(20);
  times.push(...(JSON.parse(await ask('/late')) as number[]));
  await Webhook.updateOne({ _id: stuck._id }, { $set: { is_active: false } });
  while (hangs && (await open()) > 0) {
    await ask('/release');
    await pause(50);
  }
  return times;
};
const [alone, beside]: [number[], number[]] = [[], []];
await steady(false);
await ask('/late');
for (let round = 0; round < rounds; round += 1) {
  alone.push(...(await steady(false)));
  beside.push(...(await steady(true)));
}
console.log(
  `one that hangs   others p50 ${ms(beside, 0.5)}, p99 ${ms(beside, 0.99)}; one that answers p50 ${ms(alone, 0.5)}, p99 ${ms(alone, 0.99)}: p99 ${(at(beside, 0.99) / at(alone, 0.99)).toFixed(2)} times (goal ≤ 1.10), ${rounds} rounds by turns`,
);

// 5. Memory that one hostile receiver holds: one that hangs, one that never stops sending, one that drips, and a
// small answer that unpacks to 200 MiB.
for (const path of ['/hang', '/stream', '/drip', '/bomb']) {
  const hostile = 50;
  for (let i = 0; i < hostile; i += 1) await hook(`${path}/${i}`, [`deployment.started`], 5);
  global.gc?.();
  const before = process.memoryUsage().rss;
  let most = 0;
  await emitEvents([
    {
      ...{ workspace_id: 'w1', project_id: 'prj_1', type: 'deployment.started', data: { id: 'd' } },
      ...{ source: { kind: 'user' as const, id: 'usr_1' } },
    },
  ]);
  for (let i = 0; i < 40; i += 1) {
    await pause(100);
    most = Math.max(most, process.memoryUsage().rss - before);
  }
  await Webhook.deleteMany({ events: 'deployment.started' });
  // What was cut counts as answered.
  made = await answered();
  console.log(
    `hostile ${path.padEnd(9)}${(most / 2 ** 20 / hostile).toFixed(2)} MiB each, of ${hostile} at once (goal < 1)`,
  );
}

// 6. What a long log costs: the same work with a short log and a long one.
const durations = async (): Promise<number> => {
  const from = performance.now();
  await emitMany(count / fanOut / 2);
  await settled(count / 2);
  return performance.now() - from;
};
const grow = async (from: number, to: number) => {
  const now = new Date();
  for (let i = from; i < to; i += 5000) {
    await Delivery.collection.insertMany(
      Array.from({ length: Math.min(5000, to - i) }, (_, n) => ({
        ...{ _id: `old:${i + n}`, workspace_id: 'w1', webhook_id: lone._id, event_id: 'evt_old' },
        ...{ event_type: 'task.updated', status: 'failed', attempts: [], next_attempt_at: null },
        ...{ created_at: now, finished_at: now },
      })) as never,
    );
  }
};
const few = [await durations(), await durations(), await durations()];
await grow(0, history);
const many = [await durations(), await durations(), await durations()];
console.log(
  `a long log       with ${history.toLocaleString('en')} rows more ${(Math.min(...many) / Math.min(...few)).toFixed(2)} times the time of few (best of three each)`,
);

console.log(`left pending     ${await pending()}`);
await workers.stop(100);
receiver.kill();
await database.close();
rmSync(folder, { recursive: true, force: true });
process.exit(0);

function at(values: number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * share)] ?? 0;
}

function ms(values: number[], share: number): string {
  return `${at(values, share).toFixed(1)} ms`;
}

function pause(time: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, time));
}
