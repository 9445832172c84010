import { expect } from 'chai';
import type { Grant } from '../../../sandbox/index.ts';
import type { Started } from '../../sandbox/start.ts';
import { attacks } from './attack.ts';

const NETWORK: Grant = { name: 'network', hosts: ['api.example.com'] };
const onlyGranted = ({ seen }: Started) =>
  expect(seen.fetch.filter(({ request }) => !request.url.startsWith('https://api.example.com/'))).to.have.length(0);

/** After the pollution the plugin tries what it may not do. */
const after = (title: string, pollution: string) => ({
  title: `replaces ${title} and may do no more than before`,
  code: `${pollution}; try { await ctx.fetch('https://evil.example/'); return true; } catch { return false; }`,
  grants: [NETWORK],
  host: onlyGranted,
});

attacks('pollution', [
  after('JSON.stringify', `JSON.stringify = () => '{"url":"https://evil.example/","method":"GET","headers":{}}'`),
  after('JSON.parse', `JSON.parse = () => ({ hosts: ['evil.example'], code: 'ok', message: '' })`),
  after(
    'Object.prototype.toJSON',
    `Object.prototype.toJSON = function () { return { ...this, granted: true, hosts: ['evil.example'] }; }`,
  ),
  after('String.prototype.toJSON', `String.prototype.toJSON = () => 'https://api.example.com/'`),
  after('Object.prototype.ok', `Object.prototype.ok = true; Object.prototype.grant = { name: 'network' }`),
  after('Array.prototype.push', `Array.prototype.push = function () { throw new Error('x'); }`),
  after(
    'the iterator of lists',
    `Array.prototype[Symbol.iterator] = function* () { yield ['url', 'https://evil.example/']; }`,
  ),
  after('Map.prototype.get', `Map.prototype.get = () => ({ ok: true })`),
  after('Map.prototype.set', `Map.prototype.set = function () { return this; }`),
  {
    title: 'replaces Promise.prototype.then and stops only itself',
    code: `Promise.prototype.then = async function () {}; await ctx.fetch('https://evil.example/'); return true;`,
    grants: [NETWORK],
    ends: ['threw'],
    host: onlyGranted,
  },
  after('Function.prototype.call and apply', `Function.prototype.call = Function.prototype.apply = () => true`),
  after('Reflect.apply', `Reflect.apply = () => true; Reflect.get = () => true`),
  after(
    'String.prototype.startsWith',
    `String.prototype.startsWith = () => true; String.prototype.endsWith = () => true`,
  ),
  after('RegExp.prototype.test', `RegExp.prototype.test = () => true; RegExp.prototype.exec = () => ['x', 'x']`),
  after(
    'Headers of the runtime',
    `Headers.prototype.append = () => {}; Headers.prototype[Symbol.iterator] = function* () {}`,
  ),
  after(
    'the URL of the runtime',
    `globalThis.URL = class { constructor() { this.hostname = 'api.example.com'; this.protocol = 'https:'; } }`,
  ),
  {
    title: 'pollutes Object.prototype and another plugin does not see it',
    code: `Object.prototype.polluted = 'yes'; Array.prototype.polluted = 'yes'; globalThis.polluted = 'yes'; return false;`,
    host: () => expect(({} as Record<string, unknown>).polluted).to.equal(undefined),
  },
  {
    title: 'pollutes with a setter and catches no field of the runtime',
    code: `const caught = []; for (const k of ['over', 'number', 'resolve', 'reject', 'call', 'waiting', 'controller']) Object.defineProperty(Object.prototype, k, { set(v) { caught.push(v); }, get() { return undefined; }, configurable: true }); try { await ctx.fetch('https://evil.example/'); } catch {} return caught.some((v) => typeof v === 'function' && v.name === 'host');`,
    grants: [NETWORK],
    host: onlyGranted,
  },
  {
    title: 'freezes every prototype and the next call still answers',
    code: `for (const k of Object.getOwnPropertyNames(globalThis)) { const v = globalThis[k]; if (v && v.prototype) Object.freeze(v.prototype); } return false;`,
  },
  {
    title: 'replaces the handlers of its own plugin by names of Object.prototype, which are no handlers',
    code: `Object.prototype.sneaky = async () => true; return false;`,
  },
]);
