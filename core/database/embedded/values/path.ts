import { getField, isDocument, type Value } from './document.ts';

/** Splits `a.b.0` into its parts. */
export function splitPath(path: string): string[] {
  return path.includes('.') ? path.split('.') : [path];
}

/** Whether a part of a path is an array index: digits without a leading zero. */
export function isIndex(part: string): boolean {
  return /^(0|[1-9]\d{0,9})$/.test(part);
}

/**
 * Calls `visit` with every value that a path leads to, as a query sees it (manual: tutorial/query-array-of-documents):
 * an array on the way stands for its documents, and for its element when the part is an index.
 * A path that ends early in a document or scalar visits `undefined`; an array without documents visits nothing.
 *
 * @param visit - gets the value and the position in the outermost array that was gone through; returns true to stop
 * @returns whether a visit stopped the walk
 */
export function walk(
  value: Value,
  path: string[],
  visit: (value: Value, position?: number) => boolean,
  at = 0,
  position?: number,
): boolean {
  const part = path[at];
  if (part === undefined) return visit(value, position);
  if (Array.isArray(value)) {
    if (isIndex(part)) {
      const index = Number(part);
      // The manual positional `$` counts implicit steps only, so a written index does not set the position.
      if (index < value.length && walk(value[index], path, visit, at + 1, position)) return true;
    }
    for (let i = 0; i < value.length; i++) {
      if (isDocument(value[i]) && walk(value[i], path, visit, at, position ?? i)) return true;
    }
    return false;
  }
  if (!isDocument(value)) return visit(undefined, position);
  return walk(getField(value, part), path, visit, at + 1, position);
}
