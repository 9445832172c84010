import {
  calculateJwkThumbprint,
  errors,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JSONWebKeySet,
  type JWK,
  jwtVerify,
  SignJWT,
} from 'jose';
import { config } from '../config.ts';
import { siteSecret } from '../vault/site-secret.ts';

/** How long an access token is good, in seconds. */
export const accessTokenLife = 900;
const audience = 'patchbay';
/** The type of RFC 9068: no other token that this host may sign one day is taken for an access token. */
const type = 'at+jwt';

/** What an access token says. */
export interface AccessClaims {
  user_id: string;
  session_id: string;
  /** ms since 1970 */
  expires_at: number;
}

interface SigningKey {
  kid: string;
  private_key: CryptoKey;
  public_key: CryptoKey;
  public_jwk: JWK;
}

/** imported once for the text that it was imported from */
let signing: { text: string; key: SigningKey } | undefined;

/** Signs an access token for one session: EdDSA over Ed25519 (RFC 8037). */
export async function signAccessToken(user_id: string, session_id: string): Promise<string> {
  const { kid, private_key } = await signingKey();
  return new SignJWT({ sid: session_id })
    .setProtectedHeader({ alg: 'EdDSA', kid, typ: type })
    .setIssuer(config().url)
    .setAudience(audience)
    .setSubject(user_id)
    .setIssuedAt()
    .setExpirationTime(`${accessTokenLife}s`)
    .sign(private_key);
}

/**
 * Reads an access token of ours. The algorithm, type, issuer and audience are ours to say, not the token's: its header
 * only picks a key among our own by id, and `jwk`, `jku`, `x5u` in it are never looked at (RFC 8725).
 *
 * @throws errors of jose when it is not one, or not any more
 */
export async function readAccessToken(token: string): Promise<AccessClaims> {
  const key = await signingKey();
  const { payload } = await jwtVerify(
    token,
    ({ kid }) => {
      if (kid !== key.kid) throw new errors.JWKSNoMatchingKey();
      return key.public_key;
    },
    {
      algorithms: ['EdDSA'],
      typ: type,
      issuer: config().url,
      audience,
      requiredClaims: ['sub', 'sid', 'iat', 'exp'],
      maxTokenAge: accessTokenLife,
    },
  );
  return { user_id: String(payload.sub), session_id: String(payload.sid), expires_at: Number(payload.exp) * 1000 };
}

/** The public keys of this host's access tokens, as a JWK Set (RFC 7517). */
export async function publicKeys(): Promise<JSONWebKeySet> {
  return { keys: [(await signingKey()).public_jwk] };
}

async function signingKey(): Promise<SigningKey> {
  const text = await siteSecret('access-token-key-1', async () => {
    const pair = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
    return JSON.stringify(await exportJWK(pair.privateKey));
  });
  if (signing?.text !== text) signing = { text, key: await importSigningKey(text) };
  return signing.key;
}

async function importSigningKey(text: string): Promise<SigningKey> {
  const { d, ...open } = JSON.parse(text) as JWK;
  const kid = await calculateJwkThumbprint(open);
  const public_jwk: JWK = { ...open, kid, alg: 'EdDSA', use: 'sig' };
  const private_key = (await importJWK({ ...open, d } as JWK, 'EdDSA')) as CryptoKey;
  const public_key = (await importJWK(open, 'EdDSA')) as CryptoKey;
  return { kid, private_key, public_key, public_jwk };
}
