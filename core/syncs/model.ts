import { model, Schema } from '../database/mongoose.ts';

export type SyncType = 'full' | 'incremental' | 'delta';
export type SyncStatus = 'queued' | 'running' | 'succeeded' | 'partial' | 'failed' | 'cancelled';

export interface Counts {
  read: number;
  created: number;
  updated: number;
  deleted: number;
  failed: number;
}

export interface SyncError {
  /** auth, rate, vendor, plugin, data, sweep */
  kind: string;
  stream: string;
  parent: string | null;
  pointer?: string;
  message: string;
  at: Date;
}

/** One pull of an integration's streams. */
export interface SyncDoc {
  _id: string;
  workspace_id: string;
  project_id: string;
  integration_id: string;
  installation_id: string;
  sync_type: SyncType;
  /** sweep even when more than half would go */
  force: boolean;
  status: SyncStatus;
  /** the integration's id while it is queued or running: two cannot be */
  running_key: string | null;
  cancel_requested: boolean;
  /** in the order in which they run: parents first */
  streams: string[];
  /** which of them is under way, and within it the last parent that is done */
  at_stream: number;
  at_parent: string | null;
  /** failures of the unit under way, since its last page */
  tries: number;
  /** (stream, parent) passes that failed, and that were completed */
  failed_units: number;
  done_units: number;
  counts: Counts;
  /** shown as `errors`, a name that mongoose keeps for itself */
  problems: SyncError[];
  progress: { stream: string | null; done: number; of: number | null };
  cause: { kind: string; id: string };
  started_at: Date | null;
  finished_at: Date | null;
  created_at: Date;
}

const sync = new Schema<SyncDoc>(
  {
    _id: { type: String, required: true },
    workspace_id: { type: String, required: true },
    project_id: { type: String, required: true },
    integration_id: { type: String, required: true },
    installation_id: { type: String, required: true },
    sync_type: { type: String, required: true, enum: ['full', 'incremental', 'delta'] },
    force: { type: Boolean, default: false },
    status: { type: String, required: true },
    running_key: { type: String, default: null },
    cancel_requested: { type: Boolean, default: false },
    streams: { type: [String], required: true },
    at_stream: { type: Number, default: 0 },
    at_parent: { type: String, default: null },
    tries: { type: Number, default: 0 },
    failed_units: { type: Number, default: 0 },
    done_units: { type: Number, default: 0 },
    counts: { read: Number, created: Number, updated: Number, deleted: Number, failed: Number },
    problems: { type: Schema.Types.Mixed, default: () => [] },
    progress: { type: Schema.Types.Mixed, default: () => ({ stream: null, done: 0, of: null }) },
    cause: { type: Schema.Types.Mixed, required: true },
    started_at: { type: Date, default: null },
    finished_at: { type: Date, default: null },
  },
  {
    collection: 'syncs',
    versionKey: false,
    minimize: false,
    timestamps: { createdAt: 'created_at', updatedAt: false },
  },
);
sync.index({ running_key: 1 }, { unique: true, partialFilterExpression: { running_key: { $type: 'string' } } });
sync.index({ workspace_id: 1, integration_id: 1, created_at: -1 });
sync.index({ finished_at: -1 });

export const Sync = model<SyncDoc>('Sync', sync);

/** How far one stream (of one parent) is stored. The cursor is the plugin's; it means "everything before is stored". */
export interface StreamStateDoc {
  /** `<integration> <stream> <parent>` */
  _id: string;
  workspace_id: string;
  integration_id: string;
  stream: string;
  parent: string | null;
  /** JSON text */
  cursor_text: string | null;
  /** what the cursor was made under: stream schema and settings that reset it */
  bound_to: string;
  /** greatest cursor field of the last completed pass */
  since: string | null;
  /** the pass under way: id of its sync, its mode, the greatest cursor field so far */
  pass: string | null;
  pass_mode: SyncType | null;
  pass_max: string | null;
  /** whether a page of it said that it covers but a part */
  pass_part: boolean;
  /** where its present window begins, after the first one of a stream with `step_s` */
  window_at: string | null;
  completed_at: Date | null;
  /** what its parent said at `unless_changed` when the last pass came to its end */
  parent_mark: string | null;
}

const state = new Schema<StreamStateDoc>(
  {
    _id: { type: String, required: true },
    workspace_id: { type: String, required: true },
    integration_id: { type: String, required: true },
    stream: { type: String, required: true },
    parent: { type: String, default: null },
    cursor_text: { type: String, default: null },
    bound_to: { type: String, required: true },
    since: { type: String, default: null },
    pass: { type: String, default: null },
    pass_mode: { type: String, default: null },
    pass_max: { type: String, default: null },
    pass_part: { type: Boolean, default: false },
    window_at: { type: String, default: null },
    completed_at: { type: Date, default: null },
    parent_mark: { type: String, default: null },
  },
  { collection: 'stream_states', versionKey: false },
);
state.index({ integration_id: 1 });

export const StreamState = model<StreamStateDoc>('StreamState', state);

/** One synced object, raw and in its unified model. */
export interface RecordDoc {
  /** made of integration, stream and key: the same object is the same document */
  _id: string;
  workspace_id: string;
  project_id: string;
  integration_id: string;
  integration_type: string;
  stream: string;
  model: string | null;
  /** canonical JSON of the primary key */
  key: string;
  parent: string | null;
  external_id: string;
  /** JSON texts: vendors' field names hold dots and dollar signs */
  raw_text: string;
  model_text: string | null;
  hash: string;
  version: string | null;
  first_seen_at: Date;
  last_seen_at: Date;
  changed_at: Date;
  deleted_at: Date | null;
  /** id of the full pass that saw it last */
  seen_in: string | null;
  /** completed full passes in a row that did not see it */
  missed: number;
}

const record = new Schema<RecordDoc>(
  {
    _id: { type: String, required: true },
    workspace_id: { type: String, required: true },
    project_id: { type: String, required: true },
    integration_id: { type: String, required: true },
    integration_type: { type: String, required: true },
    stream: { type: String, required: true },
    model: { type: String, default: null },
    key: { type: String, required: true },
    parent: { type: String, default: null },
    external_id: { type: String, required: true },
    raw_text: { type: String, required: true },
    model_text: { type: String, default: null },
    hash: { type: String, required: true },
    version: { type: String, default: null },
    first_seen_at: { type: Date, required: true },
    last_seen_at: { type: Date, required: true },
    changed_at: { type: Date, required: true },
    deleted_at: { type: Date, default: null },
    seen_in: { type: String, default: null },
    missed: { type: Number, default: 0 },
  },
  { collection: 'records', versionKey: false },
);
// Each costs every record that is stored, so there is one for each kind of question: by key (which begins with the parent),
// by time of an integration, by time of a model (what has none is not in it), and the tombstones.
record.index({ integration_id: 1, stream: 1, key: 1 });
record.index({ integration_id: 1, changed_at: 1, _id: 1 });
record.index({ workspace_id: 1, model: 1, changed_at: 1, _id: 1 }, { partialFilterExpression: { model: { $gt: '' } } });
record.index({ deleted_at: 1 }, { partialFilterExpression: { deleted_at: { $type: 'date' } } });

export const Record = model<RecordDoc>('Record', record);
