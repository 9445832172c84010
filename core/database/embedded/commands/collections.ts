import { Binary } from 'bson';
import { CommandError, cut, unsupported } from '../errors.ts';
import { compileFilter } from '../query/match.ts';
import { type Collection, isView } from '../storage/catalog.ts';
import { type Document, isDocument } from '../values/document.ts';
import { encode } from '../values/encode.ts';
import { isTruthy } from '../values/types.ts';
import { createOptions } from './create-options.ts';
import { listed } from './indexes.ts';
import { type Command, collectionName, collectionNamed, documentField, type Request } from './request.ts';
import { cap, sizeOf } from './statistics.ts';
import { refuseUnknownFields } from './unknown-fields.ts';

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
  const name = collectionName(request);
  refuseUnknownFields(request, FIELDS);
  if (command.pipeline !== undefined && command.viewOn === undefined)
    throw new CommandError(72, "'pipeline' requires 'viewOn' to also be specified");
  const options = createOptions(command);
  for (const [option, value] of Object.entries(command)) {
    if (REFUSED.includes(option) && isTruthy(value) && !(isDocument(value) && Object.keys(value).length === 0)) {
      throw unsupported(`The option ${option} of create`);
    }
    if (HARMLESS.includes(option)) options[option] = value;
  }
  if (command.viewOn !== undefined) {
    if (typeof command.viewOn !== 'string')
      throw new CommandError(14, "BSON field 'create.viewOn' is the wrong type, expected type 'string'");
    Object.assign(options, { viewOn: command.viewOn, pipeline: command.pipeline ?? [] });
  }
  const make = () => {
    if (collectionNamed(request, name))
      throw new CommandError(48, `Collection ${database}.${cut(name)} already exists.`);
    (request.transaction?.made ?? request.engine.catalog).create(database, name, options);
    return { ok: 1 };
  };
  return request.transaction ? make() : request.engine.queue.submit(make);
};

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
    return { nIndexesWas, ns: `${request.database}.${name}`, ok: 1 };
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
export const renameCollection: Command = ({ engine, command }) =>
  engine.queue.submit(() => {
    const { catalog, changes } = engine;
    const [from, to] = [split(command.renameCollection), split(command.to)];
    const collection = catalog.find(...from);
    if (!collection) throw new CommandError(26, `Source collection ${from.join('.')} does not exist`);
    const target = catalog.find(...to);
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
  const { name, options, uuid } = collection;
  if (isView(collection)) return { name, type: 'view', options, info: { readOnly: true } };
  const info = { readOnly: false, uuid: new Binary(Buffer.from(uuid.replaceAll('-', ''), 'hex'), 4) };
  if (isDocument(options.timeseries)) return { name, type: 'timeseries', options, info };
  return { name, type: 'collection', options, info, idIndex: { v: 2, key: { _id: 1 }, name: '_id_' } };
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
  const dataSize = sizes.reduce((sum, { size }) => sum + size, 0);
  return {
    db: request.database,
    collections: collections.length,
    views: all.length - collections.length,
    objects,
    avgObjSize: objects ? dataSize / objects : 0,
    dataSize,
    storageSize: dataSize,
    indexes: collections.reduce((sum, { indexes }) => sum + indexes.length, 0),
    ok: 1,
  };
};

/** The `collStats` command (manual: reference/command/collStats). */
export const collStats: Command = (request) => {
  const name = collectionName(request);
  const collection = request.engine.catalog.find(request.database, name);
  const { count, size } = collection && !isView(collection) ? sizeOf(request, collection) : { count: 0, size: 0 };
  return {
    ns: `${request.database}.${name}`,
    count,
    size,
    avgObjSize: count ? Math.round(size / count) : 0,
    storageSize: size,
    nindexes: collection?.indexes.length ?? 0,
    ...(collection ? cap(collection) : { capped: false }),
    ok: 1,
  };
};
