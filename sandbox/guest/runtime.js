import { makeAsks } from './asks.js';
import { setBodyRandom } from './body.js';
import { makeCtx } from './ctx.js';
import { describeError } from './describe-error.js';
import { installGlobals } from './globals.js';
import { installClock, makeJournal } from './journal.js';
import { makeConsole } from './log.js';
import {
  apply,
  bare,
  getPrototypeOf,
  hasOwn,
  isArray,
  jsonParse,
  jsonStringify,
  NativeError,
  NativeUint8Array,
  objectKeys,
  push,
} from './primordials.js';
import { makeRandom } from './random.js';
import { makeTimers } from './timers.js';

const RESULT = 1;
const FAILURE = 2;
const PAGE = 6;
const LOG = 19;
const INSPECTED = 7;
const AGAIN = 8;

const START = 1;
const REPLY = 2;
const FIRE = 3;
const NEXT = 4;
const END = 5;
const INSPECT = 6;
const IS_STREAM = 1;
/** Under this name `again()` of the SDK says when the action goes on. A symbol: no vendor's answer can hold one. */
const GOES_ON = Symbol.for('patchbay.again');

/**
 * The only things the sandbox process holds of an isolate: a function that enters it. Everything a plugin can reach is
 * made here, before its script runs.
 *
 * @param host `(call, op, json) → ticket`, the only function of the host.
 * @param seed 64 hex digits of randomness.
 */
export function makeRuntime(host, seed) {
  const calls = bare();
  let running = null;
  let plugin;

  const asks = makeAsks(host);
  const current = () => running;
  const ownRandom = makeRandom(NativeUint8Array.fromHex(seed));
  const random = (target) => (running?.journal ? running.journal.fill(target) : ownRandom(target));
  installClock(current);
  const timers = makeTimers(host, current, enterAs);
  setBodyRandom(random);
  installGlobals(random, { ...timers.globals, console: makeConsole(current, asks) });

  /** Runs something for a call: what it starts before the entry ends (microtasks too) is counted on that call. */
  function enterAs(call, action) {
    running = call;
    try {
      action();
    } catch (error) {
      fail(call, error);
    }
  }

  function fail(call, error) {
    if (call.over) return;
    const json = describeError(error);
    if (!call.stream) finish(call);
    host(call.number, FAILURE, json);
  }

  function finish(call) {
    if (call.logDropped > 0) {
      host(call.number, LOG, jsonStringify({ level: 'warn', message: `${call.logDropped} more lines were dropped` }));
    }
    if (call.journal) call.journal.send(host, call.number);
    call.over = true;
    delete calls[call.number];
    timers.forget(call);
    asks.forget(call);
  }

  function loaded() {
    // esbuild's iife leaves the module under this name (image.script).
    plugin ??= globalThis.__patchbay_plugin?.default;
    const value = plugin;
    if (!value?.handlers || typeof value.handlers !== 'object') {
      throw new NativeError(
        'plugin.js must export { manifest, handlers } as its default, as definePlugin() returns it',
      );
    }
    return value;
  }

  /** `triggers.push.receive` → the function; event types of `on` hold dots themselves. Own fields only. */
  function find(path) {
    let at = loaded().handlers;
    const parts = path.split('.');
    if (parts[0] === 'on') return own(own(at, 'on'), path.slice(3));
    for (const part of parts) at = own(at, part);
    return at;
  }

  async function run(call, path, args) {
    const handler = find(path);
    if (typeof handler !== 'function') {
      const error = new NativeError(`The plugin has no handler "${path.slice(0, 100)}"`);
      error.name = 'HandlerNotFound';
      throw error;
    }
    const list = [call.ctx];
    for (let i = 0; i < args.length; i++) push(list, args[i]);
    return apply(handler, undefined, list);
  }

  async function start(call, path, args) {
    try {
      const value = await run(call, path, args);
      if (call.over) return;
      const later = typeof value === 'object' && value !== null && hasOwn(value, GOES_ON) ? value[GOES_ON] : undefined;
      const json = jsonStringify(later ?? (value === undefined ? null : value));
      if (typeof json !== 'string') throw notJson(value);
      finish(call);
      host(call.number, later ? AGAIN : RESULT, json);
    } catch (error) {
      fail(call, error);
    }
  }

  function notJson(value) {
    const error = new NativeError(`The handler returned a ${typeof value}, which is not JSON`);
    error.name = 'BadAnswer';
    return error;
  }

  /** One page. The first one makes the generator. */
  async function next(call) {
    try {
      call.pages ??= iterator(await run(call, call.path, call.args));
      const page = await call.pages.next();
      if (call.over) return;
      const json = jsonStringify({ done: Boolean(page.done), value: page.value === undefined ? null : page.value });
      if (page.done) finish(call);
      host(call.number, PAGE, json);
    } catch (error) {
      fail(call, error);
    }
  }

  function iterator(value) {
    const make = value?.[Symbol.asyncIterator] ?? value?.[Symbol.iterator];
    if (typeof make !== 'function')
      throw new NativeError('A stream handler must be an async generator: async function*');
    return apply(make, value, []);
  }

  function inspect(call) {
    const { manifest, handlers } = loaded();
    const names = [];
    walk(handlers, '', names, 0);
    finish(call);
    host(
      call.number,
      INSPECTED,
      jsonStringify({ manifest: manifest === undefined ? null : manifest, handlers: names }),
    );
  }

  function open(number, maxLogLines, maxLogBytes) {
    const call = {
      number,
      over: false,
      stream: false,
      ctx: null,
      journal: null,
      logLines: 0,
      logBytes: 0,
      logDropped: 0,
    };
    call.maxLogLines = maxLogLines;
    call.maxLogBytes = maxLogBytes;
    calls[number] = call;
    return call;
  }

  return function enter(kind, number, a, b, c, d, e, f) {
    if (kind === START) {
      const call = open(number, d, e);
      running = call;
      try {
        const context = jsonParse(c);
        call.journal = makeJournal(context.journal);
        call.ctx = makeCtx(call, context, asks, random);
        const args = jsonParse(b);
        if (!isArray(args)) throw new NativeError('The arguments must be a JSON list');
        if (f !== IS_STREAM) start(call, a, args);
        else {
          call.stream = true;
          call.path = a;
          call.args = args;
          next(call);
        }
      } catch (error) {
        fail(call, error);
      }
    } else if (kind === REPLY) {
      running = calls[number] ?? null;
      asks.settle(a, b, c, d, jsonParse);
    } else if (kind === FIRE) timers.fire(a);
    else if (kind === NEXT) {
      const call = calls[number];
      running = call ?? null;
      if (call) next(call);
    } else if (kind === END) {
      const call = calls[number];
      running = call ?? null;
      if (!call) return;
      finish(call);
      if (call.controller) call.controller.abort(new DOMException('The call has ended', 'AbortError'));
      call.pages?.return?.();
    } else if (kind === INSPECT) enterAs(open(number, 0, 0), () => inspect(calls[number]));
  };
}

/** A field of the object itself, or of a class it was made from; never of Object.prototype. */
function own(value, name) {
  for (let at = value; at !== null && at !== undefined; at = getPrototypeOf(at)) {
    if (at === Object.prototype || typeof at !== 'object') return undefined;
    if (Object.hasOwn(at, name)) return value[name];
  }
  return undefined;
}

function walk(handlers, prefix, names, depth) {
  for (const key of objectKeys(handlers)) {
    const value = handlers[key];
    if (typeof value === 'function') push(names, prefix + key);
    else if (value && typeof value === 'object' && depth < 3) walk(value, `${prefix}${key}.`, names, depth + 1);
  }
}
