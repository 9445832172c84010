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
    const expected = expectedKeys(connection, collection, name, result);
    result.collections++;
    for (const index of collection.indexes) {
      const problem = compareKeys(connection, index, expected.get(index) ?? new Map());
      result.keys += expected.get(index)?.size ?? 0;
      if (!problem) continue;
      result.findings.push({ collection: name, index: index.name, problem });
      if (repair) rebuild(connection, index, expected.get(index) ?? new Map(), name, result);
    }
  }
  return result;
}

/** The keys that each index must have: by key and row, as text. */
type Keys = Map<string, { key: Buffer; row: number }>;

function expectedKeys(
  connection: Connection,
  collection: Collection,
  name: string,
  result: Diagnosis,
): Map<Index, Keys> {
  const expected = new Map<Index, Keys>(collection.indexes.map((index) => [index, new Map()]));
  for (let from = 0; ; ) {
    const rows = connection.all(`SELECT r, doc FROM d${collection.id} WHERE r > ? ORDER BY r LIMIT 500`, from);
    for (const [row, doc] of rows) {
      result.documents++;
      let document: Document;
      try {
        document = decode(bufferOf(doc));
      } catch (error) {
        result.findings.push({
          collection: name,
          index: null,
          problem: `row ${row} cannot be read: ${(error as Error).message}`,
        });
        continue;
      }
      for (const [index, keys] of expected) {
        for (const key of keysOf(index, document).keys)
          keys.set(entryName(key, row as number), { key, row: row as number });
      }
    }
    if (rows.length < 500) return expected;
    from = Number(rows.at(-1)?.[0]);
  }
}

function entryName(key: Buffer, row: number): string {
  return `${row}:${key.toString('latin1')}`;
}

function compareKeys(connection: Connection, index: Index, expected: Keys): string | undefined {
  let present = 0;
  let unexpected = 0;
  for (const cells of connection.sqlite.prepare(`SELECT k, r FROM i${index.id}`).iterate() as Iterable<{
    k: Uint8Array;
    r: number;
  }>) {
    if (expected.has(entryName(bufferOf(cells.k), cells.r))) present++;
    else unexpected++;
  }
  const missing = expected.size - present;
  if (missing === 0 && unexpected === 0) return undefined;
  return `${missing} keys are missing and ${unexpected} belong to no document`;
}

function rebuild(connection: Connection, index: Index, expected: Keys, name: string, result: Diagnosis): void {
  connection.run(`DELETE FROM i${index.id}`);
  let refused = 0;
  for (const { key, row } of expected.values()) {
    refused += 1 - connection.run(`INSERT OR IGNORE INTO i${index.id} (k, r) VALUES (?, ?)`, key, row);
  }
  result.rebuilt.push(`${name} ${index.name}`);
  if (refused)
    result.findings.push({
      collection: name,
      index: index.name,
      problem: `${refused} documents break its uniqueness; remove them and run doctor again`,
    });
}
