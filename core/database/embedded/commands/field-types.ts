import { CommandError } from '../errors.ts';
import { type Document, isDocument, type Value } from '../values/document.ts';
import { isNumber, typeName } from '../values/types.ts';
import type { Request } from './request.ts';

/** Options that are on or off, in whichever command; numbers stand for either. */
const FLAGS = [
  'allowDiskUse',
  'allowPartialResults',
  'authorizedCollections',
  'awaitData',
  'bypassDocumentValidation',
  'capped',
  'multi',
  'nameOnly',
  'new',
  'noCursorTimeout',
  'ordered',
  'remove',
  'returnKey',
  'showRecordId',
  'singleBatch',
  'tailable',
  'upsert',
];

/** Options that are documents. */
const DOCUMENTS = ['cursor', 'fields', 'filter', 'let', 'projection', 'query', 'readConcern', 'sort', 'writeConcern'];

/** What a command cannot do without, by its name in lower case. */
const NEEDED: Readonly<Record<string, string>> = {
  aggregate: 'pipeline',
  bulkwrite: 'ops',
  createindexes: 'indexes',
  delete: 'deletes',
  distinct: 'key',
  getmore: 'collection',
  insert: 'documents',
  killcursors: 'cursors',
  update: 'updates',
};

/**
 * Refuses a command that lacks what it needs, or whose options are of the wrong type (manual: reference/command).
 * @throws CommandError 40414 or 14
 */
export function checkTypes({ command, name, documents }: Request): void {
  const needed = NEEDED[name.toLowerCase()];
  if (needed && command[needed] === undefined && !documents)
    throw new CommandError(40414, `BSON field '${name}.${needed}' is missing but a required field`);
  checkOptions(command, name);
  for (const list of ['updates', 'deletes'])
    for (const statement of [command[list]].flat())
      if (isDocument(statement)) checkOptions(statement, `${name}.${list}`);
}

function checkOptions(options: Document, where: string): void {
  const refuse = (field: string, value: Value, expected: string) =>
    new CommandError(
      14,
      `BSON field '${where}.${field}' is the wrong type '${typeName(value)}', expected type '${expected}'`,
    );
  for (const field of FLAGS) {
    const value = options[field];
    if (value !== undefined && typeof value !== 'boolean' && !isNumber(value)) throw refuse(field, value, 'bool');
  }
  for (const field of DOCUMENTS) {
    const value = options[field];
    if (value !== undefined && !isDocument(value)) throw refuse(field, value, 'object');
  }
}
