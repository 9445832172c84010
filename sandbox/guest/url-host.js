import { punycode } from './punycode.js';
import { utf8Decode } from './text.js';

// Hosts of the URL Standard (https://url.spec.whatwg.org/#host-parsing). The host process judges every address again with
// its own parser: this one only has to be right, it is not what keeps a plugin in.

const FORBIDDEN_HOST = /[\0\t\n\r #/:<>?@[\\\]^|]/;
const FORBIDDEN_DOMAIN = /[\0-\x20#%/:<>?@[\\\]^|\x7f]/;

/** Returns the serialised host, or null when it is none. `opaque`: the scheme is not one of the special ones. */
export function parseHost(input, opaque, percentEncodeC0) {
  if (input.startsWith('[')) {
    if (!input.endsWith(']')) return null;
    const pieces = parseIpv6(input.slice(1, -1));
    return pieces && `[${serializeIpv6(pieces)}]`;
  }
  if (opaque) return FORBIDDEN_HOST.test(input) ? null : percentEncodeC0(input);
  const domain = toAscii(utf8Decode(percentDecode(input), false, false)[0]);
  if (domain === null || domain === '' || FORBIDDEN_DOMAIN.test(domain)) return null;
  if (endsInNumber(domain)) return parseIpv4(domain);
  return domain;
}

/** Bytes of a text with its %XX resolved. */
export function percentDecode(text) {
  const bytes = new TextEncoder().encode(text);
  const out = new Uint8Array(bytes.length);
  let n = 0;
  for (let i = 0; i < bytes.length; i++) {
    const hex = bytes[i] === 37 ? String.fromCharCode(bytes[i + 1] ?? 0, bytes[i + 2] ?? 0) : '';
    if (/^[0-9a-f]{2}$/i.test(hex)) {
      out[n++] = Number.parseInt(hex, 16);
      i += 2;
    } else out[n++] = bytes[i];
  }
  return out.slice(0, n);
}

/** Lower case, compatibility forms folded, labels beyond ASCII as punycode (the common part of UTS 46). */
function toAscii(domain) {
  // Soft hyphen, joiners and variation selectors are ignored by UTS 46.
  const folded = domain
    .replace(/\u00ad|\u200b|\u2060|\ufeff|[\ufe00-\ufe0f]/g, '')
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFC')
    .replace(/[\u3002\uff0e\uff61]/g, '.');
  const labels = [];
  for (const label of folded.split('.')) {
    if (/^[\0-\x7f]*$/.test(label)) labels.push(label);
    else if (/[\ud800-\udfff\ufffd]/u.test(label) || /^\p{M}/u.test(label)) return null;
    else labels.push(`xn--${punycode(label)}`);
  }
  return labels.join('.');
}

function endsInNumber(domain) {
  const parts = domain.split('.');
  if (parts.at(-1) === '') {
    if (parts.length === 1) return false;
    parts.pop();
  }
  const last = parts.at(-1);
  return /^[0-9]+$/.test(last) || /^0x[0-9a-f]*$/i.test(last);
}

function ipv4Number(text) {
  if (text === '') return null;
  if (/^0x/i.test(text)) return /^0x[0-9a-f]*$/i.test(text) ? Number.parseInt(text.slice(2) || '0', 16) : null;
  if (text.length > 1 && text.startsWith('0')) return /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : null;
  return /^[0-9]+$/.test(text) ? Number.parseInt(text, 10) : null;
}

function parseIpv4(domain) {
  const parts = domain.split('.');
  if (parts.at(-1) === '' && parts.length > 1) parts.pop();
  if (parts.length > 4) return null;
  const numbers = parts.map(ipv4Number);
  if (numbers.some((n) => n === null)) return null;
  const last = numbers.pop();
  if (numbers.some((n) => n > 255) || last >= 256 ** (4 - numbers.length)) return null;
  let address = last;
  numbers.forEach((n, i) => {
    address += n * 256 ** (3 - i);
  });
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}

function parseIpv6(text) {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const read = (half, isLast) => {
    if (half === '') return [];
    const pieces = [];
    const parts = half.split(':');
    for (let i = 0; i < parts.length; i++) {
      const v4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(parts[i]);
      if (v4 && isLast && i === parts.length - 1) {
        const n = v4.slice(1).map(Number);
        if (v4.slice(1).some((x) => Number(x) > 255 || (x.length > 1 && x.startsWith('0')))) return null;
        pieces.push(n[0] * 256 + n[1], n[2] * 256 + n[3]);
      } else if (/^[0-9a-f]{1,4}$/i.test(parts[i])) pieces.push(Number.parseInt(parts[i], 16));
      else return null;
    }
    return pieces;
  };
  const head = read(halves[0], halves.length === 1);
  const tail = halves.length === 2 ? read(halves[1], true) : [];
  if (!head || !tail) return null;
  if (halves.length === 1) return head.length === 8 ? head : null;
  if (head.length + tail.length > 7) return null;
  return [...head, ...Array(8 - head.length - tail.length).fill(0), ...tail];
}

function serializeIpv6(pieces) {
  let best = -1;
  let bestLength = 1;
  for (let i = 0; i < 8; i++) {
    let length = 0;
    while (i + length < 8 && pieces[i + length] === 0) length++;
    if (length > bestLength) {
      best = i;
      bestLength = length;
    }
    if (length > 0) i += length - 1;
  }
  let out = '';
  for (let i = 0; i < 8; i++) {
    if (i === best) {
      out += i === 0 ? '::' : ':';
      i += bestLength - 1;
      continue;
    }
    out += pieces[i].toString(16) + (i < 7 ? ':' : '');
  }
  return out;
}
