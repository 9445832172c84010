import { randomBytes } from 'node:crypto';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * A new id such as `prj_0T9sKqPz3aB7…`: a prefix that tells what it names, then 20 base62 characters.
 * The first 8 are the time in milliseconds, so that ids made later sort later; the other 12 are random (71 bits).
 */
export function newId(prefix: string): string {
  let time = Date.now();
  let head = '';
  for (let i = 0; i < 8; i += 1) {
    head = alphabet[time % 62] + head;
    time = Math.floor(time / 62);
  }
  return `${prefix}_${head}${randomBase62(12)}`;
}

/** `length` random base62 characters, each equally likely (bytes past the last whole multiple of 62 are thrown away). */
export function randomBase62(length: number): string {
  let out = '';
  while (out.length < length) {
    for (const byte of randomBytes(length * 2)) {
      if (byte < 248 && out.length < length) out += alphabet[byte % 62];
    }
  }
  return out;
}
