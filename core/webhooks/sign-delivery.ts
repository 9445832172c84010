import { createHmac, sign } from 'node:crypto';
import type { SigningKey } from './signing-keys.ts';

/**
 * The headers that prove where a delivery comes from and that it is whole: `webhook-id`, `webhook-timestamp`,
 * `webhook-signature` (Standard Webhooks: HMAC-SHA256 as `v1`, Ed25519 as `v1a`, over `id.timestamp.body`; during a
 * rotation one of each for each secret), and `X-Webhook-Signature`: `sha256=` and the hex HMAC-SHA256 of the body
 * under the newest secret, its text as it was shown.
 *
 * @param body the exact bytes that are sent
 * @param keys newest first, at least one
 * @param timestamp seconds since 1970
 */
export function signDelivery(
  message: { id: string; timestamp: number; body: Buffer },
  keys: SigningKey[],
): Record<string, string> {
  const signed = Buffer.concat([Buffer.from(`${message.id}.${message.timestamp}.`), message.body]);
  const v1 = keys.map((key) => `v1,${createHmac('sha256', key.hmac_key).update(signed).digest('base64')}`);
  const v1a = keys.map((key) => `v1a,${sign(null, signed, key.private_key).toString('base64')}`);
  const [newest] = keys;
  if (!newest) throw new TypeError('A delivery cannot be signed without a secret');
  return {
    'webhook-id': message.id,
    'webhook-timestamp': String(message.timestamp),
    'webhook-signature': [...v1, ...v1a].join(' '),
    'x-webhook-signature': `sha256=${createHmac('sha256', newest.secret).update(message.body).digest('hex')}`,
  };
}
