/**
 * Whether a path is the one of a page, and what its places hold. `:name` is one segment; `*name` is the rest, which may
 * hold slashes (`@patchbay/hello`).
 *
 * @returns the decoded places, or null when the path is another page's
 */
export function match(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split('/');
  const given = path.replace(/(.)\/$/, '$1').split('/');
  const places: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const rest = part.startsWith('*');
    const value = rest ? given.slice(index).join('/') : given[index];
    if (value === undefined || (rest && value === '')) return null;
    if (rest || part.startsWith(':')) {
      const decoded = decode(value);
      if (decoded === null) return null;
      places[part.slice(1)] = decoded;
    } else if (part !== value) return null;
    if (rest) return places;
  }
  return wanted.length === given.length ? places : null;
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
