import { CommandError } from './errors.ts';
import type { Transaction } from './transactions/transaction.ts';
import type { Document } from './values/document.ts';

/** Cursors without use are closed after this time, in milliseconds (manual: reference/method/cursor.noCursorTimeout). */
const IDLE_MS = 10 * 60 * 1000;

/** A reply holds at most about this many bytes of documents. */
const MAX_BATCH = 16 * 1024 * 1024;

/** For how long a scan may run before others get a turn, in milliseconds. */
const TURN_MS = 8;

/** How often a tailable cursor that waits looks again, in milliseconds. */
const POLL_MS = 10;

/** An open cursor: where documents come from, and what was read ahead. */
export type Cursor = {
  id: bigint;
  namespace: string;
  chunks: Generator<Buffer[]>;
  ahead: Buffer[];
  finished: boolean;
  session: string | undefined;
  transaction: Transaction | undefined;
  usedAt: number;
  busy: boolean;
  /** Whether it stays open at the end, where documents may still come; a chunk without any says that it is there. */
  tailable?: boolean;
  /** Whether a read at the end waits for what comes. */
  awaiting?: boolean;
  /** For a change stream: where it can go on after a batch (`postBatchResumeToken`). */
  resumeToken?: (given: Buffer[]) => Document;
  /** Whether it was killed, be it while a batch of it is made. */
  killed: boolean;
};

/** The open cursors. */
export class Cursors {
  #open = new Map<bigint, Cursor>();
  #lastId = BigInt(Date.now()) << 20n;
  #stopping = false;
  #timer = setInterval(() => this.#closeIdle(), 60_000).unref();

  get size(): number {
    return this.#open.size;
  }

  create(namespace: string, chunks: Generator<Buffer[]>, session?: string, transaction?: Transaction): Cursor {
    // Ids are not guessed in sequence by chance: the low bits step by an odd random amount.
    this.#lastId += BigInt(1 + Math.floor(Math.random() * 1000));
    return {
      id: this.#lastId,
      namespace,
      chunks,
      ahead: [],
      finished: false,
      session,
      transaction,
      usedAt: Date.now(),
      busy: false,
      killed: false,
    };
  }

  /**
   * The next documents of a cursor; it stays open when there may be more.
   * @param size - how many documents at most
   * @param deadline - when to give up, in milliseconds since 1970
   */
  async next(
    cursor: Cursor,
    size: number,
    deadline?: number,
    keepOpen = true,
  ): Promise<{ documents: Buffer[]; id: bigint }> {
    cursor.busy = true;
    try {
      await fill(cursor, size, deadline);
    } catch (error) {
      this.#open.delete(cursor.id);
      throw error;
    } finally {
      cursor.busy = false;
      cursor.usedAt = Date.now();
    }
    if (cursor.killed) throw new CommandError(237, `cursor id ${cursor.id} was killed`);
    const documents = takeBatch(cursor, size);
    const more = keepOpen && !(cursor.finished && cursor.ahead.length === 0);
    if (more) this.#open.set(cursor.id, cursor);
    else {
      this.#open.delete(cursor.id);
      cursor.chunks.return(undefined);
    }
    return { documents, id: more ? cursor.id : 0n };
  }

  /**
   * The next documents of a tailable cursor, waited for when there are none yet.
   * @param patience - for how long, in milliseconds; 0 for not at all
   */
  async follow(cursor: Cursor, size: number, patience: number): Promise<{ documents: Buffer[]; id: bigint }> {
    cursor.tailable = true;
    cursor.busy = true;
    this.#open.set(cursor.id, cursor);
    const until = Date.now() + patience;
    try {
      while (!cursor.finished && cursor.ahead.length === 0) {
        const { done, value } = cursor.chunks.next();
        if (done) cursor.finished = true;
        else cursor.ahead.push(...value);
        if (cursor.ahead.length || Date.now() >= until || this.#stopping || !this.#open.has(cursor.id)) break;
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    } catch (error) {
      this.#open.delete(cursor.id);
      throw error;
    } finally {
      cursor.busy = false;
      cursor.usedAt = Date.now();
    }
    const documents = takeBatch(cursor, size);
    if (cursor.finished && cursor.ahead.length === 0) this.#open.delete(cursor.id);
    return { documents, id: this.#open.has(cursor.id) ? cursor.id : 0n };
  }

  /** The open cursor with an id. @throws CommandError 43 when there is none */
  get(id: bigint, namespace: string, transaction: Transaction | undefined): Cursor {
    const cursor = this.#open.get(id);
    if (!cursor || cursor.transaction !== transaction) throw new CommandError(43, `cursor id ${id} not found`);
    if (cursor.namespace !== namespace) {
      throw new CommandError(
        13,
        `Requested getMore on namespace '${namespace}', but cursor belongs to a different namespace ${cursor.namespace}`,
      );
    }
    if (cursor.busy) throw new CommandError(12051, `cursor id ${id} is already in use`);
    return cursor;
  }

  /** Closes a cursor. @returns whether it was open */
  kill(id: bigint): boolean {
    const cursor = this.#open.get(id);
    if (cursor) cursor.killed = true;
    return this.#open.delete(id);
  }

  /** Closes the cursors of a session. */
  killSession(session: string): void {
    for (const [id, cursor] of this.#open) if (cursor.session === session) this.kill(id);
  }

  /** Closes every cursor that belongs to a session. */
  killSessions(): void {
    for (const [id, cursor] of this.#open) if (cursor.session !== undefined) this.kill(id);
  }

  /** Lets those go that wait for documents to come: the engine stops. */
  stopWaiting(): void {
    this.#stopping = true;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#open.clear();
  }

  #closeIdle(): void {
    const limit = Date.now() - IDLE_MS;
    for (const [id, { usedAt, busy, transaction }] of this.#open) {
      if (!busy && (usedAt < limit || transaction?.closed)) this.#open.delete(id);
    }
  }
}

async function fill(cursor: Cursor, size: number, deadline: number | undefined): Promise<void> {
  let turn = performance.now() + TURN_MS;
  let bytes = cursor.ahead.reduce((sum, document) => sum + document.length, 0);
  // One more than asked for, so that a cursor that has just given its last document is closed with it.
  while (!cursor.finished && cursor.ahead.length <= size && bytes < MAX_BATCH) {
    const { done, value } = cursor.chunks.next();
    if (done) cursor.finished = true;
    else {
      for (const document of value) {
        cursor.ahead.push(document);
        bytes += document.length;
      }
    }
    if (performance.now() > turn) {
      if (deadline !== undefined && Date.now() > deadline) throw new CommandError(50, 'operation exceeded time limit');
      await new Promise((resolve) => setImmediate(resolve));
      turn = performance.now() + TURN_MS;
    }
  }
}

function takeBatch(cursor: Cursor, size: number): Buffer[] {
  let bytes = 0;
  let count = 0;
  for (const document of cursor.ahead) {
    if (count >= size || (count > 0 && bytes + document.length > MAX_BATCH)) break;
    bytes += document.length;
    count++;
  }
  return cursor.ahead.splice(0, count);
}
