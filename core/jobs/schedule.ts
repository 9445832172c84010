import { transaction } from '../database/transaction.ts';
import { log } from '../log.ts';
import { databaseTime } from './clock.ts';
import { enqueue } from './enqueue.ts';
import { Schedule, type ScheduleRow } from './model.ts';
import { lastDueSlot, nextSlot, type Rule } from './next-slot.ts';

export interface NewSchedule extends Rule {
  /** names the schedule; scheduling it again replaces the rule */
  id: string;
  workspace_id: string;
  /** kind of the jobs that it makes, one per slot, each with the id `<id>@<slot>` */
  kind: string;
  /** spreads the jobs of a slot over so many seconds, the same for the same schedule and slot */
  jitter_s?: number;
  group?: string | null;
  data: unknown;
}

/**
 * Makes one job per slot of a cron rule or an interval, however many nodes run, from the next slot on.
 * An unchanged rule keeps its place.
 *
 * @throws Failure validation_failed for a bad rule
 */
export async function schedule(wanted: NewSchedule): Promise<void> {
  const rule = { cron: wanted.cron ?? null, every_s: wanted.every_s ?? null, time_zone: wanted.time_zone ?? 'UTC' };
  if ((rule.cron === null) === (rule.every_s === null)) {
    throw new TypeError(`Schedule ${wanted.id} needs either cron or every_s`);
  }
  const now = new Date(await databaseTime());
  const known = await Schedule.findById(wanted.id).lean();
  const same =
    known && known.cron === rule.cron && known.every_s === rule.every_s && known.time_zone === rule.time_zone;
  const row: Omit<ScheduleRow, '_id' | 'created_at'> = {
    workspace_id: wanted.workspace_id,
    kind: wanted.kind,
    ...rule,
    jitter_s: wanted.jitter_s ?? 0,
    group: wanted.group ?? null,
    data: wanted.data,
    next_at: same ? known.next_at : nextSlot(rule, now),
  };
  await Schedule.updateOne({ _id: wanted.id }, { $set: row, $setOnInsert: { created_at: now } }, { upsert: true });
}

/** Ends a schedule. Jobs that it made already stay. */
export async function unschedule(id: string): Promise<void> {
  await Schedule.deleteOne({ _id: id });
}

/**
 * Makes the jobs of every slot that is due. Any node may do it at any time: the step to the next slot and the job are
 * one transaction, and the job's id is the slot's.
 *
 * @returns when the next slot comes, null when there is none
 */
export async function runSchedules(): Promise<number | null> {
  const now = new Date(await databaseTime());
  if (now.getTime() < looked_at - setBack_ms) await realign(now);
  looked_at = now.getTime();
  const due = (await Schedule.collection
    .find({ next_at: { $lte: now } })
    .sort({ next_at: 1 })
    .limit(200)
    .toArray()) as unknown as ScheduleRow[];
  for (const row of due) {
    try {
      await runSlot(row, now);
    } catch (error) {
      log.error({ err: error, schedule: row._id }, 'A scheduled job could not be made; tried again soon');
    }
  }
  const soonest = await Schedule.collection
    .find({}, { projection: { next_at: 1 } })
    .sort({ next_at: 1 })
    .limit(1)
    .toArray();
  return (soonest[0]?.next_at as Date | undefined)?.getTime() ?? null;
}

/** The time of the last look. At the first one nothing is known of before, so it counts as after a change of the clock. */
let looked_at = Number.POSITIVE_INFINITY;
/** Less is what two measurements of one clock may differ by. */
const setBack_ms = 1000;

/**
 * Puts schedules right whose next slot lies too far ahead, because the database's clock was set back meanwhile: they
 * would be silent for as long as it was ahead. A slot that had its job already has none again: its id is taken.
 */
async function realign(now: Date): Promise<void> {
  const ahead = Schedule.collection.find({ next_at: { $gt: now } }) as unknown as AsyncIterable<ScheduleRow>;
  for await (const row of ahead) {
    const next_at = nextSlot(row, now);
    if (next_at < row.next_at) await Schedule.updateOne({ _id: row._id, next_at: row.next_at }, { $set: { next_at } });
  }
}

async function runSlot(row: ScheduleRow, now: Date): Promise<void> {
  const { due, next } = lastDueSlot(row, row.next_at, now);
  await transaction(async () => {
    const { matchedCount } = await Schedule.updateOne(
      { _id: row._id, next_at: row.next_at },
      { $set: { next_at: next } },
    );
    if (matchedCount === 0) return;
    await enqueue({
      id: `${row._id}@${due.toISOString()}`,
      kind: row.kind,
      workspace_id: row.workspace_id,
      group: row.group,
      run_at: new Date(due.getTime() + spread(row._id, due) * row.jitter_s * 1000),
      data: row.data,
    });
  });
}

/** A number from 0 to 1 that is the same for the same schedule and slot (FNV-1a). */
function spread(id: string, slot: Date): number {
  let hash = 0x811c9dc5;
  for (const char of `${id}@${slot.getTime()}`) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash / 2 ** 32;
}
