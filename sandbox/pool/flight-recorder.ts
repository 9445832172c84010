import { readSync } from 'node:fs';

export const RECORDER_BYTES = 12;

/** What a process was doing when it was last heard of: see `child/recorder.ts` for the layout. */
export interface Flight {
  /** The call being executed; 0 for none. */
  current: number;
  /** Counts entries: the same number twice means the same entry. Highest bit: the plugin is being loaded. */
  entry: number;
  /** Calls are entered in the order in which they were sent: the place of the last one that was. */
  lastPlace: number;
}

/** Of `entry`: see `child/recorder.ts`. */
export const LOADING = 0x80000000;

const words = Buffer.alloc(RECORDER_BYTES);

/** What the process is doing now, or was doing when it ended. */
export function readFlight(fd: number): Flight {
  readSync(fd, words, 0, RECORDER_BYTES, 0);
  return { current: words.readUInt32LE(0), entry: words.readUInt32LE(4), lastPlace: words.readUInt32LE(8) };
}
