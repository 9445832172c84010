import type { EgressHop } from './types.ts';

/** Headers that speak for somebody: they never follow a redirect to another origin (RFC 9110, section 15.4). */
const personal = ['authorization', 'cookie', 'proxy-authorization', 'x-api-key'];

/**
 * What a redirect answer asks for next, or `null` when the answer is no redirect. A 303, and a 301 or 302 after
 * POST, become a GET without body (RFC 9110, section 15.4); a change of origin drops the headers that carry
 * somebody's authority.
 */
export function nextHop(hop: EgressHop, answer: { status: number; headers: Record<string, string> }): EgressHop | null {
  const location = answer.headers.location;
  if (![301, 302, 303, 307, 308].includes(answer.status) || location === undefined) return null;
  const url = URL.parse(location, hop.url);
  if (!url) return null;
  url.hash = '';
  const becomesGet =
    (answer.status === 303 && hop.method !== 'HEAD') || ([301, 302].includes(answer.status) && hop.method === 'POST');
  const headers = { ...hop.headers };
  if (becomesGet) for (const name of Object.keys(headers)) if (/^content-/i.test(name)) delete headers[name];
  if (url.origin !== new URL(hop.url).origin)
    for (const name of Object.keys(headers)) if (personal.includes(name.toLowerCase())) delete headers[name];
  return {
    url: url.href,
    method: becomesGet ? 'GET' : hop.method,
    headers,
    body: becomesGet ? null : hop.body,
  };
}
