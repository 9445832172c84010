import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import type { CallResult } from '../../sandbox/index.ts';
import type { Started } from '../sandbox/start.ts';
import { startSandbox } from '../sandbox/start.ts';

/** `PATCHBAY_ROUNDS=2 mocha test/long/sandbox.test.ts` for a short run. */
const ROUNDS = Number(process.env.PATCHBAY_ROUNDS ?? 20);
const KILLS = ROUNDS * 25;
const KILL_EVERY_MS = 500;
const PLUGINS = 20;
const CALLS_PER_S = 100;
const ROOT = `${import.meta.dirname}/../..`;

function sandboxPids(): number[] {
  const { stdout } = spawnSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)], { encoding: 'utf8' });
  return stdout
    .split('\n')
    .filter((line) => line.includes('child/process.ts'))
    .map((line) => Number.parseInt(line, 10));
}

const p99 = (list: number[]) => [...list].sort((a, b) => a - b)[Math.floor(list.length * 0.99)] ?? 0;

describe(`${KILLS} sandbox processes killed under load`, function () {
  this.timeout(0);
  let started: Started;
  before(async () => {
    started = await startSandbox({ processes: 2 });
    for (let i = 0; i < PLUGINS; i++) {
      started.plugin(
        `p${i}`,
        `{ actions: { go: async (ctx, n) => { await new Promise((ok) => setTimeout(ok, 20)); return n; } } }`,
      );
    }
  });
  after(() => started.sandbox.close());

  /** Calls at a steady rate until told to stop; every one of them must come back. */
  async function load(isOver: () => boolean): Promise<{ results: CallResult[]; ms: number[] }> {
    const calls: Promise<void>[] = [];
    const results: CallResult[] = [];
    const ms: number[] = [];
    for (let n = 0; !isOver(); n++) {
      const began = performance.now();
      const call = started.run(`p${n % PLUGINS}`, 'actions.go', [n], { idempotent: n % 2 === 0 }).then((result) => {
        results.push(result);
        ms.push(performance.now() - began);
        if (result.ok) expect(JSON.parse(result.output)).to.equal(n);
      });
      calls.push(call);
      await wait(1000 / CALLS_PER_S);
    }
    await Promise.all(calls);
    return { results, ms };
  }

  it('cost every caller an answer or a typed error, and nobody a strike', async () => {
    let isOver = false;
    const quiet = await load(
      (() => {
        const end = performance.now() + 3000;
        return () => performance.now() > end;
      })(),
    );
    expect(quiet.results.every(({ ok }) => ok)).to.equal(true);
    const loaded = load(() => isOver);
    for (let i = 0; i < KILLS; i++) {
      await wait(KILL_EVERY_MS);
      const pids = sandboxPids();
      const pid = pids[i % pids.length];
      if (pid) process.kill(pid, 'SIGKILL');
    }
    isOver = true;
    const { results, ms } = await loaded;
    const types = new Set(results.map((result) => (result.ok ? 'ok' : result.error.type)));
    expect(
      [...types].every((type) => ['ok', 'killed', 'busy', 'unavailable', 'starved'].includes(type)),
      [...types].join(),
    ).to.equal(true);
    expect(started.seen.strikes).to.have.length(0);
    const answered = results.filter(({ ok }) => ok).length / results.length;
    console.log(
      `      answered ${(answered * 100).toFixed(1)} %, p99 ${p99(ms).toFixed(0)} ms, quiet ${p99(quiet.ms).toFixed(0)} ms, resent ${started.sandbox.metrics().resent}`,
    );
    expect(answered).to.be.greaterThan(0.5);
  });
});

describe('the host while plugins misbehave', function () {
  this.timeout(0);

  it('has an event loop as quick as when it idles, to a factor of three', async () => {
    const started = await startSandbox({ processes: 1 });
    const bad = [
      'for (;;);',
      'const a = []; for (;;) a.push(new Array(1000).fill(1));',
      `for (;;) ctx.store.get('a').catch(() => {});`,
      `return 'x'.repeat(900_000);`,
      `return 3n ** 30_000_000n > 2n;`,
    ];
    bad.forEach((code, i) => {
      started.plugin(`bad${i}`, `{ actions: { go: async (ctx) => { ${code} } } }`);
    });
    const measure = async (work: () => Promise<unknown>) => {
      const lag = monitorEventLoopDelay({ resolution: 1 });
      lag.enable();
      await work();
      lag.disable();
      return lag.percentile(99) / 1e6;
    };
    const idle = await measure(() => wait(3000));
    const busy = await measure(async () => {
      for (let round = 0; round < ROUNDS; round++) {
        for (let i = 0; i < bad.length; i++) {
          started.sandbox.resume(`bad${i}`);
          await started.run(`bad${i}`, 'actions.go', [], { grants: [{ name: 'storage' }], limits: { wall_ms: 500 } });
        }
      }
    });
    console.log(`      p99 of the event loop: idle ${idle.toFixed(1)} ms, under attack ${busy.toFixed(1)} ms`);
    await started.sandbox.close();
    expect(busy).to.be.at.most(3 * idle);
  });
});

describe('the attacks of test/security/sandbox', function () {
  this.timeout(0);

  for (let round = 1; round <= ROUNDS; round++) {
    it(`find no way out in round ${round}`, async () => {
      const mocha = spawn(`${ROOT}/node_modules/.bin/mocha`, ['test/security/sandbox/*.test.ts'], {
        cwd: ROOT,
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, PATH: `${ROOT}/node_modules/.bin:${process.env.PATH}` },
      });
      let output = '';
      mocha.stdout.on('data', (chunk) => {
        output += chunk;
      });
      const [code] = await once(mocha, 'exit');
      expect(code, output).to.equal(0);
    });
  }
});
