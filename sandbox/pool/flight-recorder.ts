import { readSync } from 'node:fs';

/** Calls that a process may hold at once. */
export const SLOTS = 256;
export const RECORDER_BYTES = 8 + 4 * SLOTS;

/** What a process was doing when it was last heard of: see `child/recorder.ts` for the layout. */
export interface Flight {
  /** The call being executed; 0 for none. */
  current: number;
  /** Counts entries: the same number twice means the same entry. Highest bit: the plugin is being loaded. */
  entry: number;
  /** Had this call been entered in its slot? */
  entered(call: number, slot: number): boolean;
}

/** Of `entry`: see `child/recorder.ts`. */
export const LOADING = 0x80000000;

const words = Buffer.alloc(8);

/** The call that is being executed now. */
export function readCurrent(fd: number): { current: number; entry: number } {
  readSync(fd, words, 0, 8, 0);
  return { current: words.readUInt32LE(0), entry: words.readUInt32LE(4) };
}

/** All of it: read when a process has ended. */
export function readFlight(fd: number): Flight {
  const bytes = Buffer.alloc(RECORDER_BYTES);
  readSync(fd, bytes, 0, RECORDER_BYTES, 0);
  return {
    current: bytes.readUInt32LE(0),
    entry: bytes.readUInt32LE(4),
    entered: (call, slot) => slot < SLOTS && bytes.readUInt32LE(8 + 4 * slot) === call,
  };
}
