import { CommandError, unsupported } from '../errors.ts';
import { type Index, keysOf } from '../storage/index.ts';
import { isCollated } from '../values/compare.ts';
import type { Document } from '../values/document.ts';
import { encodeKey } from '../values/key.ts';
import type { Hint, Interval } from './plan.ts';

/** The options `min` and `max` of `find`: the first index key that may be found, and the first that may not. */
export type KeyRange = { min?: Document; max?: Document };

/**
 * The stretch of an index between `min` and `max` (manual: reference/method/cursor.min, cursor.max).
 * @param collated - whether the query compares strings by a collation
 * @throws CommandError 51173 when no index is named by a hint, 51174 when it has other fields or compares strings otherwise,
 *   238 for strings in an index with a collation
 */
export function keyInterval(index: Hint | undefined, { min, max }: KeyRange, collated: boolean): Interval {
  if (index === undefined)
    throw new CommandError(51173, 'When using min()/max() a hint of which index to use must be provided');
  const encode = (values: Document): Buffer => {
    const fields = typeof index === 'string' ? [] : index.fields;
    const names = Object.keys(values);
    if (fields.length === 0 || fields.length !== names.length || !fields.every(({ path }, i) => path === names[i]))
      throw new CommandError(51174, 'The index chosen is not compatible with min/max');
    const ofCollation = typeof index === 'object' && index.collated;
    if ((collated || ofCollation) && names.some((name) => isCollated(values[name]))) {
      if (collated !== ofCollation)
        throw new CommandError(51174, 'The index chosen has another collation than the query with min/max');
      throw unsupported('min or max of strings with a collation');
    }
    return encodeKey(
      fields.map(({ path }) => values[path]),
      fields.map(({ descending }) => descending),
    );
  };
  return { low: min ? encode(min) : Buffer.alloc(0), ...(max && { high: encode(max) }) };
}

/** Whether a document has a key in a stretch of an index. A transaction's own documents are in no index yet. */
export function hasKeyIn(index: Index, { low, high }: Interval, document: Document): boolean {
  return keysOf(index, document).keys.some((key) => key.compare(low) >= 0 && (!high || key.compare(high) < 0));
}
