import { CommandError } from '../errors.ts';
import { decode } from '../values/decode.ts';
import type { Document } from '../values/document.ts';
import type { Catalog, Collection } from './catalog.ts';
import { bufferOf, type Cell, type Connection } from './connection.ts';
import { duplicateKey } from './duplicate-key.ts';
import { type Index, type Keys, keysOf } from './index.ts';

type Entry = { index: Index; key: Buffer };

/**
 * Stores a new document and its index keys; nothing of it stays when a unique index refuses it.
 * @throws CommandError 11000 for a duplicate key
 */
export function insertRow(
  catalog: Catalog,
  collection: Collection,
  row: number,
  document: Document,
  bytes: Buffer,
): void {
  addKeys(catalog, collection, row, document, entriesOf(catalog, collection, document));
  catalog.connection.run(`INSERT INTO d${collection.id} (r, doc) VALUES (?, ?)`, row, bytes);
}

/**
 * Stores a document in place of another.
 * @throws CommandError 11000 for a duplicate key; then nothing has changed
 */
export function replaceRow(
  catalog: Catalog,
  collection: Collection,
  row: number,
  before: Document,
  after: Document,
  bytes: Buffer,
): void {
  // A document keeps its `_id`; a time series has no index of that.
  if (collection.indexes.some(({ name }) => name !== '_id_')) {
    const old = entriesOf(catalog, collection, before);
    const next = entriesOf(catalog, collection, after);
    const same = (a: Entry) => (b: Entry) => a.index === b.index && a.key.equals(b.key);
    const gone = old.filter((entry) => !next.some(same(entry)));
    addKeys(
      catalog,
      collection,
      row,
      after,
      next.filter((entry) => !old.some(same(entry))),
    );
    for (const entry of gone) removeKey(catalog, entry, row);
  }
  catalog.connection.run(`UPDATE d${collection.id} SET doc = ? WHERE r = ?`, bytes, row);
}

/** A document that a transaction puts into a row, takes out of it, or both. */
export type RowChange = {
  row: number;
  before?: Document;
  after?: Document;
  bytes?: Buffer;
  /** what an index has for `after`, by its id, where that is known already */
  keys?: Map<number, Keys>;
};

/**
 * Writes many changes of a collection, a few statements for all. What goes is removed first, so that keys may change hands
 * among them; what a change leaves as it was is not touched.
 * @throws CommandError 11000 for a duplicate key; then a part has been written, which the caller has to undo
 */
export function writeRows(catalog: Catalog, collection: Collection, changes: RowChange[]): void {
  const { connection } = catalog;
  for (const index of collection.indexes) {
    const added: { key: Buffer; change: RowChange }[] = [];
    for (const change of changes) {
      const old = change.before ? entriesIn(catalog, index, keysOf(index, change.before)) : [];
      const next = change.after
        ? entriesIn(catalog, index, change.keys?.get(index.id) ?? keysOf(index, change.after))
        : [];
      for (const key of old) if (!holds(next, key)) removeKey(catalog, { index, key }, change.row);
      for (const key of next) if (!holds(old, key)) added.push({ key, change });
    }
    // In the order of the index: then what is written lies together.
    added.sort((a, b) => Buffer.compare(a.key, b.key));
    const sql = `INSERT OR IGNORE INTO i${index.id} (k, r) VALUES`;
    const written = runMany(
      connection,
      sql,
      added.map(({ key, change }) => [key, change.row]),
    );
    if (!index.unique || written === added.length) continue;
    for (const { key, change } of added) {
      const [row] = connection.get(`SELECT r FROM i${index.id} WHERE k = ?`, key) ?? [];
      if (row !== change.row) throw duplicateKey(collection, index, change.after as Document, key);
    }
  }
  const fresh: Cell[][] = [];
  for (const { row, before, after, bytes } of changes) {
    if (!after || !bytes) connection.run(`DELETE FROM d${collection.id} WHERE r = ?`, row);
    else if (before) connection.run(`UPDATE d${collection.id} SET doc = ? WHERE r = ?`, bytes, row);
    else fresh.push([row, bytes]);
  }
  runMany(connection, `INSERT INTO d${collection.id} (r, doc) VALUES`, fresh);
}

/** How many rows one statement takes: each needs its own preparation, and gains little beyond. */
const TOGETHER = 64;
const MANY = Array.from({ length: TOGETHER }, () => '(?, ?)').join(', ');

/** Inserts rows of two cells. @returns how many were new */
function runMany(connection: Connection, sql: string, rows: Cell[][]): number {
  let written = 0;
  let at = 0;
  for (; at + TOGETHER <= rows.length; at += TOGETHER)
    written += connection.run(`${sql} ${MANY}`, ...rows.slice(at, at + TOGETHER).flat());
  for (; at < rows.length; at++) written += connection.run(`${sql} (?, ?)`, ...(rows[at] as Cell[]));
  return written;
}

function entriesIn(catalog: Catalog, index: Index, { keys, multikey }: Keys): Buffer[] {
  if (multikey && !index.multikey) catalog.markMultikey(index);
  return keys;
}

function holds(keys: Buffer[], key: Buffer): boolean {
  return keys.some((other) => other.equals(key));
}

/** Removes a document and its index keys. */
export function removeRow(catalog: Catalog, collection: Collection, row: number, before: Document): void {
  for (const entry of entriesOf(catalog, collection, before)) removeKey(catalog, entry, row);
  catalog.connection.run(`DELETE FROM d${collection.id} WHERE r = ?`, row);
}

/** Fills a new index with the documents that are there. @throws CommandError 11000 when a unique one cannot be */
export function fillIndex(catalog: Catalog, collection: Collection, index: Index): void {
  for (let from = 0; ; ) {
    const rows = catalog.connection.all(`SELECT r, doc FROM d${collection.id} WHERE r > ? ORDER BY r LIMIT 500`, from);
    for (const [row, doc] of rows) {
      const document = decode(bufferOf(doc));
      addKeys(
        catalog,
        collection,
        row as number,
        document,
        entriesOf(catalog, { ...collection, indexes: [index] }, document),
      );
    }
    if (rows.length < 500) return;
    from = rows.at(-1)?.[0] as number;
  }
}

function entriesOf(catalog: Catalog, { indexes }: Collection, document: Document): Entry[] {
  const entries: Entry[] = [];
  for (const index of indexes) {
    const { keys, multikey } = keysOf(index, document);
    if (multikey && index.name === '_id_') throw new CommandError(53, "The '_id' value cannot be of type array");
    if (multikey && !index.multikey) catalog.markMultikey(index);
    for (const key of keys) entries.push({ index, key });
  }
  return entries;
}

function addKeys(catalog: Catalog, collection: Collection, row: number, document: Document, entries: Entry[]): void {
  for (const [i, { index, key }] of entries.entries()) {
    const added = catalog.connection.run(`INSERT OR IGNORE INTO i${index.id} (k, r) VALUES (?, ?)`, key, row);
    if (added === 1 || !index.unique) continue;
    for (const earlier of entries.slice(0, i)) removeKey(catalog, earlier, row);
    throw duplicateKey(collection, index, document, key);
  }
}

function removeKey(catalog: Catalog, { index, key }: Entry, row: number): void {
  catalog.connection.run(`DELETE FROM i${index.id} WHERE k = ? AND r = ?`, key, row);
}
