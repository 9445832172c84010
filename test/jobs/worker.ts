// A worker process on a database that others share, for tests that kill, pause and mislead it.
// CLOCK_SHIFT_MS moves its wall clock, as libfaketime would.
const shift = Number(process.env.CLOCK_SHIFT_MS ?? 0);
if (shift !== 0) {
  const now = () => realNow() + shift;
  const realNow = Date.now;
  globalThis.Date = new Proxy(Date, {
    construct: (real, given) => (given.length === 0 ? new real(now()) : Reflect.construct(real, given)),
    get: (real, name) => (name === 'now' ? now : Reflect.get(real, name)),
  });
}
const { connectDatabase } = await import('../../core/database/connect.ts');
const { connection } = await import('../../core/database/mongoose.ts');
const { defineJob } = await import('../../core/jobs/define-job.ts');
const { startWorkers } = await import('../../core/jobs/start-workers.ts');
const { log } = await import('../../core/log.ts');
const { stale } = await import('../../core/jobs/metrics.ts');
const { Ledger } = await import('./ledger.ts');

const database = await connectDatabase({ uri: process.env.MONGODB_URI ?? null, data: '/nonexistent', log });
const slow_ms = Number(process.env.JOB_MS ?? 30);

defineJob('chaos.effect', {
  concurrency: 8,
  max_attempts: 1000,
  backoff: { base_ms: 5 },
  async handle(job, { commit, now }) {
    const at = await now();
    await new Promise((resolve) => setTimeout(resolve, Math.random() * slow_ms));
    if (Math.random() < 0.05) throw new Error('a failure now and then');
    await commit(() => Ledger.create([{ job: job._id, fence: job.fence, at }]), { finish: true });
  },
});
const workers = startWorkers({ lease_ms: Number(process.env.LEASE_MS ?? 1000), poll_ms: 100 });
process.stdout.write('ready\n');
process.once('SIGTERM', async () => {
  await workers.stop(3000);
  const counted = (await stale.get()).values[0]?.value ?? 0;
  process.stdout.write(`stale ${counted}\n`);
  await database.close();
  process.exit(connection.readyState === 0 ? 0 : 1);
});
