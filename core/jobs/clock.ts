import { performance } from 'node:perf_hooks';
import { connection } from '../database/mongoose.ts';

/** How often the offset is measured again; a monotonic clock drifts by far less than the margins of a lease in it. */
const measure_every_ms = 30_000;

let offset: number | undefined;
let measured_at = Number.NEGATIVE_INFINITY;
let measuring: Promise<void> | undefined;

/**
 * The time of the database, in milliseconds since 1970.
 *
 * Everything that workers compare (run times, leases, slots) uses this one clock, so that a host whose own clock is
 * wrong neither starts jobs early nor takes living leases away. Between measurements it runs on the monotonic clock,
 * which no change of the wall clock moves.
 */
export async function databaseTime(): Promise<number> {
  if (offset === undefined || performance.now() - measured_at > measure_every_ms) {
    measuring ??= measure().finally(() => {
      measuring = undefined;
    });
    // Only the first caller has to wait; later ones use the last offset while a new one is on its way.
    if (offset === undefined) await measuring;
    // Should it fail, the command that the time is for fails as well and says so.
    else measuring.catch(() => undefined);
  }
  return Math.floor(performance.now() + (offset ?? 0));
}

/** A reading that took longer may have been held up on one way only: it is tried again, and the quickest counts. */
const quick_ms = 50;

async function measure(): Promise<void> {
  const db = connection.db;
  if (!db) throw new Error('The database clock was asked for before connectDatabase()');
  let quickest = Number.POSITIVE_INFINITY;
  let best = { least: Number.NEGATIVE_INFINITY, most: Number.POSITIVE_INFINITY };
  for (let tries = 0; tries < 4 && quickest > quick_ms; tries += 1) {
    const sent = performance.now();
    const answer = await db.admin().command({ hello: 1 });
    const received = performance.now();
    const time: unknown = answer.localTime;
    if (!(time instanceof Date)) throw new Error('The database did not tell its time in the answer to hello');
    if (received - sent >= quickest) continue;
    quickest = received - sent;
    // The server read its clock somewhere between the two.
    best = { least: time.getTime() - received, most: time.getTime() + 1 - sent };
  }
  measured_at = performance.now();
  const agrees = offset !== undefined && offset >= best.least && offset <= best.most;
  // A slow answer that does not contradict what is known says less than that. Else the least is taken: this clock may be
  // late by the quickest round trip, but is never ahead, so that nothing starts before its time.
  if (quickest <= quick_ms || !agrees) offset = best.least;
}
