import { compileExpression } from '../aggregate/expression.ts';
import type { Engine } from '../engine.ts';
import { CommandError, cut } from '../errors.ts';
import type { Conversation } from '../login.ts';
import type { Context } from '../query/operators.ts';
import type { Access } from '../storage/access.ts';
import { type Collection, checkName, isView } from '../storage/catalog.ts';
import type { Transaction } from '../transactions/transaction.ts';
import { collationOf } from '../values/collation.ts';
import { decode } from '../values/decode.ts';
import { type Document, isDocument, type Value } from '../values/document.ts';
import { encode } from '../values/encode.ts';
import { isNumber, toInteger, toNumber } from '../values/types.ts';

/** The client that a command comes from. */
export type ClientConnection = { id: number; loggedIn: boolean; conversation?: Conversation };

/** One command at work. */
export type Request = {
  engine: Engine;
  /** The command's name, as the client wrote it. */
  name: string;
  database: string;
  command: Document;
  /** The documents of an `insert` that came as bytes. */
  documents?: Buffer[];
  session?: string;
  transaction?: Transaction;
  access: Access;
  connection: ClientConnection;
};

/** Answers a command: a document, or the reply's bytes. */
export type Command = (request: Request) => Document | Buffer | Promise<Document | Buffer>;

/** The collection that a command names. @throws CommandError 73 when it names none */
export function collectionName({ command, name }: Request): string {
  const collection = command[name];
  if (typeof collection !== 'string' || collection === '') {
    throw new CommandError(73, `collection name has invalid type or is empty in ${cut(name)}`);
  }
  return collection;
}

/** The collection or view of a name as this command sees it: its transaction may have made one that others do not see. */
export function collectionNamed(
  { engine, transaction, database }: Request,
  name: string,
  where = database,
): Collection | undefined {
  return transaction?.made.find(where, name) ?? engine.catalog.find(where, name);
}

/**
 * Whether what a write command names may be written to, before any of its parts is done.
 * @throws CommandError 73 for a name that no collection has, or that is one of MongoDB's own
 */
export function checkWritable(request: Request): void {
  const name = collectionName(request);
  checkName(request.database, name);
  if (name.startsWith('system.') && name !== 'system.js')
    throw new CommandError(73, `Cannot write to the system collection ${request.database}.${cut(name)}`);
}

/** The collection that a command works on, or undefined when it does not exist. @throws CommandError 166 on a view */
export function existing(request: Request, name = collectionName(request)): Collection | undefined {
  const collection = collectionNamed(request, name);
  if (collection && isView(collection)) {
    throw new CommandError(166, `Namespace ${request.database}.${cut(name)} is a view, not a collection`);
  }
  return collection;
}

/**
 * The collection that a command writes to; made when it does not exist, for the transaction alone when there is one.
 * Belongs into a job of the commit queue.
 */
export function ensured(request: Request): Collection {
  const maker = request.transaction?.made ?? request.engine.catalog;
  return existing(request) ?? maker.create(request.database, collectionName(request));
}

/**
 * Does the writing part of a command: at once in a transaction, else in the next commit. A retried write
 * (manual: core/retryable-writes) is answered with the reply that it had, which is stored in the same commit.
 */
export async function write(request: Request, job: () => Document): Promise<Document> {
  const { engine, session, command, transaction } = request;
  if (transaction) return job();
  if (session === undefined || command.txnNumber === undefined) return engine.queue.submit(job);
  const id = Buffer.from(session, 'latin1');
  const number = toInteger(command.txnNumber, 'txnNumber');
  return engine.queue.submit(() => {
    const { connection } = engine.catalog;
    const [known, reply] = connection.get('SELECT number, reply FROM retries WHERE session = ?', id) ?? [];
    if (known === number && reply) return decode(Buffer.from(reply as Uint8Array));
    if (known !== undefined && Number(known) > number) {
      throw new CommandError(
        225,
        `Retryable write with txnNumber ${number} is prohibited on session because a newer retryable write with txnNumber ${known} has already started on this session.`,
      );
    }
    const result = job();
    connection.run(
      'INSERT OR REPLACE INTO retries (session, number, reply, at) VALUES (?, ?, ?, ?)',
      id,
      number,
      encode(result, Number.POSITIVE_INFINITY),
      Date.now(),
    );
    return result;
  });
}

/** What filters and expressions of a command are compiled with. */
export function contextOf(command: Document): Context {
  const variables = isDocument(command.let) ? command.let : undefined;
  return {
    strings: collationOf(command.collation),
    now: new Date(),
    ...(variables && { variables: constants(variables) }),
  };
}

/** The values of `let`: expressions that are evaluated before any document is read (manual: reference/command/find, `let`). */
function constants(variables: Document): Record<string, Value> {
  const scope = {
    get root(): Document {
      throw new CommandError(
        4890500,
        'Command let Expression tried to access a field, but this is not allowed because Command let expressions run before the query examines any documents.',
      );
    },
    variables: {},
  };
  const entries = Object.entries(variables).map(([name, value]) => [name, compileExpression(value, {})(scope)]);
  return Object.fromEntries(entries);
}

/** @throws CommandError 2 for a time that is none (manual: reference/method/cursor.maxTimeMS) */
export function checkMaxTime({ maxTimeMS }: Document): void {
  if (maxTimeMS === undefined) return;
  if (!isNumber(maxTimeMS)) throw new CommandError(2, 'maxTimeMS must be a number');
  const limit = toNumber(maxTimeMS);
  if (!Number.isInteger(limit)) throw new CommandError(2, 'maxTimeMS has non-integral value');
  if (limit < 0 || limit > 2147483647)
    throw new CommandError(2, `${limit} value for maxTimeMS is out of range [0, 2147483647]`);
}

/** When a command with `maxTimeMS` must have ended, in milliseconds since 1970. */
export function deadlineOf(command: Document): number | undefined {
  const limit = toNumber(command.maxTimeMS);
  return limit > 0 ? Date.now() + limit : undefined;
}

/** An optional document among a command's fields. @throws CommandError 14 when it is something else */
export function documentField(command: Document, field: string): Document | undefined {
  const value = command[field];
  if (value === undefined || value === null) return undefined;
  if (!isDocument(value)) {
    throw new CommandError(14, `BSON field '${cut(field)}' is the wrong type, expected type 'object'`);
  }
  return value;
}

/** An optional whole number that is not negative among a command's fields. */
export function countField(command: Document, field: string): number | undefined {
  const value = command[field];
  if (value === undefined || value === null) return undefined;
  const count = toInteger(value, `BSON field '${field}'`, 14);
  if (count < 0) throw new CommandError(51024, `BSON field '${field}' value must be >= 0, actual value '${count}'`);
  return count;
}

/** An array of documents among a command's fields. */
export function documentsField(command: Document, field: string): Document[] {
  const value = command[field];
  if (!Array.isArray(value) || !value.every(isDocument)) {
    throw new CommandError(14, `BSON field '${cut(field)}' is missing or not an array of documents`);
  }
  return value;
}
