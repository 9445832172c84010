/** So many in any stretch of time of this length. */
export interface Window {
  limit: number;
  window_ms: number;
}

/** [bucket number, count], oldest first; only buckets with something in them. */
export type Buckets = readonly (readonly [number, number])[];

/**
 * A window is counted in this many buckets. A bucket counts until all of it is out of the window, so no stretch of time
 * ever holds more than the limit; what that costs is at most two parts in 360 of the quota.
 */
const parts = 360;

/** The bucket that a moment (ms) falls into. */
export function bucketAt(now: number, { window_ms }: Window): number {
  return Math.floor((now * parts) / window_ms);
}

/** The moment (ms) at which a bucket ends. */
export function endOfBucket(bucket: number, { window_ms }: Window): number {
  return ((bucket + 1) * window_ms) / parts;
}

/** The buckets that still count. */
export function liveBuckets(buckets: Buckets, now: number, window: Window): [number, number][] {
  return buckets
    .filter(([bucket, count]) => count > 0 && freedAt(bucket, window) > now)
    .map(([bucket, count]) => [bucket, count]);
}

/** How much of the window is used. */
export function usedOf(buckets: Buckets): number {
  return buckets.reduce((sum, [, count]) => sum + count, 0);
}

/** The same buckets with `count` more (or fewer, not below nothing) in one of them. */
export function addTo(buckets: Buckets, bucket: number, count: number): [number, number][] {
  const next = new Map(buckets.map(([number, before]) => [number, before]));
  next.set(bucket, Math.max(0, (next.get(bucket) ?? 0) + count));
  return [...next].filter(([, left]) => left > 0).sort(([a], [b]) => a - b);
}

/** The moment at which `wanted` more will fit; `now` when they do already. */
export function fitsAt(buckets: Buckets, wanted: number, now: number, window: Window): number {
  let free = window.limit - usedOf(buckets);
  if (free >= wanted) return now;
  for (const [bucket, count] of buckets) {
    free += count;
    if (free >= wanted) return freedAt(bucket, window);
  }
  return now + window.window_ms;
}

/** The moment at which nothing is used any more. */
export function wholeAt(buckets: Buckets, now: number, window: Window): number {
  const newest = buckets.at(-1);
  return newest ? freedAt(newest[0], window) : now;
}

function freedAt(bucket: number, window: Window): number {
  return endOfBucket(bucket, window) + window.window_ms;
}
