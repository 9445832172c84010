import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type {
  AbstractCursor,
  AnyBulkWriteOperation,
  ChangeStream,
  ClientSession,
  Collection,
  Db,
  Document,
  GridFSBucket,
  MongoClient,
} from 'mongodb';
import { type Entities, optionsOf } from './entities.ts';

/** Does an operation of the format with the driver's own methods; what it resolves with is the operation's result. */
type Operation = (on: Target, args: Document, entities: Entities) => Promise<unknown>;

/** What an operation is done with; which of them it is follows from its name. */
type Target = MongoClient & Db & Collection & ClientSession & GridFSBucket & ChangeStream & AbstractCursor;

/** A callback of `withTransaction`, which does operations of its own. */
export type Callback = (operations: Document[]) => Promise<void>;

const OPERATIONS: Record<string, Operation> = {
  // Clients
  listDatabases: async (on, args) => (await admin(on).listDatabases(args)).databases,
  listDatabaseObjects: async (on, args) => (await admin(on).listDatabases(args)).databases,
  listDatabaseNames: async (on, args) =>
    (await admin(on).listDatabases({ ...args, nameOnly: true })).databases.map(({ name }) => name),
  createChangeStream: async (on, { pipeline, ...args }) => {
    const stream = on.watch(pipeline, args) as ChangeStream;
    // Without this the driver would ask for the stream at its first change only.
    await started(stream);
    return stream;
  },
  // Databases
  runCommand: (on, { command, commandName: _name, ...args }) => on.command(command, args),
  runCursorCommand: (on, args) => runCursorCommand(on, args).toArray(),
  createCommandCursor: async (on, args) => {
    const cursor = runCursorCommand(on, args);
    await first(cursor);
    return cursor;
  },
  createCollection: (on, { collection, ...args }) => on.createCollection(collection, args),
  dropCollection: (on, { collection, ...args }) => on.dropCollection(collection, args),
  modifyCollection: (on, { collection, session, ...args }) => on.command({ collMod: collection, ...args }, { session }),
  listCollections: (on, { filter, ...args }) => on.listCollections(filter ?? {}, args).toArray(),
  listCollectionObjects: (on, { filter, ...args }) => on.listCollections(filter ?? {}, args).toArray(),
  listCollectionNames: (on, { filter, ...args }) =>
    on.listCollections(filter ?? {}, { ...args, nameOnly: true }).toArray(),
  // Collections
  aggregate: (on, { pipeline, ...args }) => (on as Collection).aggregate(pipeline, args).toArray(),
  bulkWrite: (on, { requests, ...args }) => (on as Collection).bulkWrite(requests.map(bulkRequest), args),
  count: (on, { filter, ...args }) => on.count(filter, args),
  countDocuments: (on, { filter, ...args }) => on.countDocuments(filter, args),
  estimatedDocumentCount: (on, args) => on.estimatedDocumentCount(args),
  distinct: (on, { fieldName, filter, ...args }) => on.distinct(fieldName, filter ?? {}, args),
  find: (on, { filter, ...args }) => on.find(filter, args).toArray(),
  findOne: (on, { filter, ...args }) => on.findOne(filter, args),
  createFindCursor: async (on, { filter, ...args }) => {
    const cursor = (on as Collection).find(filter, args);
    await first(cursor);
    return cursor;
  },
  findOneAndDelete: (on, { filter, ...args }) => on.findOneAndDelete(filter, args),
  findOneAndReplace: (on, { filter, replacement, ...args }) => on.findOneAndReplace(filter, replacement, cased(args)),
  findOneAndUpdate: (on, { filter, update, ...args }) => on.findOneAndUpdate(filter, update, cased(args)),
  insertOne: (on, { document, ...args }) => on.insertOne(document, args),
  insertMany: (on, { documents, ...args }) => on.insertMany(documents, args),
  updateOne: (on, { filter, update, ...args }) => on.updateOne(filter, update, args),
  updateMany: (on, { filter, update, ...args }) => on.updateMany(filter, update, args),
  replaceOne: (on, { filter, replacement, ...args }) => on.replaceOne(filter, replacement, args),
  deleteOne: (on, { filter, ...args }) => on.deleteOne(filter, args),
  deleteMany: (on, { filter, ...args }) => on.deleteMany(filter, args),
  createIndex: (on, { keys, ...args }) => (on as Collection).createIndex(keys, args),
  dropIndex: (on, { name, ...args }) => on.dropIndex(name, args),
  dropIndexes: (on, args) => on.dropIndexes(args),
  listIndexes: (on, args) => on.listIndexes(args).toArray(),
  listIndexNames: async (on, args) => (await on.listIndexes(args).toArray()).map(({ name }) => name),
  createSearchIndex: (on, { model }) => on.createSearchIndex(model),
  createSearchIndexes: (on, { models }) => on.createSearchIndexes(models),
  listSearchIndexes: (on, { name, aggregationOptions }) =>
    (name ? on.listSearchIndexes(name, aggregationOptions) : on.listSearchIndexes(aggregationOptions)).toArray(),
  updateSearchIndex: (on, { name, definition }) => on.updateSearchIndex(name, definition),
  dropSearchIndex: (on, { name }) => on.dropSearchIndex(name),
  // Sessions
  startTransaction: async (on, args) => on.startTransaction(args),
  commitTransaction: (on, args) => on.commitTransaction(args),
  abortTransaction: (on, args) => on.abortTransaction(args),
  endSession: (on, args) => on.endSession(args),
  // GridFS
  download: (on, { id }) => whole(on.openDownloadStream(id)),
  downloadByName: (on, { filename, ...args }) => whole(on.openDownloadStreamByName(filename, args)),
  download_by_name: (on, { filename }) => whole(on.openDownloadStreamByName(filename)),
  upload: async (on, { source, filename, disableMD5: _md5, contentType: _type, ...args }) => {
    const stream = on.openUploadStream(filename, args);
    stream.end(Buffer.from(source.$$hexBytes, 'hex'));
    await once(stream, 'finish');
    return stream.id;
  },
  delete: (on, { id, ...args }) => (on as GridFSBucket).delete(id, args),
  // Cursors and change streams
  iterateUntilDocumentOrError: (on) => (on as AbstractCursor).next(),
  iterateOnce: (on) => (on as AbstractCursor).tryNext(),
  close: (on) => (on as AbstractCursor).close(),
};

/**
 * Does one operation of a case that is not the runner's own.
 * @throws whatever the driver throws
 */
export async function operate(operation: Document, entities: Entities, callback: Callback): Promise<unknown> {
  const { name, object, arguments: given = {}, ownOptions } = operation;
  const { session, callback: inner, ...args } = optionsOf(given) ?? {};
  const on = own(entities.get(object), ownOptions) as Target;
  if (name === 'withTransaction') return on.withTransaction(() => callback(inner), args);
  if (name === 'rename') {
    const { to, id, newFilename, ...rest } = args;
    return newFilename ? (on as GridFSBucket).rename(id, newFilename) : (on as Collection).rename(to, rest);
  }
  if (name === 'drop') return session ? on.drop({ session: entities.session(session) }) : (on as Collection).drop();
  const operation_ = OPERATIONS[name];
  if (!operation_) throw new UnknownOperation(name);
  const options = session === undefined ? args : { ...args, session: entities.session(session) };
  return operation_(on, options, entities);
}

/** An operation that the runner, or the driver, does not have. */
export class UnknownOperation extends Error {
  constructor(name: string) {
    super(`no operation ${name}`);
    this.name = 'UnknownOperation';
  }
}

/** A database or collection with options for one operation, as the older formats give them. */
function own(target: unknown, options: Document | undefined): unknown {
  if (!options) return target;
  const { client } = target as Db;
  if ('collectionName' in (target as Collection)) {
    const { collectionName, dbName } = target as Collection;
    const { client: ofCollection } = target as unknown as { client: MongoClient };
    return ofCollection.db(dbName).collection(collectionName, optionsOf(options));
  }
  return client.db((target as Db).databaseName, optionsOf(options));
}

function admin(client: MongoClient) {
  return client.db('admin').admin();
}

/** `After` and `Before` are written small by the driver. */
function cased({ returnDocument, ...args }: Document): Document {
  return returnDocument ? { ...args, returnDocument: returnDocument.toLowerCase() } : args;
}

function bulkRequest(request: Document): AnyBulkWriteOperation {
  // The older format names the operation in a field.
  if (request.name) return { [request.name]: request.arguments } as unknown as AnyBulkWriteOperation;
  return request as unknown as AnyBulkWriteOperation;
}

function runCursorCommand(db: Db, { command, commandName: _name, cursorType, ...options }: Document) {
  const { batchSize, maxTimeMS, comment, ...rest } = options;
  const cursor = db.runCursorCommand(command, { ...rest, ...cursorTypeOf(cursorType) });
  if (batchSize !== undefined) cursor.setBatchSize(batchSize);
  if (maxTimeMS !== undefined) cursor.setMaxTimeMS(maxTimeMS);
  if (comment !== undefined) cursor.setComment(comment);
  return cursor;
}

function cursorTypeOf(type: string | undefined): Document {
  return {
    ...(type?.startsWith('tailable') && { tailable: true }),
    ...(type === 'tailableAwait' && { awaitData: true }),
  };
}

/** Asks for a cursor's first batch, which the driver does at the first document only. */
async function first(cursor: AbstractCursor): Promise<void> {
  const { cursorInit } = cursor as unknown as { cursorInit?: () => Promise<void> };
  await cursorInit?.call(cursor);
}

async function started(stream: ChangeStream): Promise<void> {
  const { cursor } = stream as unknown as { cursor: AbstractCursor };
  await Promise.race([first(cursor), pause(10_000)]);
}

async function whole(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}
