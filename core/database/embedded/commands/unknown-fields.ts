import { CommandError, cut, unsupported } from '../errors.ts';
import { type Document, isDocument } from '../values/document.ts';
import type { Request } from './request.ts';

/** What drivers may say with every command. */
const GENERIC = [
  'lsid',
  'txnNumber',
  'autocommit',
  'startTransaction',
  'readConcern',
  'writeConcern',
  'maxTimeMS',
  'comment',
  'collation',
  'apiVersion',
  'apiStrict',
  'apiDeprecationErrors',
  'databaseVersion',
  'shardVersion',
];

const WRITES = ['ordered', 'bypassDocumentValidation', 'bypassEmptyTsReplacement', 'stmtId', 'stmtIds', 'let'];

/** What the commands of clients take besides that, by their names in lower case (manual: reference/command). */
const FIELDS: Readonly<Record<string, string[]>> = {
  find: [
    'filter',
    'projection',
    'sort',
    'hint',
    'skip',
    'limit',
    'batchSize',
    'singleBatch',
    'min',
    'max',
    'returnKey',
    'showRecordId',
    'tailable',
    'oplogReplay',
    'noCursorTimeout',
    'awaitData',
    'allowPartialResults',
    'allowDiskUse',
    'let',
  ],
  aggregate: [
    'pipeline',
    'explain',
    'allowDiskUse',
    'cursor',
    'bypassDocumentValidation',
    'bypassEmptyTsReplacement',
    'hint',
    'let',
  ],
  insert: ['documents', ...WRITES.filter((field) => field !== 'let')],
  update: ['updates', ...WRITES],
  delete: ['deletes', ...WRITES],
  bulkwrite: ['ops', 'nsInfo', 'cursor', 'errorsOnly', ...WRITES],
  findandmodify: [
    'query',
    'sort',
    'remove',
    'update',
    'new',
    'fields',
    'upsert',
    'bypassDocumentValidation',
    'bypassEmptyTsReplacement',
    'arrayFilters',
    'hint',
    'let',
    'stmtId',
  ],
  count: ['query', 'limit', 'skip', 'hint', 'fields'],
  distinct: ['key', 'query', 'hint'],
  getmore: ['collection', 'batchSize'],
  killcursors: ['cursors'],
  createindexes: ['indexes', 'commitQuorum', 'ignoreUnknownIndexOptions'],
  dropindexes: ['index'],
  listindexes: ['cursor', 'includeBuildUUIDs', 'includeIndexBuildInfo'],
  drop: [],
  dropdatabase: [],
  renamecollection: ['to', 'dropTarget'],
  listcollections: ['filter', 'nameOnly', 'authorizedCollections', 'cursor'],
  listdatabases: ['filter', 'nameOnly', 'authorizedDatabases'],
};

/** What servers of MongoDB say to each other, and this engine would not do. */
const INTERNAL = ['collectionUUID', 'encryptionInformation', 'requestResumeToken', 'resumeAfter', 'startAt'];

/** What a statement of `update` and of `delete` needs, and what else it takes. */
const STATEMENTS: Readonly<Record<string, readonly [list: string, needed: string[], optional: string[]]>> = {
  update: ['updates', ['q', 'u'], ['c', 'multi', 'upsert', 'hint', 'collation', 'arrayFilters', 'sort']],
  delete: ['deletes', ['q', 'limit'], ['hint', 'collation']],
};

/**
 * Refuses what a command that is known here does not have.
 * @throws CommandError 40415 as MongoDB for such a field, 40414 for one that is missing in a statement, 238 for one that only
 *   its servers use
 */
export function checkFields(request: Request): void {
  const { command, name } = request;
  const known = FIELDS[name.toLowerCase()];
  if (!known) return;
  const internal = INTERNAL.find((field) => field in command);
  if (internal && !known.includes(internal)) throw unsupported(`The option ${internal} of ${name}`);
  refuseUnknownFields(request, known);
  const [list = '', needed = [], optional = []] = STATEMENTS[name] ?? [];
  const statements = command[list];
  for (const statement of Array.isArray(statements) ? statements : []) {
    if (!isDocument(statement)) continue;
    const wrong = unknownOf(statement, [...needed, ...optional]);
    if (wrong) throw unknown(`${name}.${list}.${wrong}`);
    const missing = needed.find((field) => !(field in statement));
    if (missing)
      throw new CommandError(40414, `BSON field '${name}.${list}.${missing}' is missing but a required field`);
  }
}

/**
 * Refuses a field that the command does not have: what it asks for would not be done.
 * @throws CommandError 40415 as MongoDB for such a field
 */
export function refuseUnknownFields({ command, name }: Request, known: readonly string[]): void {
  const wrong = unknownOf(command, [name, ...known, ...GENERIC]);
  if (wrong) throw unknown(`${name}.${wrong}`);
}

function unknownOf(document: Document, known: readonly string[]): string | undefined {
  return Object.keys(document).find((field) => !known.includes(field) && !field.startsWith('$'));
}

/** @throws CommandError 40415 for a field of a part of a command that it does not have */
export function refuseUnknownPart(part: Document, path: string, known: readonly string[]): void {
  const wrong = unknownOf(part, known);
  if (wrong) throw unknown(`${path}.${wrong}`);
}

function unknown(path: string): CommandError {
  return new CommandError(40415, `BSON field '${cut(path)}' is an unknown field.`);
}
