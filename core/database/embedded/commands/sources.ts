import { compilePipeline, flow, runPipeline } from '../aggregate/pipeline.ts';
import type { Environment } from '../aggregate/stage.ts';
import { CommandError, cut } from '../errors.ts';
import { documentOf, type Query, search } from '../query/search.ts';
import { isView } from '../storage/catalog.ts';
import { completeCollation } from '../values/collation.ts';
import { equal } from '../values/compare.ts';
import type { Document, Value } from '../values/document.ts';
import { collectionNamed, contextOf, type Request } from './request.ts';

/** What stages of a command's pipeline need. */
export function environmentOf(request: Request): Environment {
  return {
    context: contextOf(request.command),
    database: request.database,
    check: (collection) => refuseOtherCollation(request, collection),
    read: (collection, filter) => readSource(request, collection, { filter: filter ?? {} }),
    run: runPipeline,
  };
}

/** @throws CommandError 167 for a view that compares otherwise than the command (manual: core/views, "Collation") */
function refuseOtherCollation(request: Request, name: string): void {
  const collection = collectionNamed(request, name);
  if (!collection || !isView(collection)) return;
  const own = completeCollation(request.command.collation) ?? null;
  if (!equal(collection.options.collation ?? null, own))
    throw new CommandError(167, `Cannot override the default collation of the view ${request.database}.${cut(name)}`);
}

/** The documents of a collection or view, in chunks. */
export function* readSource(request: Request, name: string, query: Query): Generator<Document[]> {
  const collection = collectionNamed(request, name);
  if (!collection) return;
  if (isView(collection)) {
    const stages = compilePipeline([{ $match: query.filter }], environmentOf(request));
    return yield* flow(viewSource(request, name), stages);
  }
  for (const chunk of search(request.access, collection, {
    ...query,
    context: { ...contextOf(request.command), ...query.context },
  })) {
    yield chunk.map(documentOf);
  }
}

/** The documents of a view. */
export function* viewSource(request: Request, name: string, depth = 0): Generator<Document[]> {
  if (depth > 20) throw new CommandError(165, 'View depth too deep or view cycle detected');
  const collection = collectionNamed(request, name);
  if (!collection) return;
  if (!isView(collection)) return yield* readSource(request, name, { filter: {} });
  const { viewOn, pipeline } = collection.options;
  const stages = compilePipeline(pipeline as Value[], environmentOf(request));
  yield* flow(viewSource(request, viewOn as string, depth + 1), stages);
}
