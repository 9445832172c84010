import type { Document } from 'mongodb';

/**
 * Writes a file of the formats before the unified test format in the unified one, so that one runner does both. They differ
 * in names only: an operation's object is a fixed word, a command that must lack a field has `null` there, 42 stands for any
 * value, and an expected error is a result with `error…` fields.
 */
export function unifiedOf(file: Document): Document {
  const database = file.database_name ?? 'legacy-tests';
  const collection = file.collection_name ?? 'test';
  return {
    isLegacy: true,
    runOnRequirements: requirementsOf(file),
    tests: file.tests.map((test: Document) => unifiedTest(test, file, database, collection)),
  };
}

function requirementsOf(file: Document): Document[] {
  if (file.runOn) return file.runOn.map(({ topology, ...rest }: Document) => ({ ...rest, topologies: topology }));
  const { minServerVersion, maxServerVersion } = file;
  return minServerVersion || maxServerVersion ? [{ minServerVersion, maxServerVersion }] : [];
}

function unifiedTest(test: Document, file: Document, database: string, collection: string): Document {
  const operations: Document[] = test.operations ?? [{ ...test.operation, object: 'collection', ...errorOf(test) }];
  const expected = test.outcome?.collection;
  const data = Array.isArray(file.data) ? { [collection]: file.data } : (file.data ?? {});
  return {
    description: test.description,
    skipReason: test.skipReason,
    createEntities: [
      {
        client: {
          id: 'client',
          uriOptions: test.clientOptions ?? {},
          observeEvents: ['commandStartedEvent'],
        },
      },
      { database: { id: 'database', client: 'client', databaseName: database } },
      { collection: { id: 'collection', database: 'database', collectionName: collection } },
      { bucket: { id: 'gridfsbucket', database: 'database' } },
      ...['session0', 'session1'].map((id) => ({
        session: { id, client: 'client', sessionOptions: test.sessionOptions?.[id] ?? {} },
      })),
    ],
    initialData: Object.entries(data).map(([collectionName, documents]) => ({
      databaseName: database,
      collectionName,
      documents,
    })),
    operations: [...failPoint(test), ...operations.map((operation) => unifiedOperation(operation))],
    expectEvents: test.expectations && [{ client: 'client', events: test.expectations.map(unifiedEvent) }],
    outcome: expected && [
      { databaseName: database, collectionName: expected.name ?? collection, documents: expected.data },
    ],
  };
}

/** In the formats with one operation, whether it fails and what it gives stands beside the outcome. */
function errorOf({ outcome }: Document): Document {
  return { error: outcome?.error, ...('result' in (outcome ?? {}) && { result: outcome.result }) };
}

function failPoint({ failPoint }: Document): Document[] {
  return failPoint ? [{ name: 'failPoint', object: 'testRunner', arguments: { failPoint, client: 'client' } }] : [];
}

function unifiedOperation(operation: Document): Document {
  const { name, object = 'collection', result, error, collectionOptions, databaseOptions } = operation;
  const { options, callback, ...given } = operation.arguments ?? {};
  // `options` wraps those of bulk writes and transactions; a callback holds operations of its own.
  const args = { ...given, ...options, ...(callback && { callback: callback.operations.map(unifiedOperation) }) };
  const isError = error === true || Object.keys(result ?? {}).some((key) => key.startsWith('error'));
  return {
    name: name === 'watch' ? 'createChangeStream' : name,
    object,
    arguments: name === 'createChangeStream' || name === 'watch' ? { pipeline: [], ...args } : args,
    ownOptions: collectionOptions ?? databaseOptions,
    ...(isError && { expectError: { isError: true, ...result } }),
    ...(!isError && result !== undefined && { expectResult: loosely(result) }),
  };
}

/** What was inserted or upserted need not be said by every driver. */
function loosely(result: unknown): unknown {
  if (result === null || typeof result !== 'object' || Array.isArray(result)) return result;
  const optional = (name: string, value: unknown) =>
    /^(ins|ups)erted/.test(name) ? { $$unsetOrMatches: value } : value;
  return Object.fromEntries(Object.entries(result).map(([name, value]) => [name, optional(name, value)]));
}

function unifiedEvent({ command_started_event: event }: Document): Document {
  const { command, command_name: commandName, database_name: databaseName } = event;
  return {
    commandStartedEvent: {
      ...(command && { command: withMarks(command) }),
      ...(commandName && { commandName }),
      ...(databaseName && { databaseName }),
    },
  };
}

function withMarks(value: unknown, name = ''): unknown {
  if (value === null) return { $$exists: false };
  if (value === 42 || value === '42') return { $$exists: true };
  if (name === 'lsid') return { $$sessionLsid: value };
  if (Array.isArray(value)) return value.map((item) => withMarks(item));
  if (typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value as Document).map(([key, item]) => [key, withMarks(item, key)]));
}
