import { commandNamed, isForTransactions } from './commands/commands.ts';
import { addDefaultCollation } from './commands/default-collation.ts';
import { dropNulls } from './commands/drop-nulls.ts';
import { checkTypes } from './commands/field-types.ts';
import { type ClientConnection, checkMaxTime } from './commands/request.ts';
import { checkStableApi } from './commands/stable-api.ts';
import { checkFields } from './commands/unknown-fields.ts';
import type { Engine } from './engine.ts';
import { CommandError, cut, unsupported } from './errors.ts';
import { BEFORE_LOGIN } from './login.ts';
import { storageError } from './storage/commit-queue.ts';
import { TRANSIENT } from './transactions/locks.ts';
import { sessionOf } from './transactions/sessions.ts';
import { type Document, isDocument } from './values/document.ts';
import { encode } from './values/encode.ts';
import { toNumber } from './values/types.ts';
import type { Incoming } from './wire/message.ts';

/** Gets told of what a client did not cause: `error` is a defect or a failing disk. */
export type EngineLog = { error: (details: object, message: string) => void };

/** Answers one command with the reply's bytes; never throws. */
export async function answer(
  engine: Engine,
  incoming: Incoming,
  connection: ClientConnection,
  log: EngineLog,
): Promise<Buffer> {
  const { command } = incoming;
  const [name = ''] = Object.keys(command);
  try {
    const reply = await perform(engine, incoming, name, connection);
    return Buffer.isBuffer(reply) ? reply : encode(reply, Number.POSITIVE_INFINITY);
  } catch (thrown) {
    const error = storageError(thrown);
    if (command.autocommit === false && name !== 'commitTransaction') engine.sessions.abandon(sessionOf(command));
    if (!(error instanceof CommandError) || error.code === 1 || error.code === 14031) {
      log.error({ err: error, command: cut(name) }, 'a database command failed');
    }
    return encode(errorReply(error, command));
  }
}

/** The reply to a command that comes while the engine stops: drivers look for another server, or try again. */
export function refuseAtShutdown(command: Document): Buffer {
  return encode(errorReply(new CommandError(91, 'The database is shutting down'), command));
}

async function perform(
  engine: Engine,
  incoming: Incoming,
  name: string,
  connection: ClientConnection,
): Promise<Document | Buffer> {
  const { command, documents } = incoming;
  if (!connection.loggedIn && !BEFORE_LOGIN.includes(name.toLowerCase())) {
    throw new CommandError(13, `Command ${cut(name)} requires authentication`);
  }
  const run = commandNamed(name);
  if (run === 'refused') throw unsupported(`The command ${cut(name)}`);
  if (!run) throw new CommandError(59, `no such command: '${cut(name)}'`);
  dropNulls(command);
  const database = typeof command.$db === 'string' ? command.$db : 'admin';
  checkStableApi(command, name);
  const session = sessionOf(command);
  const ends = name === 'commitTransaction' || name === 'abortTransaction';
  if (command.autocommit === false && !isForTransactions(name)) {
    throw new CommandError(263, `Cannot run '${cut(name)}' in a multi-document transaction.`);
  }
  const transaction = ends ? undefined : engine.sessions.transactionOf(command);
  const access = transaction ?? engine.direct;
  checkReadConcern(command, transaction !== undefined);
  checkMaxTime(command);
  const request = { engine, name, database, command, documents, session, transaction, access, connection };
  checkFields(request);
  checkTypes(request);
  addDefaultCollation(request);
  const reply = await run(request);
  if (Buffer.isBuffer(reply)) return reply;
  return isUnacknowledged(name, command) ? unacknowledged(name) : withConcern(reply, command);
}

/** Whether a write was done for one that does not want to know what became of it (manual: reference/write-concern, `w: 0`). */
function isUnacknowledged(name: string, { writeConcern }: Document): boolean {
  return ['insert', 'update', 'delete'].includes(name) && isDocument(writeConcern) && toNumber(writeConcern.w) === 0;
}

function unacknowledged(name: string): Document {
  return { n: 0, ...(name === 'update' ? { nModified: 0 } : {}), ok: 1 };
}

const LEVELS = ['local', 'available', 'majority', 'linearizable', 'snapshot'];

/**
 * What was committed is on disk and seen by all, so every level is met (manual: reference/read-concern). Only a transaction
 * reads again as it has read before: a session of snapshots would think so of all its reads.
 */
function checkReadConcern({ readConcern }: Document, inTransaction: boolean): void {
  const level = isDocument(readConcern) ? readConcern.level : undefined;
  if (level === 'snapshot' && !inTransaction) throw unsupported('The read concern snapshot outside a transaction');
  if (level === undefined || LEVELS.includes(level as string)) return;
  throw new CommandError(2, `Enumeration value '${cut(level)}' for field 'readConcern.level' is not a valid value.`);
}

/** A write is done, but says so when it was to reach members that there are not (manual: reference/write-concern). */
function withConcern(reply: Document, { writeConcern }: Document): Document {
  const w = isDocument(writeConcern) ? writeConcern.w : undefined;
  if (typeof w === 'string' && w !== 'majority') {
    const errmsg = `No write concern mode named '${cut(w)}' found in replica set configuration`;
    return { ...reply, writeConcernError: { code: 79, codeName: 'UnknownReplWriteConcern', errmsg } };
  }
  if (!(toNumber(w) > 1)) return reply;
  const errmsg = 'Not enough data-bearing nodes';
  return { ...reply, writeConcernError: { code: 100, codeName: 'UnsatisfiableWriteConcern', errmsg } };
}

function errorReply(error: unknown, command: Document): Document {
  if (!(error instanceof CommandError)) {
    return {
      ok: 0,
      errmsg: `The embedded database failed: ${cut(error instanceof Error ? error.message : error)}`,
      code: 1,
      codeName: 'InternalError',
    };
  }
  const labels = [...error.labels];
  const inTransaction = command.autocommit === false;
  // Servers since 4.4 say themselves which failed writes drivers may send again (retryable-writes specification).
  if (!inTransaction && command.txnNumber !== undefined && error.code === 91) labels.push('RetryableWriteError');
  if (inTransaction && (error.code === 112 || error.code === 24) && !labels.includes(TRANSIENT)) labels.push(TRANSIENT);
  return {
    ok: 0,
    errmsg: error.message,
    code: error.code,
    codeName: error.codeName,
    ...error.fields,
    ...(labels.length && { errorLabels: labels }),
  };
}
