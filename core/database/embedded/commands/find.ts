import { compilePipeline, flow } from '../aggregate/pipeline.ts';
import { CommandError, cut } from '../errors.ts';
import { compileProjection } from '../query/project.ts';
import { type Query, search } from '../query/search.ts';
import { type Collection, isView } from '../storage/catalog.ts';
import { type Document, isDocument } from '../values/document.ts';
import { encode } from '../values/encode.ts';
import { isTruthy } from '../values/types.ts';
import { cursorReply } from '../wire/cursor-reply.ts';
import { type Shape, shapeOf } from './found-shape.ts';
import {
  type Command,
  collectionName,
  collectionNamed,
  contextOf,
  countField,
  deadlineOf,
  documentField,
  type Request,
} from './request.ts';
import { environmentOf, viewSource } from './sources.ts';
import { tail } from './tail.ts';

const FIRST_BATCH = 101;

/** The `find` command (manual: reference/command/find). */
export const find: Command = async (request) => {
  const { command, engine } = request;
  const name = collectionName(request);
  const limit = countField(command, 'limit') ?? 0;
  const single = isTruthy(command.singleBatch);
  const size = countField(command, 'batchSize') ?? FIRST_BATCH;
  if (isTruthy(command.tailable)) {
    refuseKeyOptions(command, (option) => new CommandError(2, `cannot use tailable option with ${option}`));
    return tail(request, name, size);
  }
  const namespace = `${request.database}.${name}`;
  const chunks = findChunks(request, name, limit);
  const cursor = engine.cursors.create(namespace, chunks, request.session, request.transaction);
  const { documents, id } = await engine.cursors.next(cursor, size, deadlineOf(command), !single);
  return cursorReply('firstBatch', documents, id, namespace);
};

function findChunks(request: Request, name: string, limit: number): Generator<Buffer[]> {
  const { command } = request;
  const query = queryOf(command, limit);
  const projection = documentField(command, 'projection');
  const collection = collectionNamed(request, name);
  if (collection && isView(collection)) {
    refuseKeyOptions(command, (option) => new CommandError(167, `${option} is not supported on a view`));
    return viewChunks(request, name, query, projection);
  }
  const project =
    projection && Object.keys(projection).length
      ? compileProjection(projection, query.context ?? {}, 'find')
      : undefined;
  const positions = Object.keys(projection ?? {}).some((path) => path.endsWith('.$'));
  const shape = shapeOf(command, collection, query, project);
  return projected(request, { ...query, positions }, shape, collection);
}

/** @throws what `refusal` makes of the first option about index keys or rows that is set */
function refuseKeyOptions(command: Document, refusal: (option: string) => CommandError): void {
  for (const option of ['min', 'max', 'returnKey', 'showRecordId']) {
    const given = command[option];
    if (isDocument(given) ? Object.keys(given).length : isTruthy(given)) throw refusal(option);
  }
}

/** What `find`, `explain` and their like look for. */
export function queryOf(command: Document, limit: number): Query {
  return {
    filter: documentField(command, 'filter') ?? documentField(command, 'query') ?? {},
    sort: documentField(command, 'sort'),
    skip: countField(command, 'skip'),
    limit,
    hint: command.hint,
    range: rangeOf(command),
    context: contextOf(command),
  };
}

function rangeOf(command: Document): Query['range'] {
  const given = (['min', 'max'] as const).flatMap((option) => {
    const values = documentField(command, option);
    return values && Object.keys(values).length ? [[option, values]] : [];
  });
  return given.length ? Object.fromEntries(given) : undefined;
}

function* projected(
  request: Request,
  query: Query,
  shape: Shape | undefined,
  collection: Collection | undefined,
): Generator<Buffer[]> {
  // A collection that does not exist is empty, but a wrong query is refused all the same.
  if (!collection) return void [...search(request.access, EMPTY, query)];
  for (const chunk of search(request.access, collection, query)) {
    yield chunk.map((match) => (shape ? encode(shape(match), Number.POSITIVE_INFINITY) : match.bytes));
  }
}

/** Stands for a collection that does not exist. */
const EMPTY = { id: 0, database: '', name: '', options: {}, uuid: '', indexes: [], nextRow: 1, dropped: true };

function* viewChunks(
  request: Request,
  name: string,
  query: Query,
  projection: Document | undefined,
): Generator<Buffer[]> {
  const pipeline: Document[] = [{ $match: query.filter }];
  if (query.sort && Object.keys(query.sort).length) pipeline.push({ $sort: query.sort });
  if (query.skip) pipeline.push({ $skip: query.skip });
  if (query.limit) pipeline.push({ $limit: query.limit });
  if (projection && Object.keys(projection).length) {
    const special = Object.entries(projection).find(
      ([path, value]) => path.endsWith('.$') || (isDocument(value) && '$elemMatch' in value),
    );
    if (special) throw new CommandError(2, `The projection of ${cut(special[0])} is not supported on a view`);
    pipeline.push({ $project: projection });
  }
  const environment = environmentOf(request);
  for (const chunk of flow(viewSource(request, name), compilePipeline(pipeline, environment))) {
    yield chunk.map((document) => encode(document, Number.POSITIVE_INFINITY));
  }
}
