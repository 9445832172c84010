import { LRUCache } from 'lru-cache';
import type { Check } from '../../sdk/contract/accepts.ts';
import { strangerCheck } from '../../sdk/contract/stranger/stranger-check.ts';

// Schemas of plugins and filters come from the database as text: it is parsed once.
const checks = new LRUCache<string, Check<unknown>>({ max: 1500 });

/** The check of a JSON Schema given as text, parsed once. */
export function checkOf(schema: string): Check<unknown> {
  const known = checks.get(schema);
  if (known) return known;
  const check = strangerCheck(JSON.parse(schema) as object);
  checks.set(schema, check);
  return check;
}
