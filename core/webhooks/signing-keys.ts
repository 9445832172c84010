import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { Failure } from '../../sdk/contract/failure.ts';
import { newId } from '../database/id.ts';
import { seal, unseal } from '../vault/vault.ts';
import type { WebhookSecret } from './model.ts';

const prefix = 'whsec_';

/** What signs a webhook's deliveries now. */
export interface SigningKey {
  /** as it was shown to its owner */
  secret: string;
  /** the bytes that the `v1` HMAC uses */
  hmac_key: Buffer;
  private_key: KeyObject;
}

/**
 * A new secret with its pair of keys, sealed.
 *
 * @param given the owner's own secret; 24 random bytes as `whsec_…` unless given
 * @returns the record, and the secret in the clear: to be shown once
 * @throws Failure validation_failed for a `whsec_` that is not base64 of 24 to 64 bytes
 */
export function newSecret(
  webhook: { workspace_id: string; id: string },
  given?: string,
): { record: WebhookSecret; secret: string } {
  const secret = given ?? prefix + randomBytes(24).toString('base64');
  keyBytes(secret);
  const pair = generateKeyPairSync('ed25519');
  const id = newId('wks');
  const place = { workspace_id: webhook.workspace_id, record: `${webhook.id}/${id}` };
  const private_key = pair.privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
  const record: WebhookSecret = {
    id,
    secret: seal(secret, { ...place, field: 'secret' }),
    private_key: seal(private_key, { ...place, field: 'private_key' }),
    public_key: publicKeyText(pair.publicKey),
    expires_at: null,
  };
  return { record, secret };
}

// Opening costs more than signing; a sealed text is unique, so it names what it opens to.
const opened = new LRUCache<string, SigningKey>({ max: 1000 });

/** Opens the secrets that sign at a time, newest first. */
export function openSecrets(
  webhook: { workspace_id: string; _id: string; secrets: WebhookSecret[] },
  now: number,
): SigningKey[] {
  return webhook.secrets
    .filter((one) => one.expires_at === null || one.expires_at.getTime() > now)
    .map((one) => {
      const known = opened.get(one.private_key);
      if (known) return known;
      const place = { workspace_id: webhook.workspace_id, record: `${webhook._id}/${one.id}` };
      const secret = unseal(one.secret, { ...place, field: 'secret' });
      const der = Buffer.from(unseal(one.private_key, { ...place, field: 'private_key' }), 'base64');
      const key = {
        secret,
        hmac_key: keyBytes(secret),
        private_key: createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }),
      };
      opened.set(one.private_key, key);
      return key;
    });
}

/**
 * The bytes of a secret (Standard Webhooks, "Signature scheme"): what follows `whsec_` is base64; any other text is
 * its own UTF-8 bytes.
 */
export function keyBytes(secret: string): Buffer {
  if (!secret.startsWith(prefix)) return Buffer.from(secret, 'utf8');
  const text = secret.slice(prefix.length);
  const bytes = Buffer.from(text, 'base64');
  const canonical = bytes.toString('base64').replaceAll('=', '') === text.replaceAll('=', '');
  if (!canonical || bytes.length < 24 || bytes.length > 64) {
    const message = 'must be base64 of 24 to 64 bytes after whsec_; leave it out to have one made';
    throw new Failure('validation_failed', {
      content: { errors: [{ pointer: '/secret', message, keyword: 'format', params: {} }] },
    });
  }
  return bytes;
}

/** `whpk_` and the 32 bytes of an Ed25519 public key in base64. */
export function publicKeyText(key: KeyObject): string {
  const jwk = key.export({ format: 'jwk' });
  return `whpk_${Buffer.from(String(jwk.x), 'base64url').toString('base64')}`;
}
