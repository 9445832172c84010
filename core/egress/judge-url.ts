import { isIP } from 'node:net';
import { quote } from '../../sdk/contract/quote.ts';
import { EgressError } from './egress-error.ts';
import { judgeAddress } from './judge-address.ts';

/**
 * Parses and judges a URL before anything is resolved: http or https, no user information, and where the host is an
 * IP literal (in any spelling: the WHATWG parser turns `0x7f.1` and `2130706433` into `127.0.0.1`), that address.
 * A custom `lookup` is never called for literals, so this is the only check that they get before the connection.
 *
 * @throws EgressError `bad_url`, `address_refused`
 */
export function judgeUrl(text: string, allow: readonly string[] = []): URL {
  const url = URL.parse(text);
  if (!url) throw new EgressError('bad_url', `${quote(text)} is not an absolute URL`);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new EgressError('bad_url', `Only http and https addresses can be called, not ${quote(url.protocol)}`);
  if (url.username || url.password)
    throw new EgressError('bad_url', 'An address may not carry a user name or password; use a header');
  if (url.port === '0') throw new EgressError('bad_url', 'Port 0 cannot be called');
  const literal = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(literal)) {
    const objection = judgeAddress(literal, allow);
    if (objection)
      throw new EgressError('address_refused', `The address ${literal} may not be called: ${objection}`, {
        address: literal,
      });
  }
  return url;
}
