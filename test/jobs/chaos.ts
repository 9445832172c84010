import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { database } from '../../core/cli/database.ts';
import { connectDatabase } from '../../core/database/connect.ts';
import { enqueue } from '../../core/jobs/enqueue.ts';
import { Job } from '../../core/jobs/model.ts';
import { log } from '../../core/log.ts';
import { sleep } from './jobs.ts';
import { Ledger } from './ledger.ts';

export interface Rough {
  jobs: number;
  kills: number;
  pauses: number;
  workers?: number;
  lease_ms?: number;
  seed?: number;
  /** wall clocks of the workers, in ms off */
  shifts?: number[];
  /** jobs are due this much later */
  delay_ms?: number;
  job_ms?: number;
}

export interface Account {
  effects: number;
  jobs_with_effect: number;
  done: number;
  open: number;
  stale_rejected: number;
  /** effects that began before their job was due */
  early: number;
}

/** Real workers on one database, killed with SIGKILL and paused for twice their lease while they work. */
export async function sufferChaos(rough: Rough): Promise<Account> {
  const { workers = 3, lease_ms = 1000, shifts = [] } = rough;
  const random = numbers(rough.seed ?? 1);
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-chaos-'));
  const engine = await database({ data: folder });
  const connection = await connectDatabase({ uri: engine.uri, data: folder, log });
  let stale_rejected = 0;
  const spawnWorker = (index: number): Promise<ChildProcess> =>
    new Promise((resolve, reject) => {
      const env = {
        ...{ PATH: process.env.PATH, MONGODB_URI: engine.uri, LOG_LEVEL: 'fatal', LEASE_MS: String(lease_ms) },
        ...{ CLOCK_SHIFT_MS: String(shifts[index] ?? 0), JOB_MS: String(rough.job_ms ?? 30) },
      };
      const args = ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'worker.ts')];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], env });
      child.stdout?.on('data', (chunk) => {
        const text = String(chunk);
        if (text.includes('ready')) resolve(child);
        stale_rejected += Number(/stale (\d+)/.exec(text)?.[1] ?? 0);
      });
      child.once('exit', (code) => reject(new Error(`a worker ended with ${code}`)));
    });
  const crew = await Promise.all(Array.from({ length: workers }, (_, index) => spawnWorker(index)));
  try {
    await enqueueMany(rough.jobs, rough.delay_ms ?? 0);
    const arriving: Promise<void>[] = [];
    const fates = [...Array(rough.kills).fill('kill'), ...Array(rough.pauses).fill('pause')];
    for (const fate of shuffle(fates, random)) {
      const index = random(workers);
      const child = crew[index] as ChildProcess;
      if (fate === 'kill') {
        child.kill('SIGKILL');
        arriving.push(
          spawnWorker(index).then((fresh) => {
            crew[index] = fresh;
          }),
        );
      } else {
        child.kill('SIGSTOP');
        await sleep(lease_ms * 2);
        child.kill('SIGCONT');
      }
      await sleep(random(100));
      if (arriving.length >= workers - 1) await Promise.all(arriving.splice(0));
    }
    await Promise.all(arriving);
    while ((await Job.countDocuments({ kind: 'chaos.effect', state: 'done' })) < rough.jobs) await sleep(100);
    await Promise.all(crew.map(ended));
    const rows = await Ledger.find().lean();
    const due = new Map(
      (await Job.find({ kind: 'chaos.effect' }, { run_at: 1 }).lean()).map((row) => [row._id, row.run_at.getTime()]),
    );
    return {
      effects: rows.length,
      jobs_with_effect: new Set(rows.map((row) => row.job)).size,
      done: await Job.countDocuments({ state: 'done' }),
      open: (await Job.countDocuments({})) - (await Job.countDocuments({ state: 'done' })),
      stale_rejected,
      // The workers know the database's time to some milliseconds.
      early: rows.filter((row) => Number(row.at) < (due.get(row.job) ?? 0) - 50).length,
    };
  } finally {
    for (const child of crew) child.kill('SIGKILL');
    await connection.close();
    await engine.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function enqueueMany(count: number, delay_ms: number): Promise<void> {
  for (let from = 0; from < count; from += 500) {
    const size = Math.min(500, count - from);
    await enqueue(
      Array.from({ length: size }, (_, i) => ({
        ...{ id: `job:${from + i}`, kind: 'chaos.effect', workspace_id: `w${i % 7}`, data: null },
        ...(delay_ms > 0 && { delay_ms: Math.round((delay_ms * (i + 1)) / size) }),
      })),
    );
  }
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  child.kill('SIGTERM');
  return new Promise((resolve) => child.once('exit', () => resolve()));
}

function shuffle<T>(list: T[], random: (below: number) => number): T[] {
  return list
    .map((item) => ({ item, place: random(1e6) }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

/** A linear congruential generator: whole numbers below a bound, the same for the same seed. */
export function numbers(seed: number): (below: number) => number {
  let state = BigInt(seed);
  return (below) => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
    return Number(state >> 33n) % below;
  };
}
