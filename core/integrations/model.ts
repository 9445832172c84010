import { model, Schema } from '../database/mongoose.ts';

export const integrationStatuses = ['active', 'inactive', 'error', 'pending_setup'] as const;
export type IntegrationStatus = (typeof integrationStatuses)[number];

export interface SyncSettings {
  /** `manual`, `hourly`, `daily`, `15m`, or a cron expression */
  sync_interval: string;
  auto_sync: boolean;
  streams?: string[];
  time_zone?: string;
  /** days after their last change when records are forgotten here; null or absent: kept */
  retention_days?: number | null;
}

/** What may be told of a credential. */
export interface AuthSummary {
  scopes: string[];
  expires_at: Date | null;
  /** who we are at the vendor, as `test` or `connect` said */
  account: string | null;
}

/** A project's account at a vendor, made with an installed plugin. */
export interface IntegrationDoc {
  _id: string;
  workspace_id: string;
  project_id: string;
  installation_id: string;
  integration_type: string;
  service_type: string;
  provider: string | null;
  name: string;
  description: string | null;
  logo_url: string | null;
  /** settings of this account, without secrets; they lie over the plugin's configuration */
  configuration: Record<string, unknown>;
  /** the secret ones of these settings: a sealed JSON object */
  configuration_secrets: string | null;
  /** name of the manifest's `auth` entry in use */
  auth_name: string | null;
  auth_type: string | null;
  /** a sealed `Credential` (core/credentials/credential.ts) */
  credential: string | null;
  /** raised with every new credential: a refresh stores its tokens only over the version that it refreshed */
  credential_version: number;
  auth_summary: AuthSummary;
  /** what `learn` took from token answer, callback and connect: data centre, shop, site */
  learned: Record<string, string>;
  /** what a person has to choose from before the account can be used */
  choices: { id: string; title: string; metadata: Record<string, unknown> }[] | null;
  /** what was chosen */
  choice: string | null;
  sync_settings: SyncSettings;
  next_sync_at: Date | null;
  status: IntegrationStatus;
  sync_error_message: string | null;
  last_sync_at: Date | null;
  metadata: Record<string, unknown>;
  is_public: boolean;
  rate_limit_per_hour: number | null;
  rate_limit_per_day: number | null;
  /**
   * Whether ids of records with similar keys lie together in their index (core/syncs/record-key.ts). Set when it is created
   * and never changed; missing in those of earlier versions, whose records keep the ids that they have.
   */
  near_ids?: boolean;
  created_by: string;
  created_at: Date;
  updated_at: Date;
}

const schema = new Schema<IntegrationDoc>(
  {
    _id: { type: String, required: true },
    workspace_id: { type: String, required: true },
    project_id: { type: String, required: true },
    installation_id: { type: String, required: true },
    integration_type: { type: String, required: true },
    service_type: { type: String, required: true },
    provider: { type: String, default: null },
    name: { type: String, required: true },
    description: { type: String, default: null },
    logo_url: { type: String, default: null },
    configuration: { type: Schema.Types.Mixed, default: {} },
    configuration_secrets: { type: String, default: null },
    auth_name: { type: String, default: null },
    auth_type: { type: String, default: null },
    credential: { type: String, default: null },
    credential_version: { type: Number, default: 0 },
    auth_summary: { type: Schema.Types.Mixed, default: () => ({ scopes: [], expires_at: null, account: null }) },
    learned: { type: Schema.Types.Mixed, default: {} },
    choices: { type: Schema.Types.Mixed, default: null },
    choice: { type: String, default: null },
    sync_settings: { type: Schema.Types.Mixed, default: () => ({ sync_interval: 'manual', auto_sync: false }) },
    next_sync_at: { type: Date, default: null },
    status: { type: String, enum: integrationStatuses, required: true },
    sync_error_message: { type: String, default: null },
    last_sync_at: { type: Date, default: null },
    metadata: { type: Schema.Types.Mixed, default: {} },
    is_public: { type: Boolean, default: false },
    rate_limit_per_hour: { type: Number, default: null },
    rate_limit_per_day: { type: Number, default: null },
    // No default: one would be taken for what an earlier version had stored.
    near_ids: Boolean,
    created_by: { type: String, required: true },
  },
  {
    collection: 'integrations',
    versionKey: false,
    minimize: false,
    timestamps: { createdAt: 'created_at', updatedAt: 'updated_at' },
  },
);
schema.index({ workspace_id: 1, created_at: -1 });
schema.index({ workspace_id: 1, project_id: 1, integration_type: 1 });
schema.index({ installation_id: 1 });
schema.index({ integration_type: 1 });
schema.index(
  { 'sync_settings.retention_days': 1 },
  { partialFilterExpression: { 'sync_settings.retention_days': { $type: 'number' } } },
);
schema.index({ next_sync_at: 1 }, { partialFilterExpression: { next_sync_at: { $type: 'date' } } });

export const Integration = model<IntegrationDoc>('Integration', schema);

/** One line of what happened to an integration: connected, refreshed, status changed, action run, error. */
export interface IntegrationLogDoc {
  _id: string;
  workspace_id: string;
  integration_id: string;
  action: string;
  level: 'info' | 'error';
  message: string;
  actor: string | null;
  details: Record<string, unknown>;
  created_at: Date;
}

const logSchema = new Schema<IntegrationLogDoc>(
  {
    _id: { type: String, required: true },
    workspace_id: { type: String, required: true },
    integration_id: { type: String, required: true },
    action: { type: String, required: true },
    level: { type: String, enum: ['info', 'error'], default: 'info' },
    message: { type: String, required: true },
    actor: { type: String, default: null },
    details: { type: Schema.Types.Mixed, default: {} },
  },
  {
    collection: 'integration_logs',
    versionKey: false,
    minimize: false,
    timestamps: { createdAt: 'created_at', updatedAt: false },
  },
);
logSchema.index({ workspace_id: 1, integration_id: 1, created_at: -1 });
logSchema.index({ created_at: -1 });

export const IntegrationLog = model<IntegrationLogDoc>('IntegrationLog', logSchema);
