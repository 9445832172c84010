import type { SandboxMetrics } from '../types.ts';
import type { Dispatch } from './dispatch.ts';
import type { ImageState } from './image-state.ts';
import type { Processes } from './processes.ts';

/** What the pool is doing now, and what it did since the start. */
export function measure<Scope>(
  processes: Processes<Scope>,
  images: Iterable<ImageState<Scope>>,
  dispatch: Dispatch<Scope>,
  barriers: Record<string, boolean>,
): SandboxMetrics {
  let isolates = 0;
  let heap = 0;
  let rss = 0;
  let inFlight = 0;
  for (const process of processes.all) {
    inFlight += process.calls.size;
    rss += process.rss_bytes;
    for (const loaded of process.loaded.values()) {
      if (loaded.isWarm && process.use !== 'heir') isolates++;
      heap += loaded.heap_kb * 1024;
    }
  }
  let queued = 0;
  let caches = 0;
  for (const state of images) {
    queued += state.queue.length;
    if (state.cache) caches++;
  }
  return {
    processes: {
      calls: processes.count('calls'),
      jobs: processes.count('jobs'),
      solitary: processes.count('solitary'),
      standby: processes.count('standby') + processes.count('heir'),
    },
    isolates,
    heap_bytes: heap,
    rss_bytes: rss,
    in_flight: inFlight,
    queued,
    calls: dispatch.calls,
    errors: { ...dispatch.errors },
    kills: { ...processes.kills },
    resent: dispatch.resent,
    cold_starts: dispatch.coldStarts,
    cached_starts: dispatch.cachedStarts,
    code_caches: caches,
    barriers,
  };
}
