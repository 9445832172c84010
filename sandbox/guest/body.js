import { bytesToHex } from './base64.js';
import { Blob, blobBytes, encodeForm, FormData } from './form-data.js';
import { Headers } from './headers.js';
import { bytesOf, utf8Decode, utf8Encode } from './text.js';
import { URL, URLSearchParams } from './url.js';

/**
 * What a plugin gave as a body: `{text}` or `{bytes}`, and the content type that goes with it.
 * Throws TypeError for anything that is no body.
 */
export function readBody(body, random) {
  if (body === undefined || body === null) return { type: null };
  if (typeof body === 'string') return { text: body, type: 'text/plain;charset=UTF-8' };
  if (body instanceof URLSearchParams) {
    return { text: body.toString(), type: 'application/x-www-form-urlencoded;charset=UTF-8' };
  }
  if (body instanceof FormData) {
    const boundary = `----patchbay${bytesToHex(random(new Uint8Array(12)))}`;
    return { bytes: encodeForm(body, boundary), type: `multipart/form-data; boundary=${boundary}` };
  }
  if (body instanceof Blob) return { bytes: blobBytes(body), type: body.type || null };
  if (ArrayBuffer.isView(body) || body instanceof ArrayBuffer) return { bytes: bytesOf(body), type: null };
  throw new TypeError(
    'A body must be text, bytes, URLSearchParams, FormData or a Blob; for JSON give JSON.stringify(value)',
  );
}

let bodyRandom;
export function setBodyRandom(random) {
  bodyRandom = random;
}

class Body {
  #body;
  bodyUsed = false;
  constructor(body) {
    this.#body = readBody(body, bodyRandom);
  }
  static type(owner) {
    return owner.#body.type;
  }
  static raw(owner) {
    return owner.#body;
  }
  #take() {
    if (this.bodyUsed) throw new TypeError('The body was already read');
    this.bodyUsed = true;
    return this.#body;
  }
  async text() {
    const { text, bytes } = this.#take();
    return text ?? (bytes ? utf8Decode(bytes, false, false)[0] : '');
  }
  async json() {
    return JSON.parse(await this.text());
  }
  async bytes() {
    const { text, bytes } = this.#take();
    return bytes ? bytes.slice() : utf8Encode(text ?? '');
  }
  async arrayBuffer() {
    return (await this.bytes()).buffer;
  }
  async blob() {
    const type = this.headers.get('content-type') ?? '';
    return new Blob([await this.bytes()], { type });
  }
}
const bodyType = Body.type;
export const rawBody = Body.raw;
delete Body.type;
delete Body.raw;

/** Of the Fetch Standard, as far as it makes sense without a network of one's own: `ctx.fetch` takes one. */
export class Request extends Body {
  constructor(input, init = {}) {
    const from = input instanceof Request ? input : null;
    super(init.body ?? (from ? (rawBody(from).bytes ?? rawBody(from).text) : undefined));
    this.url = from ? from.url : new URL(input).href;
    this.method = `${init.method ?? from?.method ?? 'GET'}`.toUpperCase();
    this.headers = new Headers(init.headers ?? from?.headers);
    this.signal = init.signal ?? from?.signal ?? null;
    this.redirect = init.redirect ?? from?.redirect ?? 'follow';
    const type = bodyType(this);
    if (type && !this.headers.has('content-type')) this.headers.set('content-type', type);
  }
  clone() {
    return new Request(this);
  }
}

export class Response extends Body {
  constructor(body, init = {}) {
    super(body);
    this.status = init.status ?? 200;
    if (!(this.status >= 200 && this.status <= 599)) throw new RangeError('A status is between 200 and 599');
    this.statusText = `${init.statusText ?? ''}`;
    this.headers = new Headers(init.headers);
    this.url = '';
    this.type = 'default';
    this.redirected = false;
    const type = bodyType(this);
    if (type && !this.headers.has('content-type')) this.headers.set('content-type', type);
  }
  get ok() {
    return this.status >= 200 && this.status <= 299;
  }
  clone() {
    const { text, bytes } = rawBody(this);
    return new Response(text ?? bytes ?? null, this);
  }
  static json(value, init = {}) {
    const response = new Response(JSON.stringify(value), init);
    response.headers.set('content-type', 'application/json');
    return response;
  }
}
