// A worker process on a database that others share, for tests that kill, pause and mislead it.
// CLOCK_SHIFT_FILE says how many ms its wall clock is off, where there is no libfaketime to move it from below.
import { readFileSync } from 'node:fs';
import { enableCompileCache, flushCompileCache } from 'node:module';

enableCompileCache();
const shiftFile = process.env.CLOCK_SHIFT_FILE;
if (shiftFile !== undefined) {
  const realNow = Date.now;
  const now = () => realNow() + Number(readFileSync(shiftFile, 'utf8'));
  globalThis.Date = new Proxy(Date, {
    construct: (real, given) => (given.length === 0 ? new real(now()) : Reflect.construct(real, given)),
    get: (real, name) => (name === 'now' ? now : Reflect.get(real, name)),
  });
}
const { connectDatabase } = await import('../../core/database/connect.ts');
const { newId } = await import('../../core/database/id.ts');
const { connection } = await import('../../core/database/mongoose.ts');
const { defineJob } = await import('../../core/jobs/define-job.ts');
const { startWorkers } = await import('../../core/jobs/start-workers.ts');
const { StaleLease } = await import('../../core/jobs/stale-lease.ts');
const { log } = await import('../../core/log.ts');
const { Ledger } = await import('./ledger.ts');
const { retry } = await import('../../sdk/flow/retry.ts');
// The next one starts in half the time: this one will be killed, and write nothing at its end.
flushCompileCache();

const uri = process.env.MONGODB_URI ?? null;
const database = await retry(() => connectDatabase({ uri, data: '/nonexistent', log }), { attempts: 10 });
const slow_ms = Number(process.env.JOB_MS ?? 30);

defineJob(process.env.JOB_KIND ?? 'chaos.effect', {
  concurrency: 8,
  max_attempts: 1000,
  backoff: { base_ms: 5 },
  async handle(job, { commit }) {
    await new Promise((resolve) => setTimeout(resolve, Math.random() * slow_ms));
    if (Math.random() < 0.05) throw new Error('a failure now and then');
    const effect = { $set: { job: job._id, fence: job.fence }, $currentDate: { at: true as const } };
    try {
      await commit(() => Ledger.updateOne({ _id: newId('eff') }, effect, { upsert: true }), { finish: true });
    } catch (error) {
      // Told at once: this process may be killed before it could say so at its end.
      if (error instanceof StaleLease) process.stdout.write('refused\n');
      throw error;
    }
  },
});
const workers = startWorkers({ lease_ms: Number(process.env.LEASE_MS ?? 1000), poll_ms: 100 });
process.stdout.write('ready\n');
process.once('SIGTERM', async () => {
  await workers.stop(3000);
  await database.close();
  process.exit(connection.readyState === 0 ? 0 : 1);
});
