import { model, Schema } from '../database/mongoose.ts';

/** One address of ours that a vendor's webhook calls, for one integration and trigger (and one parent, where declared). */
export interface HookDoc {
  _id: string;
  workspace_id: string;
  integration_id: string;
  installation_id: string;
  trigger: string;
  /** key of the parent record, for hooks that the vendor has one each of (a repository) */
  parent: string | null;
  /** the last segment of the address, sealed: the id is no secret, this is */
  key: string;
  /** shared with the vendor, sealed */
  secret: string;
  /** the secret before the last rotation, good until `old_until` */
  old_secret: string | null;
  old_until: Date | null;
  /** which of the manifest's `choose` variants; fixed when the hook is made, never by a request */
  choice: string | null;
  /** what the plugin's `subscribe` answered, JSON text */
  subscription_text: string | null;
  expires_at: Date | null;
  renew_at: Date | null;
  check_at: Date | null;
  last_received_at: Date | null;
  created_at: Date;
}

const hook = new Schema<HookDoc>(
  {
    _id: { type: String, required: true },
    workspace_id: { type: String, required: true },
    integration_id: { type: String, required: true },
    installation_id: { type: String, required: true },
    trigger: { type: String, required: true },
    parent: { type: String, default: null },
    key: { type: String, required: true },
    secret: { type: String, required: true },
    old_secret: { type: String, default: null },
    old_until: { type: Date, default: null },
    choice: { type: String, default: null },
    subscription_text: { type: String, default: null },
    expires_at: { type: Date, default: null },
    renew_at: { type: Date, default: null },
    check_at: { type: Date, default: null },
    last_received_at: { type: Date, default: null },
  },
  { collection: 'hooks', versionKey: false, timestamps: { createdAt: 'created_at', updatedAt: false } },
);
hook.index({ integration_id: 1, trigger: 1, parent: 1 }, { unique: true });

export const Hook = model<HookDoc>('Hook', hook);

/** A verified request of a vendor, kept as it came until its trigger ran. */
export interface HookRequestDoc {
  /** deterministic where the vendor's delivery has an id: a second delivery of the same is the same document */
  _id: string;
  workspace_id: string;
  project_id: string;
  integration_id: string;
  installation_id: string;
  trigger: string;
  /** the address it came to, when it was one integration's own */
  hook_id: string | null;
  method: string;
  /** path and query as they came, without the key */
  raw_url: string;
  /** JSON text of the headers that the plugin may see */
  headers_text: string;
  body: Buffer;
  /** what a JWT or form carried, as JSON text, where the trigger declares such a payload */
  payload_text: string | null;
  state: 'received' | 'done' | 'failed';
  error: string | null;
  received_at: Date;
}

const request = new Schema<HookRequestDoc>(
  {
    _id: { type: String, required: true },
    workspace_id: { type: String, required: true },
    project_id: { type: String, required: true },
    integration_id: { type: String, required: true },
    installation_id: { type: String, required: true },
    trigger: { type: String, required: true },
    hook_id: { type: String, default: null },
    method: { type: String, required: true },
    raw_url: { type: String, required: true },
    headers_text: { type: String, required: true },
    body: { type: Buffer, required: true },
    payload_text: { type: String, default: null },
    state: { type: String, default: 'received', enum: ['received', 'done', 'failed'] },
    error: { type: String, default: null },
    received_at: { type: Date, required: true },
  },
  { collection: 'hook_requests', versionKey: false },
);
request.index({ received_at: -1 });
request.index({ integration_id: 1 });

export const HookRequest = model<HookRequestDoc>('HookRequest', request);
