import { bytesOf, utf8Encode } from './text.js';

/** Bytes with a type and, as `File`, a name. Whole in memory: what a plugin sends is at most a megabyte or so. */
export class Blob {
  #bytes;
  constructor(parts = [], options = {}) {
    this.#bytes = concat(Array.from(parts, (p) => (p instanceof Blob ? blobBytes(p) : toBytes(p))));
    this.type = `${options.type ?? ''}`.toLowerCase();
  }
  static bytes(blob) {
    return blob.#bytes;
  }
  get size() {
    return this.#bytes.length;
  }
  async arrayBuffer() {
    return this.#bytes.slice().buffer;
  }
  async bytes() {
    return this.#bytes.slice();
  }
  async text() {
    return new TextDecoder().decode(this.#bytes);
  }
  slice(from, to, type) {
    return new Blob([this.#bytes.slice(from, to)], { type });
  }
}
export const blobBytes = Blob.bytes;
delete Blob.bytes;

export class File extends Blob {
  constructor(parts, fileName, options = {}) {
    super(parts, options);
    this.name = `${fileName}`;
    this.lastModified = options.lastModified ?? Date.now();
  }
}

export function toBytes(value) {
  return typeof value === 'string' ? utf8Encode(value) : bytesOf(value, 'a part');
}

export function concat(list) {
  const out = new Uint8Array(list.reduce((sum, bytes) => sum + bytes.length, 0));
  let at = 0;
  for (const bytes of list) {
    out.set(bytes, at);
    at += bytes.length;
  }
  return out;
}

export class FormData {
  #list = [];
  append(name, value, fileName) {
    this.#list.push([`${name}`, entry(value, fileName)]);
  }
  set(name, value, fileName) {
    this.delete(name);
    this.append(name, value, fileName);
  }
  delete(name) {
    this.#list = this.#list.filter(([n]) => n !== `${name}`);
  }
  get(name) {
    return this.#list.find(([n]) => n === `${name}`)?.[1] ?? null;
  }
  getAll(name) {
    return this.#list.filter(([n]) => n === `${name}`).map(([, v]) => v);
  }
  has(name) {
    return this.#list.some(([n]) => n === `${name}`);
  }
  forEach(visit, self) {
    for (const [n, v] of this.#list) visit.call(self, v, n, this);
  }
  *entries() {
    for (const [n, v] of this.#list) yield [n, v];
  }
  *keys() {
    for (const [n] of this.#list) yield n;
  }
  *values() {
    for (const [, v] of this.#list) yield v;
  }
  [Symbol.iterator]() {
    return this.entries();
  }
}

function entry(value, fileName) {
  if (!(value instanceof Blob)) return `${value}`;
  if (value instanceof File && fileName === undefined) return value;
  return new File([value], fileName ?? 'blob', { type: value.type });
}

/** multipart/form-data (RFC 7578), names escaped as the HTML Standard says. */
export function encodeForm(form, boundary) {
  const escaped = (text) => text.replace(/\r\n?|\n/g, '%0D%0A').replace(/"/g, '%22');
  const parts = [];
  for (const [name, value] of form) {
    let head = `--${boundary}\r\nContent-Disposition: form-data; name="${escaped(name)}"`;
    if (value instanceof File) {
      head += `; filename="${escaped(value.name)}"\r\nContent-Type: ${value.type || 'application/octet-stream'}`;
    }
    parts.push(utf8Encode(`${head}\r\n\r\n`), value instanceof File ? blobBytes(value) : utf8Encode(value));
    parts.push(utf8Encode('\r\n'));
  }
  parts.push(utf8Encode(`--${boundary}--\r\n`));
  return concat(parts);
}
