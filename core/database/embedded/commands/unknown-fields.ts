import { CommandError, cut } from '../errors.ts';
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

/**
 * Refuses a field that the command does not have: what it asks for would not be done.
 * @throws CommandError 40415 as MongoDB for such a field
 */
export function refuseUnknownFields({ command, name }: Request, known: readonly string[]): void {
  const unknown = Object.keys(command).find(
    (field) => field !== name && !field.startsWith('$') && !known.includes(field) && !GENERIC.includes(field),
  );
  if (unknown) throw new CommandError(40415, `BSON field '${name}.${cut(unknown)}' is an unknown field.`);
}
