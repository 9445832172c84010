import type { FetchRequest } from '../../sandbox/types.ts';
import type { Auth } from '../../sdk/contract/manifest/auth.ts';
import { BrokerError } from './broker-scope.ts';
import type { Outgoing } from './outgoing.ts';
import { fill, type Values } from './template-values.ts';

/**
 * The request as the plugin asked for it, its address made whole; nothing of a credential in it yet.
 *
 * @throws BrokerError `bad_request`, TemplateError
 */
export function plainRequest(request: FetchRequest, auth: Auth | undefined, values: Values): Outgoing {
  const url = absolute(request.url, auth, values);
  for (const [name, value] of Object.entries(request.query ?? {}))
    for (const one of [value].flat()) url.searchParams.append(name, one);
  url.hash = '';
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) headers[name.toLowerCase()] = value;
  // A server that believes these would do another method than the one that was granted.
  for (const name of ['x-http-method-override', 'x-http-method', 'x-method-override']) delete headers[name];
  const body = request.body === undefined ? null : Buffer.from(request.body, request.body_encoding ?? 'utf8');
  return { url, method: request.method.toUpperCase(), headers, body };
}

function absolute(text: string, auth: Auth | undefined, values: Values): URL {
  if (/^[a-z][a-z0-9+.-]*:/i.test(text)) {
    const url = URL.parse(text);
    if (url) return url;
    throw new BrokerError('bad_request', 'The address cannot be read');
  }
  if (!auth)
    throw new BrokerError(
      'bad_request',
      'A relative address needs an `auth` entry with a base_url; give the whole address',
    );
  const base = fill(auth.base_url, values);
  // Joined as text, so that neither `//other.host` nor `\\other.host` can name another one.
  const url = URL.parse(`${base.replace(/\/+$/, '')}/${text.replace(/^[/\\]+/, '')}`);
  if (!url || url.host !== URL.parse(base)?.host) throw new BrokerError('bad_request', 'The address cannot be read');
  return url;
}
