import { compilePipeline, flow } from '../aggregate/pipeline.ts';
import { CommandError, cut } from '../errors.ts';
import type { Query } from '../query/search.ts';
import { isView } from '../storage/catalog.ts';
import { type Document, isDocument } from '../values/document.ts';
import { encode } from '../values/encode.ts';
import { cursorReply } from '../wire/cursor-reply.ts';
import {
  type Command,
  collectionNamed,
  contextOf,
  countField,
  deadlineOf,
  documentField,
  type Request,
} from './request.ts';
import { environmentOf, readSource, viewSource } from './sources.ts';
import { collectionStats, indexStats } from './statistics.ts';
import { storeResult } from './store-result.ts';
import { watch } from './watch.ts';

/** The `aggregate` command (manual: reference/command/aggregate). */
export const aggregate: Command = async (request) => {
  const { command, engine, database } = request;
  const { pipeline } = command;
  if (!Array.isArray(pipeline) || !pipeline.every(isDocument)) {
    throw new CommandError(14, "'pipeline' option must be specified as an array of documents");
  }
  const cursorOptions = documentField(command, 'cursor');
  if (!cursorOptions)
    throw new CommandError(9, "The 'cursor' option is required, except for aggregate with the explain argument");
  const name = typeof command.aggregate === 'string' ? command.aggregate : undefined;
  const namespace = `${database}.${name ?? '$cmd.aggregate'}`;
  if (pipeline[0] && '$changeStream' in pipeline[0]) return watch(request, name, pipeline);
  const last = pipeline.at(-1);
  const storing = last !== undefined && ('$out' in last || '$merge' in last) ? last : undefined;
  const chunks = aggregateChunks(request, name, storing ? pipeline.slice(0, -1) : pipeline);
  if (storing) {
    await storeResult(request, storing, chunks);
    return cursorReply('firstBatch', [], 0n, namespace);
  }
  const encoded = (function* () {
    for (const chunk of chunks)
      yield chunk.map((document) => (document instanceof Buffer ? document : encode(document as Document)));
  })();
  const cursor = engine.cursors.create(namespace, encoded, request.session, request.transaction);
  const { documents, id } = await engine.cursors.next(
    cursor,
    countField(cursorOptions, 'batchSize') ?? 101,
    deadlineOf(command),
  );
  return cursorReply('firstBatch', documents, id, namespace);
};

function* aggregateChunks(request: Request, name: string | undefined, pipeline: Document[]): Generator<Document[]> {
  const environment = environmentOf(request);
  const [first] = pipeline;
  if (first && '$documents' in first) {
    if (!Array.isArray(first.$documents)) throw new CommandError(5858203, '$documents needs an array of documents');
    return yield* flow([first.$documents as Document[]], compilePipeline(pipeline.slice(1), environment));
  }
  if (name === undefined) {
    // A stage that this engine does not have is refused as such.
    compilePipeline(pipeline.slice(0, 1), environment);
    throw new CommandError(73, '{aggregate: 1} is not valid for this pipeline: it must start with $documents');
  }
  const collection = collectionNamed(request, name);
  if (first && ('$collStats' in first || '$indexStats' in first)) {
    const rows = '$collStats' in first ? collectionStats(request, name, first.$collStats) : indexStats(request, name);
    return yield* flow([rows], compilePipeline(pipeline.slice(1), environment));
  }
  if (collection && isView(collection))
    return yield* flow(viewSource(request, name), compilePipeline(pipeline, environment));
  const { query, rest } = leadingQuery(pipeline, request);
  yield* flow(readSource(request, name, query), compilePipeline(rest, environment));
}

/** Turns the first `$match`, `$sort`, `$skip` and `$limit` into a query, so that indexes serve them. */
export function leadingQuery(pipeline: Document[], request: Request): { query: Query; rest: Document[] } {
  // Compiled once for its refusals, which come in the order of the stages.
  compilePipeline(pipeline, environmentOf(request));
  const rest = [...pipeline];
  const query: Query = { filter: {}, hint: request.command.hint, context: contextOf(request.command) };
  const next = (stage: string) => rest[0] !== undefined && Object.keys(rest[0])[0] === stage;
  if (next('$match')) query.filter = rest.shift()?.$match as Document;
  if (next('$sort')) query.sort = rest.shift()?.$sort as Document;
  if (next('$skip')) query.skip = Number(rest.shift()?.$skip);
  if (next('$limit')) query.limit = Number(rest.shift()?.$limit);
  if (!isDocument(query.filter))
    throw new CommandError(15959, `the match filter must be an expression in an object, not ${cut(query.filter)}`);
  return { query, rest };
}
