import { LOAD_CPU_MS, lowestLimits } from '../limits.ts';
import { ToChild } from '../protocol.ts';
import type { Limits } from '../types.ts';
import type { ImageState } from './image-state.ts';
import type { Loaded, SandboxProcess } from './sandbox-process.ts';

/** Heap of all isolates of one shared process; above it the least recently used go. */
const HEAP_BUDGET_KB = 700 * 1024;
const MAX_LOADED = 320;
/** What an isolate costs beside its heap. */
const ROOM_OVERHEAD_KB = 1024;
/** An isolate this full after a call is made anew rather than left to run into its limit. */
const RECYCLE_ABOVE = 0.75;

/**
 * The process holds the image after this: its script is sent when it does not. Its isolate is made by the first call, or
 * `isAhead` of it.
 */
export function ensureLoaded<Scope>(
  process: SandboxProcess<Scope>,
  state: ImageState<Scope>,
  hostLimits: Partial<Limits> | undefined,
  isAhead = false,
): Loaded<Scope> {
  const known = process.loaded.get(state.number);
  if (known) return known;
  const { image } = state;
  const { heap_mb } = lowestLimits('call', hostLimits, image.limits);
  const isCacheable = !isAhead && !image.jitless && state.cache === null && !state.cacheAsked;
  if (isCacheable) state.cacheAsked = true;
  const options = JSON.stringify({ heap_mb, load_cpu_ms: LOAD_CPU_MS, want_cache: isCacheable });
  const label = `plugin://${image.name}@${image.version}/plugin.js`;
  const parts: (string | Uint8Array)[] = [image.script, label, options];
  const cache = image.jitless ? null : state.cache;
  if (cache) parts.push(cache);
  process.send({ kind: ToChild.load, call: state.number, flag: isAhead ? 1 : 0 }, parts);
  const loaded: Loaded<Scope> = {
    state,
    isWarm: isAhead,
    isCached: cache !== null,
    heap_kb: 0,
    usedAt: performance.now(),
    running: 0,
  };
  process.loaded.set(state.number, loaded);
  return loaded;
}

export function unloadFrom<Scope>(process: SandboxProcess<Scope>, state: ImageState<Scope>): void {
  if (process.loaded.delete(state.number)) process.send({ kind: ToChild.unload, call: state.number }, []);
}

/** After a call: an isolate near its limit is recycled, and the least recently used leave a process that is too full. */
export function keepRooms<Scope>(process: SandboxProcess<Scope>, loaded: Loaded<Scope>, heap_mb: number): void {
  if (loaded.running === 0 && loaded.heap_kb > heap_mb * 1024 * RECYCLE_ABOVE) {
    unloadFrom(process, loaded.state);
    return;
  }
  let total = 0;
  for (const each of process.loaded.values()) total += each.heap_kb + ROOM_OVERHEAD_KB;
  while (total > HEAP_BUDGET_KB || process.loaded.size > MAX_LOADED) {
    const oldest = leastRecentlyUsed(process);
    if (!oldest) return;
    total -= oldest.heap_kb + ROOM_OVERHEAD_KB;
    unloadFrom(process, oldest.state);
  }
}

function leastRecentlyUsed<Scope>(process: SandboxProcess<Scope>): Loaded<Scope> | null {
  let oldest: Loaded<Scope> | null = null;
  for (const each of process.loaded.values()) {
    if (each.running === 0 && (!oldest || each.usedAt < oldest.usedAt)) oldest = each;
  }
  return oldest;
}
