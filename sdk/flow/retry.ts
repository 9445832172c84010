export interface RetryOptions {
  /** Tries in all, 5 unless given. */
  attempts?: number;
  /** Greatest wait before the second try, milliseconds; it doubles with each try. 500 unless given. */
  base_ms?: number;
  /** No wait is longer, milliseconds; 30,000 unless given. */
  cap_ms?: number;
  /** Which share of a wait is random, 0 to 1; all of it ("full jitter") unless given. */
  jitter?: number;
  /** Whether this error is worth another try; every one is unless given. */
  retryable?: (error: unknown, attempt: number) => boolean;
  /** Milliseconds that the other side asked to wait (`Retry-After`); taken instead of the computed wait, up to `longest_ms`. */
  after_ms?: (error: unknown) => number | undefined;
  /** What is asked to wait beyond this ends the tries at once; 60,000 unless given. */
  longest_ms?: number;
  signal?: AbortSignal;
  /** 0 to 1; passed in where a test must hold it still. */
  random?: () => number;
  wait?: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
}

/**
 * Runs work until it succeeds, waiting between tries with full jitter: a random time up to an exponentially growing cap
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/). The last error is thrown as it is.
 *
 * @example
 * const user = await retry(() => load(id), { attempts: 3, retryable: (error) => error instanceof VendorError })
 */
export async function retry<T>(work: (attempt: number) => Promise<T>, options: RetryOptions = {}): Promise<T> {
  const { attempts = 5, longest_ms = 60_000, retryable = () => true, after_ms = () => undefined } = options;
  const wait = options.wait ?? pause;
  for (let attempt = 1; ; attempt++) {
    options.signal?.throwIfAborted();
    try {
      return await work(attempt);
    } catch (error) {
      if (attempt >= attempts || !retryable(error, attempt)) throw error;
      const asked = after_ms(error);
      if (asked !== undefined && asked > longest_ms) throw error;
      await wait(asked ?? backoff(attempt, options), options.signal);
    }
  }
}

/** The wait after a failed try (from 1), milliseconds: random, up to `base_ms × 2^(attempt - 1)`, at most `cap_ms`. */
export function backoff(
  attempt: number,
  options: Pick<RetryOptions, 'base_ms' | 'cap_ms' | 'jitter' | 'random'> = {},
): number {
  const { base_ms = 500, cap_ms = 30_000, jitter = 1, random = Math.random } = options;
  const most = Math.min(cap_ms, base_ms * 2 ** Math.min(attempt - 1, 40));
  return Math.floor(most * (1 - jitter + jitter * random()));
}

/** Waits; an aborted signal ends the wait at once with its reason. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', aborted, { once: true });
    function done() {
      signal?.removeEventListener('abort', aborted);
      resolve();
    }
    function aborted() {
      clearTimeout(timer);
      reject(signal?.reason);
    }
  });
}
