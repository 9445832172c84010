/**
 * What the sandbox costs, as ratios of interleaved rounds in one run: `node --no-node-snapshot test/bench/sandbox.ts`.
 * A ratio below its target passes. Absolute values are printed beside, for this machine.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { JOB_LIMITS } from '../../sandbox/index.ts';
import { HEAP } from '../../sandbox/pool/launch.ts';
import type { Started } from '../sandbox/start.ts';
import { script, startSandbox } from '../sandbox/start.ts';

const ivm = createRequire(import.meta.resolve('../../sandbox/index.ts'))('isolated-vm') as typeof import('isolated-vm');
const ROUNDS = 11;
const MB = 1024 * 1024;
const rows: { what: string; value: string; target: string; ok: boolean | null }[] = [];

const median = (list: number[]) => [...list].sort((a, b) => a - b)[list.length >> 1] as number;

function row(what: string, value: number, target: number | null, absolute: string, atLeast = false): void {
  const ok = target === null ? null : atLeast ? value >= target : value <= target;
  rows.push({
    what,
    value: `${value.toFixed(2)} (${absolute})`,
    target: target === null ? '' : `${atLeast ? '≥' : '≤'} ${target}`,
    ok,
  });
}

/** Microseconds per run of each, medians of interleaved rounds. */
async function compare<Name extends string>(
  times: number,
  all: Record<Name, () => Promise<unknown>>,
): Promise<Record<Name, number>> {
  const names = Object.keys(all) as Name[];
  const taken = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of names) {
      const began = performance.now();
      for (let i = 0; i < times; i++) await all[name]();
      taken[name].push(((performance.now() - began) / times) * 1000);
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(taken[name])])) as Record<Name, number>;
}

const us = (n: number) => `${n.toFixed(0)} µs`;

/** An isolate in this process, entered as usual: arguments copied in, a reference out, which is copied. */
function inProcess() {
  const isolate = new ivm.Isolate({ memoryLimit: 128 });
  const context = isolate.createContextSync();
  context.global.setSync(
    'host',
    new ivm.Reference(async (request: unknown) => new ivm.ExternalCopy({ got: request }).copyInto()),
  );
  const copied = context.evalSync('(async (input) => ({ input }))', { reference: true });
  const json = context.evalSync('((input) => JSON.stringify({ input: JSON.parse(input) }))', { reference: true });
  const hosted = context.evalSync(
    `(async (input) => ({ input, a: await host.apply(undefined, [{ url: '/x' }], { arguments: { copy: true }, result: { promise: true, copy: true } }) }))`,
    { reference: true },
  );
  return {
    usual: async (input: object) => {
      const result = await copied.apply(undefined, [input], {
        arguments: { copy: true },
        result: { promise: true, reference: true },
        timeout: 1000,
      });
      return await (result as unknown as { copy(): Promise<unknown> }).copy();
    },
    json: async (text: string) => await json.apply(undefined, [text], { timeout: 1000 }),
    hosted: async (input: object) => {
      const result = await hosted.apply(undefined, [input], {
        arguments: { copy: true },
        result: { promise: true, reference: true },
        timeout: 1000,
      });
      return await (result as unknown as { copy(): Promise<unknown> }).copy();
    },
  };
}

const payload = (bytes: number) => ({
  list: Array.from({ length: Math.ceil(bytes / 50) }, (_, i) => ({ id: i, name: `record ${i}`, value: i * 1.5 })),
});

const HANDLERS = `{ actions: {
  echo: async (ctx, input) => ({ input }),
  host: async (ctx, input) => ({ input, a: await ctx.store.get('x') }),
  transform: async (ctx, records) => records.map((r) => ({ id: String(r.id), title: r.name.toUpperCase(), total: r.value * 1.2, tags: [r.name.slice(0, 3)] })),
  flood: async (ctx) => { const end = Date.now() + 1000; let n = 0; while (Date.now() < end) { ctx.store.get('x').catch(() => {}); n++; } return n; },
  spin: async () => { for (;;); },
} }`;

async function calls(started: Started): Promise<void> {
  const local = inProcess();
  const send = (handler: string, args: string) =>
    started.sandbox.call({
      id: 'bench',
      handler,
      args,
      context: '{}',
      grants: [{ name: 'storage' }],
      scope: { who: 'b' },
      use: 'call',
      limits: {},
    });
  const small = payload(1000);
  const large = payload(100_000);
  for (const [name, input, times] of [
    ['1 KB', small, 300],
    ['100 KB', large, 20],
  ] as const) {
    const text = JSON.stringify(input);
    const args = `[${text}]`;
    const t = await compare(times, {
      pool: () => send('actions.echo', args),
      usual: () => local.usual(input),
      json: () => local.json(text),
    });
    row(
      `warm call, ${name}: pool / in-process, copied in, reference out`,
      t.pool / t.usual,
      name === '1 KB' ? 0.9 : null,
      `${us(t.pool)} / ${us(t.usual)}`,
    );
    row(
      `warm call, ${name}: pool / in-process with JSON`,
      t.pool / t.json,
      name === '1 KB' ? 1.8 : 1.5,
      `${us(t.pool)} / ${us(t.json)}`,
    );
  }
  const args = `[${JSON.stringify(small)}]`;
  const t = await compare(200, { pool: () => send('actions.host', args), usual: () => local.hosted(small) });
  row('with one host call: pool / in-process', t.pool / t.usual, 1.6, `${us(t.pool)} / ${us(t.usual)}`);
  const inFlight = await compare(10, {
    pool: () => Promise.all(Array.from({ length: 32 }, () => send('actions.echo', args))),
    usual: () => Promise.all(Array.from({ length: 32 }, () => local.usual(small))),
  });
  row(
    '32 in flight: throughput of one process / in-process',
    inFlight.usual / inFlight.pool,
    0.5,
    `${us(inFlight.pool / 32)} / ${us(inFlight.usual / 32)} each`,
    true,
  );
}

/** The engine alone in a process of its own, with the flags of a sandbox process. */
async function coldStart(): Promise<void> {
  const file = join(import.meta.dirname, '../sandbox/cold-start.ts');
  const flags = [...HEAP, '--disable-warning=ExperimentalWarning'];
  const run = spawnSync(process.execPath, [...flags, file, String(ROUNDS)], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(run.stderr);
  const { bytes, cold, cached } = JSON.parse(run.stdout) as { bytes: number; cold: number[]; cached: number[] };
  const absolute = `${median(cached).toFixed(1)} ms / ${median(cold).toFixed(1)} ms`;
  row(
    `cold start of ${Math.round(bytes / 1024)} KB: with the code cache / without`,
    median(cached) / median(cold),
    0.4,
    absolute,
  );
}

function rss(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]) * 4096;
}

function pids(): number[] {
  const { stdout } = spawnSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)], { encoding: 'utf8' });
  return stdout
    .split('\n')
    .filter((line) => line.includes('child/process.ts'))
    .map((line) => Number.parseInt(line, 10));
}

async function density(): Promise<void> {
  const started = await startSandbox();
  const body = Array.from(
    { length: 150 },
    (_, i) => `function g${i}(a) { return { id: ${i}, a, text: 'a function of a plugin' }; }`,
  ).join('\n');
  const load = (i: number) => {
    started.sandbox.load({
      id: `d${i}`,
      name: '@b/d',
      version: '1.0.0',
      trust: 'verified',
      script: script(HANDLERS, `${body}\n// ${i}`),
    });
    return started.run(`d${i}`, 'actions.echo', [{ a: 1 }]);
  };
  for (let i = 0; i < 10; i++) await load(i);
  const total = () => pids().reduce((sum, pid) => sum + rss(pid), 0);
  const before = total();
  const count = 200;
  for (let i = 10; i < 10 + count; i++) await load(i);
  const each = (total() - before) / count;
  row('loaded plugins per GB, one trust group', (1024 * MB) / each, 280, `${(each / MB).toFixed(2)} MB each`, true);
  await started.sandbox.close();
  const worker = await workerCost();
  row(
    '  a worker thread per plugin: plugins per GB',
    (1024 * MB) / worker.bytes,
    null,
    `${(worker.bytes / MB).toFixed(1)} MB each, ${us(worker.call)} a call`,
  );
  const child = await childCost();
  row(
    '  a process per plugin: plugins per GB',
    (1024 * MB) / child.bytes,
    null,
    `${(child.bytes / MB).toFixed(1)} MB each, ${us(child.call)} a call`,
  );
}

const ECHO = `const { parentPort } = require('node:worker_threads'); const port = parentPort ?? process; port.on('message', (m) => { (parentPort ?? { postMessage: (x) => process.send(x) }).postMessage({ input: m }); });`;

async function workerCost(): Promise<{ bytes: number; call: number }> {
  const before = rss(process.pid);
  const workers = Array.from({ length: 10 }, () => new Worker(ECHO, { eval: true }));
  const ask = async (worker: Worker) => {
    const answer = once(worker, 'message');
    worker.postMessage(payload(1000));
    await answer;
  };
  for (const worker of workers) await ask(worker);
  const bytes = (rss(process.pid) - before) / workers.length;
  const { call } = await compare(200, { call: () => ask(workers[0] as Worker) });
  await Promise.all(workers.map((worker) => worker.terminate()));
  return { bytes, call };
}

async function childCost(): Promise<{ bytes: number; call: number }> {
  const child = spawn(process.execPath, ['-e', ECHO], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const ask = async () => {
    const answer = once(child, 'message');
    child.send(payload(1000));
    await answer;
  };
  await ask();
  const bytes = rss(child.pid ?? 0);
  const { call } = await compare(200, { call: ask });
  child.kill();
  return { bytes, call };
}

async function bounds(started: Started): Promise<void> {
  const grow: number[] = [];
  const before = rss(process.pid);
  const sampler = setInterval(() => grow.push(rss(process.pid) - before), 20);
  await started.run('bench', 'actions.flood', [], { use: 'job', grants: [{ name: 'storage' }] });
  clearInterval(sampler);
  const most = Math.max(0, ...grow) / MB;
  row('host growth in a host-call flood of one second, MB', most, 20, `${most.toFixed(1)} MB`);
  const used: number[] = [];
  for (let i = 0; i < 9; i++) {
    started.sandbox.resume('bench');
    const result = await started.run('bench', 'actions.spin');
    if (!result.ok && result.error.type === 'cpu_limit') used.push(result.usage.cpu_ms);
  }
  row('CPU limit: used / allowed', median(used) / 100, 1.05, `${median(used).toFixed(1)} ms of 100`);
  started.sandbox.resume('bench');
}

async function transform(started: Started): Promise<void> {
  const records = Array.from({ length: 1000 }, (_, i) => ({
    id: i,
    name: `record number ${i}`,
    value: i * 1.1,
    more: 'x'.repeat(40),
  }));
  type R = (typeof records)[number];
  const work = (list: R[]) =>
    list.map((r) => ({
      id: String(r.id),
      title: r.name.toUpperCase(),
      total: r.value * 1.2,
      tags: [r.name.slice(0, 3)],
    }));
  const text = JSON.stringify([records]);
  const t = await compare(20, {
    pool: () =>
      started.sandbox.call({
        id: 'bench',
        handler: 'actions.transform',
        args: text,
        context: '{}',
        grants: [],
        scope: { who: 'b' },
        use: 'call',
      }),
    direct: async () => JSON.stringify(work((JSON.parse(text) as [R[]])[0])),
  });
  row('transform of 1,000 records: pool / direct', t.pool / t.direct, 1.8, `${us(t.pool)} / ${us(t.direct)}`);
}

async function standby(started: Started): Promise<void> {
  const warm: number[] = [];
  for (let i = 0; i < 20; i++) warm.push((await started.run('bench', 'actions.echo', [1])).usage.wall_ms);
  const first: number[] = [];
  for (let i = 0; i < 5; i++) {
    const call = started.run('bench', 'actions.spin', [], {
      idempotent: false,
      limits: { wall_ms: 5000 },
      use: 'call',
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    const victims = pids().slice(0, 1);
    for (const pid of victims) process.kill(pid, 'SIGKILL');
    const began = performance.now();
    await started.run('bench', 'actions.echo', [1]);
    first.push(performance.now() - began);
    await call;
    await new Promise((resolve) => setTimeout(resolve, 400));
  }
  row(
    'first answer after kill -9, isolate and plugin made anew, ms',
    median(first),
    null,
    `a warm call takes ${median(warm).toFixed(2)} ms`,
  );
}

const started = await startSandbox({
  onHostCall: undefined as never,
  limits: { ...JOB_LIMITS, cpu_ms: 100, concurrency: 64, host_calls: 100 },
});
started.plugin('bench', HANDLERS);
await calls(started);
await transform(started);
await coldStart();
await bounds(started);
await standby(started);
await started.sandbox.close();
await density();
const width = Math.max(...rows.map(({ what }) => what.length));
for (const { what, value, target, ok } of rows) {
  console.log(`${ok === null ? '     ' : ok ? 'ok   ' : 'MISS '} ${what.padEnd(width)}  ${target.padEnd(7)} ${value}`);
}
process.exit(rows.some(({ ok }) => ok === false) ? 1 : 0);
