import { createPublicKey, type KeyObject } from 'node:crypto';
import type { JSONWebKeySet, JWK } from 'jose';
import { LRUCache } from 'lru-cache';
import type { Verify } from '../../sdk/contract/manifest/verify.ts';
import { parsed, type Readable, readRef } from '../credentials/read-ref.ts';
import { egress } from '../egress/egress.ts';

type Keys = Extract<Verify, { scheme: 'public-key' }>['keys'];

/** Vendors' published keys: asked again after an hour, or for an unknown key id, but never more than once a minute. */
const fetched = new LRUCache<string, { text: string; at: number }>({ max: 500, ttl: 3_600_000 });
const soonest_ms = 60_000;

/** The public keys that a signature may be checked with; `kid` picks one where the vendor names it. */
export async function publicKeys(keys: Keys, kid: string | undefined, request: Readable): Promise<KeyObject[]> {
  if (keys.pem !== undefined) return [createPublicKey(keys.pem)];
  if (keys.pem_at) return pemsAt(keys.pem_at, request);
  if (keys.jwks !== undefined) {
    const set = await fetchJwks(keys.jwks, kid);
    return set.keys
      .filter((key) => kid === undefined || key.kid === kid)
      .map((key) => createPublicKey({ key: key as object, format: 'jwk' }));
  }
  if (keys.tink !== undefined) return tinkKeys(await textOf(keys.tink, undefined), kid);
  return [];
}

/** A JWK set by its address. */
export async function fetchJwks(url: string, kid: string | undefined): Promise<JSONWebKeySet> {
  const has = (text: string) => kid === undefined || setIn(text).keys.some((key) => key.kid === kid);
  return setIn(await textOf(url, has));
}

function setIn(text: string): JSONWebKeySet {
  const keys = (parsed(text) as { keys?: JWK[] } | undefined)?.keys;
  return { keys: Array.isArray(keys) ? keys : [] };
}

async function textOf(url: string, isEnough: ((text: string) => boolean) | undefined): Promise<string> {
  const kept = fetched.get(url);
  if (kept && (!isEnough || isEnough(kept.text) || Date.now() - kept.at < soonest_ms)) return kept.text;
  const answer = await egress({ url, timeout_ms: 5_000, max_bytes: 200_000 });
  if (answer.status !== 200) throw new Error(`The vendor’s public keys could not be read (HTTP ${answer.status})`);
  const text = answer.body.toString();
  fetched.set(url, { text, at: Date.now() });
  return text;
}

/** Keys whose path the request names, below an origin that the manifest fixes: the request cannot name another host. */
async function pemsAt({ origin, path }: NonNullable<Keys['pem_at']>, request: Readable): Promise<KeyObject[]> {
  const found: KeyObject[] = [];
  for (const ref of path) {
    const named = readRef(ref, request);
    if (named === undefined || !/^\/[\w./-]{1,200}$/.test(named) || named.includes('..')) continue;
    const url = new URL(named, origin);
    if (url.origin !== new URL(origin).origin) continue;
    found.push(createPublicKey(await textOf(url.href, undefined)));
  }
  return found;
}

/** Google's Tink key sets: ECDSA keys as a protobuf whose points we take out (fields 3 and 4 of EcdsaPublicKey). */
function tinkKeys(text: string, kid: string | undefined): KeyObject[] {
  const set = parsed(text) as { key?: { keyId?: number; status?: string; keyData?: { value?: string } }[] } | undefined;
  return (set?.key ?? [])
    .filter(({ status, keyId }) => status === 'ENABLED' && (kid === undefined || String(keyId) === kid))
    .flatMap(({ keyData }) => {
      const bytes = Buffer.from(keyData?.value ?? '', 'base64');
      const x = protobufBytes(bytes, 3);
      const y = protobufBytes(bytes, 4);
      if (!x || !y) return [];
      const coordinate = (value: Buffer) => value.subarray(Math.max(0, value.length - 32)).toString('base64url');
      return [createPublicKey({ key: { kty: 'EC', crv: 'P-256', x: coordinate(x), y: coordinate(y) }, format: 'jwk' })];
    });
}

/** The bytes of a length-delimited field of a protobuf message. */
function protobufBytes(message: Buffer, field: number): Buffer | null {
  for (let at = 0; at < message.length; ) {
    const tag = message[at] ?? 0;
    const kind = tag & 7;
    if (kind === 0) {
      at += 1;
      while ((message[at] ?? 0) & 0x80) at += 1;
      at += 1;
    } else if (kind === 2) {
      const length = message[at + 1] ?? 0;
      if (tag >> 3 === field) return message.subarray(at + 2, at + 2 + length);
      at += 2 + length;
    } else return null;
  }
  return null;
}
