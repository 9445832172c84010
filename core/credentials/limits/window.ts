/** A limit as the counter needs it: at most `limit` requests that reach the vendor within `window_ms` of each other. */
export interface Window {
  limit: number;
  /** 0: only what is on its way counts, which makes it a limit of concurrency */
  window_ms: number;
}

/** What has been let out: `[slice number, count]`, oldest first. Slices in the future hold what is on its way. */
export type Slices = readonly (readonly [number, number])[];

/** One request that wants to go out. */
export interface Wanted {
  /** how long it may be on its way at most; after that its slot counts as arrived */
  flight_ms: number;
  cost: number;
}

/** One request that was let out and is over. */
export interface Over {
  /** the slice that it was let out in */
  slice: number;
  cost: number;
  /** when it was over; null: it was never sent */
  at_ms: number | null;
}

/** Slices a window is cut into. */
const parts = 80;
/** Slices of a limit of concurrency only say when a slot whose host died comes back. */
const shortest_ms = 10;
/** How soon to ask again when only requests on their way are waited for. */
const ask_again_ms = 100;

/** How long one slice is. */
export function sliceMs({ window_ms }: Window): number {
  return Math.max(window_ms / parts, shortest_ms);
}

/**
 * Gives the slots of requests that are over the time from which they count. A request may reach the vendor at any
 * moment until its answer has come: it counts from then on, for one whole window. Counted from when it was let out, a
 * slow one and quick ones of the next window would meet at the vendor.
 */
export function settle(slices: Slices, window: Window, over: readonly Over[]): Slices {
  const counts = new Map(slices);
  const add = (slice: number, count: number) => {
    const sum = (counts.get(slice) ?? 0) + count;
    if (sum > 1e-9) counts.set(slice, sum);
    else counts.delete(slice);
  };
  for (const one of over) {
    add(one.slice, -Math.min(one.cost, counts.get(one.slice) ?? 0));
    if (one.at_ms !== null) add(Math.floor(one.at_ms / sliceMs(window)), one.cost);
  }
  return [...counts].sort(([a], [b]) => a - b);
}

/**
 * How many of `wanted`, from the first on, may go out now without any window of the vendor ever seeing more than `limit`,
 * and how long until the next may. A slot is taken from when it is let out until one window after its request was over.
 * Whichever requests reach the vendor within one window, all of them hold their slots when the last one arrives.
 * Counting slices instead of requests keeps it small; of a window of ten seconds it uses over nine tenths.
 */
export function letOut(
  slices: Slices,
  window: Window,
  now_ms: number,
  wanted: readonly Wanted[],
): { granted: number[]; slices: Slices; wait_ms: number } {
  const length = sliceMs(window);
  const current = Math.floor(now_ms / length);
  const end = (slice: number) => (slice + 1) * length + window.window_ms;
  const live = new Map(slices.filter(([slice]) => end(slice) > now_ms));
  let used = [...live.values()].reduce((sum, count) => sum + count, 0);
  const granted: number[] = [];
  for (const { flight_ms, cost } of wanted) {
    // What costs more than the whole limit goes out alone, or it would wait for ever.
    if (used + cost > window.limit && !(used === 0 && cost > window.limit)) break;
    const slice = Math.floor((now_ms + flight_ms) / length) + 1;
    live.set(slice, (live.get(slice) ?? 0) + cost);
    used += cost;
    granted.push(slice);
  }
  const sorted = [...live].sort(([a], [b]) => a - b);
  const oldest = sorted[0]?.[0] ?? current;
  // Nothing tells when a request on its way will be over: soon, and then its window begins.
  const wait_ms = oldest <= current ? end(oldest) - now_ms : window.window_ms + ask_again_ms;
  return { granted, slices: sorted, wait_ms: granted.length === wanted.length ? 0 : Math.ceil(Math.max(1, wait_ms)) };
}

/** What is in use of a limit at a time. */
export function usedOf(slices: Slices, window: Window, now_ms: number): number {
  const length = sliceMs(window);
  return slices
    .filter(([slice]) => (slice + 1) * length + window.window_ms > now_ms)
    .reduce((sum, [, count]) => sum + count, 0);
}
