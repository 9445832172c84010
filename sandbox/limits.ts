import type { Limits } from './types.ts';

const MB = 1024 * 1024;

/** Bounds of a short call when nobody asks for less. */
export const CALL_LIMITS: Readonly<Limits> = {
  cpu_ms: 100,
  wall_ms: 10_000,
  heap_mb: 32,
  payload_bytes: MB,
  received_bytes: MB,
  nodes: 250_000,
  depth: 64,
  host_calls: 100,
  host_calls_at_once: 16,
  log_lines: 200,
  log_bytes: 64 * 1024,
  timers: 64,
  concurrency: 16,
  queue: 64,
};

/** Bounds of a job: a page of a sync, a delivery, an install. A batch may be 4 MB (CONTRACT.md 4.1). */
export const JOB_LIMITS: Readonly<Limits> = {
  ...CALL_LIMITS,
  cpu_ms: 5_000,
  wall_ms: 60_000,
  payload_bytes: 4 * MB,
  received_bytes: 8 * MB,
  nodes: 1_000_000,
};

/** The heap is the one bound that a manifest may raise, up to here. */
export const MAX_HEAP_MB = 128;
/** isolated-vm refuses less. */
const MIN_HEAP_MB = 8;
/** What running a plugin's script once may take, milliseconds of CPU. */
export const LOAD_CPU_MS = 2_000;

const NAMES = Object.keys(CALL_LIMITS) as (keyof Limits)[];

/**
 * The bounds of one call: the host's own (defaults with `host` over them), then the lowest of what the manifest asks and
 * the workspace allows. Only the heap may be asked above the default, up to `MAX_HEAP_MB`. Values that are not positive
 * numbers are ignored, so a bad manifest cannot lift a bound.
 */
export function lowestLimits(
  use: 'call' | 'job',
  host: Partial<Limits> = {},
  asked: Partial<Limits> = {},
  allowed: Partial<Limits> = {},
): Limits {
  const limits: Limits = { ...(use === 'job' ? JOB_LIMITS : CALL_LIMITS) };
  for (const name of NAMES) if (isBound(host[name])) limits[name] = host[name];
  if (isBound(asked.heap_mb)) limits.heap_mb = Math.min(asked.heap_mb, Math.max(MAX_HEAP_MB, host.heap_mb ?? 0));
  for (const name of NAMES) {
    if (name !== 'heap_mb' && isBound(asked[name])) limits[name] = Math.min(limits[name], asked[name]);
    if (isBound(allowed[name])) limits[name] = Math.min(limits[name], allowed[name]);
  }
  limits.heap_mb = Math.max(MIN_HEAP_MB, Math.floor(limits.heap_mb));
  return limits;
}

function isBound(value: number | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0;
}
