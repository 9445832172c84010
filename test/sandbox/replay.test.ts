import { expect } from 'chai';
import type { HostCallEntry, Journal, Recording } from '../../sandbox/index.ts';
import { replay } from '../../sandbox/index.ts';
import type { Started } from './start.ts';
import { NETWORK, output, script, startSandbox, textAnswer } from './start.ts';

const HANDLERS = `{ actions: { go: async (ctx, input) => {
  const [a, b] = await Promise.all([
    ctx.fetch('https://api.example.com/slow').then(async (r) => [await r.text(), Date.now()]),
    ctx.fetch('https://api.example.com/quick').then(async (r) => [await r.text(), new Date().getTime()]),
  ]);
  let refused;
  try { await ctx.fetch('https://evil.example/'); } catch (error) { refused = error.name; }
  await ctx.store.set('last', a[1]);
  const form = new FormData(); form.append('x', 'y');
  return {
    a, b, refused, first: a[1] < b[1] ? 'a' : 'b', said: String(Date()).length > 10, now: Temporal.Now.instant().epochMilliseconds,
    values: [Math.random(), Math.random(), crypto.randomUUID(), ctx.crypto.random(4).join()], input,
  };
} } }`;

describe('a recorded call', function recorded() {
  this.timeout(180_000);
  let started: Started;
  let recording: Recording;
  let original: unknown;

  before(async () => {
    const host_calls: HostCallEntry[] = [];
    let journal: Journal = { clock: [], is_cut: true };
    started = await startSandbox({
      onHostCall: (_scope, entry) => void host_calls.push(JSON.parse(JSON.stringify(entry))),
      onJournal: (_scope, told) => {
        journal = told;
      },
    });
    started.answer.fetch = async (request) => {
      if (request.url.endsWith('slow')) await new Promise((done) => setTimeout(done, 30));
      return textAnswer(`answer of ${request.url} at ${process.hrtime.bigint()}`);
    };
    started.plugin('p', HANDLERS);
    const seed = 'ab'.repeat(32);
    const context = { config: { colour: 'red' } };
    const grants = [NETWORK, { name: 'storage' } as const];
    const result = await started.run('p', 'actions.go', [{ n: 1 }], {
      grants,
      context: JSON.stringify({ ...context, journal: { seed } }),
    });
    original = output(result);
    expect(journal.is_cut).to.equal(false);
    recording = {
      ...{ handler: 'actions.go', args: [{ n: 1 }], context, grants, use: 'call', seed },
      ...{ clock: journal.clock, host_calls },
    };
  });
  after(() => started.sandbox.close());

  const image = (handlers: string) => ({ name: '@test/plugin', version: '1.0.0', script: script(handlers) });

  it('gives the same result again without the host: answers, their order, random values and the clock', async () => {
    const { result, differences, missing } = await replay(recording, image(HANDLERS));
    expect(output(result)).to.deep.equal(original);
    expect({ differences, missing }).to.deep.equal({ differences: [], missing: [] });
  });

  it('shows where another version of the plugin asks for something else, and what it asks no more', async () => {
    const other = HANDLERS.replace('example.com/quick', 'example.com/other').replace(/await ctx.store.*;/, '');
    const { result, differences, missing } = await replay(recording, image(other));
    expect(result.ok, JSON.stringify(result)).to.equal(true);
    expect(differences.map(({ n, seen }) => [n, (seen.request as { url: string }).url])).to.deep.equal([
      [2, 'https://api.example.com/other'],
    ]);
    expect(missing).to.deep.equal([4]);
  });

  it('has other random values without a journal, and from another seed', async () => {
    const values = async (context: object) => {
      started.plugin('r', `{ actions: { go: () => [Math.random(), crypto.randomUUID()] } }`);
      return output(await started.run('r', 'actions.go', [], { context: JSON.stringify(context) }));
    };
    const [a, b, c, d] = [
      await values({}),
      await values({}),
      await values({ journal: { seed: '01'.repeat(32) } }),
      await values({ journal: { seed: '02'.repeat(32) } }),
    ];
    expect(new Set([a, b, c, d].map((value) => JSON.stringify(value))).size).to.equal(4);
    expect(await values({ journal: { seed: '01'.repeat(32) } })).to.deep.equal(c);
  });
});
