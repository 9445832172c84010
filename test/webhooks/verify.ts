import { createHmac, createPublicKey, timingSafeEqual, verify as verifySignature } from 'node:crypto';

/**
 * A receiver's check, written from the Standard Webhooks specification alone: id, timestamp within five minutes, and
 * one signature of the list that fits, `v1` by the shared secret, `v1a` by the public key.
 */
export function verify(
  message: { headers: Record<string, string | undefined>; body: Buffer },
  by: { secret?: string; public_key?: string },
  now_s: number,
): boolean {
  const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signatures } = message.headers;
  if (!id || !time || !signatures || !/^\d+$/.test(time)) return false;
  if (Math.abs(now_s - Number(time)) > 300) return false;
  const signed = Buffer.concat([Buffer.from(`${id}.${time}.`), message.body]);
  return signatures.split(' ').some((one) => {
    const [version, text = ''] = one.split(',', 2);
    const given = Buffer.from(text, 'base64');
    if (version === 'v1' && by.secret) {
      const expected = createHmac('sha256', bytesOf(by.secret)).update(signed).digest();
      return given.length === expected.length && timingSafeEqual(given, expected);
    }
    if (version !== 'v1a' || !by.public_key) return false;
    const x = Buffer.from(by.public_key.replace(/^whpk_/, ''), 'base64').toString('base64url');
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    return verifySignature(null, signed, key, given);
  });
}

function bytesOf(secret: string): Buffer {
  return secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret);
}
