import { CommandError } from '../errors.ts';
import { combinations, plainValues } from '../values/combinations.ts';
import type { Document, Value } from '../values/document.ts';
import { encodeKey } from '../values/key.ts';

/** The largest key that is indexed, in bytes: a limit of ours, so that one document cannot fill the index. */
const MAX_KEY = 64 * 1024;

/**
 * The keys of a document in an index: one for each combination that arrays give (manual: core/indexes/index-types/index-multikey).
 *
 * @param paths - the indexed fields, each split into parts
 * @param descending - which of them are descending
 * @param sparse - give no key when none of the fields is there
 * @param fold - makes values that a collation takes for equal the same
 * @returns the keys without duplicates, and whether an array was met
 * @throws CommandError 171 when two of the fields are arrays side by side, 16746 when a number in a path could be an element
 *   or a field, 17280 for a key that is too long
 */
export function indexKeys(
  document: Document,
  paths: string[][],
  descending: boolean[],
  sparse: boolean,
  fold?: (value: Value) => Value,
): { keys: Buffer[]; multikey: boolean } {
  const plain = plainValues(document, paths);
  if (plain) {
    const keys = sparse && plain.every((value) => value === undefined) ? [] : [keyFor(plain, descending, fold)];
    return { keys, multikey: false };
  }
  const { rows, multikey } = combinations(document, paths);
  const keys: Buffer[] = [];
  const seen = multikey ? new Set<string>() : undefined;
  for (const row of rows) {
    if (sparse && row.every((value) => value === undefined)) continue;
    const key = keyFor(row, descending, fold);
    if (seen) {
      const text = key.toString('latin1');
      if (seen.has(text)) continue;
      seen.add(text);
    }
    keys.push(key);
  }
  return { keys, multikey };
}

function keyFor(row: Value[], descending: boolean[], fold: ((value: Value) => Value) | undefined): Buffer {
  const key = encodeKey(fold ? row.map(fold) : row, descending);
  if (key.length > MAX_KEY) throw new CommandError(17280, `Index key of ${key.length} bytes exceeds ${MAX_KEY} bytes`);
  return key;
}
