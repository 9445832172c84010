import { Counter, Histogram } from 'prom-client';
import { registry } from '../metrics.ts';
import type { Invocation } from './model.ts';

// Labels are bounded: only plugins that an admin installed are named, and results are a closed list.
const calls = new Counter({
  name: 'patchbay_plugin_calls_total',
  help: 'Calls into plugins',
  labelNames: ['plugin', 'result'] as const,
  registers: [registry],
});
const cpu = new Counter({
  name: 'patchbay_plugin_cpu_seconds_total',
  help: 'CPU used by plugins',
  labelNames: ['plugin'] as const,
  registers: [registry],
});
const duration = new Histogram({
  name: 'patchbay_plugin_call_seconds',
  help: 'Wall clock of calls into plugins',
  labelNames: ['plugin'] as const,
  buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60],
  registers: [registry],
});
const heap = new Histogram({
  name: 'patchbay_plugin_heap_bytes',
  help: 'Heap of the isolate after a call',
  labelNames: ['plugin'] as const,
  buckets: [1, 4, 16, 32, 64, 128].map((mb) => mb * 1_048_576),
  registers: [registry],
});

/** Counts a finished call. */
export function countInvocation(one: Invocation): void {
  const { plugin } = one;
  calls.inc({ plugin, result: one.error?.type ?? 'ok' });
  cpu.inc({ plugin }, one.cpu_ms / 1000);
  duration.observe({ plugin }, one.duration_ms / 1000);
  heap.observe({ plugin }, one.heap_bytes);
}
