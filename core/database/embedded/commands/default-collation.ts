import { CommandError } from '../errors.ts';
import { isView } from '../storage/catalog.ts';
import { completeCollation, isCollation } from '../values/collation.ts';
import { equal } from '../values/compare.ts';
import { type Document, isDocument, type Value } from '../values/document.ts';
import { collectionNamed, type Request } from './request.ts';

/**
 * Commands without a collation of their own use that of their collection (manual: reference/collation); not what describes
 * a collection, nor a change stream (manual: changeStreams, "Collation").
 */
export function addDefaultCollation(request: Request): void {
  const { command, name } = request;
  const [first] = Array.isArray(command.pipeline) ? command.pipeline : [];
  if (name === 'create' || (isDocument(first) && '$changeStream' in first)) return;
  const collection = typeof command[name] === 'string' ? collectionNamed(request, command[name]) : undefined;
  const collation = collection?.options.collation;
  if (collection && isView(collection)) refuseOtherCollation(command, collation);
  if (collation === undefined) return;
  for (const part of [command, command.updates, command.deletes].flat()) {
    if (isDocument(part) && !isCollation(part.collation)) part.collation = collation;
  }
  for (const index of [command.indexes].flat()) {
    if (isDocument(index)) index.collation ??= collation;
  }
}

/** @throws CommandError 167: a view has a collation of its own (manual: core/views, "Collation") */
function refuseOtherCollation(command: Document, own: Value): void {
  if (!isCollation(command.collation) || equal(completeCollation(command.collation) ?? null, own ?? null)) return;
  throw new CommandError(167, "Cannot override a view's default collation");
}
