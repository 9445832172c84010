import { CommandError, cut } from '../errors.ts';
import type { Collection } from '../storage/catalog.ts';
import { type Index, readIndexSpec, sameKey, sameSpec } from '../storage/index.ts';
import { fillIndex } from '../storage/write-document.ts';
import { completeCollation } from '../values/collation.ts';
import { type Document, isDocument, type Value } from '../values/document.ts';
import { encode } from '../values/encode.ts';
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
    const spec = readIndexSpec(given);
    const collation = completeCollation(spec.collation);
    return { ...spec, ...(collation && { collation }) };
  });
  if (specs.length === 0) throw new CommandError(2, 'Must specify at least one index to create');
  const make = () => {
    const { catalog } = request.engine;
    const created = existing(request) === undefined;
    const collection = ensured(request);
    const before = collection.indexes.length;
    for (const spec of specs) {
      if (alreadyThere(collection, spec)) continue;
      if (request.transaction) request.transaction.addIndex(collection, spec);
      else fillIndex(catalog, collection, catalog.addIndex(collection, spec));
    }
    const after = collection.indexes.length;
    return {
      numIndexesBefore: before,
      numIndexesAfter: after,
      createdCollectionAutomatically: created,
      ...(before === after && { note: 'all indexes already exist' }),
      ok: 1,
    };
  };
  return request.transaction ? make() : request.engine.queue.submit(make);
};

function alreadyThere(collection: Collection, spec: Document): boolean {
  if (sameKey(spec.key, { _id: 1 }) && Object.keys(spec.key as Document).length === 1) return true;
  const sameName = collection.indexes.find(({ name }) => name === spec.name);
  if (sameName) {
    if (sameSpec(sameName.spec, spec)) return true;
    const code = sameKey(sameName.spec.key, spec.key) && sameIdentity(sameName, spec) ? 85 : 86;
    throw new CommandError(
      code,
      `An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. Requested index: ${show(spec)}, existing index: ${show(sameName.spec)}`,
    );
  }
  const alike = collection.indexes.find((index) => sameKey(index.spec.key, spec.key) && sameIdentity(index, spec));
  if (!alike) return false;
  throw new CommandError(85, `Index already exists with a different name: ${alike.name}`);
}

/** Indexes with the same keys may differ in these options only. */
function sameIdentity(index: Index, spec: Document): boolean {
  const same = (option: string) => JSON.stringify(index.spec[option] ?? null) === JSON.stringify(spec[option] ?? null);
  return (
    same('partialFilterExpression') &&
    same('collation') &&
    same('sparse') &&
    same('unique') &&
    same('wildcardProjection')
  );
}

function show(spec: Document): string {
  return cut(JSON.stringify(spec), 300);
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

/** The index of `_id` of a clustered collection is shown as what `create` made of it (manual: core/clustered-collections). */
function shownFirst({ options }: Collection, spec: Document): Document {
  return isDocument(options.clusteredIndex) ? { ...options.clusteredIndex, clustered: true } : spec;
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
    const before = collection.indexes.length;
    for (const index of indexesNamed(collection, request.command.index))
      request.engine.catalog.dropIndex(collection, index);
    return { nIndexesWas: before, ok: 1 };
  });

/** The indexes of a name, of keys, or all but that of `_id`. @throws CommandError 27, 72 or 85 */
export function indexesNamed(collection: Collection, wanted: Value): Index[] {
  if (wanted === '*') return collection.indexes.filter(({ name }) => name !== '_id_');
  if (Array.isArray(wanted)) return wanted.flatMap((one) => indexesNamed(collection, one));
  const found = isDocument(wanted)
    ? collection.indexes.filter(({ spec }) => sameKey(spec.key, wanted))
    : collection.indexes.filter(({ name }) => name === wanted);
  if (found.length > 1)
    throw new CommandError(
      85,
      `${found.length} indexes found for key: ${cut(JSON.stringify(wanted))}, identify by name instead.`,
    );
  const [index] = found;
  if (!index)
    throw new CommandError(
      27,
      isDocument(wanted)
        ? `can't find index with key: ${cut(JSON.stringify(wanted))}`
        : `index not found with name [${cut(wanted)}]`,
    );
  if (index.name === '_id_') throw new CommandError(72, 'cannot drop _id index');
  return [index];
}
