/**
 * Whether a value nests deeper than `most` levels; a cycle does. Walks without recursion, so that a hostile depth cannot
 * overflow the stack here, and is refused before anything recursive (JSON.stringify, Ajv, RFC 8785) sees it.
 */
export function nestsDeeper(value: unknown, most: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > most) return true;
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []));
  }
  return false;
}
