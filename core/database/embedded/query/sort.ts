import { CommandError, cut, unsupported } from '../errors.ts';
import { combinations, plainValues } from '../values/combinations.ts';
import { compare, type StringOrder } from '../values/compare.ts';
import { type Document, getField, isDocument, type Value } from '../values/document.ts';
import { isIndex, splitPath } from '../values/path.ts';
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

/**
 * The values that a document is sorted by: the first, in the sort's order, of the combinations that its arrays give, as an
 * index would hold them (manual: reference/method/cursor.sort, "Sorting on array fields").
 * @throws CommandError 2 when two of the fields are arrays side by side, 16746 for a number that may be an element or a field
 */
export function sortKey(document: Document, fields: SortField[], strings?: StringOrder): Value[] {
  const paths = fields.map(({ parts }) => parts);
  const plain = plainValues(document, paths);
  if (plain) return plain;
  return rowsOf(document, paths).reduce((best, row) => (compareSortKeys(row, best, fields, strings) < 0 ? row : best));
}

function rowsOf(document: Document, paths: string[][]): Value[][] {
  try {
    return combinations(document, paths).rows;
  } catch (error) {
    if (!(error instanceof CommandError) || error.code !== 171) throw error;
    throw new CommandError(2, 'cannot sort with keys that are parallel arrays');
  }
}

/**
 * The values that an element of an array is sorted by within it: an array on the way is one of numbered fields, an array at
 * the end a value like others (manual: reference/operator/update/sort, reference/operator/aggregation/sortArray).
 */
export function elementKey(element: Value, fields: SortField[]): Value[] {
  return fields.map(({ parts }) =>
    parts.reduce<Value>((value, part) => {
      if (Array.isArray(value)) return isIndex(part) ? value[Number(part)] : undefined;
      return isDocument(value) ? getField(value, part) : undefined;
    }, element),
  );
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
