import { tokensOf } from '../../sdk/contract/pointer.ts';
import { parsed } from './read-ref.ts';

/**
 * A JSON body without the fields that the manifest names as secrets inside ordinary data (a repository's clone token).
 * A list at the top is searched through: `/temp_clone_token` names the field of every entry too. What is not JSON
 * is left as it is.
 */
export function redactJson(body: Buffer, pointers: readonly string[]): Buffer {
  const document = parsed(body.toString());
  if (typeof document !== 'object' || document === null) return body;
  const roots = Array.isArray(document) ? document : [document];
  const cut = pointers.map((pointer) => roots.map((root) => cutAt(root, tokensOf(pointer))).includes(true));
  return cut.includes(true) ? Buffer.from(JSON.stringify(document)) : body;
}

/** Removes what stands at a path, `*` being every child; tells whether something was there. */
export function cutAt(value: unknown, tokens: string[]): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const [first, ...rest] = tokens;
  if (first === undefined) return false;
  const holder = value as Record<string, unknown>;
  const names = first === '*' ? Object.keys(holder) : Object.hasOwn(holder, first) ? [first] : [];
  if (rest.length > 0) return names.map((name) => cutAt(holder[name], rest)).includes(true);
  for (const name of names) delete holder[name];
  return names.length > 0;
}
