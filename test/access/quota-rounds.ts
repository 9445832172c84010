import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

export interface QuotaRound {
  /** of the database that all four share */
  uri: string;
  how: 'bursts' | 'steady';
  limit: number;
  window_ms: number;
  /** how long they ask */
  ms: number;
}

/**
 * Lets four processes ask at once and kills one of them half-way.
 *
 * @returns when each request was let through (ms), in order
 */
export async function runQuotaRound(round: QuotaRound): Promise<number[]> {
  const until = Date.now() + 3_000 + round.ms;
  const times: number[] = [];
  const children = Array.from({ length: 4 }, () => start(round, until, times));
  await Promise.all(children.map(({ ready }) => ready));
  setTimeout(
    () => {
      children[0]?.child.kill('SIGKILL');
      for (const { child } of children.slice(1)) child.send(3);
    },
    (until - Date.now()) / 2,
  );
  await Promise.all(children.map(({ child }) => once(child, 'close')));
  return times.sort((a, b) => a - b);
}

/** How many passed in each of `count` windows that begin between two moments, at even distances and at random. */
export function countWindows(
  times: readonly number[],
  window_ms: number,
  from: number,
  to: number,
  count = 1000,
): number[] {
  return Array.from({ length: count }, (_, index) => {
    const begin = index % 2 === 0 ? from + ((to - from) * index) / count : from + (to - from) * Math.random();
    return times.filter((time) => time > begin && time <= begin + window_ms).length;
  });
}

function start(round: QuotaRound, until: number, times: number[]): { child: ChildProcess; ready: Promise<unknown> } {
  const script = join(import.meta.dirname, 'limited-process.ts');
  const words = [`subject-${round.how}`, round.limit, round.window_ms, round.how, until].map(String);
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, ...words], {
    env: { PATH: process.env.PATH ?? '', MONGODB_URI: round.uri, LOG_LEVEL: 'silent' },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const lines = createInterface({ input: child.stdout as Readable });
  const ready = new Promise((resolve) => {
    lines.on('line', (line) => (line === 'ready' ? resolve(null) : times.push(Number(line))));
  });
  return { child, ready };
}
