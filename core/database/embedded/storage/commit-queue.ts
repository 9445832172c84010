import type { ChangeLog } from '../changes/change-log.ts';
import { CommandError } from '../errors.ts';
import type { Catalog } from './catalog.ts';

/** Thrown by a job that needs what an open transaction holds: the job is done again when that has ended. */
export class Blocked extends Error {
  readonly until: Promise<void>;
  constructor(until: Promise<void>) {
    super('waiting for a transaction to end');
    this.until = until;
  }
}

type Entry = { job: () => unknown; resolve: (value: never) => void; reject: (error: unknown) => void };

/**
 * Commits many commands with one fsync: what arrives while a commit is being written is done together in the next. A
 * command is answered after its commit; one that fails is undone alone.
 */
export class CommitQueue {
  /** Grows with every commit that changed something. */
  sequence = 0;
  readonly #catalog: Catalog;
  readonly #changes: ChangeLog;
  #waiting: Entry[] = [];
  #scheduled = false;
  #closed = false;
  /** Whether the catalog in memory could not be read again after a rollback. */
  #stale = false;

  constructor(catalog: Catalog, changes: ChangeLog) {
    this.#catalog = catalog;
    this.#changes = changes;
  }

  /** Does a job, which must be synchronous, in the next commit. */
  submit<T>(job: () => T): Promise<T> {
    return new Promise((resolve, reject) => this.#enqueue({ job, resolve, reject }));
  }

  /** Commits what waits and takes nothing more. */
  close(): void {
    this.flush();
    this.#closed = true;
  }

  #enqueue(entry: Entry): void {
    if (this.#closed) entry.reject(new CommandError(91, 'The database is shutting down'));
    else {
      this.#waiting.push(entry);
      this.#schedule();
    }
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.flush();
    });
  }

  /** Commits all that waits, now. */
  flush(): void {
    const batch = this.#waiting;
    if (batch.length === 0) return;
    this.#waiting = [];
    const done: { entry: Entry; value: unknown }[] = [];
    const { sqlite } = this.#catalog.connection;
    try {
      if (this.#stale) this.#reload();
      sqlite.exec('BEGIN IMMEDIATE');
      this.sequence++;
      for (const entry of batch) {
        const outcome = this.#attempt(entry, batch.length === 1);
        if (outcome) done.push({ entry, value: outcome.value });
      }
      // A job that was the whole batch and failed has been rolled back with it; else nothing is answered without a commit.
      if (batch.length > 1 || done.length > 0) sqlite.exec('COMMIT');
    } catch (error) {
      this.#changes.undo(0);
      for (const entry of batch) entry.reject(storageError(error));
      this.#undo();
      return;
    }
    this.#changes.publish();
    for (const { entry, value } of done) entry.resolve(value as never);
  }

  /** Undoes a batch that failed. A disk that cannot even be read must not end the engine: the next batch tries again. */
  #undo(): void {
    this.#stale = true;
    try {
      const { sqlite } = this.#catalog.connection;
      if (sqlite.isTransaction) sqlite.exec('ROLLBACK');
      this.#reload();
    } catch (error) {
      if (!isStorageError(error)) throw error;
    }
  }

  #reload(): void {
    this.#catalog.reload();
    this.#stale = false;
  }

  /**
   * Runs one job so that it can be undone alone; undefined when it failed or has to wait. A savepoint has SQLite copy each
   * page before it changes (a tenth of a large insert), so a job that is the whole batch goes without.
   */
  #attempt(entry: Entry, isAlone: boolean): { value: unknown } | undefined {
    const { connection } = this.#catalog;
    const { mark } = this.#changes;
    this.#catalog.changed = false;
    if (!isAlone) connection.run('SAVEPOINT job');
    try {
      const value = entry.job();
      if (!isAlone) connection.run('RELEASE job');
      return { value };
    } catch (error) {
      // SQLite may have rolled everything back itself, as when the disk is full: then the whole batch has failed.
      if (!connection.sqlite.isTransaction || isStorageError(error)) throw error;
      connection.run(isAlone ? 'ROLLBACK' : 'ROLLBACK TO job');
      this.#changes.undo(mark);
      if (!isAlone) connection.run('RELEASE job');
      if (this.#catalog.changed) this.#catalog.reload();
      if (error instanceof Blocked) error.until.then(() => this.#enqueue(entry));
      else entry.reject(error);
      return undefined;
    }
  }
}

function isStorageError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR';
}

/** Gives what SQLite reports the code that MongoDB has for it. */
export function storageError(error: unknown): unknown {
  if (!isStorageError(error)) return error;
  const { errcode = 0, message } = error as { errcode?: number; message: string };
  switch (errcode & 0xff) {
    case 13: // SQLITE_FULL
    case 10: // SQLITE_IOERR, which is how a limit on file sizes shows
      return new CommandError(
        14031,
        `The disk is full or failing: ${message}. Make room for the data folder; nothing else is needed`,
      );
    case 8: // SQLITE_READONLY
    case 14: // SQLITE_CANTOPEN
      return new CommandError(
        14031,
        `The data folder cannot be written: ${message}. Make it writable again; nothing else is needed`,
      );
  }
  return new CommandError(1, `The storage failed: ${message}`);
}
