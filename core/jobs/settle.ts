import { transaction } from '../database/transaction.ts';
import { log } from '../log.ts';
import { databaseTime } from './clock.ts';
import type { JobKind } from './define-job.ts';
import { keptUntil } from './kept.ts';
import { finished, stale } from './metrics.ts';
import { Job, type JobError, type JobRow, Order } from './model.ts';
import { deferMove, dieMove, doneMove, failMove, giveBackMove, type Hold, type Move, unblockMove } from './moves.ts';
import { wake } from './wake.ts';
import { type Record, writeRecords } from './write-records.ts';

/** How one run ended, to be written down. */
export type Ending =
  | { result: 'done' }
  | { result: 'failed'; error: JobError; again_at: Date }
  | { result: 'dead'; error: JobError }
  | { result: 'deferred'; until: Date; data?: unknown }
  | { result: 'given_back' };

export interface Settlement {
  job: JobRow;
  kind: JobKind;
  ending: Ending;
  /** other writes that are made with this one, or not at all */
  records: Record[];
}

/**
 * Writes how runs ended, in one bulk write; in a transaction when other writes go with it, or the next job of an order
 * key is freed. Writes of lost leases change nothing and are counted.
 */
export async function settle(settlements: Settlement[]): Promise<void> {
  if (settlements.length === 0) return;
  const now = await databaseTime();
  const together = settlements.some((one) => one.records.length > 0 || freesNext(one));
  const lost = together ? await settleTogether(settlements, now) : await settleAlone(settlements, now);
  countStale(lost);
  for (const one of settlements) {
    const { kind, ending } = one;
    finished.inc({ kind: kind.kind, result: ending.result });
    if (ending.result === 'failed') wake({ kind: kind.kind, at: ending.again_at.getTime() });
    else if (ending.result === 'deferred') wake({ kind: kind.kind, at: ending.until.getTime() });
    else if (freesNext(one)) wake({ kind: kind.kind, at: 0 });
  }
}

/** @returns how many leases were lost */
async function settleAlone(settlements: Settlement[], now: number): Promise<number> {
  const { matchedCount } = await Job.collection.bulkWrite(operationsOf(settlements, now) as never, { ordered: false });
  return settlements.length - matchedCount;
}

/** @returns how many leases were lost: their jobs' other writes are not made either */
async function settleTogether(settlements: Settlement[], now: number): Promise<number> {
  const whole = await transaction(async () => {
    const { matchedCount } = await Job.bulkWrite(operationsOf(settlements, now) as never, { ordered: false });
    if (matchedCount < settlements.length) throw new SomeLost();
    await writeRecords(settlements.flatMap((one) => one.records));
    await advanceOrders(
      settlements.filter(freesNext).map((one) => one.job),
      now,
    );
    return true;
  }).catch((error: unknown) => {
    if (error instanceof SomeLost) return false;
    throw error;
  });
  if (whole) return 0;
  const held = await stillHeld(settlements);
  const lost = settlements.length - held.length;
  return held.length === 0 ? lost : lost + (await settleTogether(held, now));
}

/** Some of a batch were lost; what was written with them is undone, and the others are tried without them. */
class SomeLost extends Error {}

async function stillHeld(settlements: Settlement[]): Promise<Settlement[]> {
  const rows = await Job.collection
    .find(
      { _id: { $in: settlements.map((one) => one.job._id) } as never, state: 'running' },
      { projection: { lease: 1 } },
    )
    .toArray();
  const leases = new Map(rows.map((row) => [String(row._id), row.lease]));
  return settlements.filter((one) => leases.get(one.job._id) === one.job.lease);
}

function operationsOf(settlements: Settlement[], now: number): object[] {
  const [done, others] = partition(settlements, (one) => one.ending.result === 'done');
  const claims = Map.groupBy(done, (one) => `${one.kind.kind} ${one.job.lease}`);
  return [
    ...[...claims.values()].map((group) => ({ updateMany: doneTogether(group, now) })),
    ...others.map((one) => ({ updateOne: moveOf(one, now) })),
  ];
}

function doneTogether(group: Settlement[], now: number): Move {
  const { job, kind } = group[0] as Settlement;
  return doneMove(
    { ids: group.map((one) => one.job._id), lease: String(job.lease) },
    new Date(now),
    new Date(now + kind.keep_done_s * 1000),
  );
}

/** Moves the order keys of jobs that end in this transaction on by one, and frees who waits there. */
export async function advanceOrders(jobs: JobRow[], now: number): Promise<void> {
  const ordered = jobs.filter((job) => job.order_key !== null);
  if (ordered.length === 0) return;
  await Order.bulkWrite(
    ordered.map((job) => ({
      updateOne: {
        filter: { _id: job.order_key as string, head: job.order_seq as number },
        update: { $inc: { head: 1 }, $set: { moved_at: new Date(now) } },
      },
    })),
  );
  await Job.bulkWrite(
    ordered.map((job) => ({ updateOne: unblockMove(job.order_key as string, (job.order_seq as number) + 1) })),
  );
}

function moveOf({ job, kind, ending }: Settlement, now: number): Move {
  const hold = holdOf(job);
  switch (ending.result) {
    case 'done':
      return doneMove(
        { ids: [hold.id], lease: hold.lease, fence: hold.fence },
        new Date(now),
        new Date(now + kind.keep_done_s * 1000),
      );
    case 'failed':
      return failMove(hold, ending.error, ending.again_at);
    case 'dead':
      return dieMove(hold, ending.error, new Date(now), keptUntil('dead jobs', now));
    case 'deferred':
      return deferMove(hold, ending.until, ending.data);
    case 'given_back':
      return giveBackMove(hold);
  }
}

/** The claim that a row was read under. */
export function holdOf(job: JobRow): Hold {
  return { id: job._id, lease: String(job.lease), fence: job.fence };
}

function freesNext({ job, ending }: Settlement): boolean {
  return job.order_key !== null && (ending.result === 'done' || ending.result === 'dead');
}

function countStale(count: number): void {
  if (count <= 0) return;
  stale.inc(count);
  log.warn({ count }, 'Writes of jobs were thrown away: their leases were lost');
}

function partition<T>(list: T[], test: (item: T) => boolean): [T[], T[]] {
  const yes: T[] = [];
  const no: T[] = [];
  for (const item of list) (test(item) ? yes : no).push(item);
  return [yes, no];
}
