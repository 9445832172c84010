import '../aggregate/operators.ts';
import { aggregate } from './aggregate.ts';
import { bulkWrite } from './bulk-write.ts';
import { collMod } from './coll-mod.ts';
import {
  collStats,
  create,
  dbStats,
  drop,
  dropDatabase,
  listCollections,
  listDatabases,
  renameCollection,
} from './collections.ts';
import { count, distinct } from './count.ts';
import { getMore, killCursors } from './cursors.ts';
import { remove } from './delete.ts';
import { buildInfo, hello, SMALL, serverStatus } from './diagnostics.ts';
import { explain, orExplained } from './explain.ts';
import { find } from './find.ts';
import { findAndModify } from './find-and-modify.ts';
import { createIndexes, dropIndexes, listIndexes } from './indexes.ts';
import { insert } from './insert.ts';
import { saslContinue, saslStart } from './login.ts';
import { REFUSED_COMMANDS } from './refused.ts';
import type { Command } from './request.ts';
import { abortTransaction, commitTransaction, endSessions, killAllSessions } from './transactions.ts';
import { update } from './update.ts';
import { validateCollection } from './validate-collection.ts';

/** Every command that this engine answers, by name in lower case: older spellings differ in case only. */
const TABLE: Readonly<Record<string, Command>> = {
  find,
  insert,
  update,
  delete: remove,
  bulkWrite,
  findAndModify,
  aggregate: orExplained(aggregate),
  count,
  distinct,
  getMore,
  killCursors,
  explain,
  createIndexes,
  listIndexes,
  dropIndexes,
  deleteIndexes: dropIndexes,
  collMod,
  create,
  drop,
  dropDatabase,
  renameCollection,
  listCollections,
  listDatabases,
  dbStats,
  collStats,
  validate: validateCollection,
  commitTransaction,
  abortTransaction,
  saslStart,
  saslContinue,
  endSessions,
  killSessions: endSessions,
  killAllSessions,
  hello,
  isMaster: hello,
  buildInfo,
  serverStatus,
  ...SMALL,
};

/** The names of all commands that this engine answers. */
export const COMMAND_NAMES: readonly string[] = Object.keys(TABLE);

const COMMANDS = new Map(Object.entries(TABLE).map(([name, command]) => [name.toLowerCase(), command]));

/** Commands that a transaction may have (manual: core/transactions-operations). */
const IN_TRANSACTION = [
  'find',
  'insert',
  'update',
  'delete',
  'bulkwrite',
  'findandmodify',
  'aggregate',
  'distinct',
  'getmore',
  'killcursors',
  'committransaction',
  'aborttransaction',
  'create',
  'createindexes',
  'hello',
  'ismaster',
  'buildinfo',
  'ping',
];

/** The command of a name: `refused` when MongoDB has it and this engine does not. */
export function commandNamed(name: string): Command | 'refused' | undefined {
  return COMMANDS.get(name.toLowerCase()) ?? (REFUSED_COMMANDS.includes(name.toLowerCase()) ? 'refused' : undefined);
}

/** Whether a command may be part of a transaction. */
export function isForTransactions(name: string): boolean {
  return IN_TRANSACTION.includes(name.toLowerCase());
}
