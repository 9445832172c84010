const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

function name(value) {
  const text = `${value}`;
  if (!TOKEN.test(text)) throw new TypeError(`"${text.slice(0, 80)}" is no header name`);
  return text.toLowerCase();
}

function content(value) {
  const text = `${value}`.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '');
  if (/[\0\n\r]/.test(text)) throw new TypeError('A header value holds a line break or a zero');
  return text;
}

/** Of the Fetch Standard: names without case, values of one name joined by a comma. */
export class Headers {
  #map = new Map();

  constructor(init) {
    if (init === undefined || init === null) return;
    if (typeof init[Symbol.iterator] === 'function') for (const [n, v] of init) this.append(n, v);
    else for (const n of Object.keys(init)) this.append(n, init[n]);
  }
  append(key, value) {
    const n = name(key);
    const before = this.#map.get(n);
    this.#map.set(n, before === undefined ? content(value) : `${before}, ${content(value)}`);
  }
  delete(key) {
    this.#map.delete(name(key));
  }
  get(key) {
    return this.#map.get(name(key)) ?? null;
  }
  has(key) {
    return this.#map.has(name(key));
  }
  set(key, value) {
    this.#map.set(name(key), content(value));
  }
  getSetCookie() {
    return this.#map.has('set-cookie') ? [this.#map.get('set-cookie')] : [];
  }
  forEach(visit, self) {
    for (const [n, v] of this) visit.call(self, v, n, this);
  }
  *entries() {
    for (const n of [...this.#map.keys()].sort()) yield [n, this.#map.get(n)];
  }
  *keys() {
    for (const [n] of this.entries()) yield n;
  }
  *values() {
    for (const [, v] of this.entries()) yield v;
  }
  [Symbol.iterator]() {
    return this.entries();
  }
}
