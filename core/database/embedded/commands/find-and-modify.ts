import { CommandError, unsupported } from '../errors.ts';
import { compileProjection } from '../query/project.ts';
import { documentOf, type Match } from '../query/search.ts';
import type { Collection } from '../storage/catalog.ts';
import { compileUpdate } from '../update/compile-update.ts';
import type { Document } from '../values/document.ts';
import { isTruthy } from '../values/types.ts';
import { refuseCappedInTransaction } from './capped.ts';
import { matchesOf, prescan } from './prescan.ts';
import {
  type Command,
  contextOf,
  documentField,
  documentsField,
  ensured,
  existing,
  type Request,
  write,
} from './request.ts';
import { changeMatch, upsertDocument } from './update.ts';

/** The `findAndModify` command (manual: reference/command/findAndModify). */
export const findAndModify: Command = async (request) => {
  const { command } = request;
  const removing = isTruthy(command.remove);
  const upserting = isTruthy(command.upsert);
  if (removing && command.update !== undefined)
    throw new CommandError(9, 'Cannot specify both an update and remove=true');
  if (!removing && command.update === undefined)
    throw new CommandError(9, 'Either an update or remove=true must be specified');
  if (removing && upserting) throw new CommandError(9, 'Cannot specify both upsert=true and remove=true ');
  if (removing && isTruthy(command.new))
    throw new CommandError(
      9,
      "Cannot specify both new=true and remove=true; 'remove' always returns the deleted document",
    );
  const filter = documentField(command, 'query') ?? {};
  const sort = documentField(command, 'sort');
  const context = contextOf(command);
  const change = removing
    ? undefined
    : compileUpdate(
        command.update,
        context,
        command.arrayFilters === undefined ? [] : documentsField(command, 'arrayFilters'),
      );
  const query = { filter, sort, limit: 1, hint: command.hint, context, positions: true };
  const rows = await prescan(request, query);
  return write(request, () => {
    const collection = upserting ? ensured(request) : existing(request);
    if (!removing && collection?.options.timeseries) throw unsupported('findAndModify of a time series');
    const [match] = collection ? matchesOf(request, collection, query, rows, upserting) : [];
    if (!collection || (!match && !upserting)) {
      const lastErrorObject = removing ? { n: 0 } : { n: 0, updatedExisting: false };
      return { lastErrorObject, value: null, ok: 1 };
    }
    if (!match || !change) return match ? removed(request, collection, match) : upserted(request, collection, filter);
    const { before, after } = changeMatch(request, collection, match, change, command.update);
    const value = projected(request, isTruthy(command.new) ? after : before, match);
    return { lastErrorObject: { n: 1, updatedExisting: true }, value, ok: 1 };
  });

  function upserted(current: Request, collection: Collection, base: Document): Document {
    if (!change) throw new CommandError(9, 'Either an update or remove=true must be specified');
    const document = upsertDocument(current, collection, base, change, command.update);
    const value = isTruthy(command.new) ? projected(current, document) : null;
    return { lastErrorObject: { n: 1, updatedExisting: false, upserted: document._id }, value, ok: 1 };
  }
};

function removed(request: Request, collection: Collection, match: Match): Document {
  const document = documentOf(match);
  refuseCappedInTransaction(request, collection, true);
  request.access.remove(collection, match.row, document);
  return { lastErrorObject: { n: 1 }, value: projected(request, document, match), ok: 1 };
}

function projected(request: Request, root: Document, match?: Match): Document {
  const fields = documentField(request.command, 'fields');
  if (!fields || Object.keys(fields).length === 0) return root;
  const context = contextOf(request.command);
  if (isTruthy(request.command.new) && Object.keys(fields).some((path) => path.endsWith('.$')))
    throw new CommandError(2, 'cannot use a positional projection and return the new document');
  return compileProjection(fields, context, 'find')(root, { root, variables: context.variables ?? {} }, match?.found);
}
