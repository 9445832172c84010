import type { EngineLog } from '../answer.ts';
import type { Engine } from '../engine.ts';
import { SESSION_MS } from '../transactions/sessions.ts';
import { decode } from '../values/decode.ts';
import { type Document, getField, isDocument, type Value } from '../values/document.ts';
import { encodeKey } from '../values/key.ts';
import type { Collection } from './catalog.ts';
import { bufferOf } from './connection.ts';
import type { Index } from './index.ts';

/** How often expired documents are looked for, in milliseconds (manual: core/index-ttl, "Timing of the Delete Operation"). */
const PERIOD_MS = 60_000;

/** How many documents are removed in one commit. */
const BATCH = 500;

/** Removes what TTL indexes say has expired, and replies kept for retries, every minute until stopped. */
export function startExpiry(engine: Engine, log: EngineLog): { stop: () => void } {
  const timer = setInterval(() => {
    expireDocuments(engine, new Date()).catch((error) =>
      log.error({ err: error }, 'expired documents could not be removed'),
    );
  }, PERIOD_MS).unref();
  return { stop: () => clearInterval(timer) };
}

/** Removes what has expired at a time. @returns how many documents */
export async function expireDocuments(engine: Engine, now: Date): Promise<number> {
  let removed = 0;
  await engine.queue.submit(() =>
    engine.catalog.connection.run('DELETE FROM retries WHERE at < ?', now.getTime() - SESSION_MS),
  );
  for (const collection of engine.catalog.list()) {
    for (const index of collection.indexes) {
      if (index.expireAfterSeconds === undefined) continue;
      const before = new Date(now.getTime() - index.expireAfterSeconds * 1000);
      let count: number;
      do {
        count = await engine.queue.submit(() => expireBatch(engine, collection, index, before));
        removed += count;
      } while (count === BATCH);
    }
  }
  return removed;
}

function expireBatch(engine: Engine, collection: Collection, index: Index, before: Date): number {
  if (collection.dropped) return 0;
  const descending = index.fields[0]?.descending === true;
  const [low, high] = [encodeKey([new Date(-8.64e15)], [descending]), encodeKey([before], [descending])];
  const range = descending ? 'k >= ? AND k <= ?' : 'k <= ? AND k >= ?';
  const rows = engine.catalog.connection.all(`SELECT r FROM i${index.id} WHERE ${range} LIMIT ${BATCH}`, high, low);
  let count = 0;
  for (const [row] of rows) {
    const found = engine.catalog.connection.get(`SELECT doc FROM d${collection.id} WHERE r = ?`, row as number);
    if (!found) continue;
    const document = decode(bufferOf(found[0]));
    if (!isExpired(document, index.fields[0]?.parts ?? [], before)) continue;
    engine.direct.remove(collection, row as number, document);
    count++;
  }
  return count;
}

/** A document expires by the earliest date in its field; without a date it never does. */
function isExpired(document: Document, path: string[], before: Date): boolean {
  const value = path.reduce<Value>((inner, part) => (isDocument(inner) ? getField(inner, part) : undefined), document);
  const dates = (Array.isArray(value) ? value : [value]).filter((one) => one instanceof Date);
  return dates.some((date) => date.getTime() <= before.getTime());
}
