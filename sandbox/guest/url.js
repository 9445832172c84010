import { utf8Decode, utf8Encode } from './text.js';
import { parseHost, percentDecode } from './url-host.js';

// URL and URLSearchParams of the URL Standard (https://url.spec.whatwg.org/).

const SPECIAL = {
  __proto__: null,
  'http:': '80',
  'https:': '443',
  'ws:': '80',
  'wss:': '443',
  'ftp:': '21',
  'file:': '',
};

const C0 = '';
const FRAGMENT = ' "<>`';
const QUERY = ' "#<>';
const SPECIAL_QUERY = ` "#<>'`;
const PATH = ' "#<>?^`{}';
const USERINFO = ' "#<>?^`{}/:;=@[\\]|';

/** Percent-encodes controls, everything beyond ASCII and the characters of `set`. */
function encode(text, set) {
  let out = '';
  for (const character of text) {
    const point = character.codePointAt(0);
    if (point > 0x1f && point < 0x7f && !set.includes(character)) out += character;
    else for (const byte of utf8Encode(character)) out += `%${byte < 16 ? '0' : ''}${byte.toString(16).toUpperCase()}`;
  }
  return out;
}
const encodeC0 = (text) => encode(text, C0);

const isSingleDot = (s) => s === '.' || /^%2e$/i.test(s);
const isDoubleDot = (s) => /^(\.|%2e){2}$/i.test(s);
const isDriveLetter = (s) => /^[a-z][:|]$/i.test(s);
const startsWithDrive = (s) => /^[a-z][:|]([/\\?#]|$)/i.test(s);

function invalid(input) {
  const error = new TypeError('Invalid URL');
  error.code = 'ERR_INVALID_URL';
  error.input = `${input}`.slice(0, 200);
  return error;
}

function blank() {
  return {
    scheme: '',
    username: '',
    password: '',
    host: null,
    port: '',
    path: [],
    opaque: null,
    query: null,
    fragment: null,
  };
}

/** The basic URL parser without its state overrides. Returns a record, or null when the input is no URL. */
function parse(input, base) {
  const text = input.replace(/^[\0-\x20]+|[\0-\x20]+$/g, '').replace(/[\t\n\r]/g, '');
  const found = /^([a-z][a-z0-9+\-.]*):/i.exec(text);
  if (!found) return base ? parseRelative(text, base) : null;
  const url = blank();
  url.scheme = `${found[1].toLowerCase()}:`;
  const rest = text.slice(found[0].length);
  if (!(url.scheme in SPECIAL)) return parseNonSpecial(url, rest);
  if (url.scheme === 'file:') return parseFile(url, rest, base?.scheme === 'file:' ? base : null);
  if (base?.scheme === url.scheme && base.opaque === null && !/^[/\\]/.test(rest)) return parseRelative(rest, base);
  if (base?.scheme === url.scheme && base.opaque === null && !/^[/\\]{2}/.test(rest)) return parseRelative(rest, base);
  return parseAuthority(url, rest.replace(/^[/\\]+/, ''));
}

function parseNonSpecial(url, rest) {
  if (rest.startsWith('//')) return parseAuthority(url, rest.slice(2));
  const { before, query, fragment } = cutTail(rest);
  if (rest.startsWith('/')) readPath(url, before);
  else {
    // Trailing spaces of an opaque path are encoded when a query or fragment follows.
    const trimmed = query !== null || fragment !== null ? before.replace(/ $/, '%20') : before;
    url.opaque = encodeC0(trimmed);
  }
  return withTail(url, query, fragment);
}

function cutTail(text) {
  const hash = text.indexOf('#');
  const fragment = hash < 0 ? null : text.slice(hash + 1);
  const main = hash < 0 ? text : text.slice(0, hash);
  const mark = main.indexOf('?');
  return { before: mark < 0 ? main : main.slice(0, mark), query: mark < 0 ? null : main.slice(mark + 1), fragment };
}

function withTail(url, query, fragment) {
  url.query = query === null ? null : encode(query, url.scheme in SPECIAL ? SPECIAL_QUERY : QUERY);
  url.fragment = fragment === null ? null : encode(fragment, FRAGMENT);
  return url;
}

function parseAuthority(url, text) {
  const special = url.scheme in SPECIAL;
  const end = text.search(special ? /[/\\?#]/ : /[/?#]/);
  let authority = end < 0 ? text : text.slice(0, end);
  const rest = end < 0 ? '' : text.slice(end);
  const at = authority.lastIndexOf('@');
  if (at >= 0) {
    const credentials = authority.slice(0, at);
    const colon = credentials.indexOf(':');
    url.username = encode(colon < 0 ? credentials : credentials.slice(0, colon), USERINFO);
    url.password = colon < 0 ? '' : encode(credentials.slice(colon + 1), USERINFO);
    authority = authority.slice(at + 1);
    if (authority === '') return null;
  }
  if (!readHostAndPort(url, authority)) return null;
  const { before, query, fragment } = cutTail(rest);
  if (before !== '' || special) readPath(url, before);
  return withTail(url, query, fragment);
}

function readHostAndPort(url, authority) {
  const special = url.scheme in SPECIAL;
  const match = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(authority);
  if (!match) return false;
  const [, name, port] = match;
  if (name === '') {
    if (special || port !== undefined) return false;
    url.host = '';
    return true;
  }
  url.host = parseHost(name, !special, encodeC0);
  if (url.host === null) return false;
  return port === undefined || readPort(url, port);
}

function readPort(url, port) {
  if (!/^[0-9]*$/.test(port) || Number(port) > 65535) return false;
  const number = port === '' ? '' : `${Number(port)}`;
  url.port = number === SPECIAL[url.scheme] ? '' : number;
  return true;
}

function readPath(url, text, start = []) {
  const special = url.scheme in SPECIAL;
  const path = start;
  const segments = (special ? text.replace(/\\/g, '/') : text).replace(/^\//, '').split('/');
  segments.forEach((segment, i) => {
    const isLast = i === segments.length - 1;
    if (isDoubleDot(segment)) {
      if (!(url.scheme === 'file:' && path.length === 1 && /^[a-z]:$/i.test(path[0]))) path.pop();
      if (isLast) path.push('');
    } else if (isSingleDot(segment)) {
      if (isLast) path.push('');
    } else if (url.scheme === 'file:' && path.length === 0 && isDriveLetter(segment)) path.push(`${segment[0]}:`);
    else path.push(encode(segment, PATH));
  });
  url.path = path;
}

function parseFile(url, rest, base) {
  url.host = '';
  if (/^[/\\]{2}/.test(rest)) {
    const text = rest.slice(2);
    const end = text.search(/[/\\?#]/);
    const name = end < 0 ? text : text.slice(0, end);
    const { before, query, fragment } = cutTail(isDriveLetter(name) ? text : end < 0 ? '' : text.slice(end));
    if (!isDriveLetter(name) && name !== '') {
      url.host = parseHost(name, false, encodeC0);
      if (url.host === null) return null;
      if (url.host === 'localhost') url.host = '';
    }
    readPath(url, before);
    return withTail(url, query, fragment);
  }
  const { before, query, fragment } = cutTail(rest);
  if (/^[/\\]/.test(rest)) {
    if (base) url.host = base.host;
    const drive = base?.path[0];
    const keep = base && !startsWithDrive(rest.slice(1)) && drive && /^[a-z]:$/i.test(drive) ? [drive] : [];
    readPath(url, before, keep);
    return withTail(url, query, fragment);
  }
  if (!base) {
    readPath(url, before);
    return withTail(url, query, fragment);
  }
  url.host = base.host;
  if (before === '') {
    url.path = [...base.path];
    if (query !== null) return withTail(url, query, fragment);
    url.query = base.query;
    url.fragment = fragment === null ? null : encode(fragment, FRAGMENT);
    return url;
  }
  if (startsWithDrive(rest)) readPath(url, before);
  else readPath(url, before, shortened(base));
  return withTail(url, query, fragment);
}

function shortened(base) {
  const path = [...base.path];
  if (!(base.scheme === 'file:' && path.length === 1 && /^[a-z]:$/i.test(path[0]))) path.pop();
  return path;
}

function parseRelative(text, base) {
  const url = { ...base, path: [...base.path], fragment: null };
  const { before, query, fragment } = cutTail(text);
  if (base.opaque !== null) {
    if (!text.startsWith('#')) return null;
    url.fragment = encode(text.slice(1), FRAGMENT);
    return url;
  }
  if (base.scheme === 'file:') return parseFile({ ...blank(), scheme: 'file:' }, text, base);
  const special = base.scheme in SPECIAL;
  const slash = special ? /^[/\\]/ : /^\//;
  if (slash.test(text) && slash.test(text.slice(1))) {
    const fresh = { ...blank(), scheme: base.scheme };
    return parseAuthority(fresh, special ? text.replace(/^[/\\]+/, '') : text.slice(2));
  }
  if (before === '') {
    if (query !== null) return withTail(url, query, fragment);
    url.fragment = fragment === null ? null : encode(fragment, FRAGMENT);
    return url;
  }
  if (slash.test(text)) readPath(url, before);
  else readPath(url, before, shortened(base));
  return withTail(url, query, fragment);
}

function serializePath(url) {
  if (url.opaque !== null) return url.opaque;
  return url.path.map((segment) => `/${segment}`).join('');
}

function serialize(url, withoutFragment) {
  let out = url.scheme;
  if (url.host !== null) {
    out += '//';
    if (url.username || url.password) out += `${url.username}${url.password ? `:${url.password}` : ''}@`;
    out += url.host + (url.port ? `:${url.port}` : '');
  } else if (url.opaque === null && url.path.length > 1 && url.path[0] === '') out += '/.';
  out += serializePath(url);
  if (url.query !== null) out += `?${url.query}`;
  if (!withoutFragment && url.fragment !== null) out += `#${url.fragment}`;
  return out;
}

export class URL {
  #url;
  #params;

  constructor(input, base) {
    let from = null;
    if (base !== undefined) {
      from = parse(`${base}`, null);
      if (!from) throw invalid(base);
    }
    this.#url = parse(`${input}`, from);
    if (!this.#url) throw invalid(input);
    this.#params = new URLSearchParams(this.#url.query ?? '');
    listen(this.#params, (text) => {
      this.#url.query = text === '' ? null : text;
    });
  }
  static canParse(input, base) {
    return URL.parse(input, base) !== null;
  }
  static parse(input, base) {
    try {
      return new URL(input, base);
    } catch {
      return null;
    }
  }
  #replace(url) {
    this.#url = url;
  }
  get href() {
    return serialize(this.#url, false);
  }
  set href(value) {
    const url = parse(`${value}`, null);
    if (!url) throw invalid(value);
    this.#replace(url);
    reset(this.#params, url.query ?? '');
  }
  get origin() {
    const { scheme, host, port } = this.#url;
    if (scheme === 'blob:') return URL.parse(serializePath(this.#url))?.origin ?? 'null';
    if (!(scheme in SPECIAL) || scheme === 'file:') return 'null';
    return `${scheme}//${host}${port ? `:${port}` : ''}`;
  }
  get protocol() {
    return this.#url.scheme;
  }
  set protocol(value) {
    const found = /^([a-z][a-z0-9+\-.]*):?/i.exec(`${value}`);
    const scheme = found && `${found[1].toLowerCase()}:`;
    if (!scheme || scheme in SPECIAL !== this.#url.scheme in SPECIAL) return;
    if (scheme === 'file:' && (this.#url.username || this.#url.password || this.#url.port)) return;
    if (this.#url.scheme === 'file:' && !this.#url.host) return;
    this.#url.scheme = scheme;
    if (this.#url.port === SPECIAL[scheme]) this.#url.port = '';
  }
  #hasNoAuthority() {
    return !this.#url.host || this.#url.scheme === 'file:';
  }
  get username() {
    return this.#url.username;
  }
  set username(value) {
    if (!this.#hasNoAuthority()) this.#url.username = encode(`${value}`, USERINFO);
  }
  get password() {
    return this.#url.password;
  }
  set password(value) {
    if (!this.#hasNoAuthority()) this.#url.password = encode(`${value}`, USERINFO);
  }
  get host() {
    return (this.#url.host ?? '') + (this.#url.port ? `:${this.#url.port}` : '');
  }
  set host(value) {
    if (this.#url.opaque !== null) return;
    const url = { ...this.#url };
    const text = `${value}`.replace(/[/\\?#].*$/s, '');
    if (text && !text.includes('@') && readHostAndPort(url, text)) this.#replace(url);
  }
  get hostname() {
    return this.#url.host ?? '';
  }
  set hostname(value) {
    if (this.#url.opaque !== null) return;
    const text = `${value}`.replace(/[/\\?#].*$/s, '');
    const host = parseHost(text, !(this.#url.scheme in SPECIAL), encodeC0);
    if (host && (text.startsWith('[') || !text.includes(':'))) this.#url.host = host;
  }
  get port() {
    return this.#url.port;
  }
  set port(value) {
    if (this.#hasNoAuthority()) return;
    const digits = /^[0-9]*/.exec(`${value}`)[0];
    if (`${value}` === '' || digits) readPort(this.#url, digits);
  }
  get pathname() {
    return serializePath(this.#url);
  }
  set pathname(value) {
    if (this.#url.opaque !== null) return;
    readPath(
      this.#url,
      `${value}`.replace(/[?#]/g, (c) => (c === '?' ? '%3F' : '%23')),
    );
  }
  get search() {
    return this.#url.query ? `?${this.#url.query}` : '';
  }
  set search(value) {
    const text = `${value}`.replace(/^\?/, '');
    this.#url.query = `${value}` === '' ? null : encode(text, this.#url.scheme in SPECIAL ? SPECIAL_QUERY : QUERY);
    reset(this.#params, this.#url.query ?? '');
  }
  get searchParams() {
    return this.#params;
  }
  get hash() {
    return this.#url.fragment ? `#${this.#url.fragment}` : '';
  }
  set hash(value) {
    this.#url.fragment = `${value}` === '' ? null : encode(`${value}`.replace(/^#/, ''), FRAGMENT);
  }
  toString() {
    return this.href;
  }
  toJSON() {
    return this.href;
  }
}

let listen;
let reset;

/** application/x-www-form-urlencoded (URL Standard, section 5). */
export class URLSearchParams {
  #list = [];
  #changed = () => {};

  static {
    listen = (params, changed) => {
      params.#changed = changed;
    };
    reset = (params, text) => {
      params.#list = fromForm(text);
    };
  }

  constructor(init = '') {
    if (init === null || typeof init !== 'object') this.#list = fromForm(`${init}`.replace(/^\?/, ''));
    else if (typeof init[Symbol.iterator] === 'function') {
      for (const pair of init) {
        const [name, value, ...more] = pair;
        if (value === undefined || more.length) throw new TypeError('Each query pair must be a [name, value] list');
        this.#list.push([`${name}`, `${value}`]);
      }
    } else for (const name of Object.keys(init)) this.#list.push([name, `${init[name]}`]);
  }
  #update() {
    this.#changed(this.toString());
  }
  get size() {
    return this.#list.length;
  }
  append(name, value) {
    this.#list.push([`${name}`, `${value}`]);
    this.#update();
  }
  delete(name, value) {
    this.#list = this.#list.filter(([n, v]) => n !== `${name}` || (value !== undefined && v !== `${value}`));
    this.#update();
  }
  get(name) {
    return this.#list.find(([n]) => n === `${name}`)?.[1] ?? null;
  }
  getAll(name) {
    return this.#list.filter(([n]) => n === `${name}`).map(([, v]) => v);
  }
  has(name, value) {
    return this.#list.some(([n, v]) => n === `${name}` && (value === undefined || v === `${value}`));
  }
  set(name, value) {
    const at = this.#list.findIndex(([n]) => n === `${name}`);
    if (at < 0) this.#list.push([`${name}`, `${value}`]);
    else {
      this.#list[at][1] = `${value}`;
      this.#list = this.#list.filter(([n], i) => i <= at || n !== `${name}`);
    }
    this.#update();
  }
  sort() {
    this.#list.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    this.#update();
  }
  forEach(visit, self) {
    for (const [name, value] of this.#list) visit.call(self, value, name, this);
  }
  *entries() {
    for (const [name, value] of this.#list) yield [name, value];
  }
  *keys() {
    for (const [name] of this.#list) yield name;
  }
  *values() {
    for (const [, value] of this.#list) yield value;
  }
  [Symbol.iterator]() {
    return this.entries();
  }
  toString() {
    return this.#list.map(([name, value]) => `${toForm(name)}=${toForm(value)}`).join('&');
  }
}

function fromForm(text) {
  const decode = (part) => utf8Decode(percentDecode(part.replace(/\+/g, ' ')), false, false)[0];
  return text
    .split('&')
    .filter(Boolean)
    .map((pair) => {
      const equals = pair.indexOf('=');
      return equals < 0 ? [decode(pair), ''] : [decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))];
    });
}

function toForm(text) {
  let out = '';
  for (const byte of utf8Encode(text)) {
    const character = String.fromCharCode(byte);
    if (byte === 32) out += '+';
    else if (/[A-Za-z0-9*\-._]/.test(character)) out += character;
    else out += `%${byte < 16 ? '0' : ''}${byte.toString(16).toUpperCase()}`;
  }
  return out;
}
