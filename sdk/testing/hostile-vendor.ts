import { bodyText, type Vendor } from './vendor.ts';

/** Ways in which real vendors fail. */
export const hostilities = [
  'limited',
  'broken',
  'cut_off',
  'wrong_type',
  'empty',
  'expired',
  'repeated',
  'silent',
] as const;
export type Hostility = (typeof hostilities)[number];

/**
 * Wraps a vendor so that chosen requests fail as vendors do: 429 with `Retry-After`, 500, JSON cut in its middle, an HTML
 * page in place of JSON, an empty body, 401, or the answer of the request before; or no answer comes at all.
 *
 * @example
 * const plugin = await testPlugin({ folder: import.meta.dirname, vendor: hostileVendor(vendor, 'limited') })
 * await assert.rejects(() => plugin.action('send', { text: 'Hello' }), /429/)
 *
 * @param kind how it fails
 * @param nth which requests fail, counted from 1; the first unless given
 */
export function hostileVendor(vendor: Vendor, kind: Hostility, nth: (n: number) => boolean = (n) => n === 1): Vendor {
  let n = 0;
  let before: Awaited<ReturnType<Vendor>>;
  return async (request) => {
    n++;
    const last = before;
    const answer = await vendor(request);
    before = answer;
    if (!nth(n)) return answer;
    const text = answer ? bodyText(answer) : '';
    switch (kind) {
      case 'limited':
        return { status: 429, headers: { 'retry-after': '7' }, body: { message: 'Too many requests' } };
      case 'broken':
        return { status: 500, body: 'Internal Server Error' };
      case 'cut_off':
        return { ...answer, body: text.slice(0, Math.floor(text.length / 2)) };
      case 'wrong_type':
        return {
          status: 200,
          headers: { 'content-type': 'text/html' },
          body: '<html><body>Please sign in</body></html>',
        };
      case 'empty':
        return { status: 200, headers: { 'content-type': 'application/json' }, body: '' };
      case 'expired':
        return { status: 401, body: { message: 'The token has expired' } };
      case 'silent':
        // What the host tells a plugin when the vendor takes too long.
        throw Object.assign(new Error('The vendor did not answer in time'), { code: 'timeout' });
      case 'repeated':
        return last ?? answer;
    }
  };
}
