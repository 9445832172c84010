import { CommandError } from '../errors.ts';
import { type Document, getField, isDocument, type Value } from '../values/document.ts';
import { show } from '../values/show.ts';
import type { Collection } from './catalog.ts';
import type { Index } from './index.ts';
import { keysOf } from './index.ts';

/** The error for a key that a unique index already holds: message, `keyPattern` and `keyValue` as MongoDB gives them. */
export function duplicateKey(collection: Collection, index: Index, document: Document, key: Buffer): CommandError {
  const keyPattern = index.spec.key as Document;
  const keyValue = Object.fromEntries(
    index.fields.map(({ path, parts }) => [path, keyPart(index, document, parts, key) ?? null]),
  );
  const { collation } = index.spec;
  // MongoDB shows the sort key of ICU for a string with a collation, which nobody can read; here it is the string.
  const name = `${index.name}${isDocument(collation) ? ` collation: ${show(collation)}` : ''}`;
  return new CommandError(
    11000,
    `E11000 duplicate key error collection: ${collection.database}.${collection.name} index: ${name} dup key: ${show(keyValue)}`,
    { fields: { keyPattern, keyValue, ...(isDocument(collation) && { collation }) } },
  );
}

/** The value that one field has in the key: of an array, the element whose key it is. */
function keyPart(index: Index, document: Document, parts: string[], key: Buffer): Value {
  let value: Value = document;
  for (const [i, part] of parts.entries()) {
    if (Array.isArray(value)) {
      const rest = parts.slice(i);
      const within: Value = value.find(
        (element) => isDocument(element) && hasKey(index, document, parts.slice(0, i), element, key),
      );
      value = within ?? value.find(isDocument);
      return rest.reduce<Value>((inner, name) => (isDocument(inner) ? getField(inner, name) : undefined), value);
    }
    value = isDocument(value) ? getField(value, part) : undefined;
  }
  if (!Array.isArray(value)) return value;
  return value.find((element) => hasKey(index, document, parts, element, key)) ?? value[0];
}

/** Whether the key is among those that the index would have if the array at a path held this one element. */
function hasKey(index: Index, document: Document, path: string[], element: Value, key: Buffer): boolean {
  const reduced = replaceAt(document, path, [element]);
  return keysOf({ ...index, partial: undefined }, reduced as Document).keys.some((other) => other.equals(key));
}

function replaceAt(value: Value, path: string[], replacement: Value): Value {
  const [part, ...rest] = path;
  if (part === undefined) return replacement;
  return isDocument(value) ? { ...value, [part]: replaceAt(getField(value, part), rest, replacement) } : value;
}
