// The queue's cost: npm run bench -- jobs
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectDatabase } from '../../core/database/connect.ts';
import { claim } from '../../core/jobs/claim.ts';
import { definedJobs, defineJob } from '../../core/jobs/define-job.ts';
import { enqueue } from '../../core/jobs/enqueue.ts';
import { GroupLimits } from '../../core/jobs/group-limits.ts';
import { Job } from '../../core/jobs/model.ts';
import { startWorkers } from '../../core/jobs/start-workers.ts';
import { log } from '../../core/log.ts';

log.level = 'fatal';
const count = Number(process.env.JOBS ?? 20_000);
const history = Number(process.env.HISTORY ?? 1_000_000);
const folder = mkdtempSync(join(tmpdir(), 'patchbay-bench-'));
const database = await connectDatabase({ uri: process.env.MONGODB_URI ?? null, data: folder, log });
let commands = 0;
Job.db.getClient().on('commandStarted', () => void ++commands);

let ran = 0;
let started = 0;
defineJob('bench.noop', {
  concurrency: 500,
  handle: async () => {
    ran += 1;
    started = performance.now();
  },
});
const fill = async (jobs: number): Promise<void> => {
  for (let from = 0; from < jobs; from += 1000) {
    await enqueue(
      Array.from({ length: 1000 }, (_, i) => ({ kind: 'bench.noop', workspace_id: `w${i % 10}`, data: null })),
    );
  }
};
const finishedAll = async (): Promise<void> => {
  while ((await Job.countDocuments({ state: 'done' })) < ran) await pause(5);
};

// 1. No-op jobs per second, and commands per job, against the same rows updated in bulk without a queue.
await fill(count);
commands = 0;
const begin = performance.now();
const workers = startWorkers({ concurrency: 2000 });
while (ran < count) await pause(5);
const queue_s = (performance.now() - begin) / 1000;
await finishedAll();
const perJob = commands / count;
console.log(
  `queue            ${Math.round(count / queue_s)} no-op jobs/s, ${perJob.toFixed(3)} commands per job (goal ≤ 0.1)`,
);

const ids = (await Job.find({}, { _id: 1 }).lean()).map((row) => row._id);
const bulkBegin = performance.now();
for (let from = 0; from < ids.length; from += 500) {
  const some = { _id: { $in: ids.slice(from, from + 500) } as never };
  await Job.collection.updateMany(some, { $set: { state: 'running', lease: 'x' }, $inc: { fence: 1 } });
  await Job.collection.updateMany(some, { $set: { state: 'done', lease: null } });
}
const bulk_s = (performance.now() - bulkBegin) / 1000;
console.log(
  `bare bulk update ${Math.round(count / bulk_s)} rows/s: the queue takes ${(queue_s / bulk_s).toFixed(1)} times as long`,
);

// 2. From the commit to the start when idle, against a bare round trip through the database and setImmediate.
const starts: number[] = [];
const trips: number[] = [];
for (let i = 0; i < 200; i += 1) {
  const before = ran;
  await enqueue({ kind: 'bench.noop', workspace_id: 'w1', data: null });
  const committed = performance.now();
  while (ran === before) await new Promise((resolve) => setImmediate(resolve));
  starts.push(started - committed);
  await finishedAll();
  const sent = performance.now();
  await Job.collection.findOne({ _id: 'none' as never });
  await new Promise((resolve) => setImmediate(resolve));
  trips.push(performance.now() - sent);
}
console.log(
  `commit to start  p50 ${ms(starts, 0.5)}, p99 ${ms(starts, 0.99)}; a bare round trip p50 ${ms(trips, 0.5)}, p99 ${ms(trips, 0.99)}`,
);
await workers.stop();

// 3. What a claim costs with few and with many finished jobs behind it.
const kind = definedJobs().find((one) => one.kind === 'bench.noop');
if (!kind) throw new Error('no kind');
const claimCost = async (): Promise<number> => {
  const costs = [];
  for (let i = 0; i < 20; i += 1) {
    await fill(1000);
    const memory = { after: '', contended: false, groups: new GroupLimits() };
    const begun = performance.now();
    const { jobs } = await claim(kind, 100, memory, { has: () => false, byWorkspace: new Map() }, 60_000);
    costs.push(performance.now() - begun);
    if (jobs.length === 0) throw new Error('nothing was claimed');
    await Job.deleteMany({ state: 'ready' });
    await Job.deleteMany({ state: 'running' });
  }
  return costs.sort((a, b) => a - b)[10] ?? 0;
};
await Job.deleteMany({});
await finish(1000);
const few = await claimCost();
await finish(history);
const many = await claimCost();
console.log(
  `claim of 100     ${few.toFixed(1)} ms over 1,000 finished jobs, ${many.toFixed(1)} ms over ${history.toLocaleString('en')}: ${(many / few).toFixed(2)} times`,
);

await database.close();
rmSync(folder, { recursive: true, force: true });
process.exit(0);

async function finish(jobs: number): Promise<void> {
  const now = new Date();
  for (let from = 0; from < jobs; from += 5000) {
    await Job.collection.insertMany(
      Array.from({ length: Math.min(5000, jobs - from) }, (_, i) => ({
        ...{
          _id: `old:${jobs}:${from + i}`,
          kind: 'bench.noop',
          workspace_id: `w${i % 10}`,
          state: 'done',
          until: new Date(8e15),
        },
        ...{
          priority: 0,
          run_at: now,
          group: null,
          order_key: null,
          order_seq: null,
          attempts: 0,
          losses: 0,
          lease: null,
        },
        ...{ fence: 1, data: null, error: null, created_at: now, finished_at: now },
      })) as never,
    );
  }
}

function ms(values: number[], share: number): string {
  const sorted = [...values].sort((a, b) => a - b);
  return `${(sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1)} ms`;
}

function pause(time: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, time));
}
