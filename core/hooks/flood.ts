import { LRUCache } from 'lru-cache';

/** Requests a second that one hook may send on average, and at once. Counted in memory, before anything is read. */
const perSecond = 100;
const burst = 500;
const buckets = new LRUCache<string, { tokens: number; at: number }>({ max: 50_000 });

/**
 * Whether one more request is taken now. Asked twice: by hook and sender before anything is read, so that a stranger who
 * floods an address does not use up what the vendor may send; by hook alone once it is proved, before anything is written.
 * @param now_ms a clock that only goes forward
 */
export function takesOneMore(hook: string, now_ms: number): boolean {
  const known = buckets.get(hook) ?? { tokens: burst, at: now_ms };
  const tokens = Math.min(burst, known.tokens + ((now_ms - known.at) / 1000) * perSecond);
  if (tokens < 1) {
    buckets.set(hook, { tokens, at: now_ms });
    return false;
  }
  buckets.set(hook, { tokens: tokens - 1, at: now_ms });
  return true;
}
