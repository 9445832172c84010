import { CommandError } from '../errors.ts';
import { documentOf, type Query } from '../query/search.ts';
import type { Collection } from '../storage/catalog.ts';
import { type Document, isDocument } from '../values/document.ts';
import { toNumber } from '../values/types.ts';
import { refuseCappedInTransaction } from './capped.ts';
import { checkBatchSize } from './insert.ts';
import { matchesOf, prescan } from './prescan.ts';
import { type Command, checkWritable, contextOf, documentsField, existing, type Request, write } from './request.ts';
import { runParts } from './write-errors.ts';

/** The `delete` command (manual: reference/command/delete). */
export const remove: Command = async (request) => {
  const statements = documentsField(request.command, 'deletes');
  checkWritable(request);
  checkBatchSize(statements.length);
  const [only] = statements.length === 1 ? statements : [];
  const rows = only && isDocument(only.q) ? await prescan(request, queryOf(request, only, only.q)) : undefined;
  return write(request, () => {
    let n = 0;
    const writeErrors = runParts(request, statements.length, (position) => {
      n += deleteStatement(request, statements[position] as Document, rows);
    });
    return { n, ...(writeErrors.length && { writeErrors }), ok: 1 };
  });
};

/**
 * Removes what one statement says.
 * @param rows - what a search before the commit found
 * @returns how many documents
 */
export function deleteStatement(request: Request, statement: Document, rows?: number[]): number {
  const { q: filter, limit } = statement;
  if (!isDocument(filter))
    throw new CommandError(14, "BSON field 'delete.deletes.q' is the wrong type, expected type 'object'");
  const one = toNumber(limit);
  if (one !== 0 && one !== 1) throw new CommandError(9, `The limit field in delete objects must be 0 or 1. Got ${one}`);
  const collection = existing(request);
  if (collection) refuseCappedInTransaction(request, collection, true);
  const matches = collection ? matchesOf(request, collection, queryOf(request, statement, filter), rows) : [];
  for (const match of matches) request.access.remove(collection as Collection, match.row, documentOf(match));
  return matches.length;
}

function queryOf(request: Request, { limit, hint, collation }: Document, filter: Document): Query {
  const context = contextOf({ let: request.command.let, collation });
  return { filter, hint, context, limit: toNumber(limit) === 1 ? 1 : 0 };
}
