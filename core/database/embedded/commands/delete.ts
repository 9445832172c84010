import { CommandError } from '../errors.ts';
import { documentOf, searchAll } from '../query/search.ts';
import { type Document, isDocument } from '../values/document.ts';
import { toNumber } from '../values/types.ts';
import { type Command, contextOf, documentsField, existing, write } from './request.ts';
import { runParts } from './write-errors.ts';

/** The `delete` command (manual: reference/command/delete). */
export const remove: Command = (request) => {
  const statements = documentsField(request.command, 'deletes');
  return write(request, () => {
    const collection = existing(request);
    let n = 0;
    const writeErrors = runParts(request, statements.length, (position) => {
      const { q: filter, limit, hint, collation } = statements[position] as Document;
      if (!isDocument(filter))
        throw new CommandError(14, "BSON field 'delete.deletes.q' is the wrong type, expected type 'object'");
      const one = toNumber(limit);
      if (one !== 0 && one !== 1)
        throw new CommandError(9, `The limit field in delete objects must be 0 or 1. Got ${one}`);
      if (!collection) return;
      const context = contextOf({ let: request.command.let, collation });
      for (const match of searchAll(request.access, collection, { filter, hint, context, limit: one })) {
        request.access.remove(collection, match.row, documentOf(match));
        n++;
      }
    });
    return { n, ...(writeErrors.length && { writeErrors }), ok: 1 };
  });
};
