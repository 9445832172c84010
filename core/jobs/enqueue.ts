import { newId } from '../database/id.ts';
import { trusted } from '../database/mongoose.ts';
import { afterCommit, transaction } from '../database/transaction.ts';
import { databaseTime } from './clock.ts';
import { enqueued } from './metrics.ts';
import { Job, type JobRow, Order } from './model.ts';
import { wake } from './wake.ts';

export interface NewJob {
  /** a deterministic id makes enqueueing twice once, for as long as the finished job is kept */
  id?: string;
  kind: string;
  workspace_id: string;
  /** jobs of one group share a cap (`group_concurrency`) and a pause (`pauseGroup`) */
  group?: string | null;
  /** jobs of one order key run one after the other, as they were enqueued; they cannot be delayed */
  order_key?: string | null;
  /** not before this time; now unless given */
  run_at?: Date;
  /** not before so many milliseconds of the database's clock from now: safe from a host's wrong clock */
  delay_ms?: number;
  /** lower runs earlier within its workspace and kind; 0 unless given */
  priority?: number;
  data: unknown;
}

/**
 * Writes jobs down; call it inside the transaction of what they follow from, so that both happen or neither.
 * A job whose id is taken already is left as it is.
 *
 * @returns the ids, in the order given
 * @throws TypeError for a job with both an order key and a delay
 */
export async function enqueue(jobs: NewJob | NewJob[]): Promise<string[]> {
  const list = Array.isArray(jobs) ? jobs : [jobs];
  if (list.length === 0) return [];
  const now = await databaseTime();
  const all = list.map((job) => newRow(job, now));
  // The same id twice in one call is one job too: a second turn in an order would be a hole that nobody fills.
  const seen = new Set<string>();
  const rows = all.filter((row) => !seen.has(row._id) && seen.add(row._id));
  const ordered = rows.filter((row) => row.order_key !== null);
  if (ordered.length > 0) {
    await transaction(async () => {
      await placeInOrder(ordered, new Date(now));
      await insert(rows);
    });
  } else await insert(rows);
  afterCommit(() => {
    for (const row of rows) enqueued.inc({ kind: row.kind });
    for (const kind of new Set(rows.map((row) => row.kind))) wake({ kind, at: 0 });
    for (const row of rows) if (row.until) wake({ kind: row.kind, at: row.until.getTime() });
  });
  return all.map((row) => row._id);
}

function newRow(job: NewJob, now: number): JobRow {
  const run_at = job.run_at ?? new Date(now + (job.delay_ms ?? 0));
  const later = run_at.getTime() > now;
  if (job.order_key && later) {
    throw new TypeError(`Job ${job.kind} has an order key and a delay; an ordered job runs when its turn comes`);
  }
  return {
    _id: job.id ?? newId('job'),
    kind: job.kind,
    workspace_id: job.workspace_id,
    state: later ? 'waiting' : 'ready',
    until: later ? run_at : null,
    priority: job.priority ?? 0,
    run_at,
    group: job.group ?? null,
    order_key: job.order_key ?? null,
    order_seq: null,
    attempts: 0,
    losses: 0,
    lease: null,
    fence: 0,
    data: job.data,
    error: null,
    created_at: new Date(now),
    finished_at: null,
  };
}

/**
 * Gives ordered jobs their numbers. The counter of a key is written by every transaction that adds to it and by every
 * one that finishes a job of it, so two of them never see it differently: either the new job is free to run, or the
 * finished one frees it.
 */
async function placeInOrder(rows: JobRow[], now: Date): Promise<void> {
  const known = await Job.find({ _id: trusted({ $in: rows.map((row) => row._id) }) }, { _id: 1 }).lean();
  const taken = new Set(known.map((row) => row._id));
  const byKey = Map.groupBy(
    rows.filter((row) => !taken.has(row._id)),
    (row) => row.order_key ?? '',
  );
  for (const [key, group] of byKey) {
    const order = await Order.findOneAndUpdate(
      { _id: key },
      { $inc: { next: group.length }, $setOnInsert: { head: 0 }, $set: { moved_at: now } },
      { upsert: true, returnDocument: 'after' },
    ).lean();
    const first = order.next - group.length;
    group.forEach((row, index) => {
      row.order_seq = first + index;
      if (row.order_seq !== order.head) row.state = 'blocked';
    });
  }
}

async function insert(rows: JobRow[]): Promise<void> {
  await Job.bulkWrite(
    rows.map(({ _id, ...fields }) => ({
      updateOne: { filter: { _id }, update: { $setOnInsert: fields }, upsert: true },
    })),
    { ordered: true },
  );
}
