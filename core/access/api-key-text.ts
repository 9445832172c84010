import { createHmac } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { randomBase62 } from '../database/id.ts';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const shape = /^pb_(live|test)_([0-9A-Za-z]{43})([0-9A-Za-z]{6})$/;
/** `pb_live_` and six characters: enough to tell keys apart, useless to guess the rest */
const prefixLength = 14;

/** A new API key: 256 bits of chance in 43 base62 characters, then 6 of their CRC32, so that a slip of the hand shows. */
export function newApiKey(mode: 'live' | 'test'): string {
  const random = randomBase62(43);
  return `pb_${mode}_${random}${checksum(`pb_${mode}_${random}`)}`;
}

/** True when the shape and the checksum are right. Needs no database and no secret. */
export function isWellFormedKey(text: string): boolean {
  return shape.test(text) && checksum(text.slice(0, -6)) === text.slice(-6);
}

/** True for what is meant to be an API key, right or wrong. */
export function looksLikeKey(text: string): boolean {
  return text.startsWith('pb_live_') || text.startsWith('pb_test_');
}

/** What is shown of a key after it was made. */
export function prefixOf(key: string): string {
  return key.slice(0, prefixLength);
}

/**
 * How a key is stored: HMAC-SHA256 under a pepper that the database does not hold in the clear. A slow hash is for
 * what people choose; against 256 random bits it only slows down the owner.
 */
export function hashKey(key: string, pepper: string): string {
  return createHmac('sha256', pepper).update(key).digest('base64url');
}

function checksum(text: string): string {
  let rest = crc32(text);
  let out = '';
  for (let i = 0; i < 6; i += 1) {
    out = alphabet[rest % 62] + out;
    rest = Math.floor(rest / 62);
  }
  return out;
}
