import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const stepSeconds = 30;

/** A new shared secret: 20 random bytes in base32 (RFC 4226, section 4, R6). */
export function newTotpSecret(): string {
  let bits = '';
  for (const byte of randomBytes(20)) bits += byte.toString(2).padStart(8, '0');
  return (bits.match(/.{5}/g) ?? []).map((five) => base32[Number.parseInt(five, 2)]).join('');
}

/** The address that an authenticator app reads from a QR code. */
export function totpAddress(secret: string, email: string): string {
  return `otpauth://totp/Patchbay:${encodeURIComponent(email)}?secret=${secret}&issuer=Patchbay&algorithm=SHA1&digits=6&period=${stepSeconds}`;
}

/** The code of one time step (RFC 6238 with SHA-1, 6 digits, 30 seconds: what every authenticator app has). */
export function totpCode(secret: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', decode(secret)).update(counter).digest();
  const offset = (mac[mac.length - 1] ?? 0) & 0x0f;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** The time step of a moment (ms since 1970). */
export function totpStep(now: number): number {
  return Math.floor(now / 1000 / stepSeconds);
}

/**
 * The time step that a code belongs to: now, or one before or after (clocks differ); null when it is wrong or not
 * younger than `used`, the last step that was accepted (RFC 6238, section 5.2: a code opens once).
 */
export function matchTotp(secret: string, code: string, used: number, now: number): number | null {
  if (!/^\d{6}$/.test(code)) return null;
  const current = totpStep(now);
  for (const step of [current, current - 1, current + 1]) {
    if (step > used && timingSafeEqual(Buffer.from(totpCode(secret, step)), Buffer.from(code))) return step;
  }
  return null;
}

function decode(secret: string): Buffer {
  let bits = '';
  for (const letter of secret) bits += base32.indexOf(letter).toString(2).padStart(5, '0');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((eight) => Number.parseInt(eight, 2)));
}
