/**
 * Makes one call out of many: arguments that come in the same turn of the event loop, or while a call is under way,
 * go together in the next one. So the commands of many small jobs become few.
 *
 * @param call answers one result per argument, in their order; what it throws, all callers of that round get
 */
export function gather<T, R>(call: (items: T[]) => Promise<R[]>, most = 500): (item: T) => Promise<R> {
  let waiting: { item: T; resolve(result: R): void; reject(error: unknown): void }[] = [];
  let busy = false;

  async function work(): Promise<void> {
    busy = true;
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting.length > 0) {
      const round = waiting.slice(0, most);
      waiting = waiting.slice(most);
      try {
        const results = await call(round.map((one) => one.item));
        for (const [index, one] of round.entries()) one.resolve(results[index] as R);
      } catch (error) {
        for (const one of round) one.reject(error);
      }
    }
    busy = false;
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!busy) void work();
    });
}
