import { setTimeout as pause } from 'node:timers/promises';
import type { ClientSession, Document, MongoClient } from 'mongodb';
import { Entities } from './entities.ts';
import { eventDifference, eventsDifference } from './events.ts';
import type { FailProxy } from './fail-proxy.ts';
import { differenceOf, errorDifference, show } from './matches.ts';
import { operate } from './operations.ts';

/** A server under test: behind the fail points, and a client of the runner's own. */
export type Deployment = { proxy: FailProxy; own: MongoClient };

/**
 * Runs one case of a file in the unified test format.
 * @throws Error with what differs from the expectation
 */
export async function runCase(file: Document, test: Document, { proxy, own }: Deployment): Promise<void> {
  const entities = new Entities(proxy.host);
  try {
    await setUp([...(file.initialData ?? []), ...(test.initialData ?? [])], own);
    entities.create([...(file.createEntities ?? []), ...(test.createEntities ?? [])]);
    await doAll(test.operations, entities, { proxy, own });
    proxy.points.clear();
    if (file.isLegacy) await endSessions(entities);
    for (const expected of test.expectEvents ?? []) {
      fail(
        eventsDifference(expected, entities.watched(expected.client).events, entities),
        `events of ${expected.client}`,
      );
    }
    for (const { databaseName, collectionName, documents } of test.outcome ?? []) {
      const found = await own.db(databaseName).collection(collectionName).find({}).sort({ _id: 1 }).toArray();
      fail(differenceOf(documents, found, entities, collectionName, false), 'outcome');
    }
  } finally {
    proxy.points.clear();
    await entities.close();
  }
}

/** The older format ends its sessions before it looks at the events: that aborts what is open. */
async function endSessions(entities: Entities): Promise<void> {
  for (const name of ['session0', 'session1']) {
    if (entities.has(name))
      await entities
        .session(name)
        .endSession()
        .catch(() => {});
  }
}

async function setUp(data: Document[], own: MongoClient): Promise<void> {
  for (const { databaseName, collectionName, documents, createOptions } of data) {
    const db = own.db(databaseName);
    await db.collection(collectionName).drop();
    await db.createCollection(collectionName, createOptions);
    if (documents.length > 0) await db.collection(collectionName).insertMany(documents);
  }
}

async function doAll(operations: Document[], entities: Entities, at: Deployment): Promise<void> {
  for (const operation of operations) await doOne(operation, entities, at);
}

/** @returns what the operation gave, or the error that was expected of it */
async function doOne(operation: Document, entities: Entities, at: Deployment): Promise<unknown> {
  if (operation.object === 'testRunner') return runnersOwn(operation, entities, at);
  const { expectError, saveResultAsEntity, ignoreResultAndError } = operation;
  // What fails in a callback, expected or not, is for the driver to know, too.
  const callback = async (inner: Document[]) => {
    for (const one of inner) {
      const error = await doOne(one, entities, at);
      if (error instanceof Error) throw error;
    }
  };
  const result = await operate(operation, entities, callback).catch((error: unknown) => {
    if (expectError || ignoreResultAndError) return error;
    throw error;
  });
  if (ignoreResultAndError) return undefined;
  const name = `${operation.name} on ${operation.object}`;
  if (expectError) fail(errorDifference(expectError, result, entities), name);
  else if ('expectResult' in operation)
    fail(differenceOf(operation.expectResult, result ?? null, entities, 'result'), name);
  if (saveResultAsEntity) entities.set(saveResultAsEntity, result);
  return result;
}

async function runnersOwn({ name, arguments: args = {} }: Document, entities: Entities, at: Deployment): Promise<void> {
  const transaction = () =>
    (entities.session(args.session) as ClientSession & { transaction: { state: string; isPinned: boolean } })
      .transaction;
  const collectionsOf = async (database: string) =>
    (await at.own.db(database).listCollections().toArray()).map((collection) => collection.name);
  const indexesOf = async (database: string, collection: string) =>
    (
      await at.own
        .db(database)
        .collection(collection)
        .listIndexes()
        .toArray()
        .catch(() => [])
    ).map((index) => index.name);
  const database = args.databaseName ?? args.database;
  const collection = args.collectionName ?? args.collection;
  switch (name) {
    case 'failPoint':
    case 'targetedFailPoint':
      return at.proxy.points.set(args.failPoint);
    case 'createEntities':
      return entities.create(args.entities);
    case 'assertCollectionExists':
      return check((await collectionsOf(database)).includes(collection), `${collection} is not there`);
    case 'assertCollectionNotExists':
      return check(!(await collectionsOf(database)).includes(collection), `${collection} is there`);
    case 'assertIndexExists':
      return check((await indexesOf(database, collection)).includes(args.indexName ?? args.index), 'no such index');
    case 'assertIndexNotExists':
      return check(
        !(await indexesOf(database, collection)).includes(args.indexName ?? args.index),
        'the index is there',
      );
    case 'assertSessionTransactionState':
      return check(STATES[args.state]?.includes(transaction().state) ?? false, `the state is ${transaction().state}`);
    case 'assertSessionPinned':
      return check(entities.session(args.session).isPinned, 'the session is not pinned');
    case 'assertSessionUnpinned':
      return check(!entities.session(args.session).isPinned, 'the session is pinned');
    case 'assertSessionDirty':
    case 'assertSessionNotDirty': {
      const { isDirty } = entities.session(args.session).serverSession;
      return check(isDirty === (name === 'assertSessionDirty'), `dirty: ${isDirty}`);
    }
    case 'assertSameLsidOnLastTwoCommands':
    case 'assertDifferentLsidOnLastTwoCommands': {
      const started = entities.watched(args.client).events.filter(({ type }) => type === 'commandStartedEvent');
      const [one, two] = started.slice(-2).map(({ event }) => show(event.command.lsid));
      return check((one === two) === (name === 'assertSameLsidOnLastTwoCommands'), `${one} and ${two}`);
    }
    case 'assertNumberConnectionsCheckedOut':
      return check(
        entities.watched(args.client).checkedOut() === args.connections,
        'another number of connections is out',
      );
    case 'runOnThread': {
      const before = entities.threads.get(args.thread) ?? Promise.resolve();
      const next = before.then(() => doOne(args.operation, entities, at));
      next.catch(() => {});
      entities.threads.set(args.thread, next);
      return;
    }
    case 'waitForThread':
      await entities.threads.get(args.thread);
      return;
    case 'wait':
      await pause(args.ms);
      return;
    case 'waitForEvent':
    case 'assertEventCount':
      return waitForEvent(name, args, entities);
    default:
      throw new Error(`The runner has no operation ${name}`);
  }
}

async function waitForEvent(name: string, { client, event, count }: Document, entities: Entities): Promise<void> {
  const [[type = '', fields] = []] = Object.entries(event) as [string, Document][];
  const seen = () =>
    entities.watched(client).events.filter((one) => !eventDifference(type, fields ?? {}, one, entities)).length;
  for (let waited = 0; name === 'waitForEvent' && waited < 10_000 && seen() < count; waited += 20) await pause(20);
  check(name === 'waitForEvent' ? seen() >= count : seen() === count, `${seen()} of ${count} ${type}`);
}

/** The driver's names of a transaction's states by those of the format. */
const STATES: Record<string, string[]> = {
  none: ['NO_TRANSACTION'],
  starting: ['STARTING_TRANSACTION'],
  in_progress: ['TRANSACTION_IN_PROGRESS'],
  committed: ['TRANSACTION_COMMITTED', 'TRANSACTION_COMMITTED_EMPTY'],
  aborted: ['TRANSACTION_ABORTED'],
};

function check(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}

function fail(difference: string | undefined, where: string): void {
  if (difference) throw new Error(`${where}: ${difference}`);
}
