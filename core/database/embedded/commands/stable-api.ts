import { CommandError, cut } from '../errors.ts';
import { type Document, isDocument } from '../values/document.ts';
import { show } from '../values/show.ts';
import { isTruthy } from '../values/types.ts';

/** The commands of version 1 (manual: reference/stable-api, "Stable API Commands"), in lower case. */
const COMMANDS = [
  'aborttransaction',
  'aggregate',
  'authenticate',
  'bulkwrite',
  'collmod',
  'committransaction',
  'count',
  'create',
  'createindexes',
  'delete',
  'drop',
  'dropdatabase',
  'dropindexes',
  'endsessions',
  'explain',
  'find',
  'findandmodify',
  'getmore',
  'hello',
  'insert',
  'killcursors',
  'listcollections',
  'listdatabases',
  'listindexes',
  'ping',
  'refreshsessions',
  'saslcontinue',
  'saslstart',
  'update',
];

/** Stages and options that version 1 has not. */
const STAGES = ['$currentOp', '$indexStats', '$listLocalSessions', '$listSessions', '$planCacheStats', '$search'];
const OPTIONS: Readonly<Record<string, string[]>> = {
  find: ['awaitData', 'max', 'min', 'noCursorTimeout', 'oplogReplay', 'returnKey', 'showRecordId', 'tailable'],
  create: ['autoIndexId', 'capped', 'indexOptionDefaults', 'max', 'size', 'storageEngine'],
};

/**
 * Holds a command to the version of the API that its client declares (manual: reference/stable-api).
 * @throws CommandError 72 for options without a version, 322 for a version that there is not, 323 for what version 1 has not
 *   when only that is wanted
 */
export function checkStableApi(command: Document, name: string): void {
  const { apiVersion, apiStrict, apiDeprecationErrors } = command;
  if (apiVersion === undefined) {
    if (apiStrict === undefined && apiDeprecationErrors === undefined) return;
    throw new CommandError(72, `Provided apiStrict or apiDeprecationErrors without passing apiVersion in ${cut(name)}`);
  }
  if (apiVersion !== '1') throw new CommandError(322, `API version must be "1", not ${cut(show(apiVersion))}`);
  if (!isTruthy(apiStrict)) return;
  if (!COMMANDS.includes(name.toLowerCase())) throw notStrict(`the command ${cut(name)}`);
  const option = OPTIONS[name]?.find((field) => field in command && isTruthy(command[field]));
  if (option !== undefined) throw notStrict(`the option ${option} of ${name}`);
  const stages = Array.isArray(command.pipeline) ? command.pipeline : [];
  const stage = stages.flatMap((one) => (isDocument(one) ? Object.keys(one) : [])).find((one) => STAGES.includes(one));
  if (stage !== undefined) throw notStrict(`the stage ${stage}`);
}

function notStrict(what: string): CommandError {
  return new CommandError(323, `Provided apiStrict:true, but ${what} is not in API Version 1`);
}
