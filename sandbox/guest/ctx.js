import { AbortController } from './abort.js';
import { Answer } from './answer.js';
import { bytesToBase64, bytesToHex } from './base64.js';
import { Request, readBody } from './body.js';
import { toBytes } from './form-data.js';
import { digest } from './hash.js';
import { Headers } from './headers.js';
import { makeLog } from './log.js';
import { bare, jsonParse, jsonStringify, objectFreeze, push, then } from './primordials.js';

const FETCH = 16;
const STORE = 17;
const EMIT = 18;
const HMAC = 20;
const RECORDS = 21;
const SCHEDULE = 22;
const FILES = 23;
const PULL = 5;

/**
 * All that a handler may touch (CONTRACT.md section 2, `Ctx`). Every function asks the host; the host judges by the grants.
 * The parts are made when they are first touched: most calls need few of them, and every call pays for its context.
 */
class Ctx {
  #call;
  #asks;
  #random;
  #permissions;
  #parts = bare();

  constructor(call, context, asks, random) {
    this.#call = call;
    this.#asks = asks;
    this.#random = random;
    this.#permissions = context.permissions;
    this.config = context.config ?? {};
    this.integration = context.integration ?? null;
    this.project = context.project ?? null;
    this.invocation = context.invocation ?? {};
    this.fetch = (url, init) => fetchWith(call, asks, random, url, init);
    this.emit = (type, data, options) => this.#ask(EMIT, { ...options, type, data: data === undefined ? null : data });
    this.schedule = (request) => this.#ask(SCHEDULE, request ?? {});
  }

  #ask(op, request) {
    return then(this.#asks.ask(this.#call, op, jsonStringify(request)), (answer) => jsonParse(answer.json));
  }

  get signal() {
    this.#call.controller ??= new AbortController();
    return this.#call.controller.signal;
  }

  get log() {
    this.#parts.log ??= makeLog(this.#call, this.#asks);
    return this.#parts.log;
  }

  get store() {
    const ask = (request) => this.#ask(STORE, request);
    this.#parts.store ??= objectFreeze({
      get: (key) => ask({ op: 'get', key }),
      set: (key, value, options) => ask({ ...options, op: 'set', key, value: value === undefined ? null : value }),
      delete: (key) => ask({ op: 'delete', key }),
      list: (options) => ask({ ...options, op: 'list' }),
    });
    return this.#parts.store;
  }

  get permissions() {
    this.#parts.permissions ??= objectFreeze({ has: (name, scope) => has(this.#permissions, name, scope) });
    return this.#parts.permissions;
  }

  get records() {
    const ask = (request) => this.#ask(RECORDS, request);
    this.#parts.records ??= objectFreeze({
      list: (query) => ask({ ...query, op: 'list' }),
      get: (model, id) => ask({ op: 'get', model, id }),
    });
    return this.#parts.records;
  }

  get files() {
    const ask = (request) => this.#ask(FILES, request);
    this.#parts.files ??= objectFreeze({
      info: (id) => ask({ op: 'info', id }),
      read: (id, range) => ask({ ...range, op: 'read', id }),
      create: (request) => ask({ ...request, op: 'create' }),
      upload: (id, request) => ask({ ...request, op: 'upload', id }),
    });
    return this.#parts.files;
  }

  get crypto() {
    this.#parts.crypto ??= objectFreeze({
      hash: async (algorithm, data, as = 'hex') => shown(digest(algorithm, toBytes(data)), as),
      hmac: (algorithm, secret, data, as = 'hex') => {
        const text = typeof data === 'string';
        const request = { algorithm, secret, as, data: text ? data : bytesToBase64(toBytes(data)) };
        return this.#ask(HMAC, { ...request, data_encoding: text ? 'utf8' : 'base64' });
      },
      random: (length) => this.#random(new Uint8Array(length)),
    });
    return this.#parts.crypto;
  }
}

export function makeCtx(call, context, asks, random) {
  return new Ctx(call, context, asks, random);
}

function shown(bytes, as) {
  if (as === 'hex') return bytesToHex(bytes);
  if (as === 'base64') return bytesToBase64(bytes);
  if (as === 'base64url') return bytesToBase64(bytes, 'base64url');
  if (as === 'bytes') return bytes;
  throw new TypeError(`"${`${as}`.slice(0, 40)}" is no encoding: use hex, base64, base64url or bytes`);
}

/** The grants as the host listed them: names, or objects with a name and lists that a scope is looked up in. */
function has(permissions, name, scope) {
  if (!Array.isArray(permissions)) return false;
  return permissions.some((entry) => {
    if (entry === name) return scope === undefined;
    if (entry?.name !== name) return false;
    if (scope === undefined) return true;
    const lists = [entry.hosts, entry.types, entry.models, entry.service].flat().filter((x) => x !== undefined);
    return lists.length === 0 || lists.includes(scope);
  });
}

async function fetchWith(call, asks, random, input, init = {}) {
  const request = { ...init };
  if (input instanceof Request) {
    request.method ??= input.method;
    request.headers ??= input.headers;
    request.body ??= (await input.clone().bytes()).length ? await input.clone().bytes() : undefined;
    request.signal ??= input.signal;
  }
  request.signal?.throwIfAborted?.();
  const headers = new Headers(request.headers);
  const body = readBody(request.body, random);
  if (body.type && !headers.has('content-type')) headers.set('content-type', body.type);
  const list = {};
  for (const [name, value] of headers) list[name] = value;
  const asked = {
    url: input instanceof Request ? input.url : `${input}`,
    method: `${request.method ?? 'GET'}`.toUpperCase(),
    headers: list,
    query: request.query === undefined ? undefined : queryOf(request.query),
    body: body.text ?? (body.bytes ? bytesToBase64(body.bytes) : undefined),
    body_encoding: body.bytes ? 'base64' : 'utf8',
  };
  for (const name of ['auth', 'as', 'redirect', 'timeout_ms', 'idempotent', 'max_bytes']) {
    if (request[name] !== undefined) asked[name] = request[name];
  }
  const answered = asks.ask(call, FETCH, jsonStringify(asked));
  const { ticket, json, body: first } = await orAborted(answered, request.signal);
  const head = jsonParse(json);
  const pull = () => asks.ask(call, PULL, `${ticket}`);
  return new Answer(head, first, pull);
}

function orAborted(promise, signal) {
  if (!signal || typeof signal.addEventListener !== 'function') return promise;
  const aborted = new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  return Promise.race([promise, aborted]);
}

function queryOf(query) {
  const out = {};
  for (const name of Object.keys(query)) {
    const value = query[name];
    if (value === undefined || value === null) continue;
    if (!Array.isArray(value)) out[name] = `${value}`;
    else {
      out[name] = [];
      for (const item of value) push(out[name], `${item}`);
    }
  }
  return out;
}
