import { hash } from 'node:crypto';
import type { IntegrationDoc } from '../integrations/model.ts';
import { canonicalJson } from './canonical-json.ts';

/** Canonical JSON (RFC 8785) of a primary key; with the parent, because ids may be local to it. */
export function keyOf(parts: string[], parent: string | null): string {
  return canonicalJson(parent === null ? parts : [parent, ...parts]);
}

/** The keys of all records that hang below a parent, as a range. */
export function keysBelow(parent: string): { $gte: string; $lt: string } {
  const beginning = `[${canonicalJson(parent)}`;
  // What follows is a comma; the next character after it is a hyphen.
  return { $gte: `${beginning},`, $lt: `${beginning}-` };
}

/** How many characters at the end of a key the ids that lie together may differ in: a page of consecutive ones, mostly. */
const NEAR = 3;

/**
 * Makes the ids of a stream's records: the same object is the same document, however often it is read. Those of keys that
 * differ in their last characters only begin alike (`near_ids`), so that a page of them is found, and written, in one place
 * of the index by id; spread over all of it, each of them costs a page of the disk.
 */
export function recordIds(
  { _id, near_ids }: Pick<IntegrationDoc, '_id' | 'near_ids'>,
  stream: string,
): (key: string) => string {
  const digest = (of: string) => hash('sha256', JSON.stringify([_id, stream, of]), 'base64url');
  if (!near_ids) return (key) => `rec_${digest(key).slice(0, 27)}`;
  let near: { beginning: string; id: string } | undefined;
  return (key) => {
    // A key ends with a quotation mark and a bracket.
    const beginning = key.slice(0, -NEAR - 2);
    if (near?.beginning !== beginning) near = { beginning, id: digest(beginning).slice(0, 10) };
    return `rec_${near.id}${digest(key).slice(0, 17)}`;
  };
}
