import { model, Schema } from '../database/mongoose.ts';

/**
 * Where a job stands. `until` says how long that holds:
 * - `ready`: may be claimed now (`until` is null)
 * - `waiting`: not before `until` (a run time, a retry, a pause of its group)
 * - `blocked`: an earlier job of the same order key is not finished yet (`until` is null)
 * - `running`: leased until `until`; renewed while its worker lives, ready again afterwards
 * - `done`, `dead`: finished; kept until `until`, then purged
 */
export type JobState = 'ready' | 'waiting' | 'blocked' | 'running' | 'done' | 'dead';

export interface JobError {
  type: string;
  message: string;
  at: Date;
}

/** A job as it is stored. */
export interface JobRow {
  _id: string;
  kind: string;
  workspace_id: string;
  state: JobState;
  until: Date | null;
  /** lower runs earlier, within one workspace and kind */
  priority: number;
  /** when it was meant to run first; never changed, so that waiting costs no job its place */
  run_at: Date;
  /** jobs of one group share a cap and a pause: an endpoint, a vendor account */
  group: string | null;
  /** jobs of one order key run one after the other, as they were enqueued */
  order_key: string | null;
  order_seq: number | null;
  /** handler failures so far */
  attempts: number;
  /** leases that ran out so far: its worker died or was paused */
  losses: number;
  /** token of the claim that holds it */
  lease: string | null;
  /** raised by every claim; an effect outside the database can carry it to be told from a later one */
  fence: number;
  data: unknown;
  error: JobError | null;
  created_at: Date;
  finished_at: Date | null;
}

const schema = new Schema<JobRow>(
  {
    _id: { type: String, required: true },
    kind: { type: String, required: true },
    workspace_id: { type: String, required: true },
    state: { type: String, required: true },
    until: { type: Date, default: null },
    priority: { type: Number, default: 0 },
    run_at: { type: Date, required: true },
    group: { type: String, default: null },
    order_key: { type: String, default: null },
    order_seq: { type: Number, default: null },
    attempts: { type: Number, default: 0 },
    losses: { type: Number, default: 0 },
    lease: { type: String, default: null },
    fence: { type: Number, default: 0 },
    data: { type: Schema.Types.Mixed, default: null },
    error: { type: Schema.Types.Mixed, default: null },
    created_at: { type: Date, required: true },
    finished_at: { type: Date, default: null },
  },
  { collection: 'jobs', versionKey: false, minimize: false },
);
// What is ready, by kind, workspace after workspace: finished jobs lie outside of every range that a claim reads.
schema.index({ state: 1, kind: 1, workspace_id: 1, priority: 1, run_at: 1 });
// What a passing moment changes: waiting jobs that are due, leases that ran out, finished jobs to purge.
schema.index({ state: 1, until: 1 });
// For people's lists. No state in it: each index that holds the state is written at every step of a job.
schema.index({ workspace_id: 1, created_at: -1 });
schema.index({ order_key: 1, order_seq: 1 }, { partialFilterExpression: { order_key: { $gt: '' } } });

export const Job = model<JobRow>('Job', schema);

/** How far the jobs of one order key have come: `head` is the sequence number that may run, `next` the one to give out. */
export interface OrderRow {
  _id: string;
  head: number;
  next: number;
  moved_at: Date;
}

export const Order = model<OrderRow>(
  'Order',
  new Schema<OrderRow>(
    {
      _id: { type: String, required: true },
      head: { type: Number, required: true },
      next: { type: Number, required: true },
      moved_at: { type: Date, required: true },
    },
    { collection: 'job_orders', versionKey: false },
  ).index({ moved_at: 1 }),
);

/** A group that waits: no job of it starts before `until` (a vendor's limit, an endpoint that asked for time). */
export interface PauseRow {
  _id: string;
  until: Date;
}

export const Pause = model<PauseRow>(
  'Pause',
  new Schema<PauseRow>(
    { _id: { type: String, required: true }, until: { type: Date, required: true } },
    { collection: 'job_pauses', versionKey: false },
  ).index({ until: 1 }),
);

/** The right to do something alone, for a while (`withLease`). */
export interface LeaseRow {
  _id: string;
  holder: string | null;
  until: Date;
  fence: number;
  /** how often a transaction checked it: the check is a write, so that it collides with a taker */
  uses: number;
}

export const Lease = model<LeaseRow>(
  'Lease',
  new Schema<LeaseRow>(
    {
      _id: { type: String, required: true },
      holder: { type: String, default: null },
      until: { type: Date, required: true },
      fence: { type: Number, required: true },
      uses: { type: Number, default: 0 },
    },
    { collection: 'leases', versionKey: false },
  ),
);

/** A rule that makes one job per slot. */
export interface ScheduleRow {
  _id: string;
  workspace_id: string;
  kind: string;
  cron: string | null;
  every_s: number | null;
  time_zone: string;
  jitter_s: number;
  group: string | null;
  data: unknown;
  /** the slot that comes next */
  next_at: Date;
  created_at: Date;
}

export const Schedule = model<ScheduleRow>(
  'Schedule',
  new Schema<ScheduleRow>(
    {
      _id: { type: String, required: true },
      workspace_id: { type: String, required: true },
      kind: { type: String, required: true },
      cron: { type: String, default: null },
      every_s: { type: Number, default: null },
      time_zone: { type: String, required: true },
      jitter_s: { type: Number, default: 0 },
      group: { type: String, default: null },
      data: { type: Schema.Types.Mixed, default: null },
      next_at: { type: Date, required: true },
      created_at: { type: Date, required: true },
    },
    { collection: 'schedules', versionKey: false, minimize: false },
  ).index({ next_at: 1 }),
);
