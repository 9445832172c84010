import { NativeUint8Array } from './primordials.js';

// Pure functions, so that no native handle and no second host function is needed in the isolate.

const rotl = (x, n) => (x << n) | (x >>> (32 - n));
const rotr = (x, n) => (x >>> n) | (x << (32 - n));

/** The message with its padding: 0x80, zeros, length in bits (RFC 1321 3.1, FIPS 180-4 5.1). */
function padded(bytes, block, bigEndian) {
  const lengthBytes = block >> 3;
  const total = Math.ceil((bytes.length + 1 + lengthBytes) / block) * block;
  const out = new NativeUint8Array(total);
  out.set(bytes);
  out[bytes.length] = 0x80;
  const view = new DataView(out.buffer);
  const high = Math.floor(bytes.length / 0x20000000);
  const low = (bytes.length << 3) >>> 0;
  if (bigEndian) {
    view.setUint32(total - 8, high);
    view.setUint32(total - 4, low);
  } else {
    view.setUint32(total - 8, low, true);
    view.setUint32(total - 4, high, true);
  }
  return view;
}

function written(words, littleEndian) {
  const out = new NativeUint8Array(words.length * 4);
  const view = new DataView(out.buffer);
  for (let i = 0; i < words.length; i++) view.setUint32(i * 4, words[i] >>> 0, littleEndian);
  return out;
}

const MD5_SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
let md5Sines;

/** RFC 1321. */
function md5(bytes) {
  md5Sines ??= Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 0x100000000) | 0);
  const view = padded(bytes, 64, false);
  let [a0, b0, c0, d0] = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  for (let at = 0; at < view.byteLength; at += 64) {
    let [a, b, c, d] = [a0, b0, c0, d0];
    for (let i = 0; i < 64; i++) {
      const round = i >> 4;
      let f;
      let g;
      if (round === 0) [f, g] = [(b & c) | (~b & d), i];
      else if (round === 1) [f, g] = [(d & b) | (~d & c), (5 * i + 1) & 15];
      else if (round === 2) [f, g] = [b ^ c ^ d, (3 * i + 5) & 15];
      else [f, g] = [c ^ (b | ~d), (7 * i) & 15];
      const sum = (a + f + md5Sines[i] + view.getUint32(at + g * 4, true)) | 0;
      a = d;
      d = c;
      c = b;
      b = (b + rotl(sum, MD5_SHIFTS[round * 4 + (i & 3)])) | 0;
    }
    a0 = (a0 + a) | 0;
    b0 = (b0 + b) | 0;
    c0 = (c0 + c) | 0;
    d0 = (d0 + d) | 0;
  }
  return written([a0, b0, c0, d0], true);
}

/** FIPS 180-4, 6.1. */
function sha1(bytes) {
  const view = padded(bytes, 64, true);
  const w = new Int32Array(80);
  const h = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
  for (let at = 0; at < view.byteLength; at += 64) {
    for (let i = 0; i < 16; i++) w[i] = view.getInt32(at + i * 4);
    for (let i = 16; i < 80; i++) w[i] = rotl(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    let [a, b, c, d, e] = h;
    for (let i = 0; i < 80; i++) {
      let f;
      if (i < 20) f = ((b & c) | (~b & d)) + 0x5a827999;
      else if (i < 40) f = (b ^ c ^ d) + 0x6ed9eba1;
      else if (i < 60) f = ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
      else f = (b ^ c ^ d) + 0xca62c1d6;
      const sum = (rotl(a, 5) + f + e + w[i]) | 0;
      e = d;
      d = c;
      c = rotl(b, 30);
      b = a;
      a = sum;
    }
    h[0] = (h[0] + a) | 0;
    h[1] = (h[1] + b) | 0;
    h[2] = (h[2] + c) | 0;
    h[3] = (h[3] + d) | 0;
    h[4] = (h[4] + e) | 0;
  }
  return written(h, false);
}

let roots;
/** Fractions of roots of the first primes as 64 bits: the constants of SHA-2 (FIPS 180-4, 4.2 and 5.3). */
function rootConstants() {
  if (roots) return roots;
  const primes = [];
  for (let n = 2; primes.length < 80; n++) if (primes.every((p) => n % p)) primes.push(n);
  const root = (n, power) => {
    // floor of the power-th root of n · 2^(64·power), by halving; its lowest 64 bits are the fraction.
    const target = BigInt(n) << BigInt(64 * power);
    let low = 0n;
    let high = 1n << 70n;
    while (high - low > 1n) {
      const middle = (low + high) >> 1n;
      if (middle ** BigInt(power) <= target) low = middle;
      else high = middle;
    }
    return low & 0xffffffffffffffffn;
  };
  roots = { square: primes.slice(0, 8).map((p) => root(p, 2)), cube: primes.map((p) => root(p, 3)) };
  return roots;
}

let sha2;
function sha2Constants() {
  if (!sha2) {
    const { square, cube } = rootConstants();
    const high = (list) => Int32Array.from(list, (x) => Number(x >> 32n) | 0);
    sha2 = { h: high(square), k: high(cube) };
  }
  return sha2;
}

/** FIPS 180-4, 6.2. Its constants are the upper halves of those of SHA-512. */
function sha256(bytes) {
  const { h: start, k } = sha2Constants();
  const view = padded(bytes, 64, true);
  const w = new Int32Array(64);
  const s = Int32Array.from(start);
  for (let at = 0; at < view.byteLength; at += 64) {
    for (let i = 0; i < 16; i++) w[i] = view.getInt32(at + i * 4);
    for (let i = 16; i < 64; i++) {
      const x = w[i - 15];
      const y = w[i - 2];
      w[i] =
        (w[i - 16] + (rotr(x, 7) ^ rotr(x, 18) ^ (x >>> 3)) + w[i - 7] + (rotr(y, 17) ^ rotr(y, 19) ^ (y >>> 10))) | 0;
    }
    let [a, b, c, d, e, f, g, h] = s;
    for (let i = 0; i < 64; i++) {
      const t1 = (h + (rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25)) + ((e & f) ^ (~e & g)) + k[i] + w[i]) | 0;
      const t2 = ((rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b;
      b = a;
      a = (t1 + t2) | 0;
    }
    const turned = [a, b, c, d, e, f, g, h];
    for (let i = 0; i < 8; i++) s[i] = (s[i] + turned[i]) | 0;
  }
  return written(s, false);
}

/** FIPS 180-4, 6.4, in BigInt: the rarely used one may be the slow one. */
function sha512(bytes) {
  const { square, cube } = rootConstants();
  const mask = 0xffffffffffffffffn;
  const turn = (x, n) => ((x >> n) | (x << (64n - n))) & mask;
  const view = padded(bytes, 128, true);
  const s = square.slice();
  const w = [];
  for (let at = 0; at < view.byteLength; at += 128) {
    for (let i = 0; i < 16; i++) w[i] = view.getBigUint64(at + i * 8);
    for (let i = 16; i < 80; i++) {
      const x = w[i - 15];
      const y = w[i - 2];
      w[i] =
        (w[i - 16] + (turn(x, 1n) ^ turn(x, 8n) ^ (x >> 7n)) + w[i - 7] + (turn(y, 19n) ^ turn(y, 61n) ^ (y >> 6n))) &
        mask;
    }
    let [a, b, c, d, e, f, g, h] = s;
    for (let i = 0; i < 80; i++) {
      const t1 = h + (turn(e, 14n) ^ turn(e, 18n) ^ turn(e, 41n)) + ((e & f) ^ (~e & mask & g)) + cube[i] + w[i];
      const t2 = (turn(a, 28n) ^ turn(a, 34n) ^ turn(a, 39n)) + ((a & b) ^ (a & c) ^ (b & c));
      h = g;
      g = f;
      f = e;
      e = (d + t1) & mask;
      d = c;
      c = b;
      b = a;
      a = (t1 + t2) & mask;
    }
    const turned = [a, b, c, d, e, f, g, h];
    for (let i = 0; i < 8; i++) s[i] = (s[i] + turned[i]) & mask;
  }
  const out = new NativeUint8Array(64);
  const target = new DataView(out.buffer);
  for (let i = 0; i < 8; i++) target.setBigUint64(i * 8, s[i]);
  return out;
}

const HASHES = { __proto__: null, md5, sha1, sha256, sha512 };

/** The digest of some bytes. `algorithm` in any of the usual spellings: `sha256`, `SHA-256`. */
export function digest(algorithm, bytes) {
  const hash = HASHES[`${algorithm}`.toLowerCase().replace('-', '')];
  if (!hash) {
    throw new DOMException(
      `There is no hash "${`${algorithm}`.slice(0, 40)}": use md5, sha1, sha256 or sha512`,
      'NotSupportedError',
    );
  }
  return hash(bytes);
}
