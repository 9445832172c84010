import { expect } from 'chai';
import { SandboxError } from '../../sandbox/index.ts';
import type { Started } from './start.ts';
import { NETWORK, startSandbox, until } from './start.ts';

describe('a stream', () => {
  let started: Started;
  before(async () => {
    started = await startSandbox();
    started.plugin(
      's',
      `{ streams: {
        pages: async function* (ctx, pull) { for (let i = pull.from; i < 3; i++) { ctx.log('page ' + i); yield { cursor: i }; } return 'end'; },
        host: async function* (ctx) { for (;;) { const a = await ctx.fetch('/p'); yield await a.json(); } },
        closes: async function* (ctx) { try { yield 1; yield 2; } finally { globalThis.closed = true; } },
        loops: async function* () { yield 1; for (;;); },
        throws: async function* () { yield 1; throw Object.assign(new Error('start over'), { name: 'CursorExpired' }); },
        slow: async function* () { yield 1; await new Promise((ok) => setTimeout(ok, 5000)); },
        none: async () => 5,
      }, actions: { closed: async () => globalThis.closed === true } }`,
    );
  });
  after(() => started.sandbox.close());
  const open = (name: string, more = {}) =>
    started.sandbox.stream({
      id: 's',
      handler: `streams.${name}`,
      args: '[{"from":0}]',
      context: '{}',
      grants: [NETWORK],
      scope: { who: 's' },
      use: 'job',
      ...more,
    });
  const failure = async (promise: Promise<unknown>) => {
    try {
      await promise;
    } catch (error) {
      if (error instanceof SandboxError) return error.error;
      throw error;
    }
    throw new Error('nothing was thrown');
  };

  it('gives its pages one by one, each with its own account, and its end once', async () => {
    const stream = open('pages');
    const pages = [await stream.next(), await stream.next(), await stream.next(), await stream.next()];
    expect(pages.map(({ done, value }) => [done, value])).to.deep.equal([
      [false, '{"cursor":0}'],
      [false, '{"cursor":1}'],
      [false, '{"cursor":2}'],
      [true, '"end"'],
    ]);
    expect(pages.map(({ logs }) => logs.map(({ message }) => message))).to.deep.equal([
      ['page 0'],
      ['page 1'],
      ['page 2'],
      [],
    ]);
    expect((await stream.next()).done).to.equal(true);
  });

  it('has its host calls counted anew on each page', async () => {
    const stream = open('host', { limits: { host_calls: 1 } });
    for (let i = 0; i < 3; i++) {
      const { value, usage } = await stream.next();
      expect(JSON.parse(value)).to.deep.equal({ url: '/p' });
      expect(usage.host_calls).to.have.length(1);
    }
    await stream.return();
  });

  it('that is closed early runs its finally, and frees its place', async () => {
    const stream = open('closes');
    await stream.next();
    expect(started.sandbox.metrics().in_flight).to.equal(1);
    await stream.return();
    expect(started.sandbox.metrics().in_flight).to.equal(0);
    expect((await started.run('s', 'actions.closed')).ok && 'closed').to.equal('closed');
    expect(await stream.next()).to.deep.include({ done: true });
  });

  it('that throws says why, by name', async () => {
    const stream = open('throws');
    await stream.next();
    expect(await failure(stream.next())).to.deep.include({ type: 'threw', name: 'CursorExpired' });
    await until(() => started.sandbox.metrics().in_flight === 0);
  });

  it('that loops on a page is ended by that page’s CPU limit', async () => {
    const stream = open('loops', { limits: { cpu_ms: 50 } });
    await stream.next();
    expect((await failure(stream.next())).type).to.be.oneOf(['cpu_limit', 'starved']);
  });

  it('that waits too long is ended by that page’s deadline', async () => {
    const stream = open('slow', { limits: { wall_ms: 50 } });
    await stream.next();
    expect((await failure(stream.next())).type).to.equal('timeout');
  });

  it('must be a generator', async () => {
    expect((await failure(open('none').next())).message).to.include('async function*');
  });

  it('of an unknown handler is not found', async () => {
    expect((await failure(open('unknown').next())).type).to.equal('not_found');
  });
});
