import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import type { CallResult } from '../../sandbox/index.ts';
import type { Started } from '../sandbox/start.ts';
import { startSandbox } from '../sandbox/start.ts';

/** `npm run test:long -- --only sandbox --rounds 2` for a short run. */
const ROUNDS = Number(process.env.ROUNDS ?? 20);
const SEED = Number(process.env.SEED ?? 1);
const KILLS = ROUNDS * 25;
const KILL_EVERY_MS = 500;
const PLUGINS = 20;
const CALLS_PER_S = 100;
const CALL_MS = 20;
/** How long after a kill the plugins of that process may feel it; the others may not feel it at all. */
const HIT_FOR_MS = 1_000;
const ROOT = `${import.meta.dirname}/../..`;

const at = (share: number, list: number[]) => [...list].sort((a, b) => a - b)[Math.floor(list.length * share)] ?? 0;

/** mulberry32: the same seed kills in the same order. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Done {
  plugin: string;
  began: number;
  ms: number;
  result: CallResult;
}

interface Seen {
  pid: number;
  isReady: boolean;
  loaded: Map<number, { state: { image: { id: string } } }>;
}

/** The processes as the pool knows them: which are ready, and which plugins each has loaded. */
function processes(started: Started): Seen[] {
  return [...(started.sandbox as unknown as { processes: { all: Set<Seen> } }).processes.all];
}

describe(`${KILLS} sandbox processes killed under load, seed ${SEED}`, function () {
  this.timeout(0);
  let started: Started;
  before(async () => {
    started = await startSandbox({ processes: 2 });
    for (let i = 0; i < PLUGINS; i++) {
      started.plugin(
        `p${i}`,
        `{ actions: { go: async (ctx, n) => { await new Promise((ok) => setTimeout(ok, ${CALL_MS})); return n; } } }`,
      );
      await started.run(`p${i}`, 'actions.go', [i]);
    }
  });
  after(() => started.sandbox.close());

  /** Calls at a steady rate until told to stop; every one of them must come back. */
  async function load(isOver: () => boolean): Promise<Done[]> {
    const calls: Promise<void>[] = [];
    const done: Done[] = [];
    const first = performance.now();
    for (let n = 0; !isOver(); n++) {
      const began = performance.now();
      const plugin = `p${n % PLUGINS}`;
      const call = started.run(plugin, 'actions.go', [n], { idempotent: n % 2 === 0 }).then((result) => {
        done.push({ plugin, began, ms: performance.now() - began, result });
        if (result.ok) expect(JSON.parse(result.output)).to.equal(n);
      });
      calls.push(call);
      // By the clock, so that a slow machine is sent as many calls as a quick one.
      await wait(Math.max(0, first + ((n + 1) * 1000) / CALLS_PER_S - performance.now()));
    }
    await Promise.all(calls);
    return done;
  }

  function during(ms: number): () => boolean {
    const end = performance.now() + ms;
    return () => performance.now() > end;
  }

  it('cost every caller an answer or a typed error, nobody a strike, and the plugins of other processes no time', async () => {
    const before = await load(during(5_000));
    let isOver = false;
    const next = random(SEED);
    const kills: { at: number; plugins: Set<string> }[] = [];
    const loaded = load(() => isOver);
    for (let i = 0; i < KILLS; i++) {
      await wait(KILL_EVERY_MS);
      // One failure at a time: on a slow machine a process may take longer to start than the pause.
      while (processes(started).length < 3 || !processes(started).every(({ isReady }) => isReady)) await wait(10);
      const all = processes(started);
      const victim = all[Math.floor(next() * all.length)] as Seen;
      const plugins = [...victim.loaded.values()].map(({ state }) => state.image.id);
      kills.push({ at: performance.now(), plugins: new Set(plugins) });
      process.kill(victim.pid, 'SIGKILL');
    }
    isOver = true;
    const done = await loaded;
    const base = [...before, ...(await load(during(5_000)))];
    expect(base.every(({ result }) => result.ok)).to.equal(true);
    const types: Record<string, number> = {};
    for (const { result } of done) {
      const type = result.ok ? 'ok' : result.error.type;
      types[type] = (types[type] ?? 0) + 1;
    }
    const isHit = ({ plugin, began, ms }: Done) =>
      kills.some((kill) => kill.plugins.has(plugin) && began + ms > kill.at && began < kill.at + HIT_FOR_MS);
    const times = (list: Done[]) => list.map(({ ms }) => ms);
    const others = times(done.filter((call) => !isHit(call)));
    /** The first answer of a process that took another's place: calls that began after the kill, first of each. */
    const firsts = kills
      .filter(({ plugins }) => plugins.size > 0)
      .map((kill) =>
        done.filter(({ plugin, began, result }) => kill.plugins.has(plugin) && began >= kill.at && result.ok),
      )
      .flatMap((list) =>
        list
          .sort((a, b) => a.began - b.began)
          .slice(0, 1)
          .map(({ ms }) => ms),
      );
    const ms = (n: number) => `${n.toFixed(0)} ms`;
    const warm = at(0.5, times(base));
    console.log(`      ${done.length} calls: ${JSON.stringify(types)}, sent again ${started.sandbox.metrics().resent}`);
    console.log(
      `      p99 of ${others.length} calls of other plugins ${ms(at(0.99, others))}, base ${ms(at(0.99, times(base)))}`,
    );
    console.log(
      `      first answer after a kill, median of ${firsts.length}: ${ms(at(0.5, firsts))}, a warm call ${ms(warm)}`,
    );
    for (const type of Object.keys(types)) {
      expect(type).to.be.oneOf(['ok', 'killed', 'busy', 'unavailable', 'starved']);
    }
    expect(started.seen.strikes).to.have.length(0);
    expect((types.ok ?? 0) / done.length).to.be.greaterThan(0.9);
    expect(at(0.99, others)).to.be.lessThan(2 * at(0.99, times(base)));
    expect(at(0.5, firsts)).to.be.at.most(3 * warm);
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
