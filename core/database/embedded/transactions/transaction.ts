import type { ChangeLog, Happening } from '../changes/change-log.ts';
import { CommandError } from '../errors.ts';
import type { Access } from '../storage/access.ts';
import type { Catalog, Collection } from '../storage/catalog.ts';
import type { CommitQueue } from '../storage/commit-queue.ts';
import { bufferOf, type Connection } from '../storage/connection.ts';
import { duplicateKey } from '../storage/duplicate-key.ts';
import { type Keys, keysOf } from '../storage/index.ts';
import { type Row, scan } from '../storage/scan.ts';
import { type RowChange, writeRows } from '../storage/write-document.ts';
import { decode } from '../values/decode.ts';
import type { Document } from '../values/document.ts';
import { documentName, keyName, type Locks, TRANSIENT } from './locks.ts';
import { MadeCollections } from './made-collections.ts';

/** The document that a transaction put in a row; undefined when it removed it. */
type Change = RowChange & { collection: Collection; whole?: boolean };

/** What a change of a transaction is in the end: nothing when it removed what it had inserted. */
function happeningOf({ before, after, whole }: Change): Happening | undefined {
  if (!before) return after && { kind: 'insert', document: after };
  return after ? { kind: whole ? 'replace' : 'update', before, document: after } : { kind: 'delete', before };
}

/** The error for a change that somebody else's change makes impossible. */
export function writeConflict(): CommandError {
  return new CommandError(
    112,
    'Caused by :: Write conflict during plan execution and yielding is disabled. :: Please retry your operation or multi-document transaction.',
    { labels: [TRANSIENT] },
  );
}

/**
 * A transaction of several commands: reads see the state in which it began and its own changes, which are kept in memory
 * and written in one commit. Changing what another transaction has changed, or what was changed since this one began, is
 * a write conflict at once.
 */
export class Transaction implements Access {
  readonly held = new Set<string>();
  readonly made = new MadeCollections();
  /** Whether it has ended, one way or the other. */
  closed = false;
  /** Resolves when it has committed or aborted. */
  readonly ended: Promise<void>;
  readonly #catalog: Catalog;
  readonly #snapshot: Connection;
  readonly #locks: Locks;
  readonly #since: number;
  #changes = new Map<Collection, Map<number, Change>>();
  /** The rows that hold unique keys that this transaction made. */
  #keys = new Map<string, number>();
  #end: () => void = () => {};

  constructor(catalog: Catalog, queue: CommitQueue, locks: Locks, snapshot: Connection) {
    this.#catalog = catalog;
    this.#locks = locks;
    this.#snapshot = snapshot;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    snapshot.sqlite.exec('BEGIN');
    // SQLite fixes what a transaction sees at its first read.
    snapshot.get('SELECT count(*) FROM collections');
    this.#since = queue.sequence;
    locks.begin(this);
  }

  /** Whether it has changed anything. */
  get hasChanges(): boolean {
    return this.#changes.size > 0 || this.made.size > 0;
  }

  inOrder(collection: Collection): boolean {
    return !this.#changes.has(collection);
  }

  *scan(collection: Collection, plan: Parameters<Access['scan']>[1], first?: number): Generator<Row[]> {
    const changed = this.#changes.get(collection);
    for (const chunk of this.#existing(collection) ? this.#stored(collection, plan, first) : []) {
      yield changed ? chunk.filter(({ row }) => !changed.has(row)) : chunk;
    }
    const own = [...this.#own(collection, plan)].flatMap(({ row, bytes }) => (bytes ? [{ row, bytes }] : []));
    if (own.length) yield own;
  }

  /**
   * Own changes of a collection, of which all that a plan would find. What is asked for by its `_id` is looked up: with a
   * thousand upserts in one transaction each would else decode what all the others wrote.
   */
  *#own(collection: Collection, plan: Parameters<Access['scan']>[1]): Generator<Change> {
    const changed = this.#changes.get(collection);
    if (!changed) return;
    if (plan.kind !== 'index' || plan.index.name !== '_id_' || !plan.exact) {
      yield* changed.values();
      return;
    }
    for (const { low } of plan.intervals) {
      const row = this.#keys.get(keyName(plan.index, low));
      const change = row === undefined ? undefined : changed.get(row);
      if (change) yield change;
    }
  }

  *#stored(collection: Collection, plan: Parameters<Access['scan']>[1], first?: number): Generator<Row[]> {
    try {
      for (const chunk of scan(this.#snapshot, collection, plan, first)) {
        yield chunk;
        // Its time may run out between two chunks; then the snapshot is soon that of another transaction.
        if (this.closed)
          throw new CommandError(251, 'The transaction was aborted while it read', { labels: [TRANSIENT] });
      }
    } catch (error) {
      // An index that was made after the transaction began is not in what it sees.
      if (!(error instanceof CommandError && error.code === 175)) throw error;
      throw new CommandError(246, `Unable to read ${collection.name} as it was when the transaction began`, {
        labels: [TRANSIENT],
      });
    }
  }

  /** Whether the collection's tables are in the snapshot: it may have been made after this began. */
  #existing(collection: Collection): boolean {
    return this.#snapshot.get('SELECT 1 FROM collections WHERE id = ?', collection.id) !== undefined;
  }

  read(collection: Collection, row: number): Buffer | undefined {
    const change = this.#changes.get(collection)?.get(row);
    if (change) return change.bytes;
    const cells =
      this.#existing(collection) && this.#snapshot.get(`SELECT doc FROM d${collection.id} WHERE r = ?`, row);
    return cells ? bufferOf(cells[0]) : undefined;
  }

  insert(collection: Collection, document: Document, bytes: Buffer): void {
    const row = collection.nextRow++;
    const keys = this.#claimKeys(collection, row, document);
    this.#note(collection, { collection, row, after: document, bytes, keys });
  }

  replace(
    collection: Collection,
    row: number,
    before: Document,
    after: Document,
    bytes: Buffer,
    whole?: boolean,
  ): void {
    this.#claim(collection, row);
    const keys = this.#claimKeys(collection, row, after, before);
    this.#note(collection, { collection, row, before, after, bytes, whole, keys });
  }

  /** Adds an index to a collection that this transaction has made. @throws CommandError 263 where MongoDB takes none */
  addIndex(collection: Collection, spec: Document): void {
    if (collection.id > 0 || this.#changes.has(collection)) {
      throw new CommandError(
        263,
        `Cannot create new indexes on existing collection ${collection.database}.${collection.name} in a multi-document transaction.`,
      );
    }
    this.made.addIndex(collection, spec);
  }

  remove(collection: Collection, row: number, before: Document): void {
    this.#claim(collection, row);
    this.#note(collection, { collection, row, before });
  }

  #note(collection: Collection, change: Change): void {
    let changes = this.#changes.get(collection);
    if (!changes) {
      changes = new Map();
      this.#changes.set(collection, changes);
    }
    const earlier = changes.get(change.row);
    // What is replaced at commit is what was there before the transaction, not an own change.
    changes.set(change.row, earlier ? { ...change, before: earlier.before } : change);
  }

  #claim(collection: Collection, row: number): void {
    const name = documentName(collection, row);
    const holder = this.#locks.holder(name);
    if (holder === this) return;
    if (holder || this.#locks.changedSince(name, this.#since)) throw writeConflict();
    this.#locks.take(name, this);
  }

  /** Takes a document's unique keys. @returns its keys in each index, which the commit writes */
  #claimKeys(collection: Collection, row: number, document: Document, before?: Document): Map<number, Keys> {
    const all = new Map<number, Keys>();
    for (const index of collection.indexes) {
      const found = keysOf(index, document);
      const { keys, multikey } = found;
      all.set(index.id, found);
      if (multikey && index.name === '_id_') throw new CommandError(53, "The '_id' value cannot be of type array");
      if (!index.unique) continue;
      const held = before ? keysOf(index, before).keys : [];
      for (const key of keys) {
        const name = keyName(index, key);
        // What the document had before nobody else can have: its row is taken.
        if (held.some((other) => other.equals(key))) {
          this.#keys.set(name, row);
          continue;
        }
        const own = this.#keys.get(name);
        if (own !== undefined && own !== row && this.#hasKey(collection, own, index, key))
          throw duplicateKey(collection, index, document, key);
        const holder = this.#locks.holder(name);
        if (holder && holder !== this) throw writeConflict();
        const committed = this.#committedRow(index, key);
        if (committed !== undefined && committed !== row && !this.#changes.get(collection)?.has(committed)) {
          const seen = this.#existing(collection) && this.#snapshot.get(`SELECT 1 FROM i${index.id} WHERE k = ?`, key);
          throw seen ? duplicateKey(collection, index, document, key) : writeConflict();
        }
        if (committed !== undefined && committed !== row && this.#hasKey(collection, committed, index, key))
          throw duplicateKey(collection, index, document, key);
        this.#locks.take(name, this);
        this.#keys.set(name, row);
      }
    }
    return all;
  }

  #committedRow({ id }: Collection['indexes'][number], key: Buffer): number | undefined {
    if (id < 0) return undefined;
    return this.#catalog.connection.get(`SELECT r FROM i${id} WHERE k = ?`, key)?.[0] as number | undefined;
  }

  /** Whether the document that this transaction sees in a row still has a key. */
  #hasKey(collection: Collection, row: number, index: Collection['indexes'][number], key: Buffer): boolean {
    const bytes = this.read(collection, row);
    return bytes !== undefined && keysOf(index, decode(bytes)).keys.some((other) => other.equals(key));
  }

  /**
   * Writes all changes; belongs into a job of the commit queue.
   * @param changes - where change streams see them
   * @param origin - the session and number that they show
   */
  apply(queue: CommitQueue, changes: ChangeLog, origin: Document): void {
    const stored = this.made.store(this.#catalog);
    for (const [seen, own] of this.#changes) {
      if (seen.dropped) throw new CommandError(112, `The collection ${seen.name} was dropped`, { labels: [TRANSIENT] });
      const collection = stored.get(seen) ?? seen;
      const all = [...own.values()].map((change) =>
        collection === seen ? change : { ...change, row: collection.nextRow++, keys: undefined },
      );
      writeRows(
        this.#catalog,
        collection,
        all.filter(({ before, after }) => before || after),
      );
      for (const change of all) {
        this.#locks.noteChange(documentName(collection, change.row), queue.sequence);
        const happening = happeningOf(change);
        if (happening) changes.note(collection, happening, 2 * (change.bytes?.length ?? 500), origin);
      }
    }
  }

  /** Lets go of everything: after the commit, or to abort. @returns the connection, for the next transaction */
  close(): Connection {
    this.closed = true;
    this.#locks.end(this);
    if (this.#snapshot.sqlite.isTransaction) this.#snapshot.sqlite.exec('COMMIT');
    this.#end();
    return this.#snapshot;
  }
}
