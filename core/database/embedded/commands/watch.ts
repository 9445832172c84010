import { Timestamp } from 'bson';
import { compilePipeline } from '../aggregate/pipeline.ts';
import type { Change } from '../changes/change-log.ts';
import { type EventOptions, eventOf, invalidateEvent } from '../changes/event.ts';
import { placeOf, tokenOf } from '../changes/resume-token.ts';
import { CommandError, cut, unsupported } from '../errors.ts';
import { documentOf, searchAll } from '../query/search.ts';
import { isView } from '../storage/catalog.ts';
import { equal } from '../values/compare.ts';
import { decode } from '../values/decode.ts';
import { type Document, isDocument, type Value } from '../values/document.ts';
import { encode } from '../values/encode.ts';
import { isTruthy } from '../values/types.ts';
import { cursorReply } from '../wire/cursor-reply.ts';
import { collectionNamed, countField, documentField, type Request } from './request.ts';
import { environmentOf } from './sources.ts';

/** The stages that may stand after `$changeStream` (manual: changeStreams, "Modify Change Stream Output"). */
const PERMITTED = ['$addFields', '$match', '$project', '$replaceRoot', '$replaceWith', '$redact', '$set', '$unset'];

/** What a stream watches, and from where on. */
type Watch = { whole: boolean; database?: string; collection?: string; from: bigint; options: EventOptions };

/**
 * An `aggregate` that begins with `$changeStream`: a cursor over the changes of a collection, a database, or all
 * (manual: changeStreams, reference/operator/aggregation/changeStream).
 * @param name - the collection, or undefined for a database or all
 * @throws CommandError 20 for a stage that a stream cannot have, 286 for a place that is not known any more
 */
export async function watch(request: Request, name: string | undefined, pipeline: Document[]): Promise<Buffer> {
  const { engine, database, command } = request;
  if (request.transaction) throw new CommandError(263, '$changeStream is not permitted in a transaction');
  const collection = name === undefined ? undefined : collectionNamed(request, name);
  if (collection && isDocument(collection.options.timeseries))
    throw new CommandError(166, `Namespace ${database}.${cut(name)} is a timeseries collection`);
  if (collection && isView(collection))
    throw new CommandError(166, `Namespace ${database}.${cut(name)} is a view, not a collection`);
  const [first, ...rest] = pipeline;
  const bad = rest.map((stage) => Object.keys(stage)[0] ?? '').find((stage) => !PERMITTED.includes(stage));
  if (bad === '$changeStreamSplitLargeEvent') throw unsupported(`The pipeline stage ${bad}`);
  // What no pipeline may have is refused as everywhere.
  compilePipeline(rest, environmentOf(request));
  if (bad !== undefined) throw new CommandError(20, `${cut(bad)} is not permitted in a $changeStream pipeline`);
  const watched = read(request, name, first?.$changeStream);
  engine.changes.after(watched.from);
  const namespace = `${database}.${name ?? '$cmd.aggregate'}`;
  let seen = watched.from;
  const chunks = following(request, watched, rest, (at) => {
    seen = at;
  });
  const cursor = engine.cursors.create(namespace, chunks, request.session);
  cursor.awaiting = true;
  cursor.resumeToken = (given) => {
    // What was read ahead is not given yet: a stream goes on after the last event that the client has.
    const last = cursor.ahead.length ? given.at(-1) : undefined;
    return last ? (decode(last)._id as Document) : tokenOf(cursor.ahead.length ? watched.from : seen, cursor.finished);
  };
  const size = countField(documentField(command, 'cursor') ?? {}, 'batchSize') ?? 101;
  const { documents, id } = await engine.cursors.follow(cursor, size, 0);
  return cursorReply(
    'firstBatch',
    documents,
    id,
    namespace,
    {},
    { postBatchResumeToken: cursor.resumeToken(documents) },
  );
}

function read(request: Request, collection: string | undefined, spec: Value): Watch {
  if (!isDocument(spec)) throw new CommandError(50808, 'the $changeStream stage specification must be an object');
  const { allChangesForCluster, showExpandedEvents, resumeAfter, startAfter, startAtOperationTime, ...others } = spec;
  const { fullDocument = 'default', fullDocumentBeforeChange = 'off', ...unknown } = others;
  const [field] = Object.keys(unknown);
  if (field !== undefined)
    throw new CommandError(40415, `BSON field '$changeStream.${cut(field)}' is an unknown field.`);
  if (isTruthy(showExpandedEvents)) throw unsupported('The option showExpandedEvents of a change stream');
  const whole = isTruthy(allChangesForCluster);
  const onAdmin = request.database === 'admin' && collection === undefined;
  if (whole && !onAdmin)
    throw new CommandError(
      72,
      "A $changeStream with 'allChangesForCluster:true' may only be opened on the 'admin' database, and with no collection name",
    );
  if (!whole && request.database === 'admin')
    throw new CommandError(73, '$changeStream may not be opened on the internal admin database');
  const known = request.engine.changes.record();
  return {
    whole,
    database: request.database,
    collection,
    from: startOf({ resumeAfter, startAfter, startAtOperationTime }) ?? known,
    options: {
      fullDocument: oneOf('fullDocument', fullDocument, ['default', 'updateLookup', 'whenAvailable', 'required']),
      fullDocumentBeforeChange: oneOf('fullDocumentBeforeChange', fullDocumentBeforeChange, [
        'off',
        'whenAvailable',
        'required',
      ]),
      lookup: (change, id) => {
        const found = request.engine.catalog.find(change.database, change.collection);
        const [match] = found ? searchAll(request.engine.direct, found, { filter: { _id: id }, limit: 1 }) : [];
        return match ? documentOf(match) : null;
      },
    },
  };
}

function startOf({ resumeAfter, startAfter, startAtOperationTime }: Document): bigint | undefined {
  const given = [resumeAfter, startAfter, startAtOperationTime].filter((value) => value !== undefined);
  if (given.length > 1)
    throw new CommandError(50674, 'Only one type of resume option is allowed, but multiple were found.');
  if (startAtOperationTime !== undefined) {
    if (!(startAtOperationTime instanceof Timestamp))
      throw new CommandError(14, "BSON field '$changeStream.startAtOperationTime' must be a timestamp");
    return startAtOperationTime.toBigInt() - 1n;
  }
  if (given.length === 0) return undefined;
  const { at, invalidate } = placeOf(given[0]);
  if (invalidate && resumeAfter !== undefined)
    throw new CommandError(
      260,
      "Attempting to resume a change stream using 'resumeAfter' is not allowed from an invalidate notification.",
    );
  return at;
}

function oneOf<const T extends string>(field: string, value: Value, known: T[]): T {
  if (known.includes(value as T)) return value as T;
  throw new CommandError(
    2,
    `Enumeration value '${cut(value)}' for field '$changeStream.${field}' is not a valid value.`,
  );
}

/** The events of a stream, without end until what it watches is gone. */
function* following(
  request: Request,
  watched: Watch,
  pipeline: Document[],
  seen: (at: bigint) => void,
): Generator<Buffer[]> {
  const stages = compilePipeline(pipeline, environmentOf(request));
  const show = (event: Document): Buffer[] =>
    stages
      .reduce((documents, stage) => stage.push(documents), [event])
      .map((document) => {
        if (!equal(document._id, event._id))
          throw new CommandError(
            280,
            'Encountered an event whose _id field, which contains the resume token, was modified by the pipeline. Modifying the _id field of an event makes it impossible to resume the stream from that point. Only transformations that retain the unmodified _id field are allowed.',
            { labels: ['NonResumableChangeStreamError'] },
          );
        return encode(document, Number.POSITIVE_INFINITY);
      });
  for (let place = watched.from; ; ) {
    const found: Buffer[] = [];
    const changes = request.engine.changes.after(place);
    let ended = false;
    for (const change of changes) {
      place = change.at;
      if (!isWatched(change, watched)) continue;
      found.push(...show(eventOf(change, watched.options)));
      ended = ends(change, watched);
      if (ended) found.push(...show(invalidateEvent(change)));
      if (ended) break;
    }
    seen(place);
    // A chunk without events means the end: one in which none was watched is passed over.
    if (found.length || changes.length === 0) yield found;
    if (ended) return;
  }
}

function isWatched(change: Change, { whole, database, collection }: Watch): boolean {
  if (whole) return !['admin', 'local', 'config'].includes(change.database);
  if (change.database !== database) return false;
  if (collection === undefined) return true;
  return change.kind !== 'dropDatabase' && change.collection === collection;
}

function ends({ kind }: Change, { whole, collection }: Watch): boolean {
  if (whole) return false;
  return collection === undefined ? kind === 'dropDatabase' : kind === 'drop' || kind === 'rename';
}
