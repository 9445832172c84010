import type { HmacRequest } from '../types.ts';
import type { Verdict } from './verdict.ts';
import { invalid, isObject, short } from './verdict.ts';

const ALGORITHMS = new Set(['sha1', 'sha256', 'sha384', 'sha512']);

/**
 * `ctx.crypto.hmac`: with a secret of the plugin's own configuration, by name. It needs no grant, since the answer is
 * useless beyond what the configuration's owner gave that secret for; which names exist is the host's knowledge.
 */
export function judgeHmac(value: unknown): Verdict<HmacRequest> {
  const wrong = (message: string) => invalid('crypto', 'hmac', message);
  if (!isObject(value)) return wrong('ctx.crypto.hmac takes an algorithm, a secret name and data');
  const { algorithm, secret, data, data_encoding, as } = value;
  if (!ALGORITHMS.has(algorithm as string)) {
    return wrong(`"${short(algorithm, 20)}" is no algorithm: use sha1, sha256, sha384 or sha512`);
  }
  if (typeof secret !== 'string' || !/^[A-Za-z0-9_.-]{1,100}$/.test(secret))
    return wrong('The secret is named by its field');
  if (typeof data !== 'string') return wrong('The data must be text or bytes');
  if (data_encoding !== 'utf8' && data_encoding !== 'base64') return wrong('Bad data encoding');
  if (as !== 'hex' && as !== 'base64' && as !== 'base64url') return wrong('as must be hex, base64 or base64url');
  const request = { algorithm, secret, data, data_encoding, as } as HmacRequest;
  return { ok: true, permission: 'crypto', detail: `${algorithm} ${secret}`, request };
}
