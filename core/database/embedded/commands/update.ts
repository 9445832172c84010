import { CommandError } from '../errors.ts';
import { type Match, type Query, searchAll } from '../query/search.ts';
import type { Collection } from '../storage/catalog.ts';
import { compileUpdate, isOperatorUpdate, type Update } from '../update/compile-update.ts';
import { upsertBase, withIdFirst } from '../update/upsert.ts';
import { decode } from '../values/decode.ts';
import { type Document, isDocument, type Value } from '../values/document.ts';
import { encode } from '../values/encode.ts';
import { isTruthy } from '../values/types.ts';
import { checkId } from './insert.ts';
import { type Command, contextOf, documentsField, ensured, existing, type Request, write } from './request.ts';
import { runParts } from './write-errors.ts';

/** The `update` command (manual: reference/command/update). */
export const update: Command = (request) => {
  const statements = documentsField(request.command, 'updates');
  return write(request, () => {
    let [n, nModified] = [0, 0];
    const upserted: Document[] = [];
    const writeErrors = runParts(request, statements.length, (index) => {
      const result = updateOne(request, statements[index] as Document);
      n += result.matched;
      nModified += result.modified;
      if ('upsertedId' in result) upserted.push({ index, _id: result.upsertedId });
    });
    return { n, nModified, ...(upserted.length && { upserted }), ...(writeErrors.length && { writeErrors }), ok: 1 };
  });
};

type Result = { matched: number; modified: number; upsertedId?: Value };

function updateOne(request: Request, statement: Document): Result {
  const { q: filter, u, multi, upsert, hint, arrayFilters, c } = statement;
  if (!isDocument(filter))
    throw new CommandError(14, "BSON field 'update.updates.q' is the wrong type, expected type 'object'");
  const context = contextOf({ let: request.command.let, collation: statement.collation });
  if (isDocument(c)) context.variables = { ...context.variables, ...c };
  const change = compileUpdate(u, context, arrayFilters === undefined ? [] : documentsField(statement, 'arrayFilters'));
  const many = isTruthy(multi);
  if (many && !Array.isArray(u) && !isOperatorUpdate(u) && Object.keys((u ?? {}) as Document).length) {
    throw new CommandError(9, 'multi update is not supported for replacement-style update');
  }
  const query: Query = {
    filter,
    hint,
    context,
    limit: many ? 0 : 1,
    positions: true,
    sort: isDocument(statement.sort) ? statement.sort : undefined,
  };
  const collection = isTruthy(upsert) ? ensured(request) : existing(request);
  const matches = collection ? searchAll(request.access, collection, query) : [];
  if (collection && matches.length === 0 && isTruthy(upsert)) {
    const inserted = upsertDocument(request, collection, filter, change, u);
    return { matched: 1, modified: 0, upsertedId: inserted._id };
  }
  let modified = 0;
  for (const match of matches) if (collection && changeMatch(request, collection, match, change).changed) modified++;
  return { matched: matches.length, modified };
}

/** Changes a found document. @returns the document before and after, and whether they differ */
export function changeMatch(
  request: Request,
  collection: Collection,
  match: Match,
  change: Update,
): { before: Document; after: Document; changed: boolean } {
  const before = decode(match.bytes);
  const after = withIdFirst(change(decode(match.bytes), match.found ?? {}, false));
  const bytes = encode(after);
  const changed = !bytes.equals(match.bytes);
  if (changed) request.access.replace(collection, match.row, before, after, bytes);
  return { before, after, changed };
}

/** Inserts what an upsert makes of its filter and its update. */
export function upsertDocument(
  request: Request,
  collection: Collection,
  filter: Document,
  change: Update,
  update: Value,
): Document {
  const replacing = !Array.isArray(update) && !isOperatorUpdate(update);
  const document = withIdFirst(change(upsertBase(filter, replacing), {}, true));
  checkId(document._id);
  request.access.insert(collection, document, encode(document));
  return document;
}
