import type { CallErrorType, HostCall } from '../../sandbox/types.ts';
import { model, Schema } from '../database/mongoose.ts';

export type InvocationStatus = 'succeeded' | 'failed' | 'timed_out';

/** Who or what made a call. */
export interface Cause {
  kind: 'user' | 'key' | 'event' | 'hook' | 'sync' | 'system';
  id: string;
  label?: string;
}

/** One call into a plugin: what went in and came out, what it cost, what it did. */
export interface Invocation {
  _id: string;
  workspace_id: string;
  project_id: string | null;
  installation_id: string;
  integration_id: string | null;
  plugin: string;
  version: string;
  /** served by the release on trial */
  is_canary: boolean;
  handler: string;
  cause: Cause;
  use: 'call' | 'job';
  status: InvocationStatus;
  error: { type: CallErrorType; name: string | null; message: string; stack: string | null } | null;
  /** JSON text, cut */
  input_head: string;
  output_head: string | null;
  /** JSON text of the whole output, where nobody waited for it */
  output_text: string | null;
  started_at: Date;
  duration_ms: number;
  cpu_ms: number;
  heap_bytes: number;
  bytes_in: number;
  bytes_out: number;
  attempt: number;
  host_calls: HostCall[];
  denied: { permission: string; detail: string }[];
  /** JSON text of `LogLine[]`: their fields are a stranger's, whose names no document may hold */
  logs_text: string;
  /** lines by level: debug, info, warn, error */
  log_counts: number[];
  has_recording: boolean;
  /** of a long action: the invocation that it began with, which calls there were, and the one that follows */
  continues: string | null;
  part: number;
  continued_by: string | null;
  expires_at: Date;
}

/** What `patchbay replay` needs to run a call again without the host. */
export interface Recording {
  /** id of the invocation */
  _id: string;
  workspace_id: string;
  installation_id: string;
  /** JSON text: what `sandbox/replay.ts` takes, with plugin, version, time and outcome */
  text: string;
  created_at: Date;
  expires_at: Date;
}

/** A value that a plugin keeps with `ctx.store`. */
export interface StoreEntry {
  /** `<owner>:<key>`; the owner is an integration, or an installation and project */
  _id: string;
  workspace_id: string;
  installation_id: string;
  integration_id: string | null;
  owner: string;
  key: string;
  /** JSON text */
  value_text: string;
  version: number;
  expires_at: Date | null;
}

const invocation = new Schema<Invocation>(
  {
    _id: { type: String, required: true },
    workspace_id: { type: String, required: true },
    project_id: { type: String, default: null },
    installation_id: { type: String, required: true },
    integration_id: { type: String, default: null },
    plugin: { type: String, required: true },
    version: { type: String, required: true },
    is_canary: { type: Boolean, default: false },
    handler: { type: String, required: true },
    cause: { kind: { type: String, required: true }, id: { type: String, required: true }, label: String },
    use: { type: String, required: true },
    status: { type: String, required: true },
    error: {
      type: new Schema({ type: { type: String }, name: String, message: String, stack: String }, { _id: false }),
      default: null,
    },
    input_head: { type: String, default: '' },
    output_head: { type: String, default: null },
    output_text: { type: String, default: null },
    started_at: { type: Date, required: true },
    duration_ms: { type: Number, required: true },
    cpu_ms: { type: Number, default: 0 },
    heap_bytes: { type: Number, default: 0 },
    bytes_in: { type: Number, default: 0 },
    bytes_out: { type: Number, default: 0 },
    attempt: { type: Number, default: 1 },
    host_calls: { type: Schema.Types.Mixed, default: () => [] },
    denied: { type: Schema.Types.Mixed, default: () => [] },
    logs_text: { type: String, default: '[]' },
    log_counts: { type: [Number], default: () => [0, 0, 0, 0] },
    has_recording: { type: Boolean, default: false },
    continues: { type: String, default: null },
    part: { type: Number, default: 1 },
    continued_by: { type: String, default: null },
    expires_at: { type: Date, required: true },
  },
  { collection: 'invocations', versionKey: false },
);
invocation.index({ workspace_id: 1, installation_id: 1, started_at: -1 });
invocation.index({ plugin: 1, started_at: -1 });
invocation.index({ started_at: -1 });
invocation.index({ expires_at: 1 }, { expireAfterSeconds: 0 });
// Few calls are parts of a long action: the others cost this index nothing.
invocation.index({ continues: 1, part: -1 }, { partialFilterExpression: { continues: { $gt: '' } } });

const recording = new Schema<Recording>(
  {
    _id: { type: String, required: true },
    workspace_id: { type: String, required: true },
    installation_id: { type: String, required: true },
    text: { type: String, required: true },
    created_at: { type: Date, required: true },
    expires_at: { type: Date, required: true },
  },
  { collection: 'recordings', versionKey: false },
);
recording.index({ installation_id: 1 });
recording.index({ expires_at: 1 }, { expireAfterSeconds: 0 });

const storeEntry = new Schema<StoreEntry>(
  {
    _id: { type: String, required: true },
    workspace_id: { type: String, required: true },
    installation_id: { type: String, required: true },
    integration_id: { type: String, default: null },
    owner: { type: String, required: true },
    key: { type: String, required: true },
    value_text: { type: String, required: true },
    version: { type: Number, required: true },
    expires_at: { type: Date, default: null },
  },
  { collection: 'store_entries', versionKey: false },
);
storeEntry.index({ owner: 1, key: 1 });
storeEntry.index({ installation_id: 1 });
storeEntry.index({ expires_at: 1 }, { expireAfterSeconds: 0, sparse: true });

export const Invocation = model<Invocation>('Invocation', invocation);
export const Recording = model<Recording>('Recording', recording);
export const StoreEntry = model<StoreEntry>('StoreEntry', storeEntry);
