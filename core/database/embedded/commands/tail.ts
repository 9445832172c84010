import { CommandError } from '../errors.ts';
import { compileFilter } from '../query/match.ts';
import { compileProjection } from '../query/project.ts';
import type { Collection } from '../storage/catalog.ts';
import { rowsAfter } from '../storage/scan.ts';
import { decode } from '../values/decode.ts';
import { encode } from '../values/encode.ts';
import { isTruthy, toNumber } from '../values/types.ts';
import { cursorReply } from '../wire/cursor-reply.ts';
import { contextOf, documentField, existing, type Request } from './request.ts';

/**
 * A `find` whose cursor stays open at the end of a capped collection (manual: core/tailable-cursors).
 * @throws CommandError 2 for another collection or another order than the natural one, 263 in a transaction
 */
export async function tail(request: Request, name: string, size: number): Promise<Buffer> {
  const { command, engine, database } = request;
  if (request.transaction) throw new CommandError(263, 'Tailable cursors are not allowed in a transaction');
  const { $natural, ...others } = documentField(command, 'sort') ?? { $natural: 1 };
  if (Object.keys(others).length || toNumber($natural ?? 1) !== 1)
    throw new CommandError(2, 'cannot use tailable option with a sort other than {$natural: 1}');
  const collection = existing(request);
  const namespace = `${database}.${name}`;
  if (collection && collection.options.capped !== true)
    throw new CommandError(2, 'error processing query: tailable cursor requested on non capped collection');
  // A cursor over an empty collection is dead at once.
  if (!collection || rowsAfter(engine.catalog.connection, collection, 0).length === 0)
    return cursorReply('firstBatch', [], 0n, namespace);
  const cursor = engine.cursors.create(namespace, following(request, collection), request.session);
  cursor.awaiting = isTruthy(command.awaitData);
  const { documents, id } = await engine.cursors.follow(cursor, size, 0);
  return cursorReply('firstBatch', documents, id, namespace);
}

/** The documents of a collection in the order of insertion, without end while it exists. */
function* following(request: Request, collection: Collection): Generator<Buffer[]> {
  const { command, engine } = request;
  const context = contextOf(command);
  const matches = compileFilter(documentField(command, 'filter') ?? {}, context);
  const fields = documentField(command, 'projection');
  const project = fields && Object.keys(fields).length ? compileProjection(fields, context, 'find') : undefined;
  const matching = (bytes: Buffer): Buffer[] => {
    const root = decode(bytes);
    if (!matches(root)) return [];
    const scope = { root, variables: context.variables ?? {} };
    return [project ? encode(project(root, scope, undefined), Number.POSITIVE_INFINITY) : bytes];
  };
  let last = 0;
  while (!collection.dropped) {
    const rows = rowsAfter(engine.catalog.connection, collection, last);
    last = rows.at(-1)?.row ?? last;
    const found = rows.flatMap(({ bytes }) => matching(bytes));
    // A chunk without documents means the end: one in which nothing matched is passed over.
    if (found.length || rows.length === 0) yield found;
  }
}
