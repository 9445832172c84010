import { CommandError, cut, unsupported } from '../errors.ts';
import { compare, type StringOrder } from '../values/compare.ts';
import { type Document, isDocument, type Value } from '../values/document.ts';
import { EMPTY_ARRAY } from '../values/key.ts';
import { splitPath, walk } from '../values/path.ts';
import { show } from '../values/show.ts';
import { isNumber, toNumber } from '../values/types.ts';

/** One field of a sort. */
export type SortField = { path: string; parts: string[]; descending: boolean };

/**
 * Reads a sort specification (manual: reference/method/cursor.sort).
 * @throws CommandError 15974, 15975 or 2 for one that MongoDB refuses
 */
export function parseSort(spec: Document): SortField[] {
  return Object.entries(spec).map(([path, direction]) => {
    if (isDocument(direction) && '$meta' in direction) throw unsupported('Sorting by $meta');
    if (!isNumber(direction))
      throw new CommandError(15974, `Illegal key in $sort specification: ${cut(path)}: ${cut(show(direction))}`);
    const number = toNumber(direction);
    if (number !== 1 && number !== -1)
      throw new CommandError(15975, '$sort key ordering must be 1 (for ascending) or -1 (for descending)');
    const parts = splitPath(path);
    if (parts.some((part) => part === ''))
      throw new CommandError(15998, 'FieldPath field names may not be empty strings.');
    if (path.startsWith('$') && path !== '$natural')
      throw new CommandError(16410, "FieldPath field names may not start with '$'.");
    return { path, parts, descending: number === -1 };
  });
}

/** The values that a document is sorted by: of an array, its least element, or its greatest when descending. */
export function sortKey(document: Document, fields: SortField[], strings?: StringOrder): Value[] {
  return fields.map(({ parts, descending }) => {
    let best: Value;
    let any = false;
    const consider = (value: Value) => {
      const difference = any ? compare(value, best, strings) : 0;
      if (!any || (descending ? difference > 0 : difference < 0)) best = value;
      any = true;
    };
    walk(document, parts, (value) => {
      if (!Array.isArray(value)) consider(value);
      else if (value.length === 0) consider(EMPTY_ARRAY);
      else value.forEach(consider);
      return false;
    });
    return best;
  });
}

/** Compares two sort keys. */
export function compareSortKeys(a: Value[], b: Value[], fields: SortField[], strings?: StringOrder): number {
  for (let i = 0; i < fields.length; i++) {
    const difference = compare(a[i], b[i], strings);
    if (difference) return fields[i]?.descending ? -difference : difference;
  }
  return 0;
}

/**
 * Sorts items by their documents, stably.
 */
export function sortBy<T>(
  items: T[],
  document: (item: T) => Document,
  fields: SortField[],
  strings?: StringOrder,
): T[] {
  return items
    .map((item) => ({ item, key: sortKey(document(item), fields, strings) }))
    .sort((a, b) => compareSortKeys(a.key, b.key, fields, strings))
    .map(({ item }) => item);
}
