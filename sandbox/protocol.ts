/**
 * Every message across the process boundary, both directions, and how it is laid out on the wire.
 *
 * A frame is a header of 24 bytes and a body of text parts. Lengths are refused before a body is read. JSON inside a
 * part is passed on as text: neither side parses what it only forwards.
 *
 *   0  u32 length of the body      8  u32 call (or image)     16  u32 a (meaning depends on the kind)
 *   4  u8  kind                   12  u32 ticket              20  u32 b
 *   5  u8  flag, 6 u16 nothing
 *   body: u8 number of parts, u32 length of each, then their bytes
 */

export const HEADER_BYTES = 24;
/** A job may answer 4 MB and receive 8 MB; bytes travel raw. */
export const MAX_BODY_BYTES = 16 * 1024 * 1024;
const MAX_PARTS = 8;

/** Host to sandbox process. */
export const ToChild = {
  /** Image `call`: [script, label, options JSON {heap_mb, load_cpu_ms, want_cache}, code cache]. Made at its first call;
   *  flag 1: as soon as there is time. */
  load: 1,
  /** Image `call`: its isolate is ended. */
  unload: 2,
  /** Call `call` on image `ticket`, the `a`th sent: [handler, args, context, budget JSON]. flag 1: a stream. flag 2: inspect. */
  call: 3,
  /** Next page of stream `call`: [budget JSON]. */
  next: 4,
  /** Call `call` is over for the host (flag 1: deadline, 2: cancelled, 3: stream closed). */
  end: 5,
  /** Answer to ticket `ticket` of call `call`: [JSON, body]. flag bit 0: refused or failed; bit 1: body is bytes. */
  reply: 6,
  /** Try every barrier from inside and tell. */
  probe: 7,
} as const;

/** Sandbox process to host. */
export const ToHost = {
  /** Ready to be called: [JSON {node, v8}]. */
  ready: 1,
  /** Call `call` asks for host operation `flag`, to be answered on `ticket`: [JSON]. */
  ask: 2,
  /** Call `call` ended, or gave a page (flag 1: failed; 2: the isolate was ended with it; 4: nothing follows;
   *  8: the failure is this process's own word, not the plugin's; 16: it goes on later): [output or error JSON];
   *  a: CPU µs; b: heap KB. */
  done: 3,
  /** Code cache of image `call`: [bytes]. */
  cache: 4,
  /** Barriers: [JSON {name: true when closed}]. */
  probed: 5,
} as const;

/** What a guest may ask for. The first group is answered in the sandbox process, the second by the host. */
export const Op = {
  result: 1,
  failure: 2,
  timer: 3,
  clear: 4,
  pull: 5,
  page: 6,
  inspected: 7,
  /** A result that says when the call is to be made again. */
  again: 8,

  fetch: 16,
  store: 17,
  emit: 18,
  log: 19,
  hmac: 20,
  records: 21,
  schedule: 22,
  files: 23,
  /** What makes a call repeatable, sent before its end when its context has a `journal`. Has no answer. */
  journal: 24,
} as const;

/** In the flight recorder: a plugin is being loaded for no call. No call has this number. */
export const NO_CALL = 0xffffffff;

export const FIRST_HOST_OP = 16;

/** Names of the host's operations, as usage and recordings show them. */
export const OP_NAMES: Readonly<Record<number, string>> = {
  16: 'fetch',
  17: 'store',
  18: 'emit',
  19: 'log',
  20: 'crypto.hmac',
  21: 'records',
  22: 'schedule',
  23: 'files',
};

/** How a call enters the guest. */
export const Enter = { start: 1, reply: 2, timer: 3, next: 4, end: 5, inspect: 6, reseed: 7 } as const;

/** What is left for one call, sent with it. */
export interface Budget {
  cpu_ms: number;
  wall_ms: number;
  host_calls: number;
  at_once: number;
  timers: number;
  payload_bytes: number;
  log_lines: number;
  log_bytes: number;
}

export interface Frame {
  kind: number;
  flag: number;
  call: number;
  ticket: number;
  a: number;
  b: number;
  /** Views into the buffer that was read: use or copy before the next turn. */
  parts: Buffer[];
}

export type Part = string | Uint8Array;

export interface FrameFields {
  kind: number;
  call: number;
  flag?: number;
  ticket?: number;
  a?: number;
  b?: number;
}

/** Bytes of a frame. Throws RangeError when the body is over `MAX_BODY_BYTES`. */
export function frameSize(parts: readonly Part[]): number {
  let size = 1 + 4 * parts.length;
  for (const part of parts) size += bytesOf(part);
  if (size > MAX_BODY_BYTES) throw new RangeError(`a frame of ${size} bytes is over the limit of ${MAX_BODY_BYTES}`);
  return HEADER_BYTES + size;
}

/** One frame as bytes. Throws RangeError when the body is over `MAX_BODY_BYTES`. */
export function encodeFrame(fields: FrameFields, parts: readonly Part[]): Buffer {
  const out = Buffer.allocUnsafe(frameSize(parts));
  writeFrame(out, 0, fields, parts);
  return out;
}

/** Writes one frame at `from`, where there are `frameSize` bytes; returns where it ends. */
export function writeFrame(out: Buffer, from: number, fields: FrameFields, parts: readonly Part[]): number {
  out[from + 4] = fields.kind;
  out[from + 5] = fields.flag ?? 0;
  out.writeUInt16LE(0, from + 6);
  out.writeUInt32LE(fields.call, from + 8);
  out.writeUInt32LE(fields.ticket ?? 0, from + 12);
  out.writeUInt32LE(Math.min(fields.a ?? 0, 0xffffffff), from + 16);
  out.writeUInt32LE(Math.min(fields.b ?? 0, 0xffffffff), from + 20);
  const body = from + HEADER_BYTES;
  out[body] = parts.length;
  let at = body + 1 + 4 * parts.length;
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] as Part;
    let length = part.length;
    if (typeof part === 'string') length = out.write(part, at, 'utf8');
    else out.set(part, at);
    out.writeUInt32LE(length, body + 1 + 4 * i);
    at += length;
  }
  out.writeUInt32LE(at - body, from);
  return at;
}

function bytesOf(part: Part): number {
  return typeof part === 'string' ? Buffer.byteLength(part) : part.length;
}

/** A frame that breaks the layout: the process that sent it is not ours any more. */
export class ForgedFrame extends Error {
  override name = 'ForgedFrame';
}

/**
 * Cuts a byte stream into frames. `push` calls `onFrame` for each whole one and throws `ForgedFrame` on a length that is
 * refused, before any of that body is kept.
 */
export class FrameReader {
  private held: Buffer[] = [];
  private heldBytes = 0;
  private wanted = HEADER_BYTES;
  private readonly onFrame: (frame: Frame) => void;

  constructor(onFrame: (frame: Frame) => void) {
    this.onFrame = onFrame;
  }

  push(chunk: Buffer): void {
    let data = chunk;
    if (this.heldBytes > 0) {
      this.held.push(chunk);
      this.heldBytes += chunk.length;
      if (this.heldBytes < this.wanted) return;
      data = Buffer.concat(this.held, this.heldBytes);
      this.held = [];
      this.heldBytes = 0;
    }
    let at = 0;
    for (;;) {
      const left = data.length - at;
      if (left < HEADER_BYTES) {
        this.hold(data, at, HEADER_BYTES);
        return;
      }
      const size = data.readUInt32LE(at);
      if (size > MAX_BODY_BYTES || size < 1) throw new ForgedFrame(`a body of ${size} bytes is refused`);
      if (left < HEADER_BYTES + size) {
        this.hold(data, at, HEADER_BYTES + size);
        return;
      }
      this.onFrame(readFrame(data, at, size));
      at += HEADER_BYTES + size;
    }
  }

  private hold(data: Buffer, at: number, wanted: number): void {
    this.wanted = wanted;
    if (at < data.length) {
      this.held.push(at === 0 ? data : data.subarray(at));
      this.heldBytes += data.length - at;
    }
  }
}

function readFrame(data: Buffer, at: number, size: number): Frame {
  const body = at + HEADER_BYTES;
  const count = data[body] as number;
  if (count > MAX_PARTS || 1 + 4 * count > size) throw new ForgedFrame(`a body of ${count} parts is refused`);
  const parts: Buffer[] = [];
  let from = body + 1 + 4 * count;
  for (let i = 0; i < count; i++) {
    const length = data.readUInt32LE(body + 1 + 4 * i);
    if (from + length > body + size) throw new ForgedFrame('a part reaches past its frame');
    parts.push(data.subarray(from, from + length));
    from += length;
  }
  if (from !== body + size) throw new ForgedFrame('a frame holds bytes that belong to no part');
  return {
    kind: data[at + 4] as number,
    flag: data[at + 5] as number,
    call: data.readUInt32LE(at + 8),
    ticket: data.readUInt32LE(at + 12),
    a: data.readUInt32LE(at + 16),
    b: data.readUInt32LE(at + 20),
    parts,
  };
}
