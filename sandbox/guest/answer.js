import { base64ToBytes } from './base64.js';
import { concat } from './form-data.js';
import { Headers } from './headers.js';
import { jsonParse } from './primordials.js';
import { utf8Decode, utf8Encode } from './text.js';

/** A number whose digits do not survive as a double is kept as its text. */
function bigAsText(_key, value, context) {
  if (typeof value !== 'number' || !context || Number.isSafeInteger(value)) return value;
  return /^-?[0-9]+$/.test(context.source) ? context.source : value;
}

/**
 * What `ctx.fetch` resolves to. The body is in `first` when it is short text; else it is pulled in chunks, each of them
 * a message of its own (`pull` resolves to `{text}` or `{bytes}` and `last`).
 */
export class Answer {
  #first;
  #pull;
  #length;
  bodyUsed = false;

  constructor(head, first, pull) {
    this.status = head.status;
    this.ok = head.status >= 200 && head.status <= 299;
    this.means = head.means ?? (this.ok ? 'ok' : 'failed');
    this.headers = new Headers(head.headers);
    this.url = head.url;
    this.#length = head.length;
    this.#first = first;
    this.#pull = pull;
  }

  #take() {
    if (this.bodyUsed) throw new TypeError('The body was already read');
    this.bodyUsed = true;
  }

  async *#chunks() {
    if (this.#first !== null) {
      yield { text: this.#first };
      return;
    }
    for (let left = this.#length; left > 0; ) {
      const { json, body } = await this.#pull();
      const chunk = jsonParse(json);
      yield chunk.bytes ? { bytes: base64ToBytes(body) } : { text: body };
      left -= chunk.length;
    }
  }

  async text() {
    this.#take();
    if (this.#first !== null) return this.#first;
    let out = '';
    const pending = [];
    for await (const { text, bytes } of this.#chunks()) {
      if (text !== undefined) out += text;
      else pending.push(bytes);
    }
    return pending.length ? utf8Decode(concat(pending), false, false)[0].replace(/^\ufeff/, '') : out;
  }

  /** `{big: 'string'}`: whole numbers beyond 2^53 arrive as text instead of losing digits. */
  async json(options = {}) {
    const text = await this.text();
    return options.big === 'string' ? jsonParse(text, bigAsText) : jsonParse(text);
  }

  async bytes() {
    this.#take();
    const list = [];
    for await (const { text, bytes } of this.#chunks()) list.push(bytes ?? utf8Encode(text));
    return concat(list);
  }

  async arrayBuffer() {
    return (await this.bytes()).buffer;
  }

  /** The body piece by piece. */
  get body() {
    this.#take();
    const chunks = this.#chunks();
    return (async function* read() {
      for await (const { text, bytes } of chunks) yield bytes ?? utf8Encode(text);
    })();
  }
}
