import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import type { Started } from './start.ts';
import { output, script, startSandbox, until } from './start.ts';

const PLUGIN = `{ actions: {
  hello: async () => 'hello',
  count: async () => (globalThis.n = (globalThis.n ?? 0) + 1),
  sleep: async (ctx, ms) => { ctx.log('asleep'); await new Promise((ok) => setTimeout(ok, ms)); return 'slept'; },
  spin: async () => { for (;;); },
  burn: async (ctx, ms) => { const end = Date.now() + ms; while (Date.now() < end); return 'burnt'; },
  grow: async (ctx, mb) => { globalThis.kept ??= []; for (let i = 0; i < mb * 8; i++) kept.push(new Array(16384).fill(i)); return kept.length; },
} }`;

function sandboxPids(): number[] {
  const { stdout } = spawnSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)], { encoding: 'utf8' });
  return stdout
    .split('\n')
    .filter((line) => line.includes('child/process.ts'))
    .map((line) => Number.parseInt(line, 10));
}

describe('the life of a sandbox', () => {
  let started: Started;
  beforeEach(async () => {
    started = await startSandbox();
    started.plugin('p', PLUGIN);
  });
  afterEach(() => started.sandbox.close());
  const type = (result: Awaited<ReturnType<Started['run']>>) => (result.ok ? 'ok' : result.error.type);

  it('keeps an isolate warm between calls', async () => {
    expect(output(await started.run('p', 'actions.count'))).to.equal(1);
    expect(output(await started.run('p', 'actions.count'))).to.equal(2);
    expect(started.sandbox.metrics()).to.deep.include({ isolates: 1, cold_starts: 1 });
  });

  it('keeps the plugins in use loaded in the process that takes over when one ends', async () => {
    type Seen = { pid: number; use: string; loaded: Map<number, { isWarm: boolean }> };
    const all = () => [...(started.sandbox as unknown as { processes: { all: Set<Seen> } }).processes.all];
    const find = (use: string) => all().find((process) => process.use === use);
    started.plugin('u', PLUGIN, { trust: 'unverified' });
    await started.run('u', 'actions.hello');
    expect(find('heir')).to.equal(undefined);
    expect(output(await started.run('p', 'actions.count'))).to.equal(1);
    await until(() => [...(find('heir')?.loaded.values() ?? [])].map(({ isWarm }) => isWarm).join() === 'true');
    const [shared, heir] = [find('calls')?.pid, find('heir')?.pid];
    process.kill(shared as number, 'SIGKILL');
    await until(() => find('calls')?.pid === heir);
    expect(output(await started.run('p', 'actions.count'))).to.equal(1);
    expect(started.sandbox.metrics().cold_starts).to.equal(2);
  });

  it('starts an isolate anew when it is nearly full', async () => {
    const more = { use: 'job' as const };
    expect(output(await started.run('p', 'actions.grow', [26], more))).to.equal(208);
    expect(output(await started.run('p', 'actions.grow', [1], more))).to.equal(8);
  });

  it('runs an idempotent call again when its process is killed, and tells the others', async () => {
    await started.run('p', 'actions.hello');
    const again = started.run('p', 'actions.sleep', [500], { idempotent: true });
    const once = started.run('p', 'actions.sleep', [500]);
    await until(() => started.seen.log.length === 2);
    for (const pid of sandboxPids()) process.kill(pid, 'SIGKILL');
    const result = await again;
    expect(output(result)).to.equal('slept');
    expect(result.usage.attempt).to.equal(2);
    expect(type(await once)).to.equal('killed');
    expect(started.seen.strikes).to.have.length(0);
  });

  it('sends calls that had not been entered to another process', async () => {
    started.plugin('q', PLUGIN);
    await started.run('q', 'actions.hello');
    const guilty = started.run('p', 'actions.burn', [3000], { limits: { wall_ms: 4000 } });
    const waiting = started.run('q', 'actions.hello');
    await new Promise((resolve) => setTimeout(resolve, 30));
    for (const pid of sandboxPids()) process.kill(pid, 'SIGKILL');
    expect(output(await waiting)).to.equal('hello');
    expect(type(await guilty)).to.be.oneOf(['killed', 'cpu_limit', 'starved']);
  });

  it('gives three strikes a process of their own, five an end, and resumes on demand', async () => {
    const actions = [];
    // On a machine under load a call may be starved, which is nobody's fault.
    for (let i = 0; i < 50 && started.seen.strikes.length < 5; i++) {
      await started.run('p', 'actions.spin', [], { limits: { cpu_ms: 20 } });
    }
    await until(() => started.seen.strikes.length >= 5);
    for (const { strike } of started.seen.strikes) actions.push(strike.action);
    expect(actions).to.deep.equal(['noted', 'noted', 'solitary', 'noted', 'disabled']);
    expect(started.sandbox.metrics().processes.solitary).to.equal(1);
    const refused = await started.run('p', 'actions.hello');
    expect(type(refused)).to.equal('unavailable');
    expect(refused.ok ? '' : refused.error.message).to.include('5 failures');
    started.sandbox.resume('p');
    expect(output(await started.run('p', 'actions.hello'))).to.equal('hello');
  });

  it('queues beyond the concurrency of a plugin and refuses beyond its queue, saying when to come back', async () => {
    const limits = { concurrency: 2, queue: 3 };
    const calls = Array.from({ length: 8 }, () => started.run('p', 'actions.sleep', [40], { limits }));
    const results = await Promise.all(calls);
    const types = results.map(type).sort();
    expect(types).to.deep.equal(['busy', 'busy', 'busy', 'ok', 'ok', 'ok', 'ok', 'ok']);
    const busy = results.find((result) => !result.ok);
    expect(busy && !busy.ok && busy.error.retry_after_s).to.be.greaterThan(0);
  });

  it('lets a call wait for a place no longer than it might run', async () => {
    const limits = { concurrency: 1, wall_ms: 300 };
    const running = started.run('p', 'actions.sleep', [5000], { limits: { ...limits, wall_ms: 1500 } });
    await until(() => started.seen.log.length === 1);
    const waiting = await started.run('p', 'actions.hello', [], { limits });
    expect(waiting.ok ? null : waiting.error).to.deep.include({ type: 'busy', retry_after_s: 1 });
    expect(type(await running)).to.equal('timeout');
    expect(started.sandbox.metrics()).to.deep.include({ queued: 0, in_flight: 0 });
  });

  it('serves plugins in turn: a long queue of one does not hold up another', async () => {
    started.plugin('q', PLUGIN);
    const order: string[] = [];
    const note = (name: string) => (result: unknown) => {
      order.push(name);
      return result;
    };
    const limits = { concurrency: 1 };
    const long = Array.from({ length: 20 }, () => started.run('p', 'actions.sleep', [5], { limits }).then(note('p')));
    const short = started.run('q', 'actions.hello').then(note('q'));
    await Promise.all([...long, short]);
    expect(order.indexOf('q')).to.be.lessThan(5);
  });

  it('runs an unverified plugin and a jitless one in a process of its own', async () => {
    started.plugin('u', PLUGIN, { trust: 'unverified' });
    started.plugin('j', PLUGIN, { jitless: true });
    expect(output(await started.run('u', 'actions.hello'))).to.equal('hello');
    expect(output(await started.run('j', 'actions.hello'))).to.equal('hello');
    expect(started.sandbox.metrics().processes).to.deep.include({ solitary: 2, calls: 1 });
  });

  it('runs jobs in processes of their own, beside calls', async () => {
    const job = started.run('p', 'actions.burn', [1500], { use: 'job' });
    await until(() => started.sandbox.metrics().processes.jobs === 1);
    let isJobDone = false;
    job.then(() => {
      isJobDone = true;
    });
    await started.run('p', 'actions.hello');
    expect(isJobDone).to.equal(false);
    expect(output(await job)).to.equal('burnt');
  });

  it('ends a job that fills its heap by its own error, and the next one begins anew', async () => {
    expect(type(await started.run('p', 'actions.grow', [300], { use: 'job' }))).to.equal('memory_limit');
    expect(output(await started.run('p', 'actions.count', [], { use: 'job' }))).to.equal(1);
  });

  it('uses the code cache of one process in the next', async () => {
    const functions = Array.from({ length: 3000 }, (_, i) => `function f${i}(a) { return a + ${i}; }`).join('\n');
    const source = script(
      `{ actions: { go: async () => { let n = 0; ${Array.from({ length: 3000 }, (_, i) => `n = f${i}(n)`).join(';')}; return n; } } }`,
      functions,
    );
    started.sandbox.load({ id: 'big', name: '@test/big', version: '1.0.0', trust: 'verified', script: source });
    const cold = output(await started.run('big', 'actions.go'));
    expect(started.sandbox.metrics().cached_starts).to.equal(0);
    await until(() => started.sandbox.metrics().code_caches === 1);
    // Jobs run in another process, which gets the cache with the script.
    expect(output(await started.run('big', 'actions.go', [], { use: 'job' }))).to.equal(cold);
    expect(started.sandbox.metrics()).to.deep.include({ cold_starts: 2, cached_starts: 1 });
  });

  it('maps the stack of an error to the author’s file', async () => {
    // One segment: line 3 of the script is line 11, column 5 of src/plugin.ts.
    const source_map = JSON.stringify({
      version: 3,
      sources: ['../../src/plugin.ts', '/etc/passwd'],
      mappings: ';;AAUI',
    });
    started.sandbox.load({
      id: 'm',
      name: '@test/m',
      version: '2.0.0',
      trust: 'verified',
      source_map,
      script: `var __patchbay_plugin = { default: { manifest: {}, handlers: { actions: { go:\n\nasync () => { throw new Error('x'); } } } } };`,
    });
    const result = await started.run('m', 'actions.go');
    expect(result.ok ? '' : result.error.stack).to.include('plugin://@test/m@2.0.0/src/plugin.ts:11:5');
  });

  it('unloads: new calls are not found, running ones finish', async () => {
    const running = started.run('p', 'actions.sleep', [50]);
    await until(() => started.seen.log.length === 1);
    started.sandbox.unload('p');
    expect(type(await started.run('p', 'actions.hello'))).to.equal('not_found');
    expect(output(await running)).to.equal('slept');
    expect(started.sandbox.metrics().isolates).to.equal(0);
  });

  it('closes twice, lets running calls finish and takes no more', async () => {
    await started.run('p', 'actions.hello');
    const running = started.run('p', 'actions.sleep', [50]);
    await until(() => started.seen.log.length === 1);
    const closing = started.sandbox.close();
    expect(type(await started.run('p', 'actions.hello'))).to.equal('unavailable');
    expect(output(await running)).to.equal('slept');
    await closing;
    await started.sandbox.close();
    expect(sandboxPids()).to.deep.equal([]);
    expect(started.sandbox.status()).to.equal('down');
  });

  it('refuses options that make no sense', async () => {
    const thrown = await startSandbox({ processes: 0 }).then(
      () => null,
      (error: unknown) => error,
    );
    expect(thrown).to.be.instanceOf(TypeError);
  });
});

describe('a sandbox whose processes cannot start', () => {
  it('says that it is down, answers unavailable, and recovers by itself', async () => {
    const { launch } = await import('../../sandbox/pool/launch.ts');
    let broken = true;
    const started = await startSandbox(
      {},
      {
        launch: (options) => {
          if (broken) throw new Error('no descriptor left');
          return launch(options);
        },
      },
    );
    started.plugin('p', PLUGIN);
    expect(started.sandbox.status()).to.equal('down');
    const refused = await started.run('p', 'actions.hello');
    expect(refused.ok ? null : refused.error.type).to.equal('unavailable');
    broken = false;
    await until(() => started.sandbox.status() === 'up');
    expect(output(await started.run('p', 'actions.hello'))).to.equal('hello');
    await started.sandbox.close();
  });
});
