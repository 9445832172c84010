import {
  createHash,
  createHmac,
  createPublicKey,
  type KeyObject,
  timingSafeEqual,
  verify as verifyBytes,
} from 'node:crypto';
import { createLocalJWKSet, jwtVerify } from 'jose';
import type { Signature, Verify } from '../../sdk/contract/manifest/verify.ts';
import { readRef, valuesAt } from '../credentials/read-ref.ts';
import { fill, type Values } from '../credentials/template-values.ts';
import { fillBytes, type Opened, parseBody } from './incoming.ts';
import { fetchJwks, publicKeys } from './public-keys.ts';

/** What a request is checked with. */
export interface Proof {
  request: Opened;
  values: Values;
  /** which variant of a `choose` counts */
  choice: string | null;
  /** the last segment of the address that was called, and the one that it should be */
  key: { given: string | null; right: string | null };
  now_ms: number;
}

/** What was proved: with it the payload that only the proof carries (a signed token). `null`: nothing. */
export type Proved = { payload?: unknown } | null;

/**
 * Checks a request over its raw bytes, as the manifest declares. Fails closed: what is missing, malformed, stale or of
 * an unknown scheme is not proved. Comparisons take the same time whatever they compare.
 */
export async function verify(rule: Verify, proof: Proof): Promise<Proved> {
  if ('all' in rule) {
    let proved: Proved = rule.all.length === 0 ? null : {};
    for (const one of rule.all) {
      const next: Proved = proved && (await verify(one, proof));
      proved = next && { ...proved, ...next };
    }
    return proved;
  }
  if ('choose' in rule) {
    const name = proof.choice ?? Object.keys(rule.choose)[0] ?? '';
    const chosen = Object.hasOwn(rule.choose, name) ? rule.choose[name] : undefined;
    return chosen ? verify(chosen, proof) : null;
  }
  const proved = await byScheme(rule, proof);
  return proved && holds(rule.where, proof) ? proved : null;
}

type Scheme = Exclude<Verify, { all: unknown } | { choose: unknown }>;

async function byScheme(rule: Scheme, proof: Proof): Promise<Proved> {
  switch (rule.scheme) {
    case 'secret-url':
      return proof.key.right !== null && proof.key.given !== null && same(proof.key.given, proof.key.right) ? {} : null;
    case 'token': {
      const given = readRef(rule.at, opened(proof));
      return given !== undefined && same(given, fill(rule.value, proof.values)) ? {} : null;
    }
    case 'standard-webhooks':
      return standardWebhooks(fill(rule.key, proof.values), proof) ? {} : null;
    case 'hmac':
    case 'hash':
      return digest(rule, proof) ? {} : null;
    case 'public-key':
      return (await publicKey(rule, proof)) ? {} : null;
    case 'jwt':
      return jwt(rule, proof);
    default:
      return null;
  }
}

/** Whether every equality of a `where` holds. */
export function holds(where: Scheme['where'], proof: Pick<Proof, 'request' | 'values'>): boolean {
  return (where ?? []).every(({ at, equals }) => {
    const seen = readRef(at, opened(proof));
    return seen !== undefined && same(seen, fill(equals, proof.values));
  });
}

/** Equality that tells nothing by the time it takes, of texts of any length. */
export function same(a: string | Buffer, b: string | Buffer): boolean {
  const hash = (value: string | Buffer) => createHash('sha256').update(value).digest();
  return timingSafeEqual(hash(a), hash(b));
}

function opened({ request }: Pick<Proof, 'request'>) {
  return { ...request, json: parseBody(request, undefined) };
}

function digest(rule: Extract<Scheme, { scheme: 'hmac' | 'hash' }>, proof: Proof): boolean {
  if (rule.timestamp && !isFresh(readRef(rule.timestamp.at, opened(proof)), rule.timestamp, proof.now_ms)) return false;
  const message = fillBytes(rule.message, proof.request, proof.values);
  if (!message) return false;
  const key = Buffer.from(fill(rule.key, proof.values), rule.key_encoding ?? 'utf8');
  // An empty key signs for anybody.
  if (key.length === 0) return false;
  const right =
    rule.scheme === 'hmac'
      ? createHmac(rule.algorithm, key).update(message).digest()
      : createHash(rule.algorithm).update(message).digest();
  let proved = false;
  for (const given of signaturesIn(rule.signature, proof)) proved = same(given, right) || proved;
  return proved;
}

function isFresh(text: string | undefined, rule: { unit: 's' | 'ms'; tolerance_s: number }, now_ms: number): boolean {
  if (text === undefined || !/^\d{1,16}$/.test(text)) return false;
  const at = Number(text) * (rule.unit === 's' ? 1000 : 1);
  return Math.abs(now_ms - at) <= rule.tolerance_s * 1000;
}

/** The signatures in a request, decoded: several during a rotation, each with the prefix; strict in their encoding. */
function signaturesIn(where: Signature, proof: Proof): Buffer[] {
  const text = signatureText(where, proof);
  if (text === undefined) return [];
  const all = where.separator === undefined ? [text] : text.split(where.separator).slice(0, 20);
  return all.flatMap((one) => {
    const bare = one.trim();
    if (where.prefix !== undefined && !bare.startsWith(where.prefix)) return [];
    const bytes = decode(bare.slice(where.prefix?.length ?? 0), where.encoding);
    return bytes ? [bytes] : [];
  });
}

function signatureText(where: Partial<Signature>, proof: Proof): string | undefined {
  if ('header' in where && where.header) return proof.request.headers[where.header.toLowerCase()];
  if ('query' in where && where.query) return proof.request.query.get(where.query) ?? undefined;
  if ('raw_body' in where) return proof.request.bytes.toString();
  if ('body' in where && where.body !== undefined) return readRef({ body: where.body }, opened(proof));
  return undefined;
}

function decode(text: string, encoding: Signature['encoding']): Buffer | null {
  if (encoding === 'none') return Buffer.from(text);
  if (encoding === 'hex') return /^([0-9a-f]{2})+$/i.test(text) ? Buffer.from(text, 'hex') : null;
  const shape = encoding === 'base64' ? /^[A-Za-z0-9+/]+={0,2}$/ : /^[\w-]+={0,2}$/;
  return shape.test(text) ? Buffer.from(text, encoding) : null;
}

/** Standard Webhooks: HMAC-SHA256 of `id.timestamp.body`, several `v1,` signatures, five minutes. */
function standardWebhooks(key: string, { request, now_ms }: Proof): boolean {
  const id = request.headers['webhook-id'];
  const timestamp = request.headers['webhook-timestamp'];
  const secret = Buffer.from(key.replace(/^whsec_/, ''), 'base64');
  if (!id || secret.length === 0 || !isFresh(timestamp, { unit: 's', tolerance_s: 300 }, now_ms)) return false;
  const right = createHmac('sha256', secret).update(`${id}.${timestamp}.`).update(request.bytes).digest();
  let proved = false;
  for (const one of (request.headers['webhook-signature'] ?? '').split(' ').slice(0, 20)) {
    const given = one.startsWith('v1,') ? decode(one.slice(3), 'base64') : null;
    proved = (given !== null && same(given, right)) || proved;
  }
  return proved;
}

async function publicKey(rule: Extract<Scheme, { scheme: 'public-key' }>, proof: Proof): Promise<boolean> {
  const message = fillBytes(rule.message, proof.request, proof.values);
  if (!message) return false;
  const kid = rule.keys.kid ? readRef(rule.keys.kid, opened(proof)) : undefined;
  const keys = await publicKeys(rule.keys, kid, opened(proof));
  const places = [rule.signature].flat() as Signature[];
  const given = places.flatMap((place) => signaturesIn(place, proof));
  return given.some((signature) => keys.some((key) => provesBy(key, rule.algorithm, message, signature)));
}

function provesBy(key: KeyObject, algorithm: string, message: Buffer, signature: Buffer): boolean {
  const name = algorithm.toLowerCase();
  const hash = /sha-?512/.test(name) ? 'sha512' : /sha-?1$/.test(name) ? 'sha1' : 'sha256';
  try {
    if (name.includes('ed25519'))
      return key.asymmetricKeyType === 'ed25519' && verifyBytes(null, message, key, signature);
    if (key.asymmetricKeyType === 'ec')
      return (
        verifyBytes(hash, message, { key, dsaEncoding: 'der' }, signature) ||
        verifyBytes(hash, message, { key, dsaEncoding: 'ieee-p1363' }, signature)
      );
    return key.asymmetricKeyType === 'rsa' && verifyBytes(hash, message, key, signature);
  } catch {
    // A signature of the wrong shape proves nothing; OpenSSL says so by throwing.
    return false;
  }
}

async function jwt(rule: Extract<Scheme, { scheme: 'jwt' }>, proof: Proof): Promise<Proved> {
  const text = signatureText(rule.token as Partial<Signature>, proof);
  const prefix = rule.token.prefix ?? '';
  if (text === undefined || !text.startsWith(prefix)) return null;
  const token = text.slice(prefix.length).trim();
  const options = {
    algorithms: [...rule.algorithms],
    currentDate: new Date(proof.now_ms),
    ...(rule.max_age_s === undefined ? {} : { maxTokenAge: rule.max_age_s }),
  };
  try {
    const secret = rule.key === undefined ? undefined : fill(rule.key, proof.values);
    if (secret === '') return null;
    const { payload } =
      secret === undefined
        ? await jwtVerify(token, createLocalJWKSet(await fetchJwks(rule.jwks ?? '', undefined)), options)
        : await jwtVerify(
            token,
            secret.includes('-----BEGIN') ? createPublicKey(secret) : Buffer.from(secret),
            options,
          );
    const wanted = Object.entries(rule.claims ?? {});
    if (
      wanted.some(([name, value]) => payload[name] !== (typeof value === 'string' ? fill(value, proof.values) : value))
    )
      return null;
    return rule.payload === undefined ? {} : { payload: valuesAt(payload, rule.payload)[0] };
  } catch {
    // Every reason why a token does not verify means the same here: it proves nothing.
    return null;
  }
}
