import { DatabaseSync, type StatementSync } from 'node:sqlite';

/** A value that SQLite stores for us. */
export type Cell = number | string | Uint8Array | null;

/** A SQLite handle that keeps its prepared statements. */
export class Connection {
  readonly sqlite: DatabaseSync;
  #statements = new Map<string, StatementSync>();

  /**
   * Opens the engine's file. Every commit is on disk when it returns (WAL with synchronous=FULL), so that `kill -9` or a
   * power cut loses nothing that was acknowledged.
   */
  constructor(file: string, options: { readOnly?: boolean } = {}) {
    this.sqlite = new DatabaseSync(file, { readOnly: options.readOnly ?? false, timeout: 5000 });
    if (!options.readOnly) {
      this.sqlite.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864');
    }
    this.sqlite.exec('PRAGMA cache_size = -32768; PRAGMA wal_autocheckpoint = 4000');
  }

  /** All rows of a statement, as arrays. */
  all(sql: string, ...cells: Cell[]): Cell[][] {
    return this.#prepare(sql).all(...cells) as unknown as Cell[][];
  }

  /** The first row of a statement, as an array. */
  get(sql: string, ...cells: Cell[]): Cell[] | undefined {
    return this.#prepare(sql).get(...cells) as unknown as Cell[] | undefined;
  }

  /** Runs a statement and returns how many rows it changed. */
  run(sql: string, ...cells: Cell[]): number {
    return Number(this.#prepare(sql).run(...cells).changes);
  }

  /** Forgets the prepared statements: they hold the tables that they name, which would keep them from being dropped. */
  forget(): void {
    this.#statements.clear();
  }

  /** Moves the log into the file, if the disk lets it. @returns whether it did */
  checkpoint(): boolean {
    try {
      return this.sqlite.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.busy === 0;
    } catch {
      return false;
    }
  }

  close(): void {
    this.#statements.clear();
    if (this.sqlite.isOpen) this.sqlite.close();
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.sqlite.prepare(sql);
      statement.setReturnArrays(true);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

/** A blob of SQLite as a Buffer, without a copy. */
export function bufferOf(cell: Cell | undefined): Buffer {
  const bytes = cell as Uint8Array;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
