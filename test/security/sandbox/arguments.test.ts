import { expect } from 'chai';
import type { Grant } from '../../../sandbox/index.ts';
import type { Started } from '../../sandbox/start.ts';
import { attacks } from './attack.ts';

const NETWORK: Grant = { name: 'network', hosts: ['api.example.com'] };
const reachedNothing = ({ seen }: Started) => expect(seen.fetch).to.have.length(0);
const refused = (
  title: string,
  call: string,
  grants: Grant[] = [NETWORK, { name: 'storage' }, { name: 'events:emit' }],
) => ({
  title,
  code: `try { await ${call}; return true; } catch { return false; }`,
  grants,
  host: (started: Started) => {
    reachedNothing(started);
    expect(started.seen.store).to.have.length(0);
    expect(started.seen.emit).to.have.length(0);
  },
});

attacks('arguments', [
  {
    title: 'gives an address that reads differently the second time',
    code: `let n = 0; try { await ctx.fetch({ toString: () => n++ ? 'https://evil.example/' : 'https://api.example.com/' }); } catch {} return n > 1;`,
    grants: [NETWORK],
    host: ({ seen }) =>
      expect(seen.fetch.every(({ request }) => request.url.startsWith('https://api.example.com/'))).to.equal(true),
  },
  refused(
    'splits a request by a header value with a line break',
    `ctx.fetch('https://api.example.com/', { headers: { a: 'b\\r\\nHost: evil' } })`,
  ),
  refused(
    'splits a request by a header name with a line break',
    `ctx.fetch('https://api.example.com/', { headers: { 'a\\r\\nx': 'b' } })`,
  ),
  refused('names the host by a header', `ctx.fetch('https://api.example.com/', { headers: { Host: 'evil.example' } })`),
  refused(
    'smuggles by Transfer-Encoding',
    `ctx.fetch('https://api.example.com/', { headers: { 'Transfer-Encoding': 'chunked' } })`,
  ),
  refused(
    'smuggles by Content-Length',
    `ctx.fetch('https://api.example.com/', { headers: { 'content-length': '3' } })`,
  ),
  refused(
    'claims to come through a proxy',
    `ctx.fetch('https://api.example.com/', { headers: { 'x-forwarded-for': '127.0.0.1' } })`,
  ),
  refused('opens a tunnel with CONNECT', `ctx.fetch('https://api.example.com/', { method: 'CONNECT' })`),
  refused('asks for an echo of credentials with TRACE', `ctx.fetch('https://api.example.com/', { method: 'TRACE' })`),
  refused(
    'splits a request by its method',
    `ctx.fetch('https://api.example.com/', { method: 'GET / HTTP/1.1\\r\\nX: y' })`,
  ),
  refused('sends a body that is no body', `ctx.fetch('https://api.example.com/', { method: 'POST', body: { a: 1 } })`),
  refused(
    'asks for a redirect mode that does not exist',
    `ctx.fetch('https://api.example.com/', { redirect: 'blindly' })`,
  ),
  refused('asks for a negative time', `ctx.fetch('https://api.example.com/', { timeout_ms: -1 })`),
  refused(
    'gives the name of an auth as an object',
    `ctx.fetch('https://api.example.com/', { auth: { toString: () => 'page' } })`,
  ),
  refused('stores under a key that is no text', `ctx.store.get({ $ne: null })`),
  refused('stores under an empty key', `ctx.store.set('', 1)`),
  refused('stores under a key without end', `ctx.store.set('k'.repeat(100000), 1)`),
  refused('lists with an operator in place of a prefix', `ctx.store.list({ prefix: { $gt: '' } })`),
  refused('emits an event type with an operator', `ctx.emit({ $gt: '' }, {})`),
  refused('emits an event of a shape that is no type', `ctx.emit('a b', {})`),
  refused(
    'nests a value a thousand levels deep',
    `ctx.store.set('a', JSON.parse('['.repeat(1000) + ']'.repeat(1000)))`,
  ),
  {
    title: 'sends more than a request may hold',
    code: `try { await ctx.fetch('https://api.example.com/', { method: 'POST', body: 'x'.repeat(3_000_000) }); return true; } catch { return false; }`,
    grants: [NETWORK],
    host: reachedNothing,
  },
  {
    title: 'overrides the operation of the store by an option',
    code: `await ctx.store.set('mine', 1, { op: 'delete', key: 'other' }); return false;`,
    grants: [{ name: 'storage' }],
    host: ({ seen }) =>
      expect(seen.store.map(({ request }) => request)).to.deep.equal([{ op: 'set', key: 'mine', value: 1 }]),
  },
  {
    title: 'sends __proto__ through JSON and changes nobody',
    code: `const o = JSON.parse('{"__proto__":{"granted":true},"a":1}'); await ctx.emit('a.b', o); return ({}).granted === true;`,
    grants: [{ name: 'events:emit' }],
    host: () => expect(({} as Record<string, unknown>).granted).to.equal(undefined),
  },
  {
    title: 'uses an hmac with a name that is a path',
    code: `try { await ctx.crypto.hmac('sha256', '../../key', 'x'); return true; } catch { return false; }`,
  },
]);
