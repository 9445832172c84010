import type { BurstRule } from '../../core/access/burst.ts';
import type { Window } from '../../core/access/limits/sliding-window.ts';

/** A burst rule that lets through as much as a window in its length: half of it at once, half as time goes. */
export function burstOf({ limit, window_ms }: Window): BurstRule {
  return { burst: limit / 2, per_second: (limit / 2 / window_ms) * 1000 };
}
