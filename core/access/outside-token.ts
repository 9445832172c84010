import { createRemoteJWKSet, customFetch, decodeJwt, jwtVerify } from 'jose';
import { Failure } from '../../sdk/contract/failure.ts';
import { config } from '../config.ts';
import { egress } from '../egress/egress.ts';
import type { AccessClaims } from './access-token.ts';
import { User } from './model.ts';

/** Signatures by a private key only: with HMAC in the list a public key could be used as the secret (RFC 8725, 2.1). */
const algorithms = ['EdDSA', 'ES256', 'ES384', 'PS256', 'PS384', 'RS256', 'RS384', 'RS512'];

let keys: ReturnType<typeof createRemoteJWKSet> | undefined;

/** True for a token that names the outside issuer of PATCHBAY_JWKS_URL; says nothing about whether it is genuine. */
export function isFromOutside(token: string): boolean {
  if (config().jwks_url === null) return false;
  try {
    return decodeJwt(token).iss === config().jwt_issuer;
  } catch {
    // Not even a JWT: our own check will say so.
    return false;
  }
}

/**
 * Reads an access token of the outside issuer. It stands for a person that is known here: the one who was tied to its
 * subject before, else the one with its e-mail address when the issuer says that the address was verified.
 *
 * @returns null when the token is genuine but its person is not known here
 * @throws errors of jose when it is not genuine, or not any more
 */
export async function readOutsideToken(token: string): Promise<AccessClaims | null> {
  const { jwks_url, jwt_issuer, jwt_audience } = config();
  if (jwks_url === null || jwt_issuer === null || jwt_audience === null) return null;
  keys ??= createRemoteJWKSet(new URL(jwks_url), { [customFetch]: fetchKeys });
  const { payload } = await jwtVerify(token, keys, {
    algorithms,
    issuer: jwt_issuer,
    audience: jwt_audience,
    requiredClaims: ['sub', 'exp'],
    clockTolerance: 5,
  });
  const user_id = await personOf(`${jwt_issuer} ${payload.sub}`, payload);
  return user_id === null ? null : { user_id, session_id: '', expires_at: Number(payload.exp) * 1000 };
}

async function personOf(outside_subject: string, payload: Record<string, unknown>): Promise<string | null> {
  const known = await User.findOne({ outside_subject }).lean();
  if (known) return known._id;
  if (typeof payload.email !== 'string' || payload.email_verified !== true) return null;
  const tied = await User.findOneAndUpdate(
    { email: payload.email.toLowerCase(), outside_subject: null },
    { $set: { outside_subject } },
    { returnDocument: 'after' },
  ).lean();
  return tied?._id ?? null;
}

/** Leaves by the only way out, so an issuer at a private address has to be in PATCHBAY_EGRESS_ALLOW. */
async function fetchKeys(url: string, options: { headers: Headers }): Promise<Response> {
  const headers = Object.fromEntries(options.headers);
  const answer = await egress({ url, headers, timeout_ms: 5_000, max_bytes: 1_000_000 }).catch((cause: unknown) => {
    throw new Failure('service_unavailable', {
      message: 'The keys of the outside issuer (PATCHBAY_JWKS_URL) cannot be read now.',
      retry_after_s: 5,
      cause,
    });
  });
  return new Response(new Uint8Array(answer.body), {
    status: answer.status,
    headers: { 'content-type': 'application/json' },
  });
}
