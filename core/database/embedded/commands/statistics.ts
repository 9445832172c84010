import { hostname } from 'node:os';
import { CommandError } from '../errors.ts';
import type { Collection } from '../storage/catalog.ts';
import { type Document, isDocument, type Value } from '../values/document.ts';
import { existing, type Request } from './request.ts';

/** How many documents a collection has, and their size in bytes. */
export function sizeOf({ engine }: Request, collection: Collection): { count: number; size: number } {
  const [count, size] = engine.catalog.connection.get(`SELECT count(*), sum(length(doc)) FROM d${collection.id}`) ?? [];
  return { count: Number(count ?? 0), size: Number(size ?? 0) };
}

/** What `$collStats` gives (manual: reference/operator/aggregation/collStats). */
export function collectionStats(request: Request, name: string, spec: Value): Document[] {
  const collection = existing(request, name);
  if (!collection) throw new CommandError(26, `ns not found: ${request.database}.${name}`);
  const { count, size } = sizeOf(request, collection);
  const result: Document = { ns: `${request.database}.${name}`, host: hostname(), localTime: new Date() };
  if (isDocument(spec) && 'count' in spec) result.count = count;
  if (isDocument(spec) && 'storageStats' in spec) {
    result.storageStats = {
      size,
      count,
      avgObjSize: count ? Math.round(size / count) : 0,
      storageSize: size,
      ...cap(collection),
      nindexes: collection.indexes.length,
      totalSize: size,
    };
  }
  return [result];
}

/** What statistics say of the limits of a collection. */
export function cap({ options: { capped, size, max } }: Collection): Document {
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
