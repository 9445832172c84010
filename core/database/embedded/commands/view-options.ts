import { compilePipeline, EDGE_STAGES } from '../aggregate/pipeline.ts';
import { CommandError, cut } from '../errors.ts';
import { type Collection, isView } from '../storage/catalog.ts';
import { equal } from '../values/compare.ts';
import { type Document, isDocument, type Value } from '../values/document.ts';
import { typeName } from '../values/types.ts';
import { collectionNamed, type Request } from './request.ts';
import { environmentOf } from './sources.ts';

/** What a view is: what it reads, and by which pipeline. */
export type ViewOptions = { viewOn: string; pipeline: Document[] };

/**
 * What `create` or `collMod` says of a view (manual: core/views).
 * @param collation - that of the view
 * @throws CommandError 14, 2 or 40324 for a wrong definition, 167 for stages that write, 5 for a view that reads itself
 */
export function viewOptions(
  request: Request,
  name: string,
  viewOn: Value,
  pipeline: Value,
  collation: Value,
): ViewOptions {
  const wrongType = (field: string, value: Value, expected: string) =>
    new CommandError(
      14,
      `BSON field '${request.name}.${field}' is the wrong type '${typeName(value)}', expected type '${expected}'`,
    );
  if (typeof viewOn !== 'string') throw wrongType('viewOn', viewOn, 'string');
  if (!Array.isArray(pipeline)) throw wrongType('pipeline', pipeline, 'array');
  if (viewOn === '') throw new CommandError(2, "'viewOn' cannot be empty");
  const namespace = `${request.database}.${name}`;
  checkPipeline(request, namespace, pipeline);
  const refuseOtherCollation = (other: Collection) => {
    if (equal(other.options.collation ?? null, collation ?? null)) return;
    throw new CommandError(
      167,
      `View ${cut(namespace)} has conflicting collation with view ${request.database}.${other.name}`,
    );
  };
  // A view may have been made before what it reads.
  for (const other of request.engine.catalog.list(request.database))
    if (other.options.viewOn === name) refuseOtherCollation(other);
  const path = [name];
  for (let next: string | undefined = viewOn; next !== undefined; ) {
    path.push(next);
    if (next === name) {
      const shown = [name, ...path].map((one) => `${request.database}.${one}`).join(' => ');
      throw new CommandError(5, `View cycle detected: ${cut(shown, 500)}`);
    }
    const source = collectionNamed(request, next);
    if (!source || !isView(source)) break;
    refuseOtherCollation(source);
    next = source.options.viewOn as string;
  }
  return { viewOn, pipeline };
}

function checkPipeline(request: Request, namespace: string, pipeline: Value[]): void {
  const invalid = (why: string) =>
    new CommandError(167, `Invalid pipeline for view ${cut(namespace)} :: caused by :: ${why}`);
  for (const [position, stage] of pipeline.entries()) {
    const [kind = ''] = isDocument(stage) ? Object.keys(stage) : [];
    if (kind === '$out' || kind === '$merge')
      throw invalid(
        `The aggregation stage ${kind} in location ${position} of the pipeline cannot be used in the view definition of ${cut(namespace)} because it writes to disk`,
      );
    if (kind === '$changeStream') throw invalid('$changeStream cannot be used in a view definition');
    // What only begins a pipeline is no stage of its own, and is read when the view is.
    if (position > 0 || !EDGE_STAGES.includes(kind)) compilePipeline([stage], environmentOf(request));
  }
}
