import { model, Schema } from '../../database/mongoose.ts';

export interface WorkspaceDoc {
  _id: string;
  name: string;
  /** addresses and CIDRs that may act here; empty: all */
  ip_allowlist: string[];
  /** where OAuth may lead a browser back to, beside our own console */
  redirect_uris: string[];
  limits: WorkspaceLimits;
  created_by: string | null;
  created_at: Date;
  updated_at: Date;
}

/** Quotas of a workspace; null: none of its own. */
export interface WorkspaceLimits {
  requests_per_hour: number | null;
  requests_per_day: number | null;
  /** what one call of any plugin may use here; lower than the host's own bounds, or without effect */
  plugins: PluginLimits | null;
}

/** Names and units as in `sandbox/types.ts`. */
export const pluginLimitNames = [
  ...(['cpu_ms', 'wall_ms', 'heap_mb', 'payload_bytes', 'received_bytes', 'nodes', 'depth', 'host_calls'] as const),
  ...(['host_calls_at_once', 'log_lines', 'log_bytes', 'timers', 'concurrency', 'queue'] as const),
];
export type PluginLimits = Partial<Record<(typeof pluginLimitNames)[number], number>>;

const workspace = new Schema<WorkspaceDoc>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    ip_allowlist: { type: [String], default: [] },
    redirect_uris: { type: [String], default: [] },
    limits: {
      requests_per_hour: { type: Number, default: null },
      requests_per_day: { type: Number, default: null },
      plugins: { type: Schema.Types.Mixed, default: null },
    },
    created_by: { type: String, default: null },
  },
  { timestamps: { createdAt: 'created_at', updatedAt: 'updated_at' }, versionKey: false },
);
export const Workspace = model('Workspace', workspace, 'workspaces');
