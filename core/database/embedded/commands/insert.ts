import { BSONRegExp, Timestamp } from 'bson';
import { CommandError, cut } from '../errors.ts';
import type { Collection } from '../storage/catalog.ts';
import { withIdFirst } from '../update/upsert.ts';
import { decode } from '../values/decode.ts';
import { type Document, isDocument } from '../values/document.ts';
import { encode, MAX_DOCUMENT } from '../values/encode.ts';
import { isTruthy } from '../values/types.ts';
import { keepWithinCap, refuseCappedInTransaction } from './capped.ts';
import { type Command, checkWritable, documentsField, ensured, type Request, write } from './request.ts';
import { validate } from './validation.ts';
import { runParts } from './write-errors.ts';

/** The `insert` command (manual: reference/command/insert). */
export const insert: Command = (request) => {
  const given = request.documents;
  const documents = given ? undefined : documentsField(request.command, 'documents');
  const count = given?.length ?? documents?.length ?? 0;
  checkWritable(request);
  checkBatchSize(count);
  return write(request, () => {
    let collection: Collection | undefined;
    let n = 0;
    const writeErrors = runParts(request, count, (position) => {
      const bytes = given?.[position];
      collection ??= ensured(request);
      insertInto(request, collection, bytes ? decode(bytes) : (documents?.[position] as Document), bytes);
      n++;
    });
    if (collection) keepWithinCap(request, collection);
    return { n, ...(writeErrors.length && { writeErrors }), ok: 1 };
  });
};

/** @throws CommandError 16 for a batch of no or too many operations (manual: reference/limits, "Write Command Batch Limit Size") */
export function checkBatchSize(count: number): void {
  if (count === 0 || count > 100_000)
    throw new CommandError(16, `Write batch sizes must be between 1 and 100000. Got ${count} operations.`);
}

/** Inserts one document into the collection that a command names. @returns that collection */
export function insertOne(request: Request, document: Document): Collection {
  const collection = ensured(request);
  insertInto(request, collection, document, undefined);
  return collection;
}

function insertInto(request: Request, collection: Collection, given: Document, bytes: Buffer | undefined): void {
  refuseCappedInTransaction(request, collection);
  refuseTimeSeriesInTransaction(request, collection);
  const whole = stamped(request, given);
  const { document, stored } = prepared(whole, whole === given ? bytes : undefined);
  validate(request, collection, document);
  request.access.insert(collection, document, stored);
}

/** @throws CommandError 263 (manual: core/timeseries/timeseries-limitations, "Transactions") */
function refuseTimeSeriesInTransaction({ transaction }: Request, { database, name, options }: Collection): void {
  if (!transaction || !isDocument(options.timeseries)) return;
  throw new CommandError(
    263,
    `Cannot insert into a time-series collection in a multi-document transaction: ${database}.${cut(name)}`,
  );
}

/**
 * The document with the present time where a field of it has an empty timestamp (manual: reference/bson-types, "Timestamps"),
 * unless the command says that such are meant. Not that of `_id`.
 */
function stamped({ engine, command }: Request, document: Document): Document {
  if (isTruthy(command.bypassEmptyTsReplacement)) return document;
  const empty = Object.keys(document).filter((field) => field !== '_id' && isEmptyTimestamp(document[field]));
  if (empty.length === 0) return document;
  const result = { ...document };
  for (const field of empty) result[field] = engine.changes.stamp();
  return result;
}

function isEmptyTimestamp(value: unknown): boolean {
  return value instanceof Timestamp && value.isZero();
}

/** The document as it is stored: `_id` first, made when missing; the client's own bytes when they can stay. */
function prepared(given: Document, bytes: Buffer | undefined): { document: Document; stored: Buffer } {
  checkId(given._id);
  const document = withIdFirst(given);
  if (!bytes || document !== given) return { document, stored: encode(document) };
  if (bytes.length > MAX_DOCUMENT)
    throw new CommandError(
      10334,
      `object to insert too large. size in bytes: ${bytes.length}, max size: ${MAX_DOCUMENT}`,
    );
  return { document, stored: bytes };
}

/** @throws CommandError 53 for what cannot be an `_id`, 52 for one with a name that begins with `$`, but for references */
export function checkId(id: unknown): void {
  if (id === undefined) return;
  if (Array.isArray(id)) throw new CommandError(53, "The '_id' value cannot be of type array");
  if (id instanceof BSONRegExp) throw new CommandError(53, "The '_id' value cannot be of type regex");
  const dollar = dollarField(id);
  if (dollar !== undefined)
    throw new CommandError(
      52,
      `_id fields may not contain '$'-prefixed fields: ${cut(dollar)} is not valid for storage.`,
    );
}

function dollarField(value: unknown): string | undefined {
  if (Array.isArray(value)) return value.map(dollarField).find((name) => name !== undefined);
  if (!isDocument(value)) return undefined;
  const isReference = '$ref' in value && '$id' in value;
  const own = Object.keys(value).find((name) => name.startsWith('$') && !(isReference && REFERENCE.includes(name)));
  return (
    own ??
    Object.values(value)
      .map(dollarField)
      .find((name) => name !== undefined)
  );
}

/** The fields of a reference to a document (manual: reference/database-references). */
const REFERENCE = ['$ref', '$id', '$db'];
