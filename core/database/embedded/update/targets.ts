import { CommandError, cut } from '../errors.ts';
import type { Found } from '../query/match.ts';
import { type Document, getField, isDocument, setField, type Value } from '../values/document.ts';
import { isIndex } from '../values/path.ts';
import { show } from '../values/show.ts';

/** The conditions of `arrayFilters` by identifier. */
export type ArrayFilters = Map<string, (element: Value) => boolean>;

/** MongoDB does not pad an array by more nulls than this at once. */
const MAX_PADDING = 1_500_000;

/**
 * Replaces `$`, `$[]` and `$[identifier]` in a path by the array positions that they stand for in a document
 * (manual: reference/operator/update/positional and its siblings).
 */
export function resolveTargets(document: Document, path: string[], filters: ArrayFilters, found: Found): string[][] {
  let targets: string[][] = [[]];
  for (const [i, part] of path.entries()) {
    if (part === '$') {
      if (found.position === undefined) {
        throw new CommandError(2, 'The positional operator did not find the match needed from the query.');
      }
      targets = targets.map((target) => [...target, String(found.position)]);
    } else if (part.startsWith('$[')) {
      const filter = part === '$[]' ? () => true : filters.get(part.slice(2, -1));
      targets = targets.flatMap((target) => {
        const array = valueAt(document, target);
        const name = path.slice(0, i).join('.');
        if (array === undefined) {
          throw new CommandError(
            2,
            `The path '${cut(name)}' must exist in the document in order to apply array updates.`,
          );
        }
        if (!Array.isArray(array)) {
          throw new CommandError(
            2,
            `Cannot apply array updates to non-array element ${cut(name)}: ${cut(show(array))}`,
          );
        }
        return [...array.keys()].filter((at) => filter?.(array[at])).map((at) => [...target, String(at)]);
      });
    } else targets = targets.map((target) => [...target, part]);
  }
  return targets;
}

/** The value at an exact path: array positions are written out. */
export function valueAt(document: Value, path: string[]): Value {
  let value = document;
  for (const part of path) {
    if (Array.isArray(value)) value = isIndex(part) ? value[Number(part)] : undefined;
    else value = isDocument(value) ? getField(value, part) : undefined;
  }
  return value;
}

/**
 * Sets the value at an exact path and makes the documents on the way to it.
 * @throws CommandError 28 (PathNotViable) when a value on the way can hold no field
 */
export function setAt(document: Document, path: string[], value: Value): void {
  let holder: Value = document;
  for (let i = 0; i < path.length; i++) {
    const part = path[i] as string;
    const last = i === path.length - 1;
    if (Array.isArray(holder)) {
      if (!isIndex(part)) throw notViable(part, path[i - 1], holder);
      const index = Number(part);
      if (index - holder.length > MAX_PADDING) {
        throw new CommandError(2, `can't backfill more than ${MAX_PADDING} elements`);
      }
      while (holder.length < index) holder.push(null);
      if (last) holder[index] = value;
      else if (holder[index] === undefined) holder[index] = {};
      holder = holder[index];
    } else if (isDocument(holder)) {
      if (last) setField(holder, part, value);
      else if (getField(holder, part) === undefined) setField(holder, part, {});
      holder = getField(holder, part);
    } else throw notViable(part, path[i - 1], holder);
  }
}

/** @throws CommandError 28 when a value on the way to an exact path can hold no such field */
export function refuseBlocked(document: Document, path: string[]): void {
  for (let i = 1; i < path.length; i++) {
    const holder = valueAt(document, path.slice(0, i));
    const part = path[i] as string;
    if (holder === undefined || isDocument(holder) || (Array.isArray(holder) && isIndex(part))) continue;
    throw notViable(part, path[i - 1], holder);
  }
}

function notViable(field: string, holder: string | undefined, value: Value): CommandError {
  return new CommandError(28, `Cannot create field '${cut(field)}' in element {${cut(holder)}: ${cut(show(value))}}`);
}

/** Takes away the value at an exact path; in an array, null takes its place. */
export function unsetAt(document: Document, path: string[]): void {
  const holder = valueAt(document, path.slice(0, -1));
  const name = path.at(-1) as string;
  if (Array.isArray(holder)) {
    if (isIndex(name) && Number(name) < holder.length) holder[Number(name)] = null;
  } else if (isDocument(holder)) delete holder[name];
}

/** A copy of the documents along a path, so that setting there leaves the original alone. */
export function copyOnPath(document: Document, path: string[]): Document {
  const copy = { ...document };
  let holder = copy;
  for (const part of path.slice(0, -1)) {
    const inner = holder[part];
    if (!isDocument(inner)) {
      holder[part] = {};
      holder = holder[part] as Document;
    } else {
      holder[part] = { ...inner };
      holder = holder[part] as Document;
    }
  }
  return copy;
}
