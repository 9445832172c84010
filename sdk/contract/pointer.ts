/** One token of a JSON Pointer (RFC 6901, section 3). */
export function escapeToken(token: unknown): string {
  return String(token).replaceAll('~', '~0').replaceAll('/', '~1');
}

/** The pointer to a place, from its unescaped tokens: `pointerTo('permissions', 0)` is `/permissions/0`. */
export function pointerTo(...tokens: (string | number)[]): string {
  return tokens.map((token) => `/${escapeToken(token)}`).join('');
}

/** The unescaped tokens of a pointer. `''` has none. */
export function tokensOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The value at a pointer, `undefined` where there is none. Only own properties count. */
export function valueAt(document: unknown, pointer: string): unknown {
  let value = document;
  for (const token of tokensOf(pointer)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, token)) return undefined;
    value = (value as Record<string, unknown>)[token];
  }
  return value;
}
