import { Timestamp } from 'bson';
import { CommandError } from '../errors.ts';
import type { Document } from '../values/document.ts';
import type { Change } from './change-log.ts';
import { tokenOf } from './resume-token.ts';
import { describeUpdate } from './update-description.ts';

/** How a stream wants its events (manual: reference/operator/aggregation/changeStream). */
export type EventOptions = {
  fullDocument: 'default' | 'updateLookup' | 'whenAvailable' | 'required';
  fullDocumentBeforeChange: 'off' | 'whenAvailable' | 'required';
  /** The document with an `_id` as it is now, or null. */
  lookup: (change: Change, id: Document['_id']) => Document | null;
};

/** A change as a change stream shows it (manual: reference/change-events). @throws CommandError 47 for a required image that was not kept */
export function eventOf(change: Change, options: EventOptions): Document {
  const { kind, at, database, collection, transaction } = change;
  const head = { _id: tokenOf(at), operationType: kind, clusterTime: new Timestamp(at), ...transaction };
  const wallTime = change.wallTime;
  const ns = { db: database, coll: collection };
  switch (change.kind) {
    case 'insert':
      return { ...head, fullDocument: change.document, ns, documentKey: keyOf(change.document), wallTime };
    case 'replace':
      return {
        ...head,
        fullDocument: change.document,
        ns,
        documentKey: keyOf(change.document),
        wallTime,
        ...beforeChange(change, change.before, options),
      };
    case 'update':
      return {
        ...head,
        ns,
        documentKey: keyOf(change.document),
        updateDescription: describeUpdate(change.before, change.document),
        ...fullDocument(change, change.document, options),
        wallTime,
        ...beforeChange(change, change.before, options),
      };
    case 'delete':
      return {
        ...head,
        ns,
        documentKey: keyOf(change.before),
        wallTime,
        ...beforeChange(change, change.before, options),
      };
    case 'rename':
      return { ...head, ns, to: change.to, wallTime };
    case 'drop':
      return { ...head, ns, wallTime };
    case 'dropDatabase':
      return { ...head, ns: { db: database }, wallTime };
  }
}

/** The last event of a stream whose collection or database is gone (manual: reference/change-events/invalidate). */
export function invalidateEvent({ at, wallTime }: Change): Document {
  return { _id: tokenOf(at, true), operationType: 'invalidate', clusterTime: new Timestamp(at), wallTime };
}

function keyOf({ _id }: Document): Document {
  return { _id };
}

function fullDocument(change: Change, after: Document, options: EventOptions): Document {
  if (options.fullDocument === 'default') return {};
  if (options.fullDocument === 'updateLookup') return { fullDocument: options.lookup(change, after._id) };
  return { fullDocument: image(change, after, options.fullDocument) };
}

function beforeChange(change: Change, before: Document, options: EventOptions): Document {
  if (options.fullDocumentBeforeChange === 'off') return {};
  return { fullDocumentBeforeChange: image(change, before, options.fullDocumentBeforeChange) };
}

function image(change: Change, document: Document, wanted: 'whenAvailable' | 'required'): Document | null {
  if (change.images) return document;
  if (wanted === 'whenAvailable') return null;
  throw new CommandError(
    47,
    `Change stream was configured to require an image of every change, but ${change.database}.${change.collection} does not keep them; set its option changeStreamPreAndPostImages`,
  );
}
