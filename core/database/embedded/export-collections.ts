import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { EJSON } from 'bson';
import { openFile } from './backup.ts';
import { bufferOf } from './storage/connection.ts';
import { decode } from './values/decode.ts';
import type { Document } from './values/document.ts';

/**
 * Writes a database as files that `mongorestore` loads: for each collection `<database>/<name>.bson`, its documents one
 * after the other, and `<name>.metadata.json`, its options and indexes (manual: mongodump, "Data Types" and file layout).
 * All are of one moment; the database may be in use.
 *
 * @param folder - where the engine's file is: `database` in the data folder
 * @param to - the folder to write into, made when needed
 * @returns how many documents each collection has, by `database.name`
 */
export function exportCollections(folder: string, to: string): Record<string, number> {
  const connection = openFile(folder, { readOnly: true });
  const counts: Record<string, number> = {};
  try {
    connection.sqlite.exec('BEGIN');
    for (const [id, database, name, uuid, options] of connection.all(
      'SELECT id, database, name, uuid, options FROM collections',
    )) {
      const target = join(to, fileName(database as string));
      mkdirSync(target, { recursive: true, mode: 0o700 });
      const settings = decode(bufferOf(options));
      const specs = connection.all('SELECT spec FROM indexes WHERE collection = ? ORDER BY id', id as number);
      const metadata: Document = {
        options: settings,
        indexes: specs.map(([spec]) => decode(bufferOf(spec))),
        uuid: String(uuid).replaceAll('-', ''),
        collectionName: name,
        type: typeof settings.viewOn === 'string' ? 'view' : 'collection',
      };
      const base = join(target, fileName(name as string));
      writeFileSync(`${base}.metadata.json`, EJSON.stringify(metadata, { relaxed: false }), { mode: 0o600 });
      if (metadata.type === 'collection')
        counts[`${database}.${name}`] = writeDocuments(connection, Number(id), `${base}.bson`);
    }
    connection.sqlite.exec('COMMIT');
  } finally {
    connection.close();
  }
  return counts;
}

/** Names of collections may hold what names of files may not: `mongodump` writes them percent-encoded. */
function fileName(name: string): string {
  return encodeURIComponent(name);
}

function writeDocuments(connection: ReturnType<typeof openFile>, id: number, file: string): number {
  const output = openSync(file, 'w', 0o600);
  let count = 0;
  try {
    for (let from = 0; ; ) {
      const rows = connection.all(`SELECT r, doc FROM d${id} WHERE r > ? ORDER BY r LIMIT 500`, from);
      for (const [, doc] of rows) writeSync(output, bufferOf(doc));
      count += rows.length;
      if (rows.length < 500) return count;
      from = Number(rows.at(-1)?.[0]);
    }
  } finally {
    closeSync(output);
  }
}
