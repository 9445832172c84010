import { CommandError } from '../errors.ts';
import type { Match, Query } from '../query/search.ts';
import type { Collection } from '../storage/catalog.ts';
import { compileUpdate, isOperatorUpdate, type Update } from '../update/compile-update.ts';
import { upsertBase, withIdFirst } from '../update/upsert.ts';
import { decode } from '../values/decode.ts';
import { type Document, isDocument, type Value } from '../values/document.ts';
import { encode, MAX_DOCUMENT } from '../values/encode.ts';
import { encodeKey } from '../values/key.ts';
import { isTruthy } from '../values/types.ts';
import { refuseCappedInTransaction } from './capped.ts';
import { checkBatchSize, checkId } from './insert.ts';
import { matchesOf, prescan } from './prescan.ts';
import {
  type Command,
  checkWritable,
  contextOf,
  documentsField,
  ensured,
  existing,
  type Request,
  write,
} from './request.ts';
import { checkSeriesUpdate } from './time-series.ts';
import { validate } from './validation.ts';
import { runParts } from './write-errors.ts';

/** The `update` command (manual: reference/command/update). */
export const update: Command = async (request) => {
  const statements = documentsField(request.command, 'updates');
  checkWritable(request);
  checkBatchSize(statements.length);
  for (const statement of statements) refuseSortOfMany(statement);
  // Of several, the later ones see what the earlier ones do.
  const [only] = statements.length === 1 ? statements : [];
  const rows = only && isDocument(only.q) ? await prescan(request, queryOf(request, only, only.q)) : undefined;
  return write(request, () => {
    let [n, nModified] = [0, 0];
    const upserted: Document[] = [];
    const writeErrors = runParts(request, statements.length, (index) => {
      const result = updateStatement(request, statements[index] as Document, rows);
      n += result.matched;
      nModified += result.modified;
      if ('upsertedId' in result) upserted.push({ index, _id: result.upsertedId });
    });
    return {
      n,
      nModified,
      ...(upserted.length && { upserted }),
      ...(writeErrors.length && { writeErrors }),
      ok: 1,
    };
  });
};

function queryOf(request: Request, { hint, multi, collation, c, sort }: Document, filter: Document): Query {
  const context = contextOf({ let: request.command.let, collation });
  if (isDocument(c)) context.variables = { ...context.variables, ...c };
  const limit = isTruthy(multi) ? 0 : 1;
  return { filter, hint, context, limit, positions: true, sort: isDocument(sort) ? sort : undefined };
}

/** @throws CommandError 14 for a sort that is none, 9 for one of several: a sort says which one document of several is updated (manual: reference/command/update) */
export function refuseSortOfMany({ multi, sort }: Document): void {
  if (sort !== undefined && sort !== null && !isDocument(sort))
    throw new CommandError(14, "BSON field 'update.updates.sort' is the wrong type, expected type 'object'");
  if (isTruthy(multi) && isDocument(sort)) throw new CommandError(9, 'Cannot specify sort with multi=true');
}

type Result = { matched: number; modified: number; upsertedId?: Value };

/**
 * Updates what one statement says, or inserts.
 * @param rows - what a search before the commit found
 * @returns how many documents matched and changed, and the `_id` of an inserted one
 */
export function updateStatement(request: Request, statement: Document, rows?: number[]): Result {
  const { q: filter, u, c, multi, upsert, arrayFilters } = statement;
  if (!isDocument(filter)) {
    throw new CommandError(14, "BSON field 'update.updates.q' is the wrong type, expected type 'object'");
  }
  const query = queryOf(request, statement, filter);
  if (c !== undefined && !Array.isArray(u))
    throw new CommandError(51198, 'Constant values may only be specified for pipeline updates');
  const filters = arrayFilters === undefined ? [] : documentsField(statement, 'arrayFilters');
  const change = compileUpdate(u, query.context ?? {}, filters);
  if (isTruthy(multi) && isDocument(u) && !isOperatorUpdate(u) && Object.keys(u).length) {
    throw new CommandError(9, 'multi update is not supported for replacement-style update');
  }
  const upserting = isTruthy(upsert);
  const collection = upserting ? ensured(request) : existing(request);
  if (collection?.options.timeseries) checkSeriesUpdate(collection, statement);
  const matches = collection ? matchesOf(request, collection, query, rows, upserting) : [];
  if (collection && matches.length === 0 && upserting) {
    const inserted = upsertDocument(request, collection, filter, change, u);
    return { matched: 1, modified: 0, upsertedId: inserted._id };
  }
  let modified = 0;
  for (const match of matches) {
    if (collection && changeMatch(request, collection, match, change, u).changed) modified++;
  }
  return { matched: matches.length, modified };
}

/** Changes a found document. @returns the document before and after, and whether they differ */
export function changeMatch(
  request: Request,
  collection: Collection,
  match: Match,
  change: Update,
  update: Value,
): { before: Document; after: Document; changed: boolean } {
  refuseCappedInTransaction(request, collection);
  return executing(request, () => {
    const before = decode(match.bytes);
    const after = withIdFirst(change(decode(match.bytes), match.found ?? {}, false));
    const bytes = encode(after, MAX_DOCUMENT, 17419);
    const changed = !bytes.equals(match.bytes);
    if (changed) validate(request, collection, after, before);
    const whole = isDocument(update) && !isOperatorUpdate(update);
    if (changed) request.access.replace(collection, match.row, before, after, bytes, whole);
    return { before, after, changed };
  });
}

/** MongoDB says of what fails while an update is at work, other than of an update that it cannot read, what it was doing. */
function executing<T>({ name }: Request, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof CommandError) || error.labels.length || error.code === 238) throw error;
    const doing = name.toLowerCase() === 'findandmodify' ? 'findAndModify' : 'update';
    const message = `Plan executor error during ${doing} :: caused by :: ${error.message}`;
    throw new CommandError(error.code, message, { fields: error.fields });
  }
}

/** Inserts what an upsert makes of its filter and its update. */
export function upsertDocument(
  request: Request,
  collection: Collection,
  filter: Document,
  change: Update,
  update: Value,
): Document {
  refuseCappedInTransaction(request, collection);
  return executing(request, () => {
    const replacing = !Array.isArray(update) && !isOperatorUpdate(update);
    const base = upsertBase(filter, replacing);
    // As bytes, because an update changes a document that an _id is within itself.
    const given = base._id === undefined ? undefined : encodeKey([base._id]);
    const document = withIdFirst(change(base, {}, true));
    if (given && !given.equals(encodeKey([document._id])))
      throw new CommandError(66, "Performing an update on the path '_id' would modify the immutable field '_id'");
    checkId(document._id);
    validate(request, collection, document);
    request.access.insert(collection, document, encode(document));
    return document;
  });
}
