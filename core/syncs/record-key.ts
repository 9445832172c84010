import { hash } from 'node:crypto';
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

/** The id of a record: the same object is the same document, however often it is read. */
export function recordId(integration_id: string, stream: string, key: string): string {
  return `rec_${hash('sha256', JSON.stringify([integration_id, stream, key]), 'base64url').slice(0, 27)}`;
}
