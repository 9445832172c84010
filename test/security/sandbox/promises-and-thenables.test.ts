import { attacks } from './attack.ts';

attacks('promises and thenables', [
  { title: 'loops after its first await', code: 'await null; for (;;);', ends: ['cpu_limit', 'starved'] },
  {
    title: 'loops in a microtask',
    code: 'queueMicrotask(() => { for (;;); }); return 1;',
    ends: ['cpu_limit', 'starved'],
  },
  {
    title: 'loops for ever in microtasks that make microtasks',
    code: 'const f = () => Promise.resolve().then(f); await f();',
    ends: ['cpu_limit', 'memory_limit', 'starved', 'killed'],
  },
  { title: 'returns a thenable that loops', code: 'return { then() { for (;;); } };', ends: ['cpu_limit', 'starved'] },
  { title: 'returns a thenable that never resolves', code: 'return { then() {} };', ends: ['threw'] },
  {
    title: 'returns a thenable that resolves with itself for ever',
    code: 'const t = { then(ok) { ok(t); } }; return t;',
    ends: ['cpu_limit', 'memory_limit', 'starved', 'killed'],
  },
  {
    title: 'returns an object whose toJSON loops',
    code: 'return { toJSON() { for (;;); } };',
    ends: ['cpu_limit', 'starved'],
  },
  {
    title: 'returns an object whose getter loops',
    code: 'return { get a() { for (;;); } };',
    ends: ['cpu_limit', 'starved'],
  },
  {
    title: 'returns a proxy whose traps loop',
    code: 'return new Proxy({}, { ownKeys() { for (;;); } });',
    ends: ['cpu_limit', 'starved'],
  },
  {
    title: 'loops after a timer',
    code: 'await new Promise((ok) => setTimeout(ok, 1)); for (;;);',
    ends: ['cpu_limit', 'starved'],
  },
  { title: 'loops in a finally', code: 'try { return 1; } finally { for (;;); }', ends: ['cpu_limit', 'starved'] },
  {
    title: 'loops after the answer of the host',
    code: `await ctx.store.get('a'); for (;;);`,
    grants: [{ name: 'storage' }],
    ends: ['cpu_limit', 'starved'],
  },
  { title: 'never settles', code: 'await new Promise(() => {});', ends: ['threw'] },
  { title: 'leaves a rejection that nobody handles', code: 'Promise.reject(new Error("x")); return false;' },
  {
    title: 'replaces Promise and gains no resolver of the host',
    code: `const taken = []; const P = Promise; globalThis.Promise = class extends P { constructor(f) { super((a, b) => { taken.push(a); f(a, b); }); } }; P.prototype.constructor = globalThis.Promise; try { await ctx.fetch('https://evil.example/'); return true; } catch { return false; }`,
  },
  {
    title: 'replaces Promise.prototype.then and the host still refuses',
    code: `const then = Promise.prototype.then; Promise.prototype.then = function (a, b) { return then.call(this, a, () => a('{"status":200}')); }; let out = false; await then.call(ctx.fetch('https://evil.example/'), (x) => { out = x?.status === 200 && x.url !== undefined; }, () => {}); return out;`,
  },
]);
