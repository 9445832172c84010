import { writeSync } from 'node:fs';
import { NO_CALL } from '../protocol.ts';

/** Highest bit of the entry's number: the plugin is being loaded. */
const LOADING = 0x80000000;

/**
 * The flight recorder's pen: a file shared with the host, which outlives this process. The host reads in it which call
 * was being executed when the process ended, and which calls had been entered at all.
 *
 * Layout: u32 call being executed (0: none), u32 number of the entry, u32 place of the last call that was entered, in
 * the order in which the host sent them. One write per entry.
 */
export class Recorder {
  private readonly fd: number;
  private readonly words = Buffer.alloc(12);
  private entries = 0;
  private idle = true;

  constructor(fd: number) {
    this.fd = fd;
  }

  /** The next call, `place` in order, will be entered. `isLoad`: its plugin has to be loaded first, which may take longer. */
  first(call: number, place: number, isLoad: boolean): void {
    this.words.writeUInt32LE(place, 8);
    if (isLoad) this.write(call, LOADING);
  }

  /** A plugin is loaded before a call asks for it. */
  ahead(): void {
    this.write(NO_CALL, LOADING);
  }

  /** Written before each entry, so it is there however the entry ends. */
  enter(call: number): void {
    this.write(call, 0);
  }

  private write(call: number, mark: number): void {
    this.entries = (this.entries + 1) & 0x7fffffff;
    this.words.writeUInt32LE(call, 0);
    this.words.writeUInt32LE((this.entries | mark) >>> 0, 4);
    writeSync(this.fd, this.words, 0, 12, 0);
    this.idle = false;
  }

  /** Nothing is being executed until the next entry. */
  rest(): void {
    if (this.idle) return;
    this.words.writeUInt32LE(0, 0);
    writeSync(this.fd, this.words, 0, 12, 0);
    this.idle = true;
  }
}
