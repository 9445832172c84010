import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign as signBytes,
  verify as verifyBytes,
} from 'node:crypto';
import canonicalize from 'canonicalize';
import { Failure } from '../contract/failure.ts';
import type { Manifest } from '../contract/manifest.ts';
import { sha256 } from './integrity.ts';

/** `signature.json`: whose key, and the Ed25519 signature over the canonical manifest, base64. */
export interface Signature {
  key_id: string;
  signature: string;
}

export interface Keys {
  /** First 16 hex digits of the sha256 of the raw public key. */
  key_id: string;
  /** The raw 32 bytes, base64. */
  public_key: string;
  /** PKCS #8, PEM. Keep it out of every repository. */
  private_key: string;
}

/** The bytes that are signed: the manifest in canonical JSON (RFC 8785). Through its `files` it covers the whole package. */
export function canonicalManifest(manifest: Manifest): Buffer {
  const text = canonicalize(manifest);
  if (text === undefined) throw new Failure('internal', { message: 'The manifest has no JSON form' });
  return Buffer.from(text);
}

/** sha256 of the canonical manifest, hex. */
export function manifestDigest(manifest: Manifest): string {
  return sha256(canonicalManifest(manifest));
}

/**
 * Signs a manifest.
 * @param privateKey PKCS #8 PEM of an Ed25519 key, as `generateKeys` makes it
 * @throws {Failure} validation_failed when it is no such key
 */
export function sign(manifest: Manifest, privateKey: string): Signature {
  const key = ed25519(() => createPrivateKey(privateKey), 'The private key');
  const signature = signBytes(null, canonicalManifest(manifest), key).toString('base64');
  return { key_id: keyId(rawPublicKey(createPublicKey(key))), signature };
}

/**
 * Whether a signature was made over exactly this manifest by the key.
 * @param publicKey raw 32 bytes as base64, or SPKI PEM
 * @throws {Failure} validation_failed when it is no Ed25519 public key
 */
export function verify(manifest: Manifest, signature: Signature, publicKey: string): boolean {
  const key = readPublicKey(publicKey);
  if (keyId(rawPublicKey(key)) !== signature.key_id) return false;
  return verifyBytes(null, canonicalManifest(manifest), key, Buffer.from(signature.signature, 'base64'));
}

/** A new pair of keys for a publisher. */
export function generateKeys(): Keys {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = rawPublicKey(publicKey);
  return {
    key_id: keyId(raw),
    public_key: raw.toString('base64'),
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/**
 * The id of a public key, and its one written form.
 * @throws {Failure} validation_failed when it is no Ed25519 public key
 */
export function describePublicKey(publicKey: string): { key_id: string; public_key: string } {
  const raw = rawPublicKey(readPublicKey(publicKey));
  return { key_id: keyId(raw), public_key: raw.toString('base64') };
}

/**
 * Reads a public key: raw 32 bytes as base64, or PEM (of a private key, its public half).
 * @throws {Failure} validation_failed when it is no Ed25519 key
 */
export function readPublicKey(text: string): KeyObject {
  return ed25519(() => {
    if (text.includes('-----BEGIN')) return createPublicKey(text);
    const raw = Buffer.from(text.trim(), 'base64');
    if (raw.length !== 32) throw new Error('not 32 bytes');
    return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') }, format: 'jwk' });
  }, 'The public key');
}

function ed25519(read: () => KeyObject, what: string): KeyObject {
  const message = `${what} is not an Ed25519 key; "patchbay keygen" makes a pair`;
  try {
    const key = read();
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch (cause) {
    throw new Failure('validation_failed', { message, cause });
  }
  throw new Failure('validation_failed', { message });
}

function rawPublicKey(key: KeyObject): Buffer {
  return Buffer.from(String(key.export({ format: 'jwk' }).x), 'base64url');
}

function keyId(raw: Buffer): string {
  return createHash('sha256').update(raw).digest('hex').slice(0, 16);
}
