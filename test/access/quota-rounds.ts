import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { createBurstLimit } from '../../core/access/burst.ts';
import { burstOf } from './burst-of.ts';

export interface QuotaRound {
  /** of the database that all four share */
  uri: string;
  what: 'quota' | 'burst';
  how: 'bursts' | 'steady';
  limit: number;
  window_ms: number;
  /** how long they ask */
  ms: number;
  /** 4 unless given */
  processes?: number;
}

/** One request: when it came, and when it was let through, if it was. In ms. */
export interface Asked {
  arrived: number;
  passed: number | null;
}

/** When a limiter that knows everything at once would have let these through: the measure of ours. */
export function passedByExact(asked: readonly Asked[], limit: number, window_ms: number): number[] {
  const times: number[] = [];
  for (const { arrived } of asked) {
    const nth = times.at(-limit);
    if (nth === undefined || nth <= arrived - window_ms) times.push(arrived);
  }
  return times;
}

/** The same for a burst limit: what the generic cell rate algorithm would have let through. */
export function passedByExactBurst(asked: readonly Asked[], limit: number, window_ms: number): number[] {
  const { burst, per_second } = burstOf({ limit, window_ms });
  let at = 0;
  const exact = createBurstLimit({ burst, per_second }, () => at);
  return asked.flatMap(({ arrived }) => {
    at = arrived;
    return exact.take('').allowed ? [arrived] : [];
  });
}

/**
 * Lets several processes ask at once and kills one of them half-way.
 *
 * @returns every request, in the order of arrival
 */
export async function runQuotaRound(round: QuotaRound): Promise<Asked[]> {
  const asked: Asked[] = [];
  const children = Array.from({ length: round.processes ?? 4 }, () => start(round, asked));
  await Promise.all(children.map(({ ready }) => ready));
  for (const { child } of children) child.send({ until: Date.now() + round.ms, living: children.length });
  setTimeout(() => {
    children[0]?.child.kill('SIGKILL');
    for (const { child } of children.slice(1)) child.send({ living: children.length - 1 });
  }, round.ms / 2);
  await Promise.all(children.map(({ child }) => once(child, 'close')));
  return asked.sort((a, b) => a.arrived - b.arrived);
}

/** So many moments between two, at even distances and at random. */
export function moments(from: number, to: number, count = 1000): number[] {
  return Array.from({ length: count }, (_, index) =>
    index % 2 === 0 ? from + ((to - from) * index) / count : from + (to - from) * Math.random(),
  );
}

/** How many of these lie in the window that begins at a moment. */
export function countFrom(times: readonly number[], begin: number, window_ms: number): number {
  return times.filter((time) => time > begin && time <= begin + window_ms).length;
}

function start(round: QuotaRound, asked: Asked[]): { child: ChildProcess; ready: Promise<unknown> } {
  const script = join(import.meta.dirname, 'limited-process.ts');
  const words = [round.what, `subject-${round.how}`, round.limit, round.window_ms, round.how].map(String);
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, ...words], {
    env: { PATH: process.env.PATH ?? '', MONGODB_URI: round.uri, LOG_LEVEL: 'silent' },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const lines = createInterface({ input: child.stdout as Readable });
  const ready = new Promise((resolve) => {
    lines.on('line', (line) => {
      const [arrived = 0, passed = 0] = line.split(' ').map(Number);
      if (line === 'ready') resolve(null);
      else asked.push({ arrived, passed: passed || null });
    });
  });
  return { child, ready };
}
