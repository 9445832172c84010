import { CommandError, cut } from '../errors.ts';
import type { Collection } from '../storage/catalog.ts';
import { type Index, sameKey, sameSpec } from '../storage/index.ts';
import { isIdKey, readIndexSpec } from '../storage/index-spec.ts';
import { fillIndex } from '../storage/write-document.ts';
import { completeCollation } from '../values/collation.ts';
import { equal } from '../values/compare.ts';
import { type Document, isDocument, type Value } from '../values/document.ts';
import { encode } from '../values/encode.ts';
import { show } from '../values/show.ts';
import { cursorReply } from '../wire/cursor-reply.ts';
import {
  type Command,
  collectionName,
  countField,
  documentField,
  documentsField,
  ensured,
  existing,
  type Request,
} from './request.ts';

/** The `createIndexes` command (manual: reference/command/createIndexes). */
export const createIndexes: Command = (request) => {
  const specs = documentsField(request.command, 'indexes').map((given) => {
    const { collation: asked, ...spec } = readIndexSpec(given);
    // The simple collation is how an index is without any, and is not shown.
    const collation = completeCollation(asked);
    return { ...spec, ...(collation && { collation }) };
  });
  if (specs.length === 0) throw new CommandError(2, 'Must specify at least one index to create');
  const make = () => {
    const { catalog } = request.engine;
    const created = existing(request) === undefined;
    const collection = ensured(request);
    const before = collection.indexes.length;
    for (const spec of specs) {
      checkKind(collection, spec);
      if (alreadyThere(collection, spec)) continue;
      if (request.transaction) request.transaction.addIndex(collection, spec);
      else fillIndex(catalog, collection, catalog.addIndex(collection, spec));
    }
    const after = collection.indexes.length;
    return {
      numIndexesBefore: before,
      numIndexesAfter: after,
      ...(before === after ? { note: 'all indexes already exist' } : { createdCollectionAutomatically: created }),
      ok: 1,
    };
  };
  return request.transaction ? make() : request.engine.queue.submit(make);
};

/** What the indexes of this kind of collection cannot be (manual: core/timeseries/timeseries-limitations). */
function checkKind({ options }: Collection, spec: Document): void {
  if (isIdKey(spec.key as Document) && !equal(spec.collation, options.collation)) {
    const [own, others] = [spec.collation, options.collation].map((collation) =>
      show(collation ?? { locale: 'simple' }),
    );
    throw new CommandError(
      2,
      `The _id index must have the same collation as the collection. Index collation: ${own}, collection collation: ${others}`,
    );
  }
  if (!isDocument(options.timeseries)) return;
  if (spec.unique) throw new CommandError(72, 'Unique indexes are not supported on time-series collections');
  const { metaField } = options.timeseries;
  const isMeta = (path: string) => path === metaField || path.startsWith(`${metaField}.`);
  if (spec.sparse && !Object.keys(spec.key as Document).every(isMeta))
    throw new CommandError(72, 'Sparse indexes are not supported on time-series measurements');
}

function alreadyThere(collection: Collection, spec: Document): boolean {
  if (isIdKey(spec.key as Document)) return true;
  const sameName = collection.indexes.find(({ name }) => name === spec.name);
  if (sameName) {
    if (sameSpec(sameName.spec, spec)) return true;
    const both = `Requested index: ${cut(show(spec), 500)}, existing index: ${cut(show(sameName.spec), 500)}`;
    if (sameKey(sameName.spec.key, spec.key) && sameIdentity(sameName, spec))
      throw new CommandError(
        85,
        `An equivalent index already exists with the same name but different options. ${both}`,
      );
    throw new CommandError(
      86,
      `An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. ${both}`,
    );
  }
  const alike = collection.indexes.find((index) => sameKey(index.spec.key, spec.key) && sameIdentity(index, spec));
  if (!alike) return false;
  throw new CommandError(85, `Index already exists with a different name: ${alike.name}`);
}

/** Indexes with the same keys may differ in these options only. */
function sameIdentity(index: Index, spec: Document): boolean {
  const same = (option: string) => equal(index.spec[option] ?? null, spec[option] ?? null);
  return (
    same('partialFilterExpression') &&
    same('collation') &&
    same('sparse') &&
    same('unique') &&
    same('wildcardProjection')
  );
}

/** The `listIndexes` command (manual: reference/command/listIndexes). */
export const listIndexes: Command = (request) => {
  const collection = existing(request);
  const namespace = `${request.database}.${collectionName(request)}`;
  if (!collection) throw new CommandError(26, `ns does not exist: ${cut(namespace)}`);
  return listed(
    request,
    collection.indexes.map(({ name, spec }) => encode(name === '_id_' ? shownFirst(collection, spec) : spec)),
    `${request.database}.${collection.name}`,
  );
};

/** The index of `_id` as it is shown: of a clustered collection as what `create` made of it (manual: core/clustered-collections). */
export function shownFirst({ options }: Collection, spec: Document): Document {
  if (isDocument(options.clusteredIndex)) return { ...options.clusteredIndex, clustered: true };
  return { ...spec, ...(isDocument(options.collation) && { collation: options.collation }) };
}

/** A reply with a cursor over a short list. */
export async function listed(request: Request, documents: Buffer[], namespace: string): Promise<Buffer> {
  const { cursors } = request.engine;
  const size = countField(documentField(request.command, 'cursor') ?? {}, 'batchSize') ?? 101;
  const chunks = (function* () {
    yield documents;
  })();
  const cursor = cursors.create(namespace, chunks, request.session, request.transaction);
  const { documents: batch, id } = await cursors.next(cursor, size);
  return cursorReply('firstBatch', batch, id, namespace);
}

/** The `dropIndexes` command (manual: reference/command/dropIndexes). */
export const dropIndexes: Command = (request) =>
  request.engine.queue.submit(() => {
    const collection = existing(request);
    if (!collection) throw new CommandError(26, `ns not found ${request.database}.${collectionName(request)}`);
    const { index: wanted } = request.command;
    if (wanted === undefined || wanted === null)
      throw new CommandError(40414, "BSON field 'dropIndexes.index' is missing but a required field");
    if (typeof wanted !== 'string' && !isDocument(wanted) && !Array.isArray(wanted))
      throw new CommandError(
        14,
        "BSON field 'dropIndexes.index' is the wrong type, expected types '[string, array, object]'",
      );
    const before = collection.indexes.length;
    for (const index of new Set(indexesNamed(collection, wanted))) request.engine.catalog.dropIndex(collection, index);
    return { nIndexesWas: before, ...(wanted === '*' && { msg: 'non-_id indexes dropped for collection' }), ok: 1 };
  });

/** The indexes of a name, of keys, or all but that of `_id`. @throws CommandError 27, 72 or 181 */
export function indexesNamed(collection: Collection, wanted: Value): Index[] {
  if (wanted === '*') return collection.indexes.filter(({ name }) => name !== '_id_');
  if (Array.isArray(wanted)) return wanted.flatMap((one) => indexesNamed(collection, one));
  const found = isDocument(wanted)
    ? collection.indexes.filter(({ spec }) => sameKey(spec.key, wanted))
    : collection.indexes.filter(({ name }) => name === wanted);
  if (found.length > 1)
    throw new CommandError(
      181,
      `${found.length} indexes found for key: ${cut(show(wanted))}, identify by name instead. Conflicting indexes: ${cut(found.map(({ spec }) => show(spec)).join(', '), 500)}`,
    );
  const [index] = found;
  if (!index)
    throw new CommandError(
      27,
      isDocument(wanted)
        ? `can't find index with key: ${cut(show(wanted))}`
        : `index not found with name [${cut(wanted)}]`,
    );
  if (index.name === '_id_') throw new CommandError(72, 'cannot drop _id index');
  return [index];
}
