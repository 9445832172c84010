import { hostname } from 'node:os';
import { CommandError } from '../errors.ts';
import type { Collection } from '../storage/catalog.ts';
import { type Document, isDocument, type Value } from '../values/document.ts';
import { toInteger } from '../values/types.ts';
import { existing, type Request } from './request.ts';

/** How many documents a collection has, and their size in bytes. */
export function sizeOf({ engine }: Request, collection: Collection): { count: number; size: number } {
  const [count, size] = engine.catalog.connection.get(`SELECT count(*), sum(length(doc)) FROM d${collection.id}`) ?? [];
  return { count: Number(count ?? 0), size: Number(size ?? 0) };
}

/** The bytes of the keys of each index of a collection. */
export function indexSizes({ engine }: Request, { indexes }: Collection): Record<string, number> {
  return Object.fromEntries(
    indexes.map(({ id, name }) => [
      name,
      Number(engine.catalog.connection.get(`SELECT sum(length(k) + 8) FROM i${id}`)?.[0] ?? 0),
    ]),
  );
}

/** By what sizes are divided (manual: reference/command/collStats). @throws CommandError 14 or 51024 */
export function scaleOf({ scale }: Document): number {
  const factor = scale === undefined || scale === null ? 1 : toInteger(scale, "BSON field 'scale'", 14);
  if (factor < 1) throw new CommandError(51024, `BSON field 'scale' value must be >= 1, actual value '${factor}'`);
  return factor;
}

/** The sizes of a collection and its indexes, in bytes or `scale` times as many (manual: reference/command/collStats). */
export function storageStats(request: Request, collection: Collection | undefined, scale: number): Document {
  const scaled = (bytes: number) => Math.floor(bytes / scale);
  const { count, size } = collection ? sizeOf(request, collection) : { count: 0, size: 0 };
  const sizes = collection ? indexSizes(request, collection) : {};
  const totalIndexSize = Object.values(sizes).reduce((sum, bytes) => sum + bytes, 0);
  return {
    size: scaled(size),
    count,
    avgObjSize: count ? Math.round(size / count) : 0,
    numOrphanDocs: 0,
    storageSize: scaled(size),
    freeStorageSize: 0,
    ...(collection ? cap(collection) : { capped: false }),
    nindexes: Object.keys(sizes).length,
    indexBuilds: [],
    totalIndexSize: scaled(totalIndexSize),
    totalSize: scaled(size + totalIndexSize),
    indexSizes: Object.fromEntries(Object.entries(sizes).map(([name, bytes]) => [name, scaled(bytes)])),
    scaleFactor: scale,
  };
}

/** What `$collStats` gives (manual: reference/operator/aggregation/collStats). */
export function collectionStats(request: Request, name: string, spec: Value): Document[] {
  const collection = existing(request, name);
  if (!collection) throw new CommandError(26, `ns not found: ${request.database}.${name}`);
  const result: Document = { ns: `${request.database}.${name}`, host: hostname(), localTime: new Date() };
  if (isDocument(spec) && 'count' in spec) result.count = sizeOf(request, collection).count;
  if (isDocument(spec) && isDocument(spec.storageStats))
    result.storageStats = storageStats(request, collection, scaleOf(spec.storageStats));
  return [result];
}

/** What statistics say of the limits of a collection. */
function cap({ options: { capped, size, max } }: Collection): Document {
  if (capped !== true) return { capped: false };
  return { capped: true, max: max ?? 0, maxSize: size };
}

/** What `$indexStats` gives; uses are not counted. */
export function indexStats(request: Request, name: string): Document[] {
  const collection = existing(request, name);
  return (collection?.indexes ?? []).map(({ name: index, spec }) => ({
    name: index,
    key: spec.key,
    host: hostname(),
    accesses: { ops: 0n, since: request.engine.startedAt },
    spec,
  }));
}
