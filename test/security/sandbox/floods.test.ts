import { expect } from 'chai';
import type { CallErrorType, Grant } from '../../../sandbox/index.ts';
import { attacks } from './attack.ts';

const ALL: Grant[] = [{ name: 'network', hosts: ['api.example.com'] }, { name: 'storage' }, { name: 'events:emit' }];
const LIMIT: CallErrorType[] = ['too_many_host_calls', 'cpu_limit', 'memory_limit', 'starved'];

attacks('floods', [
  {
    title: 'fetches for ever, one after the other',
    code: `for (;;) await ctx.fetch('https://api.example.com/');`,
    grants: ALL,
    ends: LIMIT,
    host: ({ seen }) => expect(seen.fetch.length).to.be.at.most(100),
  },
  {
    title: 'fetches ten thousand times at once',
    code: `await Promise.allSettled(Array.from({ length: 10_000 }, () => ctx.fetch('https://api.example.com/')));`,
    grants: ALL,
    ends: LIMIT,
    host: ({ seen }) => expect(seen.fetch.length).to.be.at.most(100),
  },
  {
    title: 'stores without waiting, for ever',
    code: `for (;;) ctx.store.set('a', 1).catch(() => {});`,
    grants: ALL,
    ends: [...LIMIT, 'killed'],
    host: ({ seen }) => expect(seen.store.length).to.be.at.most(100),
  },
  {
    title: 'emits events for ever',
    code: `for (;;) await ctx.emit('a.b', {});`,
    grants: ALL,
    ends: LIMIT,
    host: ({ seen }) => expect(seen.emit.length).to.be.at.most(100),
  },
  {
    title: 'tries what it may not, for ever',
    code: `for (;;) { try { await ctx.fetch('https://evil.example/'); } catch {} }`,
    ends: LIMIT,
    host: ({ seen }) => expect(seen.fetch).to.have.length(0),
  },
  {
    title: 'logs for ever',
    code: `for (;;) ctx.log('x');`,
    ends: ['cpu_limit', 'starved'],
    host: ({ seen }) => expect(seen.log.length).to.be.at.most(202),
  },
  {
    title: 'logs twenty thousand lines and is told how many were dropped',
    code: `for (let i = 0; i < 20_000; i++) console.log('line', i); return false;`,
    host: ({ seen }) => {
      expect(seen.log.length).to.be.at.most(201);
      const last = seen.log.at(-1)?.line.message;
      if (seen.log.length === 201) expect(last).to.match(/^\d+ more lines were dropped$/);
    },
  },
  {
    title: 'logs lines of a megabyte',
    // Fields are put into text on the plugin's own time: a few of them are as much as a slow machine does within 100 ms.
    code: `for (let i = 0; i < 50; i++) ctx.log('x'.repeat(1_000_000), i < 3 ? { y: 'y'.repeat(1_000_000) } : {}); return false;`,
    host: ({ seen }) => expect(JSON.stringify(seen.log).length).to.be.below(400_000),
  },
  {
    title: 'starts timers without end',
    code: `let refused = false; for (let i = 0; i < 10_000; i++) { try { setTimeout(() => {}, 1e6); } catch { refused = true; break; } } return !refused;`,
  },
  {
    title: 'starts an interval that never ends',
    code: `setInterval(() => {}, 0); await new Promise(() => {});`,
    ends: ['timeout', 'cpu_limit', 'starved'],
  },
  {
    title: 'leaves an interval behind, which ends with its call',
    code: `setInterval(() => ctx.log('still here'), 1); return false;`,
    host: ({ seen }) => expect(seen.log).to.have.length(0),
  },
  {
    title: 'leaves ten thousand rejections that nobody handles',
    code: `for (let i = 0; i < 10_000; i++) Promise.reject(new Error('x')); return false;`,
    host: ({ seen }) => expect(seen.log.length).to.be.at.most(1),
  },
  {
    title: 'asks for random bytes without end',
    code: `for (;;) ctx.crypto.random(65536);`,
    ends: ['cpu_limit', 'memory_limit', 'starved', 'killed'],
  },
]);
