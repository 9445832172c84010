import type { Ref } from '../../sdk/contract/manifest/shapes.ts';
import { tokensOf } from '../../sdk/contract/pointer.ts';

/** What a `Ref` may point into. */
export interface Readable {
  /** lower-case name → value */
  headers: Record<string, string | undefined>;
  query?: URLSearchParams;
  /** the parsed body; `undefined` when it is not JSON */
  json?: unknown;
  text?: string;
}

/** The value at a `Ref` as text, `undefined` where there is none. With `pattern`, its first group (else the whole hit). */
export function readRef(ref: Ref, from: Readable): string | undefined {
  if ('query' in ref) return from.query?.get(ref.query) ?? undefined;
  if ('header' in ref) {
    const header = from.headers[ref.header.toLowerCase()];
    if (header === undefined) return undefined;
    if (ref.json === undefined) return matched(header, ref.pattern);
    return matched(asText(valuesAt(parsed(header), ref.json)[0]), ref.pattern);
  }
  if (ref.body === '' && from.json === undefined) return matched(from.text, ref.pattern);
  return matched(asText(valuesAt(from.json, ref.body)[0]), ref.pattern);
}

/** All values at a pointer, where `*` stands for every child. */
export function valuesAt(document: unknown, pointer: string): unknown[] {
  let found = [document];
  for (const token of tokensOf(pointer)) {
    found = found.flatMap((value) => {
      if (typeof value !== 'object' || value === null) return [];
      if (token === '*') return Object.values(value);
      return Object.hasOwn(value, token) ? [(value as Record<string, unknown>)[token]] : [];
    });
  }
  return found.filter((value) => value !== undefined);
}

/** What reads the first value at a pointer, for documents that many are read of: the pointer is taken apart once. */
export function firstAt(pointer: string): (document: unknown) => unknown {
  const tokens = tokensOf(pointer);
  if (tokens.includes('*')) return (document) => valuesAt(document, pointer)[0];
  return (document) => {
    let value = document;
    for (const token of tokens) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, token)) return undefined;
      value = (value as Record<string, unknown>)[token];
    }
    return value;
  };
}

/** A scalar as text; objects and `null` have none. */
export function asText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** JSON as a value, `undefined` when it is not JSON. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function matched(text: string | undefined, pattern: string | undefined): string | undefined {
  if (text === undefined || pattern === undefined) return text;
  // Patterns of a manifest were proved linear at intake (DESIGN.md, section 5), so no input can stall them.
  const hit = new RegExp(pattern).exec(text);
  return hit ? (hit[1] ?? hit[0]) : undefined;
}
