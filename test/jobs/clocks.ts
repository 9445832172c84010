import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A worker process's wall clock, to be moved while it runs. */
export interface MovableClock {
  env: Record<string, string>;
  move(by_ms: number): void;
}

/**
 * The shared library of libfaketime (Debian: `apt-get install faketime`), which moves the clock below Node; undefined
 * where it is not installed.
 */
export function faketimeLibrary(): string | undefined {
  const folders = existsSync('/usr/lib') ? readdirSync('/usr/lib').map((name) => join('/usr/lib', name)) : [];
  return [...folders, '/usr/lib', '/usr/local/lib']
    .map((folder) => join(folder, 'faketime/libfaketime.so.1'))
    .find((file) => existsSync(file));
}

/**
 * A clock moved by libfaketime where there is one, else by a replaced `Date` in the worker (see `worker.ts`).
 *
 * @param file where the offset is kept; the process reads it as it runs
 */
export function movableClock(file: string): MovableClock {
  const library = faketimeLibrary();
  const move = (by_ms: number): void => {
    const by_s = Math.trunc(by_ms / 1000);
    writeFileSync(file, library ? `${by_s < 0 ? '' : '+'}${by_s}` : String(by_ms));
  };
  move(0);
  if (!library) return { env: { CLOCK_SHIFT_FILE: file }, move };
  return {
    env: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      // Read again each second: reading it at every look at a clock takes all of a processor.
      FAKETIME_CACHE_DURATION: '1',
      // A machine whose clock is set wrong has a right monotonic clock all the same.
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
    move,
  };
}
