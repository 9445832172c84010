import { pause } from './retry.ts';

export interface ThrottleOptions {
  /** How many may begin within any window. */
  limit: number;
  window_ms: number;
  /** How many may run at once; unbounded unless given. */
  concurrent?: number;
  now?: () => number;
  wait?: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/**
 * Lets work begin at most `limit` times within any stretch of `window_ms` (a sliding window, not a calendar one), and in
 * the order in which it was asked for.
 *
 * @example
 * const slowly = throttle({ limit: 100, window_ms: 10_000 })
 * const answers = await Promise.all(ids.map((id) => slowly(() => load(id))))
 */
export function throttle(options: ThrottleOptions): <T>(work: () => Promise<T>) => Promise<T> {
  const { limit, window_ms, concurrent = Number.POSITIVE_INFINITY, now = Date.now, wait = pause } = options;
  if (!(limit >= 1) || !(window_ms > 0))
    throw new RangeError('throttle needs a limit of at least 1 and a window above 0');
  const begun: number[] = [];
  const waiting: (() => void)[] = [];
  let running = 0;
  let line = Promise.resolve();

  const turn = async () => {
    if (running >= concurrent) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    for (;;) {
      const oldest = begun.length < limit ? undefined : begun[0];
      const left = oldest === undefined ? 0 : oldest + window_ms - now();
      if (left <= 0) break;
      await wait(left);
    }
    begun.push(now());
    if (begun.length > limit) begun.shift();
  };
  const leave = () => {
    const next = waiting.shift();
    if (next) next();
    else running--;
  };
  return async (work) => {
    const mine = line.then(turn);
    line = mine;
    await mine;
    try {
      return await work();
    } finally {
      leave();
    }
  };
}
