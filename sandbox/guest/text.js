import { NativeRangeError, NativeString, NativeTypeError, NativeUint8Array } from './primordials.js';

const fromUnits = NativeString.fromCharCode;

/** UTF-8 of the Encoding Standard; lone surrogates become U+FFFD. */
export function utf8Encode(input) {
  const text = `${input}`;
  const length = text.length;
  let out = new NativeUint8Array(length + (length >> 1) + 4);
  let at = 0;
  for (let i = 0; i < length; i++) {
    let point = text.charCodeAt(i);
    if (point < 0x80) {
      if (at >= out.length) out = grown(out, at + (length - i) * 3);
      out[at++] = point;
      continue;
    }
    if (point >= 0xd800 && point <= 0xdfff) {
      const low = point < 0xdc00 && i + 1 < length ? text.charCodeAt(i + 1) : 0;
      if (low >= 0xdc00 && low <= 0xdfff) {
        point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
        i++;
      } else point = 0xfffd;
    }
    if (at + 4 > out.length) out = grown(out, at + 4 + (length - i) * 3);
    if (point < 0x800) out[at++] = 0xc0 | (point >> 6);
    else {
      if (point < 0x10000) out[at++] = 0xe0 | (point >> 12);
      else {
        out[at++] = 0xf0 | (point >> 18);
        out[at++] = 0x80 | ((point >> 12) & 63);
      }
      out[at++] = 0x80 | ((point >> 6) & 63);
    }
    out[at++] = 0x80 | (point & 63);
  }
  return out.slice(0, at);
}

function grown(bytes, length) {
  const out = new NativeUint8Array(length);
  out.set(bytes);
  return out;
}

/** How many continuation bytes follow, and the bounds of the first of them (Encoding Standard, UTF-8 decoder). */
function lead(byte) {
  if (byte >= 0xc2 && byte <= 0xdf) return [1, 0x80, 0xbf, byte & 0x1f];
  if (byte >= 0xe0 && byte <= 0xef) return [2, byte === 0xe0 ? 0xa0 : 0x80, byte === 0xed ? 0x9f : 0xbf, byte & 0xf];
  if (byte >= 0xf0 && byte <= 0xf4) return [3, byte === 0xf0 ? 0x90 : 0x80, byte === 0xf4 ? 0x8f : 0xbf, byte & 0x7];
  return null;
}

/**
 * Decodes UTF-8. Returns the text and how many bytes at the end are an unfinished character (kept when `stream`).
 * Throws TypeError on a malformed byte when `fatal`.
 */
export function utf8Decode(bytes, fatal, stream) {
  let out = '';
  let piece = [];
  let i = 0;
  const bad = () => {
    if (fatal) throw new NativeTypeError('The encoded data was not valid for encoding utf-8');
    piece.push(0xfffd);
  };
  while (i < bytes.length) {
    if (piece.length > 8000) {
      out += fromUnits.apply(null, piece);
      piece = [];
    }
    const byte = bytes[i++];
    if (byte < 0x80) {
      piece.push(byte);
      continue;
    }
    const shape = lead(byte);
    if (!shape) {
      bad();
      continue;
    }
    let [need, low, high, point] = shape;
    const from = i - 1;
    let whole = true;
    for (; need > 0; need--) {
      if (i >= bytes.length) {
        if (stream) return [out + fromUnits.apply(null, piece), bytes.length - from];
        whole = false;
        break;
      }
      const next = bytes[i];
      if (next < low || next > high) {
        whole = false;
        break;
      }
      point = (point << 6) | (next & 63);
      low = 0x80;
      high = 0xbf;
      i++;
    }
    if (!whole) bad();
    else if (point < 0x10000) piece.push(point);
    else piece.push(0xd800 + ((point - 0x10000) >> 10), 0xdc00 + ((point - 0x10000) & 0x3ff));
  }
  return [out + fromUnits.apply(null, piece), 0];
}

/** As `utf8Decode`, for UTF-16LE: half a character at the end is kept when `stream`, else it is malformed. */
function utf16Decode(bytes, fatal, stream) {
  let whole = bytes.length & ~1;
  // A first half of a surrogate pair waits for its second.
  if (stream && whole > 1 && (bytes[whole - 1] & 0xfc) === 0xd8) whole -= 2;
  const parts = [];
  for (let i = 0; i < whole; i += 2) parts.push(fromUnits(bytes[i] | (bytes[i + 1] << 8)));
  const isCut = !stream && bytes.length > whole;
  // Half a pair and half a unit at the end are one mistake, not two.
  const isOne = whole > 1 && (bytes[whole - 1] & 0xfc) === 0xd8;
  const text = parts.join('') + (isCut && !isOne ? '\ufffd' : '');
  if (fatal && (isCut || !text.isWellFormed())) {
    throw new NativeTypeError('The encoded data was not valid for encoding utf-16le');
  }
  return [text.toWellFormed(), isCut ? 0 : bytes.length - whole];
}

/** The bytes of any buffer or view. Throws TypeError for anything else. */
export function bytesOf(data, what = 'data') {
  if (data instanceof NativeUint8Array) return data;
  if (ArrayBuffer.isView(data)) return new NativeUint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (data instanceof ArrayBuffer) return new NativeUint8Array(data);
  throw new NativeTypeError(`${what} must be an ArrayBuffer or a view of one`);
}

export class TextEncoder {
  get encoding() {
    return 'utf-8';
  }
  encode(input = '') {
    return utf8Encode(input);
  }
  encodeInto(source, target) {
    let read = 0;
    let written = 0;
    for (const character of `${source}`) {
      const bytes = utf8Encode(character);
      if (written + bytes.length > target.length) break;
      target.set(bytes, written);
      written += bytes.length;
      read += character.length;
    }
    return { read, written };
  }
}

const LABELS = {
  __proto__: null,
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  'unicode-1-1-utf-8': 'utf-8',
  'utf-16le': 'utf-16le',
  'utf-16': 'utf-16le',
  'iso-8859-1': 'windows-1252',
  latin1: 'windows-1252',
  ascii: 'windows-1252',
  'us-ascii': 'windows-1252',
  'windows-1252': 'windows-1252',
};
/** Where windows-1252 leaves Latin-1: 0x80 to 0x9f. */
const WINDOWS_1252 =
  '\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178';

export class TextDecoder {
  #encoding;
  #fatal;
  #ignoreBom;
  #rest = new NativeUint8Array(0);
  #started = false;

  constructor(label = 'utf-8', options = {}) {
    const encoding = LABELS[`${label}`.trim().toLowerCase()];
    if (!encoding) throw new NativeRangeError(`The encoding "${`${label}`.slice(0, 40)}" is not supported here`);
    this.#encoding = encoding;
    this.#fatal = Boolean(options.fatal);
    this.#ignoreBom = Boolean(options.ignoreBOM);
  }
  get encoding() {
    return this.#encoding;
  }
  get fatal() {
    return this.#fatal;
  }
  get ignoreBOM() {
    return this.#ignoreBom;
  }
  decode(input = new NativeUint8Array(0), options = {}) {
    const stream = Boolean(options.stream);
    const given = bytesOf(input, 'input');
    const bytes = new NativeUint8Array(this.#rest.length + given.length);
    bytes.set(this.#rest);
    bytes.set(given, this.#rest.length);
    let [text, kept] = this.#convert(bytes, stream);
    this.#rest = bytes.slice(bytes.length - kept);
    if (!this.#started && text.length > 0) {
      if (!this.#ignoreBom && text.charCodeAt(0) === 0xfeff && this.#encoding !== 'windows-1252') text = text.slice(1);
      this.#started = true;
    }
    if (!stream) this.#started = false;
    return text;
  }
  #convert(bytes, stream) {
    if (this.#encoding === 'utf-8') return utf8Decode(bytes, this.#fatal, stream);
    const parts = [];
    if (this.#encoding === 'windows-1252') {
      for (const byte of bytes) parts.push(byte >= 0x80 && byte < 0xa0 ? WINDOWS_1252[byte - 0x80] : fromUnits(byte));
      return [parts.join(''), 0];
    }
    return utf16Decode(bytes, this.#fatal, stream);
  }
}
