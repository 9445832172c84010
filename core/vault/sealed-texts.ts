import { isSealed } from './sealed-text.ts';

/** A sealed text and where it stands in its document. */
export interface Found {
  path: string;
  sealed: string;
}

/** Every sealed text of a document with its path in dots. A field whose name holds a dot cannot be named so. */
export function sealedTexts(document: object): Found[] {
  const found: Found[] = [];
  const waiting: { value: unknown; path: string }[] = [{ value: document, path: '' }];
  for (let entry = waiting.pop(); entry; entry = waiting.pop()) {
    const { value, path } = entry;
    if (isSealed(value)) found.push({ path, sealed: value });
    if (
      typeof value !== 'object' ||
      value === null ||
      '_bsontype' in value ||
      value instanceof Date ||
      ArrayBuffer.isView(value)
    )
      continue;
    for (const [name, child] of Object.entries(value))
      waiting.push({ value: child, path: path ? `${path}.${name}` : name });
  }
  return found;
}
