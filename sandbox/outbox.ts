import type { FrameFields, Part } from './protocol.ts';
import { encodeFrame, frameSize, writeFrame } from './protocol.ts';

const FIRST_BYTES = 16 * 1024;
/** A frame longer than this gets memory of its own. */
const LAST_BYTES = 256 * 1024;

/** Where frames leave: a socket, or what stands for one. */
export interface Channel {
  write(bytes: Uint8Array): void;
  /** Bytes that wait for the kernel. */
  readonly writableLength: number;
}

/**
 * Frames on their way to the other side: those of one turn leave in one write. They are laid out in memory that is used
 * again as soon as the kernel has taken what was in it, for fresh pages cost more than the copy.
 */
export class Outbox {
  private readonly channel: Channel;
  private scratch = Buffer.allocUnsafeSlow(FIRST_BYTES);
  private used = 0;
  /** Frames that found no place any more, after those that did. */
  private rest: Buffer[] = [];

  constructor(channel: Channel) {
    this.channel = channel;
  }

  get isEmpty(): boolean {
    return this.used === 0 && this.rest.length === 0;
  }

  /** Throws RangeError when the body is over `MAX_BODY_BYTES`. */
  put(fields: FrameFields, parts: readonly Part[]): void {
    const size = frameSize(parts);
    if (this.used === 0 && size > this.scratch.length && size <= LAST_BYTES) {
      this.scratch = Buffer.allocUnsafeSlow(2 ** Math.ceil(Math.log2(size)));
    }
    const fits = this.rest.length === 0 && this.used + size <= this.scratch.length;
    if (fits) this.used = writeFrame(this.scratch, this.used, fields, parts);
    else this.rest.push(encodeFrame(fields, parts));
  }

  flush(): void {
    if (this.isEmpty) return;
    const frames = this.used > 0 ? [this.scratch.subarray(0, this.used), ...this.rest] : this.rest;
    this.used = 0;
    this.rest = [];
    this.channel.write(frames.length === 1 ? (frames[0] as Buffer) : Buffer.concat(frames));
    // The channel still holds what the kernel had no room for.
    if (this.channel.writableLength > 0) this.scratch = Buffer.allocUnsafeSlow(FIRST_BYTES);
  }
}
