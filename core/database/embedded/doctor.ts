import { openFile } from './backup.ts';
import { lockFolder } from './folder-lock.ts';
import { Catalog, type Collection, isView } from './storage/catalog.ts';
import { bufferOf, type Connection } from './storage/connection.ts';
import { type Index, keysOf } from './storage/index.ts';
import { decode } from './values/decode.ts';
import type { Document } from './values/document.ts';

/** What is wrong with an index or a document. */
export type Finding = { collection: string; index: string | null; problem: string };

/** What a look over a database found. */
export type Diagnosis = {
  collections: number;
  documents: number;
  keys: number;
  findings: Finding[];
  rebuilt: string[];
};

/**
 * Compares every index with the documents that it is of, key by key, and reads every document.
 * @param folder - where the engine's file is: `database` in the data folder
 * @param repair - build indexes that differ anew; needs a database that is not in use
 * @throws Error when there is no database, or `repair` is asked of one in use
 */
export function doctor(folder: string, { repair = false }: { repair?: boolean } = {}): Diagnosis {
  const lock = repair ? lockFolder(folder) : undefined;
  const connection = openFile(folder, { readOnly: !repair });
  try {
    connection.sqlite.exec(repair ? 'BEGIN IMMEDIATE' : 'BEGIN');
    const diagnosis = look(connection, repair);
    connection.sqlite.exec('COMMIT');
    return diagnosis;
  } finally {
    connection.close();
    lock?.release();
  }
}

function look(connection: Connection, repair: boolean): Diagnosis {
  const result: Diagnosis = { collections: 0, documents: 0, keys: 0, findings: [], rebuilt: [] };
  const [state] = connection.get('PRAGMA integrity_check') ?? [];
  if (state !== 'ok')
    result.findings.push({
      collection: '',
      index: null,
      problem: `the file is damaged: ${String(state).slice(0, 200)}`,
    });
  const catalog = new Catalog(connection);
  for (const collection of catalog.list()) {
    if (isView(collection)) continue;
    const name = `${collection.database}.${collection.name}`;
    result.collections++;
    const inspection = inspect(connection, collection);
    let step = inspection.next();
    while (!step.done) step = inspection.next();
    const { documents, unreadable, counts } = step.value;
    result.documents += documents;
    for (const problem of unreadable) result.findings.push({ collection: name, index: null, problem });
    for (const [index, { expected, missing, unexpected }] of counts) {
      result.keys += expected;
      if (missing === 0 && unexpected === 0) continue;
      const problem = `${missing} keys are missing and ${unexpected} belong to no document`;
      result.findings.push({ collection: name, index: index.name, problem });
      if (repair) rebuild(connection, collection, index, name, result);
    }
  }
  return result;
}

/** How many keys an index must have, how many of those it has not, and how many others. */
type Counts = { expected: number; missing: number; unexpected: number };

/** What a look over one collection found: `unreadable` has a sentence for each document that is no BSON. */
export type Inspection = { documents: number; unreadable: string[]; counts: Map<Index, Counts> };

/**
 * Reads every document of a collection and looks its keys up one by one, so that no index is held in memory. The caller may
 * pause after each step; the connection must see one moment all the while.
 * @param visit - gets every document that can be read
 */
export function* inspect(
  connection: Connection,
  collection: Collection,
  visit?: (document: Document) => void,
): Generator<void, Inspection> {
  const counts = collection.indexes.map((index) => ({ index, expected: 0, present: 0 }));
  const unreadable: string[] = [];
  const note = (row: number, error: Error) => unreadable.push(`row ${row} cannot be read: ${error.message}`);
  let documents = 0;
  for (const { row, document } of documentsOf(connection, collection, note)) {
    documents++;
    visit?.(document);
    for (const count of counts) {
      for (const key of keysOf(count.index, document).keys) {
        count.expected++;
        if (connection.get(`SELECT 1 FROM i${count.index.id} WHERE k = ? AND r = ?`, key, row)) count.present++;
      }
    }
    yield;
  }
  const found = counts.map(({ index, expected, present }): [Index, Counts] => {
    const all = Number(connection.get(`SELECT count(*) FROM i${index.id}`)?.[0]);
    return [index, { expected, missing: expected - present, unexpected: all - present }];
  });
  return { documents, unreadable, counts: new Map(found) };
}

function* documentsOf(
  connection: Connection,
  { id }: Collection,
  unreadable: (row: number, error: Error) => void,
): Generator<{ row: number; document: Document }> {
  for (let from = 0; ; ) {
    const rows = connection.all(`SELECT r, doc FROM d${id} WHERE r > ? ORDER BY r LIMIT 500`, from);
    for (const [row, doc] of rows) {
      let document: Document;
      try {
        document = decode(bufferOf(doc));
      } catch (error) {
        unreadable(row as number, error as Error);
        continue;
      }
      yield { row: row as number, document };
    }
    if (rows.length < 500) return;
    from = Number(rows.at(-1)?.[0]);
  }
}

function rebuild(connection: Connection, collection: Collection, index: Index, name: string, result: Diagnosis): void {
  connection.run(`DELETE FROM i${index.id}`);
  let refused = 0;
  for (const { row, document } of documentsOf(connection, collection, () => {})) {
    for (const key of keysOf(index, document).keys) {
      refused += 1 - connection.run(`INSERT OR IGNORE INTO i${index.id} (k, r) VALUES (?, ?)`, key, row);
    }
  }
  result.rebuilt.push(`${name} ${index.name}`);
  if (refused)
    result.findings.push({
      collection: name,
      index: index.name,
      problem: `${refused} documents break its uniqueness; remove them and run doctor again`,
    });
}
