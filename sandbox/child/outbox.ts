import type { Socket } from 'node:net';
import type { FrameFields, Part } from '../protocol.ts';
import { encodeFrame } from '../protocol.ts';

/** Frames on their way to the host: those of one turn leave in one write. */
export class Outbox {
  private readonly socket: Socket;
  private frames: Buffer[] = [];

  constructor(socket: Socket) {
    this.socket = socket;
  }

  put(fields: FrameFields, parts: readonly Part[]): void {
    this.frames.push(encodeFrame(fields, parts));
  }

  flush(): void {
    const { frames } = this;
    if (frames.length === 0) return;
    this.frames = [];
    this.socket.write(frames.length === 1 ? (frames[0] as Buffer) : Buffer.concat(frames));
  }
}
