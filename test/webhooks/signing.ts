import { generateKeyPairSync } from 'node:crypto';
import { keyBytes, publicKeyText, type SigningKey } from '../../core/webhooks/signing-keys.ts';

/** What signs, of a secret in the clear, with a new pair of keys. */
export function newKey(secret: string): SigningKey & { public_key: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return { secret, hmac_key: keyBytes(secret), private_key: privateKey, public_key: publicKeyText(publicKey) };
}
