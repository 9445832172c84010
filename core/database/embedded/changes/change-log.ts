import { Timestamp } from 'bson';
import { CommandError } from '../errors.ts';
import type { Collection } from '../storage/catalog.ts';
import type { Document } from '../values/document.ts';

/** What happened to a document, a collection or a database; the names are those of its time. */
export type Happening =
  | { kind: 'insert'; document: Document }
  | { kind: 'update' | 'replace'; before: Document; document: Document }
  | { kind: 'delete'; before: Document }
  | { kind: 'rename'; to: { db: string; coll: string } }
  | { kind: 'drop' | 'dropDatabase' };

/** One change, as it is kept for change streams. */
export type Change = Happening & {
  /** Seconds since 1970 in the upper half, a running number in the lower: what MongoDB calls its cluster time. */
  at: bigint;
  wallTime: Date;
  database: string;
  collection: string;
  /** Whether documents are to be shown as they were before and after (`changeStreamPreAndPostImages`). */
  images: boolean;
  /** The session and number of the transaction that it was part of. */
  transaction?: Document;
  size: number;
};

/** How much is kept for streams that lag behind or come back. */
const MOST = { changes: 50_000, bytes: 32 * 1024 * 1024 };

/** How many changes are given at once. */
const CHUNK = 200;

/**
 * The changes of late, in memory, for change streams (manual: changeStreams). Nothing is kept until a stream is first
 * opened. A change is seen once it is committed; what a failed command noted is taken back.
 */
export class ChangeLog {
  #recording = false;
  #kept: Change[] = [];
  #bytes = 0;
  #pending: Change[] = [];
  #last = timeNow();
  /** Up to here nothing is known. */
  #start = 0n;
  #lastSeen = this.#last;

  /** Begins to keep changes, if it has not begun. @returns the place after the newest one */
  record(): bigint {
    if (!this.#recording) {
      this.#recording = true;
      this.#start = this.#last;
      this.#tick();
    }
    return this.#lastSeen;
  }

  /** The time of the last commit: what drivers call the time of an operation. */
  get time(): bigint {
    return this.#lastSeen;
  }

  /** A time that is later than every one before. */
  stamp(): Timestamp {
    this.#last = later(this.#last);
    return new Timestamp(this.#last);
  }

  #tick(): void {
    this.#last = later(this.#last);
    this.#lastSeen = this.#last;
  }

  /** Notes what a command does; belongs into a job of the commit queue. @param size - about how many bytes it takes */
  note(collection: Collection, happening: Happening, size: number, transaction?: Document): void {
    if (!this.#recording) return;
    const { changeStreamPreAndPostImages: images } = collection.options;
    this.#last = later(this.#last);
    this.#pending.push({
      ...happening,
      at: this.#last,
      wallTime: new Date(),
      database: collection.database,
      collection: collection.name,
      images: (images as Document | undefined)?.enabled === true,
      ...(transaction && { transaction }),
      size,
    });
  }

  /** How many changes wait for the commit: where `undo` can go back to. */
  get mark(): number {
    return this.#pending.length;
  }

  /** Forgets what was noted after a mark. */
  undo(mark: number): void {
    this.#pending.length = mark;
  }

  /** Shows what was noted, after its commit, which has a time of its own in any case. */
  publish(): void {
    if (this.#pending.length === 0) {
      this.#tick();
      return;
    }
    for (const change of this.#pending) {
      this.#kept.push(change);
      this.#bytes += change.size;
    }
    this.#lastSeen = this.#pending.at(-1)?.at ?? this.#lastSeen;
    this.#pending = [];
    let gone = 0;
    while (this.#kept.length - gone > MOST.changes || (this.#bytes > MOST.bytes && gone < this.#kept.length - 1)) {
      const change = this.#kept[gone++] as Change;
      this.#bytes -= change.size;
      this.#start = change.at;
    }
    if (gone) this.#kept.splice(0, gone);
  }

  /**
   * The next changes after a place, some at a time.
   * @throws CommandError 286 when what came after it is not known any more
   */
  after(place: bigint): Change[] {
    if (place < this.#start) {
      throw new CommandError(
        286,
        'Resume of change stream was not possible, as the resume point may no longer be in the log: the embedded database keeps changes in memory, from the first change stream on, until it stops. Read the collections anew, or set MONGODB_URI to a MongoDB replica set',
        { labels: ['NonResumableChangeStreamError'] },
      );
    }
    let [low, high] = [0, this.#kept.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#kept[middle]?.at ?? 0n) > place) high = middle;
      else low = middle + 1;
    }
    return this.#kept.slice(low, low + CHUNK);
  }
}

function timeNow(): bigint {
  return BigInt(Math.floor(Date.now() / 1000)) << 32n;
}

function later(last: bigint): bigint {
  const now = timeNow();
  return now > last ? now + 1n : last + 1n;
}
