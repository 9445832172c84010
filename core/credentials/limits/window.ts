/** A limit as the counter needs it. */
export interface Window {
  limit: number;
  window_ms: number;
}

/** Slices a window is cut into. */
const parts = 40;
/** A request that was let out may reach the vendor so much later than another: a busy host, a slow line. */
const travel_ms = 400;

/** How long one slice is. */
export function sliceMs({ window_ms }: Window): number {
  return Math.max(window_ms / parts, 1);
}

/** Slices watched: those of the window, the current one, and those of the time that a request travels. */
function watched(window: Window): number {
  return parts + 1 + Math.ceil(Math.min(travel_ms, window.window_ms / 10) / sliceMs(window));
}

/**
 * How many of `wanted` may go out now without any window of the vendor ever seeing more than `limit`, and how long until
 * another may. Counting slices instead of requests keeps it small; of a window of ten seconds it
 * uses over nine tenths.
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
  const oldest = current - watched(window) + 1;
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
  const wait_ms = granted === wanted || !first ? 0 : Math.max(1, (first[0] + watched(window)) * length - now_ms);
  return { granted, slices: live, wait_ms: Math.ceil(wait_ms) };
}
