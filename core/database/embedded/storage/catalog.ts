import { randomUUID } from 'node:crypto';
import { CommandError, cut } from '../errors.ts';
import { decode } from '../values/decode.ts';
import { type Document, isDocument } from '../values/document.ts';
import { encode } from '../values/encode.ts';
import { bufferOf, type Connection } from './connection.ts';
import { type Index, makeIndex } from './index.ts';

/** A collection or, with `viewOn` in its options, a view. Its documents are in the table `d<id>`, keyed by insertion order. */
export type Collection = {
  id: number;
  database: string;
  name: string;
  options: Document;
  uuid: string;
  indexes: Index[];
  /** The row that the next document gets; rows are never used twice. */
  nextRow: number;
  /** Whether it was dropped: an open cursor may still hold it. */
  dropped: boolean;
};

/** What collections and indexes there are: in memory, with every change written through the connection at once. */
export class Catalog {
  readonly connection: Connection;
  /** Whether the job at work has changed it. */
  changed = false;
  #collections = new Map<string, Collection>();

  constructor(connection: Connection) {
    this.connection = connection;
    // Not when only reading: then the tables are there, and a read-only handle may not even try.
    const made = connection.get("SELECT 1 FROM sqlite_schema WHERE name = 'retries'");
    if (!made)
      connection.sqlite.exec(`
      CREATE TABLE IF NOT EXISTS collections (id INTEGER PRIMARY KEY AUTOINCREMENT, database TEXT, name TEXT, uuid TEXT, options BLOB, UNIQUE (database, name));
      CREATE TABLE IF NOT EXISTS indexes (id INTEGER PRIMARY KEY AUTOINCREMENT, collection INTEGER, spec BLOB, multikey INTEGER);
      CREATE TABLE IF NOT EXISTS retries (session BLOB PRIMARY KEY, number INTEGER, reply BLOB, at INTEGER) WITHOUT ROWID;
    `);
    this.reload();
  }

  /** Reads everything from disk again, as after a rollback. Collections that still exist stay the same objects. */
  reload(): void {
    const before = new Map([...this.#collections.values()].map((collection) => [collection.id, collection]));
    // All is read before anything is changed: a disk that fails half-way must not leave a part of the collections.
    const rows = this.connection.all('SELECT id, database, name, uuid, options FROM collections');
    const specs = this.connection.all('SELECT id, collection, spec, multikey FROM indexes ORDER BY id');
    const read = rows.map(([id, database, name, uuid, options]) => {
      const settings = decode(bufferOf(options));
      const isTable = typeof settings.viewOn !== 'string';
      // The next row of a collection that is known already never falls behind.
      const isNew = isTable && !before.has(id as number);
      const last = isNew ? Number(this.connection.get(`SELECT max(r) FROM d${id}`)?.[0] ?? 0) : 0;
      return {
        id: id as number,
        database: database as string,
        name: name as string,
        uuid: uuid as string,
        options: settings,
        nextRow: last + 1,
      };
    });
    this.#collections.clear();
    for (const one of read) {
      const known = before.get(one.id);
      const nextRow = Math.max(known?.nextRow ?? 1, one.nextRow);
      const collection: Collection = Object.assign(known ?? {}, { ...one, nextRow, indexes: [], dropped: false });
      this.#collections.set(`${one.database}.${one.name}`, collection);
      before.delete(one.id);
    }
    for (const gone of before.values()) gone.dropped = true;
    const byId = new Map([...this.#collections.values()].map((collection) => [collection.id, collection]));
    for (const [id, collection, spec, multikey] of specs) {
      byId.get(collection as number)?.indexes.push(makeIndex(id as number, decode(bufferOf(spec)), multikey === 1));
    }
    this.changed = false;
  }

  find(database: string, name: string): Collection | undefined {
    return this.#collections.get(`${database}.${name}`);
  }

  /** The collections of one database, or of all. */
  list(database?: string): Collection[] {
    const all = [...this.#collections.values()];
    return database === undefined ? all : all.filter((collection) => collection.database === database);
  }

  create(database: string, name: string, options: Document = {}): Collection {
    checkName(database, name);
    this.refuseOtherCase(database);
    this.changed = true;
    const uuid = randomUUID();
    this.connection.run(
      'INSERT INTO collections (database, name, uuid, options) VALUES (?, ?, ?, ?)',
      database,
      name,
      uuid,
      encode(options),
    );
    const id = Number(this.connection.get('SELECT last_insert_rowid()')?.[0]);
    const collection: Collection = { id, database, name, options, uuid, indexes: [], nextRow: 1, dropped: false };
    this.#collections.set(`${database}.${name}`, collection);
    if (!isView(collection)) {
      this.connection.sqlite.exec(`CREATE TABLE d${id} (r INTEGER PRIMARY KEY, doc BLOB NOT NULL)`);
      this.addFirstIndex(collection);
    }
    return collection;
  }

  /** @throws CommandError 13297 when a database is there whose name differs in case only (manual: reference/limits, "Naming Restrictions") */
  private refuseOtherCase(database: string): void {
    const small = database.toLowerCase();
    const other = this.list().find((one) => one.database !== database && one.database.toLowerCase() === small);
    if (other)
      throw new CommandError(
        13297,
        `db already exists with different case already have: [${other.database}] trying to create [${database}]`,
      );
  }

  /** `_id` is unique, compared as the collection compares (manual: reference/collation), except in time series, which get an index of their fields (manual: core/timeseries-collections). */
  private addFirstIndex(collection: Collection): void {
    const { timeseries } = collection.options;
    if (!isDocument(timeseries)) return void this.addIndex(collection, idIndexOf(collection.options));
    const { timeField, metaField } = timeseries as { timeField: string; metaField?: string };
    if (metaField !== undefined)
      this.addIndex(collection, {
        v: 2,
        key: { [metaField]: 1, [timeField]: 1 },
        name: `${metaField}_1_${timeField}_1`,
        ...collationIn(collection.options),
      });
  }

  drop(collection: Collection): void {
    this.changed = true;
    this.connection.forget();
    for (const index of [...collection.indexes]) this.dropIndex(collection, index);
    this.connection.sqlite.exec(`DROP TABLE IF EXISTS d${collection.id}`);
    this.connection.run('DELETE FROM collections WHERE id = ?', collection.id);
    this.#collections.delete(`${collection.database}.${collection.name}`);
    collection.dropped = true;
  }

  rename(collection: Collection, database: string, name: string): void {
    checkName(database, name);
    this.changed = true;
    this.connection.run('UPDATE collections SET database = ?, name = ? WHERE id = ?', database, name, collection.id);
    this.#collections.delete(`${collection.database}.${collection.name}`);
    Object.assign(collection, { database, name });
    this.#collections.set(`${database}.${name}`, collection);
  }

  setOptions(collection: Collection, options: Document): void {
    this.changed = true;
    collection.options = options;
    this.connection.run('UPDATE collections SET options = ? WHERE id = ?', encode(options), collection.id);
  }

  /** Adds an empty index; the caller fills it. */
  addIndex(collection: Collection, spec: Document): Index {
    this.changed = true;
    this.connection.run(
      'INSERT INTO indexes (collection, spec, multikey) VALUES (?, ?, 0)',
      collection.id,
      encode(spec),
    );
    const id = Number(this.connection.get('SELECT last_insert_rowid()')?.[0]);
    const index = makeIndex(id, spec, false);
    const primary = index.unique ? 'PRIMARY KEY (k)' : 'PRIMARY KEY (k, r)';
    this.connection.sqlite.exec(`CREATE TABLE i${id} (k BLOB NOT NULL, r INTEGER NOT NULL, ${primary}) WITHOUT ROWID`);
    collection.indexes.push(index);
    return index;
  }

  dropIndex(collection: Collection, index: Index): void {
    this.changed = true;
    this.connection.forget();
    this.connection.sqlite.exec(`DROP TABLE i${index.id}`);
    this.connection.run('DELETE FROM indexes WHERE id = ?', index.id);
    collection.indexes = collection.indexes.filter((other) => other !== index);
  }

  /** Changes an index's options in place, as `collMod` does. */
  setIndexSpec(collection: Collection, index: Index, spec: Document): void {
    this.changed = true;
    this.connection.run('UPDATE indexes SET spec = ? WHERE id = ?', encode(spec), index.id);
    collection.indexes = collection.indexes.map((other) =>
      other === index ? makeIndex(index.id, spec, index.multikey) : other,
    );
  }

  markMultikey(index: Index): void {
    this.changed = true;
    index.multikey = true;
    this.connection.run('UPDATE indexes SET multikey = 1 WHERE id = ?', index.id);
  }
}

/** The index of `_id` that a collection with these options gets. */
export function idIndexOf(options: Document): Document {
  return { v: 2, key: { _id: 1 }, name: '_id_', ...collationIn(options) };
}

function collationIn({ collation }: Document): Document {
  return collation === undefined ? {} : { collation };
}

/** Whether it is a view. */
export function isView({ options }: Collection): boolean {
  return typeof options.viewOn === 'string';
}

/** @throws CommandError 73 for names that MongoDB does not allow (manual: reference/limits, "Naming Restrictions") */
export function checkName(database: string, name: string): void {
  const namespace = `${database}.${name}`;
  const bad =
    name === '' ||
    name.startsWith('.') ||
    name.includes('$') ||
    name.includes('\0') ||
    !/^[^/\\. "$*<>:|?\0]{1,63}$/.test(database);
  if (bad) throw new CommandError(73, `Invalid namespace specified '${cut(namespace)}'`);
  if (Buffer.byteLength(namespace) > 255)
    throw new CommandError(73, `Fully qualified namespace is too long. Namespace: ${cut(namespace)} Max: 255`);
}
