import { model, Schema } from '../database/mongoose.ts';

/** A project's address that wants some types of events. */
export interface WebhookRow {
  _id: string;
  workspace_id: string;
  project_id: string;
  name: string;
  url: string;
  events: string[];
  /** JSON Schema that an event's data must fit, as text (a schema may hold keys that begin with `$`) */
  filter: string | null;
  /** header names with their values, sealed as one text */
  headers: string | null;
  /** newest first: the first signs for ever, an older one until it expires */
  secrets: WebhookSecret[];
  is_active: boolean;
  /** why it is not active, when it switched itself off */
  disabled_reason: string | null;
  retry_config: RetryConfig;
  timeout_seconds: number;
  /** JSON Pointer into the event's data: deliveries with the same value there keep their order */
  order_key: string | null;
  /** only events of this integration */
  integration_id: string | null;
  last_triggered_at: Date | null;
  success_count: number;
  failure_count: number;
  /** deliveries that failed for good since the last one that succeeded */
  consecutive_failures: number;
  created_by: string;
  created_at: Date;
  updated_at: Date;
}

export interface WebhookSecret {
  id: string;
  /** sealed: the shared secret of `v1` and `X-Webhook-Signature` */
  secret: string;
  /** sealed: the private key of `v1a`, PKCS #8 in base64 */
  private_key: string;
  /** `whpk_…` */
  public_key: string;
  expires_at: Date | null;
}

/** Either waits that grow (seconds), or the ten attempts over 75 hours that the Standard Webhooks specification advises. */
export type RetryConfig =
  | { max_retries: number; retry_delay: number; backoff_multiplier: number }
  | { schedule: 'standard' };

const secret = {
  _id: false,
  id: { type: String, required: true },
  secret: { type: String, required: true },
  private_key: { type: String, required: true },
  public_key: { type: String, required: true },
  expires_at: { type: Date, default: null },
};

const webhook = new Schema<WebhookRow>(
  {
    _id: { type: String, required: true },
    workspace_id: { type: String, required: true },
    project_id: { type: String, required: true },
    name: { type: String, required: true },
    url: { type: String, required: true },
    events: { type: [String], required: true },
    filter: { type: String, default: null },
    headers: { type: String, default: null },
    secrets: { type: [secret], required: true },
    is_active: { type: Boolean, default: true },
    disabled_reason: { type: String, default: null },
    retry_config: { type: Schema.Types.Mixed, required: true },
    timeout_seconds: { type: Number, required: true },
    order_key: { type: String, default: null },
    integration_id: { type: String, default: null },
    last_triggered_at: { type: Date, default: null },
    success_count: { type: Number, default: 0 },
    failure_count: { type: Number, default: 0 },
    consecutive_failures: { type: Number, default: 0 },
    created_by: { type: String, required: true },
  },
  {
    collection: 'webhooks',
    versionKey: false,
    minimize: false,
    timestamps: { createdAt: 'created_at', updatedAt: 'updated_at' },
  },
);
webhook.index({ workspace_id: 1, is_active: 1 });
webhook.index({ workspace_id: 1, project_id: 1, created_at: -1 });
// The health page counts the active ones of all workspaces.
webhook.index({ is_active: 1 });

export const Webhook = model<WebhookRow>('Webhook', webhook);

/** One try to deliver. */
export interface Attempt {
  at: Date;
  status_code: number | null;
  duration_ms: number;
  /** of the answer: the first 30 headers, each cut at 300 characters; cookies are left out */
  response_headers: Record<string, string> | null;
  /** the first 1,000 characters of the answer's body */
  response_head: string | null;
  error: string | null;
  /** the IP address that answered, or was tried */
  address: string | null;
  /** where the time went, when there was an answer */
  timings: { connect_ms: number | null; head_ms: number; body_ms: number } | null;
}

export type DeliveryStatus = 'pending' | 'succeeded' | 'failed';

/** One event on its way to one webhook. */
export interface DeliveryRow {
  _id: string;
  workspace_id: string;
  webhook_id: string;
  event_id: string;
  event_type: string;
  status: DeliveryStatus;
  attempts: Attempt[];
  /** null when it is over */
  next_attempt_at: Date | null;
  created_at: Date;
  finished_at: Date | null;
}

const delivery = new Schema<DeliveryRow>(
  {
    _id: { type: String, required: true },
    workspace_id: { type: String, required: true },
    webhook_id: { type: String, required: true },
    event_id: { type: String, required: true },
    event_type: { type: String, required: true },
    status: { type: String, required: true },
    attempts: { type: [Schema.Types.Mixed], default: [] } as never,
    next_attempt_at: { type: Date, default: null },
    created_at: { type: Date, required: true },
    finished_at: { type: Date, default: null },
  },
  { collection: 'deliveries', versionKey: false, minimize: false },
);
delivery.index({ webhook_id: 1, created_at: -1 });
delivery.index({ webhook_id: 1, status: 1, created_at: -1 });
delivery.index({ created_at: 1 });

export const Delivery = model<DeliveryRow>('Delivery', delivery);
