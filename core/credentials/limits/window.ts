/** A limit as the counter needs it. */
export interface Window {
  limit: number;
  window_ms: number;
}

/** Slices a window is cut into. */
const parts = 40;
/** Slices watched beyond the window: the current one, and one for the time that a request travels. */
const guard = 2;

/** How long one slice is. */
export function sliceMs({ window_ms }: Window): number {
  return Math.max(window_ms / parts, 1);
}

/**
 * How many of `wanted` may go out now without any window of the vendor ever seeing more than `limit`, and how long until
 * another may. Counting slices instead of requests keeps it small; it uses 40/42 of the limit at worst.
 *
 * @param slices `[slice number, count]`, oldest first
 */
export function letOut(
  slices: readonly [number, number][],
  window: Window,
  now_ms: number,
  wanted: number,
): { granted: number; slices: [number, number][]; wait_ms: number } {
  const length = sliceMs(window);
  const current = Math.floor(now_ms / length);
  const oldest = current - parts - guard + 1;
  const live = slices.filter(([slice]) => slice >= oldest).map(([slice, count]): [number, number] => [slice, count]);
  const used = live.reduce((sum, [, count]) => sum + count, 0);
  const granted = Math.max(0, Math.min(wanted, window.limit - used));
  if (granted > 0) {
    const last = live.at(-1);
    // A clock that stepped back must not open a slice before the newest one.
    if (last && last[0] >= current) last[1] += granted;
    else live.push([current, granted]);
  }
  const first = live[0];
  const wait_ms = granted === wanted || !first ? 0 : Math.max(1, (first[0] + parts + guard) * length - now_ms);
  return { granted, slices: live, wait_ms: Math.ceil(wait_ms) };
}
