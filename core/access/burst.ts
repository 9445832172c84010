import { LRUCache } from 'lru-cache';

export interface BurstRule {
  /** how many may come at once */
  burst: number;
  /** how many a second after that */
  per_second: number;
}

export interface BurstVerdict {
  allowed: boolean;
  remaining: number;
  /** seconds until all of the burst is there again */
  reset_s: number;
  /** seconds until one more is there; 0 when one is */
  retry_after_s: number;
}

/**
 * Bursts of many subjects by the generic cell rate algorithm (ITU-T I.371): one number a subject, the time at which it
 * would be even. It is this process's own, and forgets whom it has not seen for longest. (`limits/shared-burst.ts` makes
 * it one for all nodes.)
 *
 * @param now ms, for tests
 */
export function createBurstLimit(rule: BurstRule, now: () => number = Date.now, subjects = 50_000) {
  const even = new LRUCache<string, number>({ max: subjects });
  const step = 1000 / rule.per_second;
  const tolerance = step * rule.burst;

  const judge = (subject: string, cost: number): BurstVerdict => {
    const at = now();
    const before = Math.max(even.get(subject) ?? at, at);
    const after = before + step * cost;
    const allowed = after - at <= tolerance + 1e-6;
    if (allowed && cost > 0) even.set(subject, after);
    const debt = (allowed ? after : before) - at;
    return {
      allowed,
      remaining: Math.max(0, Math.floor((tolerance - debt) / step + 1e-6)),
      reset_s: debt / 1000,
      retry_after_s: allowed ? 0 : (after - at - tolerance) / 1000,
    };
  };
  return {
    /** Counts one, unless it is one too many. */
    take: (subject: string) => judge(subject, 1),
    /** Looks without counting. */
    look: (subject: string) => judge(subject, 0),
  };
}
