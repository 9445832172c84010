import {
  type AbstractCursor,
  type ChangeStream,
  ClientSession,
  Collection,
  Db,
  type Document,
  GridFSBucket,
  MongoClient,
  type MongoClientOptions,
} from 'mongodb';
import { type SeenEvent, watchEvents } from './events.ts';

/** A client of a case with what it was seen doing. */
export type Watched = { client: MongoClient; events: SeenEvent[]; checkedOut: () => number };

/** Things that a case names: clients, databases, collections, sessions, buckets, cursors, results. */
export class Entities {
  readonly #named = new Map<string, unknown>();
  readonly #lsids = new Map<string, unknown>();
  readonly clients = new Map<string, Watched>();
  readonly threads = new Map<string, Promise<unknown>>();
  readonly #host: string;

  /** @param host - where the server listens */
  constructor(host: string) {
    this.#host = host;
  }

  get(name: string): unknown {
    if (!this.#named.has(name)) throw new Error(`The case has no entity ${name}`);
    return this.#named.get(name);
  }

  has(name: string): boolean {
    return this.#named.has(name);
  }

  set(name: string, value: unknown): void {
    this.#named.set(name, value);
    if (value instanceof ClientSession) this.#lsids.set(name, value.id);
  }

  session(name: string): ClientSession {
    return this.get(name) as ClientSession;
  }

  lsidOf(name: string): unknown {
    return this.#lsids.get(name);
  }

  watched(name: string): Watched {
    const watched = this.clients.get(name);
    if (!watched) throw new Error(`The case has no client ${name}`);
    return watched;
  }

  /** Makes what `createEntities` lists. */
  create(list: Document[]): void {
    for (const entry of list) {
      for (const [kind, given] of Object.entries(entry)) this.#make(kind, given);
    }
  }

  #make(kind: string, given: Document): void {
    const client = () => this.get(given.client) as MongoClient;
    const database = () => this.get(given.database) as Db;
    if (kind === 'client') this.#connect(given);
    else if (kind === 'thread') this.threads.set(given.id, Promise.resolve());
    else if (kind === 'session') this.set(given.id, client().startSession(sessionOptions(given)));
    else if (kind === 'database') this.set(given.id, client().db(given.databaseName, optionsOf(given.databaseOptions)));
    else if (kind === 'collection')
      this.set(given.id, database().collection(given.collectionName, optionsOf(given.collectionOptions)));
    else if (kind === 'bucket') this.set(given.id, new GridFSBucket(database(), optionsOf(given.bucketOptions)));
    else throw new Error(`The runner makes no ${kind}`);
  }

  #connect(given: Document): void {
    const { id, uriOptions = {}, serverApi } = given;
    const query = new URLSearchParams({ replicaSet: 'patchbay' });
    const { readConcernLevel, ...rest } = uriOptions;
    for (const [name, value] of Object.entries({ ...rest, ...(readConcernLevel && { readConcernLevel }) })) {
      query.set(
        name === 'appname' ? 'appName' : name,
        typeof value === 'object' ? JSON.stringify(value) : String(value),
      );
    }
    if (uriOptions.directConnection) query.delete('replicaSet');
    const options: MongoClientOptions = { monitorCommands: true, ...(serverApi && { serverApi }) };
    if (!uriOptions.heartbeatFrequencyMS) options.minHeartbeatFrequencyMS = 50;
    const client = new MongoClient(`mongodb://${this.#host}/?${query}`, options);
    const watched = { client, ...watchEvents(client, given, this) };
    this.clients.set(id, watched);
    this.set(id, client);
  }

  /** Ends what is open. */
  async close(): Promise<void> {
    for (const value of this.#named.values()) {
      if (value instanceof ClientSession) await value.endSession().catch(() => {});
      else if (isClosable(value)) await value.close().catch(() => {});
    }
    for (const { client } of this.clients.values()) await client.close();
  }
}

function isClosable(value: unknown): value is AbstractCursor | ChangeStream {
  const known = value instanceof Collection || value instanceof Db || value instanceof MongoClient;
  return !known && typeof (value as { close?: unknown } | null)?.close === 'function';
}

function sessionOptions({ sessionOptions: { defaultTransactionOptions: ofTransactions, ...options } = {} }: Document) {
  return { ...options, ...(ofTransactions && { defaultTransactionOptions: optionsOf(ofTransactions) }) };
}

/** Options as the driver takes them; read preferences are written `{mode}` in the files. */
export function optionsOf(options: Document | undefined): Document | undefined {
  if (!options) return undefined;
  const { readPreference, ...rest } = options;
  return readPreference ? { ...rest, readPreference: readPreferenceOf(readPreference) } : rest;
}

function readPreferenceOf({ mode: named, tagSets, maxStalenessSeconds }: Document): unknown {
  const mode = named[0].toLowerCase() + named.slice(1);
  if (!tagSets && maxStalenessSeconds === undefined) return mode;
  return { mode, tags: tagSets, maxStalenessSeconds };
}
