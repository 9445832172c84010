/** A group whose runs take longer than that is slow: it gets fewer places, and its jobs wait out of the others' way. */
const quick_ms = 500;

/** What one process knows of the groups of a kind: how many of each it runs, and how long their runs take. */
export class GroupLimits {
  /** when each run under way began, the earliest first */
  readonly #running = new Map<string, number[]>();
  readonly #took_ms = new Map<string, number>();
  readonly #now: () => number;

  /** @param now a clock that only goes forward, in ms */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  running(group: string): number {
    return this.#running.get(group)?.length ?? 0;
  }

  started(group: string): void {
    const runs = this.#running.get(group);
    if (runs) runs.push(this.#now());
    else this.#running.set(group, [this.#now()]);
  }

  ended(group: string, took_ms: number): void {
    const runs = this.#running.get(group) ?? [];
    const begun = this.#now() - took_ms;
    const nearest = runs.reduce(
      (best, at, index) => (Math.abs(at - begun) < Math.abs((runs[best] ?? 0) - begun) ? index : best),
      0,
    );
    runs.splice(nearest, 1);
    if (runs.length === 0) this.#running.delete(group);
    this.#took_ms.set(group, 0.8 * (this.#took_ms.get(group) ?? took_ms) + 0.2 * took_ms);
    if (this.#took_ms.size > 10_000) this.#took_ms.clear();
  }

  /**
   * How long one run of the group takes: as seen lately, or as long as half of those under way have taken already, so
   * that an endpoint that hangs is known for it before its first run has ended.
   */
  took(group: string): number {
    const runs = this.#running.get(group);
    const middle = runs?.[Math.floor(runs.length / 2)];
    return Math.max(this.#took_ms.get(group) ?? 100, middle === undefined ? 0 : this.#now() - middle);
  }

  /** whether its runs are known to take long */
  slow(group: string): boolean {
    return this.took(group) >= quick_ms;
  }

  /** how many may run here: the cap for a group that is known to be quick, a quarter for one that is slow or unknown */
  allowed(group: string, cap: number): number {
    return this.#quick(group) ? cap : Math.min(cap, Math.max(4, Math.ceil(cap / 4)));
  }

  /** whether it counts among those that may not take every place: slow, or not yet known to be quick */
  confined(group: string): boolean {
    return !this.#quick(group);
  }

  /**
   * Below how many confined runs a group may start one more. One that nothing is known of may try a single run beyond
   * that, so that those that hang do not keep a quick newcomer from being known.
   *
   * @param place how many of the group run or are chosen already
   * @param most the kind's `slow_concurrency`
   */
  confines(group: string, place: number, most: number | null): number {
    if (most === null || this.#quick(group)) return Number.POSITIVE_INFINITY;
    return this.#took_ms.has(group) || place > 0 ? most : most * 1.25;
  }

  /** how many runs are under way of groups that are confined */
  confinedRunning(): number {
    let sum = 0;
    for (const [group, runs] of this.#running) if (this.confined(group)) sum += runs.length;
    return sum;
  }

  #quick(group: string): boolean {
    return this.#took_ms.has(group) && !this.slow(group);
  }
}
