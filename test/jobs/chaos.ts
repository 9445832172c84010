import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { connectDatabase } from '../../core/database/connect.ts';
import { databaseTime } from '../../core/jobs/clock.ts';
import { enqueue } from '../../core/jobs/enqueue.ts';
import { Job } from '../../core/jobs/model.ts';
import { log } from '../../core/log.ts';
import { retry } from '../../sdk/flow/retry.ts';
import { startEngine, temporaryFolder } from '../database/engine-process.ts';
import { type MovableClock, movableClock } from './clocks.ts';
import { sleep } from './jobs.ts';
import { Ledger } from './ledger.ts';

export interface Rough {
  jobs: number;
  kills: number;
  pauses: number;
  workers?: number;
  lease_ms?: number;
  seed?: number;
  /** what the workers' wall clocks are moved by, one after the other, while they work */
  moves?: number[];
  /** the jobs come due one after the other within this time; all at once unless given */
  spread_ms?: number;
  job_ms?: number;
  /** beside them, as many workers that nothing happens to do as many jobs: what a normal burst is on this machine now */
  compared?: boolean;
}

export interface Account {
  effects: number;
  jobs_with_effect: number;
  done: number;
  open: number;
  /** transactions of lost leases that the database refused, as the workers saw it */
  refused: number;
  /** effects before their job was due */
  early: number;
  /** most effects in any one second, against what comes due in one; `compared`, against the other workers' most if that is more */
  burst: number;
}

/** How long all jobs are given to be written down before the first one is due. */
const lead_ms = 1500;

/** Real workers on one database process, killed with SIGKILL, paused for twice their lease and told the wrong time. */
export async function sufferChaos(rough: Rough): Promise<Account> {
  const { workers = 3, lease_ms = 1000, spread_ms = 0 } = rough;
  const random = numbers(rough.seed ?? 1);
  const { folder, remove } = temporaryFolder();
  const engine = await startEngine(folder);
  const connection = await retry(() => connectDatabase({ uri: engine.uri, data: folder, log }), { attempts: 10 });
  const env = { MONGODB_URI: engine.uri, LEASE_MS: lease_ms, JOB_MS: rough.job_ms ?? 30 };
  const crew = new Crew({ ...env, JOB_KIND: 'chaos.effect' }, join(folder, 'clock'));
  const calm = new Crew({ ...env, JOB_KIND: 'chaos.calm' }, join(folder, 'calm'));
  try {
    const crews = rough.compared ? [crew, calm] : [crew];
    await Promise.all(crews.flatMap((one) => Array.from({ length: workers }, (_, index) => one.start(index))));
    const first = (await databaseTime()) + lead_ms;
    await enqueueMany('chaos.effect', rough.jobs, first, spread_ms);
    if (rough.compared) await enqueueMany('chaos.calm', rough.jobs, first, spread_ms);
    const fates = shuffle(fatesOf(rough), random);
    for (const [nth, fate] of fates.entries()) {
      // Evenly over the work, so that every kill meets a worker that has something to lose.
      await finished('chaos.effect', Math.floor((rough.jobs * 0.95 * nth) / fates.length));
      const index = random(workers);
      if (fate === 'kill') await crew.kill(index);
      else if (fate === 'pause') await crew.pause(index, lease_ms * 2);
      else crew.moveClock(index, fate);
    }
    await finished('chaos.effect', rough.jobs);
    if (rough.compared) await finished('chaos.calm', rough.jobs);
    await Promise.all(crews.map((one) => one.end()));
    return { ...(await judge(spread_ms)), refused: crew.refused };
  } finally {
    crew.killAll();
    calm.killAll();
    await connection.close();
    await engine.kill('SIGTERM');
    remove();
  }
}

/** The worker processes, by their places: a killed one is followed by a fresh one with the same clock. */
class Crew {
  refused = 0;
  readonly #members: ChildProcess[] = [];
  readonly #clocks: MovableClock[] = [];
  readonly #env: Record<string, string>;
  readonly #clockFile: string;

  constructor(env: Record<string, string | number>, clockFile: string) {
    this.#env = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, String(value)]));
    this.#clockFile = clockFile;
  }

  start(index: number): Promise<void> {
    this.#clocks[index] ??= movableClock(`${this.#clockFile}-${index}`);
    const clock = this.#clocks[index];
    const env = { PATH: process.env.PATH, LOG_LEVEL: 'fatal', ...this.#env, ...clock.env };
    const args = ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'worker.ts')];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], env });
    this.#members[index] = child;
    return new Promise((resolve, reject) => {
      child.stdout?.on('data', (chunk) => {
        const lines = String(chunk).split('\n');
        if (lines.includes('ready')) resolve();
        this.refused += lines.filter((line) => line === 'refused').length;
      });
      child.once('exit', (code) => reject(new Error(`a worker ended with ${code}`)));
    });
  }

  async kill(index: number): Promise<void> {
    this.#members[index]?.kill('SIGKILL');
    await this.start(index);
  }

  async pause(index: number, for_ms: number): Promise<void> {
    this.#members[index]?.kill('SIGSTOP');
    await sleep(for_ms);
    this.#members[index]?.kill('SIGCONT');
  }

  moveClock(index: number, by_ms: number): void {
    this.#clocks[index]?.move(by_ms);
  }

  async end(): Promise<void> {
    await Promise.all(
      this.#members.map((child) => {
        child.kill('SIGTERM');
        return new Promise((resolve) => child.once('exit', resolve));
      }),
    );
  }

  killAll(): void {
    for (const child of this.#members) child.kill('SIGKILL');
  }
}

function fatesOf({ kills, pauses, moves = [] }: Rough): ('kill' | 'pause' | number)[] {
  return [...Array<'kill'>(kills).fill('kill'), ...Array<'pause'>(pauses).fill('pause'), ...moves];
}

async function finished(kind: string, count: number): Promise<void> {
  while ((await Job.countDocuments({ kind, state: 'done' })) < count) await sleep(100);
}

async function judge(spread_ms: number): Promise<Omit<Account, 'refused'>> {
  const ledger = await Ledger.find().lean();
  const jobs = await Job.find({ kind: 'chaos.effect' }, { run_at: 1, state: 1 }).lean();
  const due = new Map(jobs.map((row) => [row._id, row.run_at.getTime()]));
  const [rows, others] = [ledger.filter((row) => due.has(row.job)), ledger.filter((row) => !due.has(row.job))];
  const done = jobs.filter((row) => row.state === 'done').length;
  const normal = spread_ms > 0 ? jobs.length / (spread_ms / 1000) : Number.POSITIVE_INFINITY;
  return {
    effects: rows.length,
    jobs_with_effect: new Set(rows.map((row) => row.job)).size,
    done,
    open: jobs.length - done,
    early: rows.filter((row) => Number(row.at) < (due.get(row.job) ?? 0)).length,
    burst: busiestSecond(rows) / Math.max(normal, busiestSecond(others)),
  };
}

/** Most effects within any one second, wherever it begins. */
function busiestSecond(rows: { at?: unknown }[]): number {
  const times = rows.map((row) => Number(row.at)).sort((a, b) => a - b);
  let [most, from] = [0, 0];
  for (const [index, time] of times.entries()) {
    while (time - (times[from] ?? 0) >= 1000) from += 1;
    most = Math.max(most, index - from + 1);
  }
  return most;
}

async function enqueueMany(kind: string, count: number, first: number, spread_ms: number): Promise<void> {
  for (let from = 0; from < count; from += 500) {
    await enqueue(
      Array.from({ length: Math.min(500, count - from) }, (_, i) => ({
        ...{ id: `${kind}:${from + i}`, kind, workspace_id: `w${i % 7}`, data: null },
        ...(spread_ms > 0 && { run_at: new Date(first + (spread_ms * (from + i)) / count) }),
      })),
    );
  }
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
