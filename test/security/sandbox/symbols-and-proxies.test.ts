import { expect } from 'chai';
import type { Grant } from '../../../sandbox/index.ts';
import { attacks } from './attack.ts';

const NETWORK: Grant = { name: 'network', hosts: ['api.example.com'] };

attacks('symbols and proxies', [
  {
    title: 'changes the context through its prototype',
    code: `try { Object.setPrototypeOf(ctx.store, { get: () => 1 }); return true; } catch { return false; }`,
  },
  {
    title: 'replaces a function of the store',
    code: `'use strict'; try { ctx.store.get = () => 1; return true; } catch { return false; }`,
  },
  {
    title: 'replaces a function of crypto',
    code: `'use strict'; try { ctx.crypto.hmac = () => 1; return true; } catch { return false; }`,
  },
  { title: 'finds no symbol on the context', code: `return Reflect.ownKeys(ctx).some((k) => typeof k === 'symbol');` },
  {
    title: 'finds no hidden field on ctx.fetch',
    code: `return Reflect.ownKeys(ctx.fetch).some((k) => !['length', 'name', 'prototype'].includes(k));`,
  },
  {
    title: 'reaches no host value through Symbol.toPrimitive of the input',
    code: `return Symbol.toPrimitive in input;`,
  },
  {
    title: 'gives a proxy as options and reads nothing of the runtime by its traps',
    code: `const caught = []; const p = new Proxy({}, { get(t, k, r) { caught.push(r); return undefined; }, ownKeys() { return []; }, getOwnPropertyDescriptor() {} }); try { await ctx.fetch('https://evil.example/', p); } catch {} return caught.some((r) => r !== p && 'host' in Object(r));`,
    grants: [NETWORK],
  },
  {
    title: 'gives a proxy as headers that answers for any name',
    code: `const p = new Proxy({}, { ownKeys: () => ['host', 'a'], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true, value: 'x' }), get: () => 'evil.example' }); try { await ctx.fetch('https://api.example.com/', { headers: p }); return true; } catch { return false; }`,
    grants: [NETWORK],
    host: ({ seen }) => expect(seen.fetch).to.have.length(0),
  },
  {
    title: 'makes instanceof lie by Symbol.hasInstance',
    code: `Object.defineProperty(Request, Symbol.hasInstance, { value: () => true }); Object.defineProperty(URLSearchParams, Symbol.hasInstance, { value: () => true }); try { await ctx.fetch('https://evil.example/', { body: 'x' }); return true; } catch { return false; }`,
    grants: [NETWORK],
    host: ({ seen }) => expect(seen.fetch).to.have.length(0),
  },
  {
    title: 'returns a proxy of a list whose length is endless',
    code: `return new Proxy([], { get: (t, k) => k === 'length' ? 2 ** 53 : k === 'toJSON' ? undefined : 1 });`,
    ends: ['cpu_limit', 'memory_limit', 'killed', 'threw', 'starved'],
  },
  {
    title: 'returns a proxy that was revoked',
    code: 'const { proxy, revoke } = Proxy.revocable({}, {}); setTimeout(revoke, 0); await new Promise((ok) => setTimeout(ok, 5)); return proxy;',
    ends: ['threw'],
  },
  {
    title: 'uses Symbol.asyncIterator to keep a call alive after its end',
    code: `globalThis.kept = ctx; return false;`,
  },
  {
    title: 'registers a finaliser that sees nothing of the host',
    code: `new FinalizationRegistry(() => { for (;;); }).register({}, 1); return false;`,
  },
  {
    title: 'finds the same Symbol.for registry and nothing of the host in it',
    code: `return ['nodejs.util.inspect.custom', 'nodejs.util.promisify.custom', 'nodejs.rejection'].some((k) => Symbol.for(k) in Object(ctx) || Symbol.for(k) in ctx.fetch);`,
  },
]);
