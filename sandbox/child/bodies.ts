import { StringDecoder } from 'node:string_decoder';

/** A chunk in the isolate is a string: base64 of this many bytes stays well below the smallest heap. */
const CHUNK_BYTES = 192 * 1024;

/** The bodies of answers too long or too binary to hand over at once; each is pulled by the guest, chunk by chunk. */
export class Bodies {
  private readonly held = new Map<number, Body>();

  /** Short text crosses with its answer. */
  static isInline(body: Buffer, isBytes: boolean): boolean {
    return !isBytes && body.length <= CHUNK_BYTES;
  }

  hold(ticket: number, body: Buffer, isBytes: boolean): void {
    if (body.length > 0) this.held.set(ticket, { body, at: 0, decoder: isBytes ? null : new StringDecoder('utf8') });
  }

  /** The next chunk: `head` is JSON `{length, bytes}`, `length` counted in bytes of the body. Null when there is none. */
  pull(ticket: number): { head: string; chunk: string } | null {
    const entry = this.held.get(ticket);
    if (!entry) return null;
    const piece = entry.body.subarray(entry.at, entry.at + CHUNK_BYTES);
    entry.at += piece.length;
    const isLast = entry.at >= entry.body.length;
    if (isLast) this.held.delete(ticket);
    const chunk = entry.decoder
      ? entry.decoder.write(piece) + (isLast ? entry.decoder.end() : '')
      : piece.toString('base64');
    return { head: JSON.stringify({ length: piece.length, bytes: entry.decoder === null }), chunk };
  }

  forget(ticket: number): void {
    this.held.delete(ticket);
  }
}

interface Body {
  body: Buffer;
  at: number;
  decoder: StringDecoder | null;
}
