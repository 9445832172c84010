import { createHmac, timingSafeEqual } from 'node:crypto';
import { siteSecret } from '../vault/site-secret.ts';

/**
 * A refresh token is `pbr_<session>.<generation>.<HMAC-SHA256 of both>`. Every token that we ever gave out can be told
 * from a made-up one without being stored, and so an old one that comes back is known as a theft, for ever.
 */
const shape = /^pbr_([A-Za-z0-9_]{1,64})\.(\d{1,9})\.([\w-]{43})$/;

export interface RefreshClaims {
  session_id: string;
  generation: number;
}

/** The refresh token of one generation of a session. */
export async function signRefreshToken({ session_id, generation }: RefreshClaims): Promise<string> {
  return `pbr_${session_id}.${generation}.${(await mac(session_id, generation)).toString('base64url')}`;
}

/** What a refresh token says; null when we never gave it out. */
export async function readRefreshToken(token: string): Promise<RefreshClaims | null> {
  const match = shape.exec(token);
  if (!match) return null;
  const [, session_id = '', digits = '', given = ''] = match;
  const generation = Number(digits);
  return timingSafeEqual(Buffer.from(given, 'base64url'), await mac(session_id, generation))
    ? { session_id, generation }
    : null;
}

async function mac(session_id: string, generation: number): Promise<Buffer> {
  const key = await siteSecret('refresh-token-key-1');
  return createHmac('sha256', key).update(`${session_id}.${generation}`).digest();
}
