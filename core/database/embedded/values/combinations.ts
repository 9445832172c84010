import { CommandError } from '../errors.ts';
import { type Document, getField, isDocument, type Value } from './document.ts';
import { EMPTY_ARRAY } from './key.ts';
import { isIndex } from './path.ts';

/** Where the walk of one field stands: the value reached, and the next part of its path. */
type Place = { value: Value; at: number };

/** The values at the end of paths in a document in which no array is on the way, as in most; else undefined. */
export function plainValues(document: Document, paths: string[][]): Value[] | undefined {
  const values: Value[] = [];
  for (const path of paths) {
    let value: Value = document;
    for (const part of path) {
      if (Array.isArray(value)) return undefined;
      value = isDocument(value) ? getField(value, part) : undefined;
    }
    if (Array.isArray(value)) return undefined;
    values.push(value);
  }
  return values;
}

/**
 * The values at the end of paths in a document, together: one row for each combination that arrays give, as an index holds
 * them and a sort compares them (manual: core/indexes/index-types/index-multikey).
 *
 * @param paths - each split into parts
 * @returns the rows, some perhaps alike, and whether an array was met
 * @throws CommandError 171 when two of the fields are arrays side by side, 16746 when a number in a path could be an element
 *   or a field
 */
export function combinations(document: Document, paths: string[][]): { rows: Value[][]; multikey: boolean } {
  const rows: Value[][] = [];
  const multikey = expand(
    paths.map(() => ({ value: document, at: 0 })),
    paths,
    rows,
  );
  return { rows, multikey };
}

function expand(places: Place[], paths: string[][], rows: Value[][]): boolean {
  const reached = places.map((place, i) => advance(place, paths[i] as string[]));
  const stuck = reached.find(({ value }) => Array.isArray(value));
  if (!stuck) {
    rows.push(reached.map(({ value }) => value));
    return false;
  }
  const array = stuck.value as Value[];
  for (const { value } of reached) {
    if (Array.isArray(value) && value !== array) {
      const names = reached.flatMap((place, i) => (Array.isArray(place.value) ? [paths[i]?.join('.')] : []));
      throw new CommandError(171, `cannot index parallel arrays [${names.join('] [')}]`);
    }
  }
  const elements: Value[] = array.length ? array : [EMPTY_ARRAY];
  for (const element of elements) {
    const next = reached.map((place, i) => {
      if (place.value !== array) return place;
      const ends = place.at === paths[i]?.length;
      // What is inside an array inside an array is not reached by a path; at its end, the inner array is the value.
      if (ends) return { value: Array.isArray(element) ? new InnerArray(element) : element, at: place.at };
      return { value: isDocument(element) || element === EMPTY_ARRAY ? element : undefined, at: place.at };
    });
    expand(next, paths, rows);
  }
  for (const row of rows) {
    for (const [i, value] of row.entries()) if (value instanceof InnerArray) row[i] = value.array;
  }
  return true;
}

/** Keeps an array that is a value from being expanded again. */
class InnerArray {
  readonly array: Value[];
  constructor(array: Value[]) {
    this.array = array;
  }
}

function advance({ value, at }: Place, path: string[]): Place {
  while (at < path.length) {
    const part = path[at] as string;
    if (Array.isArray(value)) {
      if (!isIndex(part) || Number(part) >= value.length) break;
      if (value.some((element) => isDocument(element) && part in element))
        throw new CommandError(
          16746,
          `Ambiguous field name found in array (do not use numeric field names in embedded elements in an array), field: '${part}' for array: ${path.slice(0, at).join('.')}`,
        );
      value = value[Number(part)];
    } else if (value === EMPTY_ARRAY) at = path.length - 1;
    else value = isDocument(value) ? getField(value, part) : undefined;
    at++;
  }
  return { value, at };
}
