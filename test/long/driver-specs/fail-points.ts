import type { Document } from 'mongodb';

/** What the server's test commands do to a command (server: docs in `src/mongo/util/fail_point.h`, `failCommand`). */
export type Failure = {
  blockMS?: number;
  /** Ends the connection: before the command is done, or once it was. */
  close?: 'before' | 'after';
  reply?: Document;
  writeConcernError?: Document;
  labels?: string[];
};

/** Codes after which a server says that a write may be sent again (specification: retryable writes). */
const RETRYABLE = new Set([6, 7, 89, 91, 134, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436]);
/** Codes after which a server says that a transaction may be run again, before its commit (specification: transactions). */
const TRANSIENT = new Set([24, 112, 246, 251, 267]);
/** Codes after which a server says that a change stream may go on (specification: change streams). */
const RESUMABLE = new Set([6, 7, 63, 89, 91, 133, 150, 189, 234, 262, 9001, 10107, 11600, 11602, 13388, 13435, 13436]);
const NAMES: Record<number, string> = {
  6: 'HostUnreachable',
  7: 'HostNotFound',
  11: 'UserNotFound',
  24: 'LockTimeout',
  43: 'CursorNotFound',
  50: 'MaxTimeMSExpired',
  51: 'ManualInterventionRequired',
  89: 'NetworkTimeout',
  91: 'ShutdownInProgress',
  112: 'WriteConflict',
  189: 'PrimarySteppedDown',
  246: 'SnapshotUnavailable',
  251: 'NoSuchTransaction',
  267: 'PreparedTransactionInProgress',
  262: 'ExceededTimeLimit',
  10107: 'NotWritablePrimary',
  11600: 'InterruptedAtShutdown',
  11601: 'Interrupted',
  11602: 'InterruptedDueToReplStateChange',
  13435: 'NotPrimaryNoSecondaryOk',
  13436: 'NotPrimaryOrSecondary',
};

/** The fail points that are set, and what they do to commands. */
export class FailPoints {
  readonly #points = new Map<string, Document>();
  readonly #writes = new Set<string>();

  /** Sets, or with mode `off` removes, a fail point, as `configureFailPoint` says. */
  set(point: Document): void {
    if (point.mode === 'off') this.#points.delete(point.configureFailPoint);
    else this.#points.set(point.configureFailPoint, structuredClone(point));
  }

  clear(): void {
    this.#points.clear();
  }

  /** A retried write that was done is answered by what is remembered of it: it does not come by `onPrimaryTransactionalWrite`. */
  #wasDone(name: string, { lsid, txnNumber }: Document): boolean {
    if (name !== 'onPrimaryTransactionalWrite') return false;
    const write = `${lsid.id.toString('hex')}:${txnNumber}`;
    const wasDone = this.#writes.has(write);
    if (this.#points.get(name)?.data?.failBeforeCommitExceptionCode === undefined) this.#writes.add(write);
    return wasDone;
  }

  /** What is to be done to a command of a client of that name, if anything; what counts down does. */
  failureOf(command: Document, appName: unknown): Failure | undefined {
    for (const [name, point] of this.#points) {
      if (!matches(name, point, command, appName) || this.#wasDone(name, command) || !countDown(point)) continue;
      return failureOf(name, point.data ?? {}, command);
    }
    return undefined;
  }
}

function matches(name: string, { data = {} }: Document, command: Document, appName: unknown): boolean {
  const [commandName = ''] = Object.keys(command);
  if (data.appName !== undefined && data.appName !== appName) return false;
  if (name === 'failCommand') return data.failCommands.includes(commandName);
  if (name === 'failGetMoreAfterCursorCheckout') return commandName === 'getMore';
  if (name === 'onPrimaryTransactionalWrite')
    return command.txnNumber !== undefined && command.autocommit === undefined;
  throw new Error(`no such fail point: ${name}`);
}

function countDown(point: Document): boolean {
  if (point.mode === 'alwaysOn') return true;
  if (point.mode.skip !== undefined) return point.mode.skip-- <= 0;
  return point.mode.times-- > 0;
}

function failureOf(name: string, data: Document, command: Document): Failure {
  const blockMS = data.blockConnection ? data.blockTimeMS : undefined;
  if (name === 'onPrimaryTransactionalWrite') return { close: data.failBeforeCommitExceptionCode ? 'before' : 'after' };
  if (data.closeConnection) return { blockMS, close: 'before' };
  if (data.errorCode !== undefined) return { blockMS, reply: errorOf(name, data, command) };
  const { writeConcernError } = data;
  if (!writeConcernError) return { blockMS };
  return { blockMS, writeConcernError, labels: data.errorLabels ?? labelsOf(writeConcernError.code, command, true) };
}

function errorOf(name: string, data: Document, command: Document): Document {
  const code: number = data.errorCode;
  const resumable = name === 'failGetMoreAfterCursorCheckout' && RESUMABLE.has(code);
  const labels = data.errorLabels ?? (resumable ? ['ResumableChangeStreamError'] : labelsOf(code, command, false));
  return {
    ok: 0,
    errmsg: "Failing command via 'failCommand' failpoint",
    code,
    codeName: NAMES[code] ?? `Location${code}`,
    ...(labels.length > 0 && { errorLabels: labels }),
  };
}

/** The labels that a server gives by itself to an error with this code. */
function labelsOf(code: number, command: Document, ofWriteConcern: boolean): string[] {
  const ends = 'commitTransaction' in command || 'abortTransaction' in command;
  const inTransaction = command.autocommit === false;
  if (command.txnNumber === undefined) return [];
  if ((!inTransaction || ends) && RETRYABLE.has(code)) return ['RetryableWriteError'];
  if (!inTransaction || ofWriteConcern) return [];
  return TRANSIENT.has(code) || (!ends && RETRYABLE.has(code)) ? ['TransientTransactionError'] : [];
}
