import type { EngineLog } from '../answer.ts';
import type { Engine } from '../engine.ts';
import { compileFilter } from '../query/match.ts';
import { documentOf, searchAll } from '../query/search.ts';
import { SESSION_MS } from '../transactions/sessions.ts';
import { decode } from '../values/decode.ts';
import { type Document, isDocument } from '../values/document.ts';
import { encodeKey } from '../values/key.ts';
import { toNumber } from '../values/types.ts';
import type { Collection } from './catalog.ts';
import { bufferOf, type Cell } from './connection.ts';
import type { Index } from './index.ts';

/** How often indexes are asked for expired documents, in milliseconds; MongoDB waits up to a minute (manual: core/index-ttl). */
const PERIOD_MS = 1000;

/** How often what has no index for it is looked for. */
const SCAN_PERIOD_MS = 60_000;

/** How many documents are removed in one commit. */
const BATCH = 500;

/** Removes what TTL indexes say has expired every second, and every minute what takes a scan, until stopped. */
export function startExpiry(engine: Engine, log: EngineLog): { stop: () => void } {
  let busy = false;
  const every = (period: number, expire: (engine: Engine, now: Date) => Promise<number>) =>
    setInterval(() => {
      if (busy) return;
      busy = true;
      expire(engine, new Date())
        .catch((error) => log.error({ err: error }, 'expired documents could not be removed'))
        .finally(() => {
          busy = false;
        });
    }, period).unref();
  // The later one begins first, so that a second's look never keeps it from its turn for good.
  const timers = [every(SCAN_PERIOD_MS, expireScanned), every(PERIOD_MS, expireIndexed)];
  return {
    stop() {
      for (const timer of timers) clearInterval(timer);
    },
  };
}

/** Removes all that has expired at a time. @returns how many documents */
export async function expireDocuments(engine: Engine, now: Date): Promise<number> {
  return (await expireScanned(engine, now)) + (await expireIndexed(engine, now));
}

/** Removes old replies kept for retries, and what has expired anywhere in a time series. */
async function expireScanned(engine: Engine, now: Date): Promise<number> {
  await engine.queue.submit(() =>
    engine.catalog.connection.run('DELETE FROM retries WHERE at < ?', now.getTime() - SESSION_MS),
  );
  let removed = 0;
  for (const collection of engine.catalog.list()) {
    const filter = isDocument(collection.options.timeseries) ? expiredFilter(collection, now) : undefined;
    if (filter) removed += await expireMatching(engine, collection, filter);
  }
  return removed;
}

/** What has expired in a collection that expires as a whole: by its time, or by `_id` when it is clustered by that. */
function expiredFilter({ options }: Collection, now: Date): Document | undefined {
  const { expireAfterSeconds, timeseries } = options;
  if (expireAfterSeconds === undefined) return undefined;
  const field = isDocument(timeseries) ? (timeseries.timeField as string) : '_id';
  return { [field]: { $lt: new Date(now.getTime() - toNumber(expireAfterSeconds) * 1000) } };
}

async function expireMatching(engine: Engine, collection: Collection, filter: Document): Promise<number> {
  let removed = 0;
  for (let count = BATCH; count === BATCH; removed += count) {
    count = await engine.queue.submit(() => {
      const matches = collection.dropped ? [] : searchAll(engine.direct, collection, { filter, limit: BATCH });
      for (const match of matches) engine.direct.remove(collection, match.row, documentOf(match));
      return matches.length;
    });
  }
  return removed;
}

/** Whether the first documents of a collection, which are mostly the oldest, or those by its key, hold any that has expired. */
function hasExpired(engine: Engine, collection: Collection, filter: Document): boolean {
  if (collection.dropped) return false;
  if (!isDocument(collection.options.timeseries)) {
    return searchAll(engine.direct, collection, { filter, limit: 1 }).length > 0;
  }
  const [oldest = []] = engine.direct.scan(collection, { kind: 'rows', reverse: false }, 16);
  const expired = compileFilter(filter);
  return oldest.some(({ bytes }) => expired(decode(bytes)));
}

async function expireIndexed(engine: Engine, now: Date): Promise<number> {
  let removed = 0;
  for (const collection of engine.catalog.list()) {
    const filter = expiredFilter(collection, now);
    if (filter && hasExpired(engine, collection, filter)) removed += await expireMatching(engine, collection, filter);
    for (const index of collection.indexes) {
      if (index.expireAfterSeconds === undefined) continue;
      const before = new Date(now.getTime() - index.expireAfterSeconds * 1000);
      // Only what has expired is worth a commit.
      if (expiredRows(engine, index, before, 1).length === 0) continue;
      for (let count = BATCH; count > 0; removed += count) {
        count = await engine.queue.submit(() => expireBatch(engine, collection, index, before));
      }
    }
  }
  return removed;
}

/**
 * Removes the next documents with a key of a date that is old enough: one of an array's dates is enough, and what is no
 * date never expires (manual: core/index-ttl, "Expiration of Data").
 */
function expireBatch(engine: Engine, collection: Collection, index: Index, before: Date): number {
  let removed = 0;
  for (const [row] of expiredRows(engine, index, before, BATCH)) {
    const found = engine.catalog.connection.get(`SELECT doc FROM d${collection.id} WHERE r = ?`, row as number);
    // Two dates of one array are two keys of one row.
    if (!found) continue;
    engine.direct.remove(collection, row as number, decode(bufferOf(found[0])));
    removed++;
  }
  return removed;
}

/** The rows of an index that have expired; none when it was dropped meanwhile. */
function expiredRows({ catalog }: Engine, index: Index, before: Date, limit: number): Cell[][] {
  if (!catalog.list().some(({ indexes }) => indexes.some(({ id }) => id === index.id))) return [];
  const descending = index.fields[0]?.descending === true;
  const ends = [new Date(-8.64e15), before].map((date) => encodeKey([date], [descending]));
  const [low, high] = (descending ? ends.reverse() : ends) as [Buffer, Buffer];
  return catalog.connection.all(`SELECT r FROM i${index.id} WHERE k >= ? AND k <= ? LIMIT ${limit}`, low, high);
}
