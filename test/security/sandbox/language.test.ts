import type { CallErrorType } from '../../../sandbox/index.ts';
import { attacks } from './attack.ts';

/** Whatever the engine is quicker to notice. */
const ANY_END: CallErrorType[] = ['cpu_limit', 'memory_limit', 'killed', 'too_large', 'threw', 'bad_answer'];

/** Is this Node's global object, or something of its? */
const IS_NODE = `(x) => { try { return x !== undefined && x !== null && (x.process ?? x.require ?? x.Buffer) !== undefined; } catch { return false; } }`;

attacks('the language', [
  {
    title: 'loops in what a FinalizationRegistry calls',
    code: `globalThis.n = 0; const r = new FinalizationRegistry(() => { for (;;); }); for (let i = 0; i < 1000; i++) r.register({}, i); return false;`,
  },
  {
    title: 'asks call sites for functions of the host',
    code: `const is = ${IS_NODE}; let out = false; Error.prepareStackTrace = (e, sites) => { for (const s of sites) { for (const k of ['getThis', 'getFunction', 'getEvalOrigin', 'getTypeName']) { try { const v = s[k]?.(); if (is(v)) out = true; if (typeof v === 'function' && is(v.constructor('return this')())) out = true; } catch {} } } return sites; }; try { null.x; } catch (e) { e.stack; } try { ctx.fetch.call(null, { get toString() { throw 1; } }); } catch (e) { e.stack; } await ctx.fetch('https://x.example').catch((e) => e.stack); Error.prepareStackTrace = undefined; return out;`,
  },
  {
    title: 'reads paths of the host in a captured stack',
    code: `let e; try { await ctx.fetch('https://x.example/'); } catch (x) { e = x; } const t = {}; Error.captureStackTrace(t); return /node:|file:|\\/root|internal/.test(String(t.stack) + String(e.stack) + JSON.stringify(e, Object.getOwnPropertyNames(e)));`,
  },
  {
    title: 'disposes of its context',
    code: `let out = false; try { const s = new AsyncDisposableStack(); s.adopt(ctx, (c) => { out = c.process !== undefined; }); await s.disposeAsync(); } catch { } return out;`,
  },
  {
    title: 'hands iterator helpers an iterator of its own',
    code: `let got = false; const it = Iterator.from({ next() { return { done: false, value: 1 }; }, return() { got = typeof process !== 'undefined'; return {}; } }).take(3).toArray(); return got || it.length !== 3;`,
  },
  {
    title: 'collects a list without end',
    code: `await Array.fromAsync((async function* () { for (;;) yield 1; })()); return true;`,
    ends: ANY_END,
  },
  {
    title: 'awaits microtasks without end',
    code: `await (function loop() { return Promise.resolve().then(loop); })(); return true;`,
    ends: ANY_END,
  },
  {
    title: 'leaves microtasks without end behind',
    code: `(function loop() { Promise.resolve().then(loop); })(); return await new Promise(() => {});`,
    ends: ANY_END,
  },
  {
    title: 'answers with a proxy of ten million fields',
    code: `return new Proxy({}, { ownKeys() { return Array.from({ length: 1e7 }, (_, i) => 'k' + i); }, getOwnPropertyDescriptor() { return { enumerable: true, configurable: true, value: 1 }; } });`,
    ends: ANY_END,
  },
  {
    title: 'loops in the getter of then',
    code: `return { get then() { for (;;); } };`,
    ends: ANY_END,
  },
  {
    title: 'rejects with proxies that throw proxies',
    code: `return { then(ok, no) { no(new Proxy({}, { get() { throw new Proxy({}, { get() { for (;;); } }); } })); } };`,
    ends: ANY_END,
  },
  {
    title: 'throws a revoked proxy',
    code: `const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); throw proxy;`,
    ends: ANY_END,
  },
  {
    title: 'throws an error that is its own cause',
    code: `const e = new Error('x'); e.cause = e; e.errors = [e]; throw e;`,
    ends: ANY_END,
  },
  {
    title: 'finds no Node behind constructors of functions of every kind',
    code: `const is = ${IS_NODE}; for (const f of [async () => {}, function* () {}, async function* () {}]) { const g = Object.getPrototypeOf(f).constructor('return this'); let r; try { r = g(); } catch { continue; } const v = r?.next ? await r.next() : await r; if (is(v?.value ?? v)) return true; } return false;`,
  },
  {
    title: 'imports by any name',
    code: `for (const m of ['fs', 'node:fs', 'data:text/javascript,export default 1', 'file:///etc/passwd', './x.js']) { try { await import(m); return true; } catch {} } return false;`,
  },
  {
    title: 'imports from a function made of text',
    code: `try { return !!(await new Function('return import("node:fs")')()); } catch { return false; }`,
  },
  {
    title: 'walks from every global to Node',
    code: `const seen = new Set(); const is = ${IS_NODE}; const walk = (o, d) => { if ((typeof o !== 'object' && typeof o !== 'function') || o === null || seen.has(o) || d > 6) return false; seen.add(o); let names; try { names = Reflect.ownKeys(o); } catch { return false; } for (const k of names) { let v; try { v = o[k]; } catch { continue; } if (typeof k === 'string' && /^(process|require|ivm|_ivm|host|makeRuntime|mainModule|binding)$/.test(k)) return true; if (walk(v, d + 1)) return true; } try { return walk(Object.getPrototypeOf(o), d + 1); } catch { return false; } }; return walk(globalThis, 0) || walk(ctx, 0);`,
  },
  {
    title: 'gives a promise of the host another species',
    code: `class P extends Promise { static get [Symbol.species]() { return function (x) { x((v) => { globalThis.leak = v; }, () => {}); }; } } const p = ctx.fetch('https://x.example'); Object.setPrototypeOf(p, P.prototype); try { await p.then(() => 1); } catch {} return globalThis.leak?.process !== undefined;`,
  },
  {
    title: 'listens at the methods of lists for functions of the host',
    code: `let got = []; const p = Array.prototype.push; Array.prototype.push = function (...a) { for (const x of a) got[got.length] = x; return p.apply(this, a); }; try { await ctx.store.get('x'); } catch {} Array.prototype.push = p; return got.some((x) => typeof x === 'function' && String(x).includes('native code') && x.name === 'host');`,
  },
  {
    title: 'catches fields of the runtime by setters',
    code: `let got; for (const k of ['resolve', 'reject', 'call', 'controller', 'over', 'number', 'ctx', 'pages', 'json', 'body', 'ticket']) Object.defineProperty(Object.prototype, k, { set(v) { got = [k, v]; }, get() { return undefined; }, configurable: true }); try { await ctx.store.get('x'); } catch {} try { await ctx.fetch('https://x.example'); } catch {} const r = got !== undefined && typeof got[1] === 'function'; for (const k of ['resolve', 'reject', 'call', 'controller', 'over', 'number', 'ctx', 'pages', 'json', 'body', 'ticket']) delete Object.prototype[k]; return r;`,
  },
  {
    title: 'writes JSON of its own by toJSON of numbers',
    code: `Number.prototype.toJSON = function () { return '}],"x":'; }; Boolean.prototype.toJSON = () => 'x'; return { a: 1, b: true };`,
    ends: ['ok'],
  },
  {
    title: 'writes raw JSON',
    code: `return { a: JSON.rawJSON('1e999'), b: JSON.rawJSON('"\\\\ud800"'), c: JSON.rawJSON('123456789012345678901234567890') };`,
    ends: ['ok'],
  },
  {
    title: 'answers with a field named __proto__',
    code: `return JSON.parse('{"__proto__":{"isAdmin":true},"constructor":{"prototype":{"x":1}},"toString":1}');`,
    ends: ['ok'],
  },
  {
    title: 'answers with half characters and zeros in names',
    code: `return { ['a\\u0000b']: '\\ud800\\u0000', ['$where']: 'x', ['a.b']: 1 };`,
    ends: ['ok'],
  },
  {
    title: 'binds a function a million times',
    code: `let f = () => 1; for (let i = 0; i < 1e6; i++) f = f.bind(null); return f();`,
    ends: [...ANY_END, 'ok'],
  },
  {
    title: 'logs what cannot be written down',
    code: `const o = {}; o.o = o; for (const v of [o, new Proxy({}, { get() { throw 1; }, ownKeys() { throw 1; } }), { toJSON() { throw new Error('x'); } }, Symbol('s'), 10n, () => {}, new Error('e'), 'x'.repeat(1e5)]) { try { console.log(v); ctx.log.info(v, v); } catch {} } return 1;`,
    ends: ['ok', 'threw'],
  },
  {
    title: 'sets timers to what is no number',
    code: `for (const x of [NaN, -1, Infinity, 2 ** 40, '1e9', {}, null, { valueOf() { for (let i = 0; i < 10; i++); return 1; } }]) { try { setTimeout(() => {}, x); } catch {} } return 1;`,
    ends: ['ok', 'threw'],
  },
]);
