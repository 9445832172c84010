/** A host as permissions and auth name it: `api.example.com`, `*.example.com`, with a port where it is unusual. */
const label = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?';
const literal = new RegExp(`^(https?://)?(\\*\\.)?(${label}\\.)*${label}(:[0-9]{1,5})?$`);

/** Why a literal host pattern is not taken, with the way out; `undefined` when it is. Templates are judged elsewhere. */
export function hostPatternFault(pattern: string): { expected: string; fix: string } | undefined {
  const expected = 'must be a host, as in "api.example.com" or "*.example.com"';
  if (pattern === '*' || pattern === '*.*') return { expected, fix: 'name the hosts; nothing may reach all of them' };
  if (/^[a-z]+:\/\/.*[/?#]|^[^:/]+(:[0-9]+)?\//i.test(pattern)) {
    return { expected, fix: 'leave out the path; "paths" limits paths' };
  }
  if (pattern !== pattern.toLowerCase()) return { expected, fix: `write "${pattern.toLowerCase()}"` };
  if (!literal.test(pattern)) return { expected, fix: 'write only the host; other scripts as punycode (xn--…)' };
  const port = Number(/:([0-9]+)$/.exec(pattern)?.[1] ?? 1);
  if (port < 1 || port > 65_535) return { expected: 'must name a port from 1 to 65535', fix: 'correct the port' };
  const parts = pattern
    .replace(/^https?:\/\//, '')
    .replace(/:[0-9]+$/, '')
    .split('.');
  if (parts[0] === '*' && parts.length < 3) {
    return { expected, fix: 'put at least two names after "*.": a whole top-level domain cannot be granted' };
  }
  return undefined;
}

/** Whether everything that `inner` reaches is also reached by `outer`. Templates cover only themselves. */
export function hostCovers(outer: string, inner: string): boolean {
  if (outer === inner) return true;
  if (inner.includes('{') || outer.includes('{')) return false;
  return outer.startsWith('*.') && inner.length > outer.length - 1 && inner.endsWith(outer.slice(1));
}
