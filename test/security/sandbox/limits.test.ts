import { expect } from 'chai';
import type { Answer, RunningHost } from '../../helpers/host.ts';
import { type Sideloaded, settled, sideload, sideloadHost } from '../../helpers/sideload.ts';

interface Limit {
  title: string;
  /** source of the action */
  action: string;
  input?: object;
  /** what the workspace allows for this row */
  workspace?: Record<string, number>;
  /** the type of the error, and its HTTP status; or what the answer must be */
  ends: [type: string, status: number] | ((answer: Answer) => boolean);
}

const big = (bytes: number) => ({ text: 'x'.repeat(bytes) });

const LIMITS: Limit[] = [
  { title: 'CPU', action: 'async () => { for (;;); }', ends: ['cpu_limit', 502] },
  { title: 'CPU after the first await', action: 'async () => { await null; for (;;); }', ends: ['cpu_limit', 502] },
  {
    title: 'wall clock, as the workspace allows it',
    workspace: { wall_ms: 400 },
    action: 'async () => { await new Promise((ok) => setTimeout(ok, 60_000)); }',
    ends: ['timeout', 504],
  },
  {
    title: 'heap',
    action: `async () => { const kept = []; for (let i = 0; i < 4; i++) kept.push(new Array(3_000_000)); return kept.length; }`,
    // Where fresh memory is slow to come, a call's 100 ms of CPU time are over first; with a job's, it is the heap:
    // test/sandbox/life.test.ts.
    ends: ({ status, body }) => status === 502 && ['memory_limit', 'cpu_limit'].includes(body.content.error.type),
  },
  { title: 'an answer over a megabyte', action: `async () => 'x'.repeat(1_100_000)`, ends: ['too_large', 502] },
  { title: 'arguments over a megabyte', action: 'async () => 1', input: big(1_100_000), ends: ['too_large', 502] },
  {
    title: 'a payload over what the workspace allows',
    workspace: { payload_bytes: 2000 },
    action: `async () => 'x'.repeat(3000)`,
    ends: ['too_large', 502],
  },
  { title: 'values', action: 'async () => new Array(260_000).fill(0)', ends: ['too_large', 502] },
  { title: 'depth', action: `async () => JSON.parse('['.repeat(70) + ']'.repeat(70))`, ends: ['bad_answer', 502] },
  {
    title: 'host calls',
    workspace: { host_calls: 5 },
    action: `async (ctx) => { for (let i = 0; i < 6; i++) await ctx.store.get('k' + i); return 'out'; }`,
    ends: ['too_many_host_calls', 502],
  },
  {
    title: 'log lines: more of them are counted, and said',
    workspace: { log_lines: 3 },
    action: `async (ctx) => { for (let i = 0; i < 10; i++) ctx.log('line ' + i); return 'done'; }`,
    ends: ({ body }) => body.content.output === 'done',
  },
  {
    title: 'timers',
    workspace: { timers: 4 },
    action: `async () => { for (let i = 0; i < 5; i++) setTimeout(() => {}, 10); return 'out'; }`,
    ends: ['threw', 502],
  },
];

describe('each limit of a call bites, with an error of its own', function limits() {
  this.timeout(180_000);
  let host: RunningHost;
  let plugin: Sideloaded;
  let other: Sideloaded;
  let workspace: string;
  const allow = async (plugins: Record<string, number> | null) => {
    const answer = await host.request('PATCH', `/workspaces/${workspace}`, { body: { limits: { plugins } } });
    expect(answer.status, answer.text).to.equal(200);
    expect(answer.body.content.limits.plugins).to.deep.equal(plugins);
  };

  before(async () => {
    host = await sideloadHost();
    workspace = (await host.request('GET', '/auth/me')).body.content.workspace_id;
    const actions = Object.fromEntries(LIMITS.map(({ action }, i) => [`limit_${i}`, action]));
    plugin = await sideload(host, { name: '@bound/all', actions, permissions: [{ name: 'storage' }] });
    other = await sideload(host, {
      name: '@bound/other',
      manifest: { limits: { concurrency: 1 } },
      actions: {
        hello: `async () => 'still here'`,
        wait: `async (ctx, { ms }) => { await new Promise((ok) => setTimeout(ok, ms)); return 'waited'; }`,
      },
    });
  });
  afterEach(async () => {
    await allow(null);
    await host.request('POST', `/plugins/${plugin.id}/resume`);
  });

  LIMITS.forEach(({ title, input, workspace: allowed, ends }, i) => {
    it(title, async () => {
      if (allowed) await allow(allowed);
      const answer = await settled(() => plugin.act(`limit_${i}`, input));
      await allow(null);
      if (typeof ends === 'function') expect(ends(answer), answer.text.slice(0, 500)).to.equal(true);
      else {
        const { status, body, text } = answer;
        expect([body.content.error?.type, status], text.slice(0, 500)).to.deep.equal(ends);
        expect(body.code).to.equal('F42308');
      }
      const next = await settled(() => other.act('hello'));
      expect(next.body.content.output, next.text).to.equal('still here');
    });
  });

  it('log lines that were dropped are counted in the last one', async () => {
    const { invocations } = (await host.request('GET', `/plugins/${plugin.id}/invocations?handler=actions.limit_10`))
      .body.content;
    const { logs } = (await host.request('GET', `/invocations/${invocations[0].id}`)).body.content;
    expect(logs.map((line: { message: string }) => line.message)).to.deep.equal([
      ...['line 0', 'line 1', 'line 2', '7 more lines were dropped'],
    ]);
  });

  it('concurrency and queue: one runs, one waits, the others hear when to come again', async () => {
    await allow({ queue: 1 });
    await other.act('hello');
    const answers = await Promise.all([1, 2, 3, 4].map(() => other.act('wait', { ms: 1500 })));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses, answers.map(({ text }) => text).join('\n')).to.deep.equal([200, 200, 429, 429]);
    const refused = answers.find(({ status }) => status === 429);
    expect(refused?.body.content.error.type).to.equal('busy');
    expect(Number(refused?.headers.get('retry-after'))).to.be.at.least(1);
  });

  it('heap: a manifest may ask for more than usual, a workspace may allow less', async () => {
    // An isolate three quarters full is made anew after its call, so what stays from call to call tells the bound.
    const keep = 'async () => { globalThis.kept ??= []; kept.push(new Array(1_000_000)); return kept.length; }';
    const greedy = await sideload(host, {
      ...{ name: '@bound/greedy', manifest: { limits: { heap_mb: 96 } }, actions: { keep } },
    });
    const most = async () => {
      let greatest = 0;
      // A call that found no time ends its isolate, and what was kept begins anew.
      for (let i = 0; i < 18 && greatest < 6; i++) {
        const { body, text } = await settled(() => greedy.act('keep'));
        expect(body.content.output, text).to.be.a('number');
        greatest = Math.max(greatest, body.content.output);
      }
      return greatest;
    };
    expect(await most()).to.equal(6);
    await allow({ heap_mb: 24 });
    expect(await most()).to.be.at.most(3);
  });
});
