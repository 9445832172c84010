import { createHmac, createPrivateKey, randomBytes, sign as signBytes } from 'node:crypto';
import { importJWK, importPKCS8, SignJWT } from 'jose';
import type { Sign } from '../../sdk/contract/manifest/shapes.ts';
import { expandTemplate } from '../../sdk/contract/template.ts';
import { put } from './inject.ts';
import type { Outgoing } from './outgoing.ts';
import { fill, type Values, valueIn } from './template-values.ts';

/** Time and randomness of a signature; passed in by tests of published vectors. */
export interface SignClock {
  now_ms: number;
  nonce: string;
}

/**
 * Signs a request by one of the named schemes. What a signature covers is the request as it will be sent, so this
 * comes after `inject`.
 *
 * @throws TemplateError when a value is missing
 */
export async function sign(outgoing: Outgoing, scheme: Sign, values: Values, clock?: SignClock): Promise<Outgoing> {
  const at = clock ?? { now_ms: Date.now(), nonce: randomBytes(16).toString('hex') };
  switch (scheme.scheme) {
    case 'hmac': {
      const key = fill(scheme.key, values);
      const message = expandTemplate(scheme.message, (place) =>
        place.source === 'request' ? requestPart(outgoing, place.name, at) : valueIn(values)(place),
      );
      return put(outgoing, scheme.to, createHmac(scheme.algorithm, key).update(message).digest(scheme.encoding));
    }
    case 'jwt': {
      const token = await signedJwt(scheme, values, at);
      return put(outgoing, { in: 'header', name: 'Authorization' }, `Bearer ${token}`);
    }
    case 'oauth1':
      return oauth1(outgoing, scheme.method, values, at);
    case 'alipay-rsa2':
      return alipayRsa2(outgoing, fill(scheme.key, values));
    case 'alipay-v3':
      return alipayV3(outgoing, fill(scheme.key, values), values, at);
  }
}

/** A JWT with the claims of the manifest, their templates filled (RFC 7519; RFC 7523 as a grant). */
export async function signedJwt(
  scheme: Extract<Sign, { scheme: 'jwt' }>,
  values: Values,
  clock: { now_ms: number },
): Promise<string> {
  const now = Math.floor(clock.now_ms / 1000);
  const claims = Object.fromEntries(
    Object.entries(scheme.claims).map(([name, value]) => [
      name,
      typeof value === 'string' ? fill(value, values) : value,
    ]),
  );
  return new SignJWT(claims)
    .setProtectedHeader({ alg: scheme.algorithm, typ: 'JWT' })
    .setIssuedAt(now)
    .setExpirationTime(now + scheme.life_s)
    .sign(await signingKey(fill(scheme.key, values), scheme.algorithm));
}

async function signingKey(text: string, algorithm: string) {
  if (algorithm.startsWith('HS')) return Buffer.from(text);
  if (text.trimStart().startsWith('{')) return importJWK(JSON.parse(text) as Record<string, string>, algorithm);
  // GitHub hands out PKCS#1, which WebCrypto does not read: Node turns every PEM into PKCS#8.
  const pkcs8 = createPrivateKey(text).export({ type: 'pkcs8', format: 'pem' }).toString();
  return importPKCS8(pkcs8, algorithm);
}

function requestPart({ url, method, headers, body }: Outgoing, name: string, clock: SignClock): string | undefined {
  if (name.startsWith('header.')) return headers[name.slice('header.'.length).toLowerCase()];
  const parts: Record<string, string> = {
    method,
    url: url.href,
    path: url.pathname,
    query: url.search.replace(/^\?/, ''),
    host: url.host,
    body: body?.toString() ?? '',
    time_s: String(Math.floor(clock.now_ms / 1000)),
    time_ms: String(clock.now_ms),
    nonce: clock.nonce,
  };
  return parts[name];
}

/** Percent-encoding of RFC 5849, section 3.6: everything but unreserved characters. */
export function encode5849(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** OAuth 1.0a (RFC 5849, section 3.4): consumer key and secret of the app, token and its secret of the credential. */
function oauth1(outgoing: Outgoing, method: string, values: Values, clock: SignClock): Outgoing {
  const consumer = fill('{app.client_id}', values);
  const protocol: Record<string, string> = {
    oauth_consumer_key: consumer,
    oauth_nonce: clock.nonce,
    oauth_signature_method: method,
    oauth_timestamp: String(Math.floor(clock.now_ms / 1000)),
    oauth_version: '1.0',
    ...(values.credential.oauth_token ? { oauth_token: values.credential.oauth_token } : {}),
    ...(values.credential.oauth_callback ? { oauth_callback: values.credential.oauth_callback } : {}),
    ...(values.credential.oauth_verifier ? { oauth_verifier: values.credential.oauth_verifier } : {}),
  };
  const isForm = outgoing.headers['content-type']?.startsWith('application/x-www-form-urlencoded');
  const form = isForm ? [...new URLSearchParams(outgoing.body?.toString() ?? '')] : [];
  const all = [...Object.entries(protocol), ...outgoing.url.searchParams, ...form]
    .map(([name, value]) => [encode5849(name), encode5849(value)] as const)
    .sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  const address = `${outgoing.url.origin}${outgoing.url.pathname}`;
  const base = [outgoing.method.toUpperCase(), encode5849(address), encode5849(all)].join('&');
  const key = `${encode5849(fill('{app.client_secret}', values))}&${encode5849(values.credential.oauth_token_secret ?? '')}`;
  const signature = oauth1Signature(method, key, base, values);
  const header = [...Object.entries(protocol), ['oauth_signature', signature] as const]
    .map(([name, value]) => `${encode5849(name)}="${encode5849(value)}"`)
    .join(', ');
  return put(outgoing, { in: 'header', name: 'Authorization' }, `OAuth ${header}`);
}

function oauth1Signature(method: string, key: string, base: string, values: Values): string {
  if (method === 'PLAINTEXT') return key;
  if (method === 'RSA-SHA1')
    return signBytes('sha1', Buffer.from(base), fill('{app.private_key}', values)).toString('base64');
  return createHmac(method === 'HMAC-SHA256' ? 'sha256' : 'sha1', key)
    .update(base)
    .digest('base64');
}

/** Alipay's gateway: the non-empty parameters sorted and joined, SHA256withRSA, base64, as the parameter `sign`. */
function alipayRsa2(outgoing: Outgoing, key: string): Outgoing {
  const form = new URLSearchParams(outgoing.body?.toString() ?? '');
  const text = [...outgoing.url.searchParams, ...form]
    .filter(([name, value]) => name !== 'sign' && value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  const signature = signBytes('sha256', Buffer.from(text), key).toString('base64');
  return put(outgoing, { in: outgoing.body ? 'form' : 'query', name: 'sign' }, signature);
}

/** Alipay's v3: `auth\nMETHOD\nURL\nbody\n` signed, all in the Authorization header. */
function alipayV3(outgoing: Outgoing, key: string, values: Values, clock: SignClock): Outgoing {
  const auth = `app_id=${fill('{app.client_id}', values)},nonce=${clock.nonce},timestamp=${clock.now_ms}`;
  const path = outgoing.url.pathname + outgoing.url.search;
  const text = `${auth}\n${outgoing.method}\n${path}\n${outgoing.body?.toString() ?? ''}\n`;
  const signature = signBytes('sha256', Buffer.from(text), key).toString('base64');
  return put(outgoing, { in: 'header', name: 'Authorization' }, `ALIPAY-SHA256withRSA ${auth},sign=${signature}`);
}
