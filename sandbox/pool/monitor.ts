import { LOAD_CPU_MS } from '../limits.ts';
import { LOADING } from './flight-recorder.ts';
import { cpuOf, rssOf } from './process-stats.ts';
import type { SandboxProcess } from './sandbox-process.ts';

const MB = 1024 * 1024;
export const MONITOR_MS = 50;
/** Resident memory of one process: its isolates have budgets of their own, this is for what ignores them. */
const SHARED_RSS = 1280 * MB;
const SOLITARY_RSS = 448 * MB;
/** What an entry may use beyond its CPU limit before the process goes: the engine's own timer had its chance. */
const GRACE_MS = 150;
/** Where CPU time cannot be read, the clock decides, more patiently. */
const CLOCK_FACTOR = 4;

/**
 * One look at a process: is it stuck in an entry that the engine's own timeout did not end (a BigInt power, a native sort),
 * or over its memory? Then it is ended, and the call being executed is held responsible.
 */
export function watch<Scope>(process: SandboxProcess<Scope>, now: number): void {
  if (!process.isReady || process.killed) return;
  const { current, entry } = process.flight();
  const rss = rssOf(process.pid);
  if (rss !== null) {
    process.rss_bytes = rss;
    const budget = process.use === 'solitary' ? SOLITARY_RSS : SHARED_RSS;
    if (rss > budget) {
      process.kill({ reason: 'memory', guilty: current });
      return;
    }
  }
  if (current === 0 || entry !== process.seen.entry) {
    process.seen = { entry, cpu_ms: cpuOf(process.pid) ?? 0, at: now, rss_bytes: rss ?? 0 };
    return;
  }
  const call = process.calls.get(current);
  const limit = (entry & LOADING) !== 0 ? LOAD_CPU_MS : (call?.limits.cpu_ms ?? 0);
  const cpu = cpuOf(process.pid);
  const used = cpu === null ? (now - process.seen.at) / CLOCK_FACTOR : cpu - process.seen.cpu_ms;
  if (used <= limit + GRACE_MS) return;
  // Collecting garbage at the heap's limit looks like computing; how much it grew tells them apart.
  const grown = (rss ?? 0) - process.seen.rss_bytes;
  const isMemory = grown > ((call?.limits.heap_mb ?? 32) * MB) / 2;
  process.kill({ reason: isMemory ? 'memory' : 'stuck', guilty: current });
}
