import { LRUCache } from 'lru-cache';
import { accepts, type Check } from '../../sdk/contract/accepts.ts';

// Schemas of plugins and filters come from the database as new objects each time: their text finds the compiled check.
const checks = new LRUCache<string, Check<unknown>>({ max: 1500 });

/** The check of a JSON Schema given as text, compiled once. */
export function checkOf(schema: string): Check<unknown> {
  const known = checks.get(schema);
  if (known) return known;
  const parsed: object = JSON.parse(schema);
  const check = accepts(parsed, {});
  checks.set(schema, check);
  return check;
}
