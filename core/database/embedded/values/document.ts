/** A decoded document. Values are those that `decode` makes; see `Value`. */
export type Document = { [field: string]: Value };

/**
 * A value as the engine holds it: null, boolean, string, number (int32 or double), bigint (int64), Double (a double that
 * JavaScript would print as an int32), Date, ObjectId and the other classes of `bson`, arrays, documents.
 * `undefined` means "not there".
 */
export type Value = unknown;

/** Whether a value is a document: an object that is neither an array, a date nor one of bson's classes. */
export function isDocument(value: Value): value is Document {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Sets a field so that a field named `__proto__` is a field like any other. */
export function setField(document: Document, name: string, value: Value): void {
  if (name === '__proto__')
    Object.defineProperty(document, name, { value, writable: true, enumerable: true, configurable: true });
  else document[name] = value;
}

/** The value of a field, or undefined: what an object inherits is not a field. */
export function getField(document: Document, name: string): Value {
  return Object.hasOwn(document, name) ? document[name] : undefined;
}
