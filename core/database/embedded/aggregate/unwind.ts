import { CommandError } from '../errors.ts';
import { copyOnPath, setAt, unsetAt, valueAt } from '../update/targets.ts';
import { type Document, isDocument, type Value } from '../values/document.ts';
import { splitPath } from '../values/path.ts';
import { isTruthy } from '../values/types.ts';
import { named } from './arguments.ts';

/** `$unwind`: one document for each element of an array (manual: reference/operator/aggregation/unwind). */
export function unwind(spec: Value): (document: Document) => Document[] {
  const options = isDocument(spec)
    ? named(spec, '$unwind', ['path'], ['includeArrayIndex', 'preserveNullAndEmptyArrays'])
    : { path: spec };
  const { path, includeArrayIndex: index, preserveNullAndEmptyArrays: preserve } = options as Document;
  if (typeof path !== 'string') throw new CommandError(28808, 'expected a string as the path for $unwind stage');
  if (!path.startsWith('$'))
    throw new CommandError(28818, `path option to $unwind stage should be prefixed with a '$': ${path.slice(0, 60)}`);
  if (index !== undefined && (typeof index !== 'string' || index === '')) {
    throw new CommandError(28810, 'expected a non-empty string for the includeArrayIndex option to $unwind stage');
  }
  const parts = splitPath(path.slice(1));
  const at = typeof index === 'string' ? splitPath(index) : undefined;
  const withIndex = (document: Document, value: Value) => {
    if (!at) return document;
    const copy = copyOnPath(document, at);
    setAt(copy, at, value);
    return copy;
  };
  return (document) => {
    const value = valueAt(document, parts);
    if (!Array.isArray(value)) {
      return value === undefined || value === null
        ? isTruthy(preserve)
          ? [withIndex(document, null)]
          : []
        : [withIndex(document, null)];
    }
    if (value.length === 0) {
      if (!isTruthy(preserve)) return [];
      const copy = copyOnPath(document, parts);
      unsetAt(copy, parts);
      return [withIndex(copy, null)];
    }
    return value.map((element, position) => {
      const copy = copyOnPath(document, parts);
      setAt(copy, parts, element);
      return withIndex(copy, BigInt(position));
    });
  };
}
