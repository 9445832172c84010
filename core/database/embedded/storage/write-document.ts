import { CommandError } from '../errors.ts';
import { decode } from '../values/decode.ts';
import type { Document } from '../values/document.ts';
import type { Catalog, Collection } from './catalog.ts';
import { bufferOf } from './connection.ts';
import { duplicateKey } from './duplicate-key.ts';
import { type Index, keysOf } from './index.ts';

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
  if (collection.indexes.length > 1) {
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
