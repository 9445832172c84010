import { Binary } from 'bson';
import type { ChangeLog } from '../changes/change-log.ts';
import { CommandError } from '../errors.ts';
import type { Catalog } from '../storage/catalog.ts';
import type { CommitQueue } from '../storage/commit-queue.ts';
import { Connection } from '../storage/connection.ts';
import { type Document, isDocument } from '../values/document.ts';
import { toNumber } from '../values/types.ts';
import { type Locks, TRANSIENT } from './locks.ts';
import { Transaction } from './transaction.ts';

/** How long a transaction may stay open, in milliseconds: others wait for what it holds. */
export const MAX_TRANSACTION_MS = 5000;

/** Sessions without use are forgotten after this time, in milliseconds, as `hello` says. */
export const SESSION_MS = 30 * 60 * 1000;

/** The transaction of a session: the one that is open, or how the last one ended. */
type Current = {
  number: number;
  state: 'open' | 'committed' | 'aborted';
  transaction?: Transaction;
  timer?: NodeJS.Timeout;
};

/** The sessions that have or had a transaction (manual: reference/server-sessions, core/transactions). */
export class Sessions {
  readonly #file: string;
  readonly #catalog: Catalog;
  readonly #queue: CommitQueue;
  readonly #locks: Locks;
  readonly #changes: ChangeLog;
  #current = new Map<string, Current>();
  #idle: Connection[] = [];

  constructor(file: string, catalog: Catalog, queue: CommitQueue, locks: Locks, changes: ChangeLog) {
    this.#changes = changes;
    this.#file = file;
    this.#catalog = catalog;
    this.#queue = queue;
    this.#locks = locks;
  }

  /** How many transactions are open. */
  get open(): number {
    return [...this.#current.values()].filter(({ state }) => state === 'open').length;
  }

  /**
   * The transaction that a command belongs to: begun when the command says so, undefined when it belongs to none.
   * @throws CommandError 251 (NoSuchTransaction) when it has ended, by its own time limit for one
   */
  transactionOf(command: Document): Transaction | undefined {
    if (command.autocommit !== false) return undefined;
    const session = sessionOf(command);
    const number = toNumber(command.txnNumber);
    if (!session || Number.isNaN(number)) throw new CommandError(72, "'autocommit' needs 'lsid' and 'txnNumber'");
    const known = this.#current.get(session);
    if (command.startTransaction === true) return this.#begin(session, number, known);
    if (known && known.number > number) {
      throw new CommandError(
        225,
        `Cannot continue transaction ${number}: transaction ${known.number} has already started`,
      );
    }
    if (known?.number === number && known.state === 'committed') {
      throw new CommandError(256, `Transaction with { txnNumber: ${number} } has been committed.`);
    }
    if (known?.number !== number || known.state !== 'open' || !known.transaction) throw noSuchTransaction(number);
    return known.transaction;
  }

  #begin(session: string, number: number, known: Current | undefined): Transaction {
    if (known && known.number >= number) {
      throw new CommandError(
        known.number > number ? 225 : 50911,
        `Cannot start transaction ${number}: transaction ${known.number} has already started`,
      );
    }
    if (known) this.#abort(known);
    this.#forgetOld();
    const snapshot = this.#idle.pop() ?? new Connection(this.#file);
    const transaction = new Transaction(this.#catalog, this.#queue, this.#locks, snapshot);
    const current: Current = { number, state: 'open', transaction };
    current.timer = setTimeout(() => this.#abort(current), MAX_TRANSACTION_MS);
    this.#current.delete(session);
    this.#current.set(session, current);
    return transaction;
  }

  /** Ends a transaction with all its changes on disk. Committing again what is committed is answered alike. */
  async commit(command: Document): Promise<void> {
    const session = sessionOf(command) ?? '';
    const number = toNumber(command.txnNumber);
    const current = this.#current.get(session);
    if (current?.number === number && current.state === 'committed') return;
    if (current?.number !== number || !current.transaction) {
      // After a restart only the disk knows that it was committed.
      if (this.#wasCommitted(session, number)) return;
      throw noSuchTransaction(number);
    }
    const { transaction } = current;
    clearTimeout(current.timer);
    try {
      if (transaction.hasChanges) {
        await this.#queue.submit(() => {
          transaction.apply(this.#queue, this.#changes, { lsid: command.lsid, txnNumber: BigInt(number) });
          this.#catalog.connection.run(
            'INSERT OR REPLACE INTO retries (session, number, reply, at) VALUES (?, ?, NULL, ?)',
            Buffer.from(session, 'latin1'),
            number,
            Date.now(),
          );
        });
      }
      current.state = 'committed';
    } catch (error) {
      current.state = 'aborted';
      if (error instanceof CommandError && error.code === 11000) {
        throw new CommandError(112, error.message, { labels: [TRANSIENT] });
      }
      throw error;
    } finally {
      this.#release(current);
    }
  }

  /** Ends a transaction without its changes. */
  abort(command: Document): void {
    const current = this.#current.get(sessionOf(command) ?? '');
    const number = toNumber(command.txnNumber);
    if (current?.number !== number || current.state === 'aborted') throw noSuchTransaction(number);
    if (current.state === 'committed')
      throw new CommandError(256, `Transaction with { txnNumber: ${number} } has been committed.`);
    this.#abort(current);
  }

  /** Aborts the transaction of a session that fails or ends. */
  abandon(session: string | undefined): void {
    const current = session === undefined ? undefined : this.#current.get(session);
    if (current) this.#abort(current);
  }

  /** Aborts the transactions of all sessions. */
  abandonAll(): void {
    for (const current of this.#current.values()) this.#abort(current);
  }

  close(): void {
    this.abandonAll();
    for (const connection of this.#idle) connection.close();
    this.#idle = [];
  }

  #abort(current: Current): void {
    if (current.state !== 'open') return;
    current.state = 'aborted';
    this.#release(current);
  }

  #release(current: Current): void {
    clearTimeout(current.timer);
    const snapshot = current.transaction?.close();
    current.transaction = undefined;
    if (!snapshot) return;
    if (this.#idle.length < 8) this.#idle.push(snapshot);
    else snapshot.close();
  }

  #wasCommitted(session: string, number: number): boolean {
    const row = this.#catalog.connection.get(
      'SELECT number, reply FROM retries WHERE session = ?',
      Buffer.from(session, 'latin1'),
    );
    return row?.[0] === number && row[1] === null;
  }

  /** Keeps the last thousands of sessions; a client that comes back later finds its transaction aborted, as it is. */
  #forgetOld(): void {
    if (this.#current.size < 20_000) return;
    for (const [session, { state }] of this.#current) {
      if (state !== 'open') this.#current.delete(session);
      if (this.#current.size < 10_000) return;
    }
  }
}

function noSuchTransaction(number: number): CommandError {
  return new CommandError(
    251,
    `Given transaction number ${number} does not match any in-progress transactions. The active transaction number is -1`,
    { labels: [TRANSIENT] },
  );
}

/** The id of a command's session, as text; undefined when it has none. */
export function sessionOf(command: Document): string | undefined {
  const id = isDocument(command.lsid) ? command.lsid.id : undefined;
  return id instanceof Binary ? Buffer.from(id.value()).toString('latin1') : undefined;
}
