/**
 * Cuts a stream of items into lists of at most `size`, as they come; the last may be shorter.
 *
 * @example
 * for await (const some of batch(items, 100)) yield { upserts: some }
 */
export async function* batch<T>(items: Iterable<T> | AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  if (!(size >= 1)) throw new RangeError('batch needs a size of at least 1');
  let some: T[] = [];
  for await (const item of items) {
    some.push(item);
    if (some.length >= size) {
      yield some;
      some = [];
    }
  }
  if (some.length > 0) yield some;
}
