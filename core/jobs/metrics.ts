import { Counter, Gauge, Histogram } from 'prom-client';
import { registry } from '../metrics.ts';

const registers = [registry];

/** Kinds are a closed list in the code, so they are safe as labels. */
export const enqueued = new Counter({
  name: 'patchbay_jobs_enqueued_total',
  help: 'Jobs written down',
  labelNames: ['kind'],
  registers,
});
export const finished = new Counter({
  name: 'patchbay_jobs_finished_total',
  help: 'Runs of jobs by how they ended: done, failed, dead, deferred, given_back',
  labelNames: ['kind', 'result'],
  registers,
});
export const stale = new Counter({
  name: 'patchbay_jobs_stale_writes_total',
  help: 'Writes thrown away because the lease was lost',
  registers,
});
export const reaped = new Counter({
  name: 'patchbay_jobs_leases_expired_total',
  help: 'Leases that ran out and were taken back',
  registers,
});
export const lag = new Histogram({
  name: 'patchbay_jobs_lag_seconds',
  help: 'From the time a job was meant to run until it did',
  labelNames: ['kind'],
  buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60, 300, 3600],
  registers,
});
export const duration = new Histogram({
  name: 'patchbay_jobs_duration_seconds',
  help: 'How long one run took',
  labelNames: ['kind'],
  buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60, 300],
  registers,
});
export const running = new Gauge({
  name: 'patchbay_jobs_running',
  help: 'Jobs that run in this process now',
  labelNames: ['kind'],
  registers,
});
