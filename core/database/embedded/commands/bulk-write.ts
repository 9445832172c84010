import { CommandError, cut } from '../errors.ts';
import type { Collection } from '../storage/catalog.ts';
import { isCollation } from '../values/collation.ts';
import { type Document, isDocument, type Value } from '../values/document.ts';
import { encode } from '../values/encode.ts';
import { isTruthy, toInteger, typeName } from '../values/types.ts';
import { cursorReply } from '../wire/cursor-reply.ts';
import { keepWithinCap } from './capped.ts';
import { deleteStatement } from './delete.ts';
import { checkBatchSize, insertOne } from './insert.ts';
import {
  type Command,
  collectionNamed,
  countField,
  documentField,
  documentsField,
  type Request,
  write,
} from './request.ts';
import { refuseUnknownPart } from './unknown-fields.ts';
import { refuseSortOfMany, updateStatement } from './update.ts';
import { runParts } from './write-errors.ts';

const NAMESPACE = 'admin.$cmd.bulkWrite';

/** How many documents the operations of one `bulkWrite` were about. */
type Counts = { nInserted: number; nMatched: number; nModified: number; nUpserted: number; nDeleted: number };

/** What `bulkWrite` did, as it is kept for a retry: a reply for each operation and the sums. */
type Outcome = Counts & { results: Document[]; nErrors: number };

/**
 * The `bulkWrite` command: inserts, updates and deletes in several collections, one after the other (manual:
 * reference/command/bulkWrite). It is one commit here, and one entry among the replies kept for retries.
 */
export const bulkWrite: Command = async (request) => {
  const { command, engine, database } = request;
  if (database !== 'admin') throw new CommandError(13, 'bulkWrite may only be run against the admin database.');
  const operations = documentsField(command, 'ops');
  checkBatchSize(operations.length);
  const namespaces = documentsField(command, 'nsInfo').map(({ ns }) => splitNamespace(ns));
  for (const operation of operations) refuseSortOfMany(operation);
  const targets = operations.map((operation, i) => targetOf(operation, i, namespaces));
  const outcome = (await write(request, () => perform(request, operations, targets))) as Outcome;
  const { results, ...counts } = outcome;
  const shown = isTruthy(command.errorsOnly) ? results.filter(({ ok }) => !isTruthy(ok)) : results;
  const chunks = (function* () {
    yield shown.map((result) => encode(result));
  })();
  const size = countField(documentField(command, 'cursor') ?? {}, 'batchSize') ?? Number.POSITIVE_INFINITY;
  const cursor = engine.cursors.create(NAMESPACE, chunks, request.session, request.transaction);
  const { documents, id } = await engine.cursors.next(cursor, size);
  return cursorReply('firstBatch', documents, id, NAMESPACE, counts);
};

type Namespace = { database: string; collection: string };

function splitNamespace(ns: Value): Namespace {
  const at = typeof ns === 'string' ? ns.indexOf('.') : -1;
  if (typeof ns !== 'string' || at < 1) throw new CommandError(73, `Invalid namespace specified '${cut(ns)}'`);
  return { database: ns.slice(0, at), collection: ns.slice(at + 1) };
}

/** Every operation is read before any is done. @throws CommandError 40415, 40414 or 14 */
function checkOperation(kind: Kind, operation: Document): void {
  refuseUnknownPart(operation, 'bulkWrite.ops', [kind, ...NEEDED[kind], ...OPTIONAL[kind]]);
  const missing = NEEDED[kind].find((field) => operation[field] === undefined);
  if (missing !== undefined)
    throw new CommandError(40414, `BSON field 'bulkWrite.ops.${missing}' is missing but a required field`);
  const { multi } = operation;
  if (multi !== undefined && typeof multi !== 'boolean')
    throw new CommandError(
      14,
      `BSON field 'bulkWrite.ops.multi' is the wrong type '${typeName(multi)}', expected type 'bool'`,
    );
}

const NEEDED: Readonly<Record<Kind, string[]>> = {
  insert: ['document'],
  update: ['filter', 'updateMods'],
  delete: ['filter'],
};

const OPTIONAL: Readonly<Record<Kind, string[]>> = {
  insert: [],
  update: ['multi', 'upsert', 'arrayFilters', 'hint', 'collation', 'constants', 'sort'],
  delete: ['multi', 'hint', 'collation'],
};

type Kind = 'insert' | 'update' | 'delete';
type Target = Namespace & { kind: Kind };

function targetOf(operation: Document, position: number, namespaces: Namespace[]): Target {
  const [kind] = Object.keys(operation);
  if (kind !== 'insert' && kind !== 'update' && kind !== 'delete')
    throw new CommandError(40415, `BSON field 'bulkWrite.${cut(kind ?? '')}' is an unknown field.`);
  checkOperation(kind, operation);
  const namespace = namespaces[toInteger(operation[kind], `BSON field 'bulkWrite.ops.${kind}'`, 14)];
  if (!namespace) throw new CommandError(2, `BulkWrite ops entry ${position} has an invalid nsInfo index.`);
  return { ...namespace, kind };
}

function perform(request: Request, operations: Document[], targets: Target[]): Outcome {
  const counts: Counts = { nInserted: 0, nMatched: 0, nModified: 0, nUpserted: 0, nDeleted: 0 };
  const results: Document[] = [];
  const filled = new Map<Collection, Request>();
  const errors = runParts(request, operations.length, (idx) => {
    const [operation, target] = [operations[idx] as Document, targets[idx] as Target];
    const part = requestFor(request, target);
    const collation = isCollation(operation.collation)
      ? operation.collation
      : collectionNamed(part, target.collection)?.options.collation;
    const result = PARTS[target.kind](part, { ...operation, collation }, counts, filled);
    results[idx] = { ok: 1, idx, ...result };
  });
  for (const { index, ...error } of errors) {
    const idx = Number(index);
    const zeros = targets[idx]?.kind === 'update' ? { n: 0, nModified: 0 } : { n: 0 };
    results[idx] = { ok: 0, idx, ...error, ...zeros };
  }
  for (const [collection, part] of filled) keepWithinCap(part, collection);
  return { results: results.filter((result) => result !== undefined), nErrors: errors.length, ...counts };
}

/** One operation as a command of its own kind, so that it has its own database, collection and defaults. */
function requestFor(request: Request, { database, collection, kind }: Target): Request {
  const { let: variables, bypassDocumentValidation } = request.command;
  const command: Document = { [kind]: collection };
  if (variables !== undefined) command.let = variables;
  if (bypassDocumentValidation !== undefined) command.bypassDocumentValidation = bypassDocumentValidation;
  return { ...request, name: kind, database, command };
}

type Part = (request: Request, operation: Document, counts: Counts, filled: Map<Collection, Request>) => Document;

const PARTS: Readonly<Record<Kind, Part>> = {
  insert(request, { document }, counts, filled) {
    if (!isDocument(document))
      throw new CommandError(14, "BSON field 'bulkWrite.ops.document' is the wrong type, expected type 'object'");
    filled.set(insertOne(request, document), request);
    counts.nInserted++;
    return { n: 1 };
  },
  update(request, operation, counts) {
    const { filter: q, updateMods: u, constants: c, ...options } = operation;
    const { matched, modified, ...made } = updateStatement(request, { ...options, q, u, c });
    const upserted = 'upsertedId' in made;
    if (upserted) counts.nUpserted++;
    else counts.nMatched += matched;
    counts.nModified += modified;
    return { n: matched, nModified: modified, ...(upserted && { upserted: { _id: made.upsertedId } }) };
  },
  delete(request, operation, counts) {
    const { filter: q, multi, ...options } = operation;
    const n = deleteStatement(request, { ...options, q, limit: isTruthy(multi) ? 0 : 1 });
    counts.nDeleted += n;
    return { n };
  },
};
