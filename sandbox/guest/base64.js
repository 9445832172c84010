import { apply, NativeUint8Array } from './primordials.js';

const toBase64 = NativeUint8Array.prototype.toBase64;
const fromBase64 = NativeUint8Array.fromBase64;
const toHex = NativeUint8Array.prototype.toHex;

export function bytesToBase64(bytes, alphabet) {
  return apply(toBase64, bytes, alphabet ? [{ alphabet, omitPadding: true }] : []);
}

export function base64ToBytes(text) {
  return apply(fromBase64, NativeUint8Array, [text]);
}

export function bytesToHex(bytes) {
  return apply(toHex, bytes, []);
}

/** Of the HTML standard: text whose units are bytes → base64. */
export function btoa(text) {
  const units = `${text}`;
  const bytes = new NativeUint8Array(units.length);
  for (let i = 0; i < units.length; i++) {
    const unit = units.charCodeAt(i);
    if (unit > 255) throw new DOMException('The string has characters outside Latin-1', 'InvalidCharacterError');
    bytes[i] = unit;
  }
  return bytesToBase64(bytes);
}

/** Of the HTML standard: base64 (white space and missing padding forgiven) → text whose units are bytes. */
export function atob(text) {
  let bytes;
  try {
    bytes = base64ToBytes(`${text}`);
  } catch {
    throw new DOMException('The string is not correctly encoded', 'InvalidCharacterError');
  }
  let out = '';
  for (let i = 0; i < bytes.length; i++) out += String.fromCharCode(bytes[i]);
  return out;
}
