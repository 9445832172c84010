/** A host pattern of a network grant, taken apart. */
interface HostPattern {
  protocol: 'https:' | 'http:';
  /** Lower case; `*.` in front stands for one label or more. */
  hostname: string;
  port: string;
}

/**
 * Does a parsed URL's origin match `api.github.com`, `*.example.com`, `host:port` or `http://host:port`? The scheme is https
 * unless the pattern says http with it; a port must be named when it is not the scheme's own. A suffix
 * never matches itself without a label in front, and no address literal: the URL parser writes a number in a pattern as
 * all four of an address, which nothing longer ends with.
 */
export function matchHost(pattern: string, url: URL): boolean {
  const wanted = readPattern(pattern);
  if (!wanted || url.protocol !== wanted.protocol || url.port !== wanted.port) return false;
  const { hostname } = url;
  if (!wanted.hostname.startsWith('*.')) return hostname === wanted.hostname;
  const suffix = wanted.hostname.slice(1);
  return hostname.endsWith(suffix) && !hostname.startsWith('.');
}

function readPattern(pattern: string): HostPattern | null {
  const text = pattern.toLowerCase();
  const protocol = text.startsWith('http://') ? 'http:' : 'https:';
  const rest = text.replace(/^https?:\/\//, '');
  const isSuffix = rest.startsWith('*.');
  // A URL parser knows default ports, IDNA and address literals better than we do.
  const parsed = URL.parse(`${protocol}//${isSuffix ? rest.slice(2) : rest}`);
  if (parsed?.pathname !== '/' || parsed.search || parsed.hash || parsed.username || parsed.password) return null;
  if (parsed.hostname.includes('*')) return null;
  return { protocol, hostname: (isSuffix ? '*.' : '') + parsed.hostname, port: parsed.port };
}
