import { Binary } from 'bson';
import { CommandError, cut, unsupported } from '../errors.ts';
import { compileFilter } from '../query/match.ts';
import { type Collection, isView } from '../storage/catalog.ts';
import { equal } from '../values/compare.ts';
import { type Document, isDocument } from '../values/document.ts';
import { encode } from '../values/encode.ts';
import { show } from '../values/show.ts';
import { isTruthy } from '../values/types.ts';
import { createOptions } from './create-options.ts';
import { listed, shownFirst } from './indexes.ts';
import {
  type Command,
  checkWritable,
  collectionName,
  collectionNamed,
  documentField,
  existing,
  type Request,
} from './request.ts';
import { indexSizes, scaleOf, sizeOf, storageStats } from './statistics.ts';
import { refuseUnknownFields } from './unknown-fields.ts';
import { viewOptions } from './view-options.ts';

/** What `create` takes and the engine keeps without acting on it, because its defaults already hold. */
const HARMLESS = ['storageEngine', 'indexOptionDefaults', 'autoIndexId', 'flags'];
const REFUSED = ['encryptedFields'];

/** What `create` takes besides what every command does. */
const FIELDS = [
  'capped',
  'size',
  'max',
  'validator',
  'validationLevel',
  'validationAction',
  'timeseries',
  'expireAfterSeconds',
  'clusteredIndex',
  'changeStreamPreAndPostImages',
  'viewOn',
  'pipeline',
  'idIndex',
  'recordIdsReplicated',
  'temp',
  ...HARMLESS,
  ...REFUSED,
];

/** The `create` command, for collections and views (manual: reference/command/create). */
export const create: Command = (request) => {
  const { command, database } = request;
  checkWritable(request);
  const name = collectionName(request);
  refuseUnknownFields(request, FIELDS);
  if (command.pipeline !== undefined && command.viewOn === undefined)
    throw new CommandError(72, "'pipeline' requires 'viewOn' to also be specified");
  const options = Object.fromEntries(Object.entries(createOptions(command)).filter(([, value]) => value !== undefined));
  for (const [option, value] of Object.entries(command)) {
    if (REFUSED.includes(option) && isTruthy(value) && !(isDocument(value) && Object.keys(value).length === 0)) {
      throw unsupported(`The option ${option} of create`);
    }
    if (HARMLESS.includes(option)) options[option] = value;
  }
  if (command.viewOn !== undefined)
    Object.assign(options, viewOptions(request, name, command.viewOn, command.pipeline ?? [], options.collation));
  const make = () => {
    const there = collectionNamed(request, name);
    if (there && request.transaction) throw new CommandError(48, `Collection ${database}.${cut(name)} already exists.`);
    if (there) {
      refuseOther(there, options);
      return { ok: 1 };
    }
    (request.transaction?.made ?? request.engine.catalog).create(database, name, options);
    return { ok: 1 };
  };
  return request.transaction ? make() : request.engine.queue.submit(make);
};

/** Making what is there already changes nothing, as long as it is meant to be the same. @throws CommandError 48 */
function refuseOther(there: Collection, options: Document): void {
  const names = new Set([...Object.keys(there.options), ...Object.keys(options)]);
  if ([...names].every((name) => equal(there.options[name] ?? null, options[name] ?? null))) return;
  const shown = isView(there) ? there.options : { uuid: uuidOf(there), ...there.options };
  throw new CommandError(
    48,
    `namespace ${there.database}.${cut(there.name)} already exists, but with different options: ${cut(show(shown), 500)}`,
  );
}

/** The `drop` command (manual: reference/command/drop). */
export const drop: Command = (request) =>
  request.engine.queue.submit(() => {
    const { catalog } = request.engine;
    const name = collectionName(request);
    const collection = catalog.find(request.database, name);
    if (!collection) return { ok: 1 };
    const nIndexesWas = collection.indexes.length;
    catalog.drop(collection);
    if (!isView(collection)) request.engine.changes.note(collection, { kind: 'drop' }, 0);
    return { ...(!isView(collection) && { nIndexesWas }), ns: `${request.database}.${name}`, ok: 1 };
  });

/** The `dropDatabase` command (manual: reference/command/dropDatabase). */
export const dropDatabase: Command = (request) =>
  request.engine.queue.submit(() => {
    const { catalog, changes } = request.engine;
    const all = catalog.list(request.database);
    for (const collection of all) {
      catalog.drop(collection);
      if (!isView(collection)) changes.note(collection, { kind: 'drop' }, 0);
    }
    const [one] = all;
    if (one) changes.note(one, { kind: 'dropDatabase' }, 0);
    return { dropped: request.database, ok: 1 };
  });

/** The `renameCollection` command (manual: reference/command/renameCollection). */
export const renameCollection: Command = ({ engine, command, database }) => {
  if (database !== 'admin') throw new CommandError(13, 'renameCollection may only be run against the admin database.');
  return engine.queue.submit(() => {
    const { catalog, changes } = engine;
    const [from, to] = [split(command.renameCollection), split(command.to)];
    const collection = catalog.find(...from);
    if (!collection) throw new CommandError(26, `Source collection ${cut(from.join('.'))} does not exist`);
    if (isView(collection)) throw new CommandError(166, `cannot rename view: ${cut(from.join('.'))}`);
    const target = catalog.find(...to);
    if (target === collection) throw new CommandError(20, "Can't rename a collection to itself");
    if (target && isView(target))
      throw new CommandError(48, `a view already exists with that name: ${cut(to.join('.'))}`);
    if (target && !isTruthy(command.dropTarget)) throw new CommandError(48, 'target namespace exists');
    if (target) {
      catalog.drop(target);
      changes.note(target, { kind: 'drop' }, 0);
    }
    const [db, coll] = to;
    changes.note(collection, { kind: 'rename', to: { db, coll } }, 0);
    catalog.rename(collection, db, coll);
    return { ok: 1 };
  });
};

function split(namespace: unknown): [string, string] {
  const [database, ...name] = String(namespace).split('.');
  return [database ?? '', name.join('.')];
}

/** The `listCollections` command (manual: reference/command/listCollections). */
export const listCollections: Command = (request) => {
  const filter = compileFilter(documentField(request.command, 'filter') ?? {});
  const nameOnly = isTruthy(request.command.nameOnly);
  const entries = request.engine.catalog
    .list(request.database)
    .map((collection) => entry(collection))
    .filter((one) => filter(one));
  const shown = entries.map((one) => encode(nameOnly ? { name: one.name, type: one.type } : one));
  return listed(request, shown, `${request.database}.$cmd.listCollections`);
};

function entry(collection: Collection): Document {
  const { name, options } = collection;
  if (isView(collection)) return { name, type: 'view', options, info: { readOnly: true } };
  // A time series is a view of its buckets in MongoDB, and a clustered collection has no index of `_id`.
  if (isDocument(options.timeseries)) return { name, type: 'timeseries', options, info: { readOnly: false } };
  const info = { readOnly: false, uuid: uuidOf(collection) };
  if (isDocument(options.clusteredIndex)) return { name, type: 'collection', options, info };
  const idIndex = shownFirst(collection, { v: 2, key: { _id: 1 }, name: '_id_' });
  return { name, type: 'collection', options, info, idIndex };
}

function uuidOf({ uuid }: Collection): Binary {
  return new Binary(Buffer.from(uuid.replaceAll('-', ''), 'hex'), 4);
}

/** The `listDatabases` command (manual: reference/command/listDatabases). */
export const listDatabases: Command = (request) => {
  const { catalog } = request.engine;
  const nameOnly = isTruthy(request.command.nameOnly);
  const filter = compileFilter(documentField(request.command, 'filter') ?? {});
  const names = [...new Set(catalog.list().map(({ database }) => database))].sort();
  const databases = names.map((name) =>
    nameOnly ? { name } : { name, sizeOnDisk: sizeOfDatabase(request, name), empty: false },
  );
  const shown = databases.filter((one) => filter(one));
  const totalSize = shown.reduce((sum, one) => sum + (one.sizeOnDisk ?? 0), 0);
  return { databases: shown, ...(!nameOnly && { totalSize, totalSizeMb: Math.floor(totalSize / 1048576) }), ok: 1 };
};

function sizeOfDatabase(request: Request, database: string): number {
  const collections = request.engine.catalog.list(database).filter((collection) => !isView(collection));
  return collections.reduce((sum, collection) => sum + sizeOf(request, collection).size, 0);
}

/** The `dbStats` command (manual: reference/command/dbStats). */
export const dbStats: Command = (request) => {
  const all = request.engine.catalog.list(request.database);
  const collections = all.filter((collection) => !isView(collection));
  const sizes = collections.map((collection) => sizeOf(request, collection));
  const objects = sizes.reduce((sum, { count }) => sum + count, 0);
  const bytes = sizes.reduce((sum, { size }) => sum + size, 0);
  const keys = collections.flatMap((collection) => Object.values(indexSizes(request, collection)));
  const keyBytes = keys.reduce((sum, size) => sum + size, 0);
  const scale = scaleOf(request.command);
  return {
    db: request.database,
    collections: collections.length,
    views: all.length - collections.length,
    objects,
    avgObjSize: objects ? bytes / objects : 0,
    dataSize: bytes / scale,
    storageSize: bytes / scale,
    indexes: keys.length,
    indexSize: keyBytes / scale,
    totalSize: (bytes + keyBytes) / scale,
    scaleFactor: scale,
    ok: 1,
  };
};

/** The `collStats` command (manual: reference/command/collStats). */
export const collStats: Command = (request) => {
  const name = collectionName(request);
  const collection = existing(request);
  const stats = storageStats(request, collection, scaleOf(request.command));
  return { ns: `${request.database}.${name}`, ...stats, ok: 1 };
};
