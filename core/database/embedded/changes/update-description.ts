import { type Document, isDocument, setField, type Value } from '../values/document.ts';
import { encode } from '../values/encode.ts';

type Description = { updatedFields: Document; removedFields: string[]; truncatedArrays: Document[] };

/** What an update changed, by dotted paths (manual: reference/change-events/update, "updateDescription"). */
export function describeUpdate(before: Document, after: Document): Description {
  const description: Description = { updatedFields: {}, removedFields: [], truncatedArrays: [] };
  describeFields(before, after, '', description);
  return description;
}

function describeFields(before: Document, after: Document, prefix: string, into: Description): void {
  for (const name of Object.keys(before)) if (!Object.hasOwn(after, name)) into.removedFields.push(prefix + name);
  for (const [name, value] of Object.entries(after)) {
    if (Object.hasOwn(before, name)) describeValue(before[name], value, prefix + name, into);
    else setField(into.updatedFields, prefix + name, value);
  }
}

function describeValue(before: Value, after: Value, path: string, into: Description): void {
  if (identical(before, after)) return;
  if (isDocument(before) && isDocument(after)) describeFields(before, after, `${path}.`, into);
  else if (Array.isArray(before) && Array.isArray(after)) describeArray(before, after, path, into);
  else setField(into.updatedFields, path, after);
}

function describeArray(before: Value[], after: Value[], path: string, into: Description): void {
  if (after.length < before.length) into.truncatedArrays.push({ field: path, newSize: after.length });
  for (const [i, value] of after.entries()) {
    if (i < before.length) describeValue(before[i], value, `${path}.${i}`, into);
    else setField(into.updatedFields, `${path}.${i}`, value);
  }
}

/** Whether two values are the same to the byte: 1 and 1.0 are not. */
function identical(a: Value, b: Value): boolean {
  return a === b || encode({ v: a }, Number.POSITIVE_INFINITY).equals(encode({ v: b }, Number.POSITIVE_INFINITY));
}
