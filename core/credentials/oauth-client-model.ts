import { model, Schema } from '../database/mongoose.ts';

/** A workspace's own app at a vendor, for one integration type and the plugin that it was entered for. */
export interface OAuthClientDoc {
  _id: string;
  workspace_id: string;
  integration_type: string;
  installation_id: string;
  /** shown again: it is no secret (RFC 6749, section 2.2) */
  client_id: string | null;
  /** sealed JSON object of the app's fields */
  fields: string;
  /** names of the fields that are set */
  names: string[];
  /** sealed JSON object of the secrets before the last rotation, good for the vendor's webhooks until `old_until` */
  old_fields: string | null;
  old_until: Date | null;
  created_by: string;
  created_at: Date;
  updated_at: Date;
}

const schema = new Schema<OAuthClientDoc>(
  {
    _id: { type: String, required: true },
    workspace_id: { type: String, required: true },
    integration_type: { type: String, required: true },
    installation_id: { type: String, required: true },
    client_id: { type: String, default: null },
    fields: { type: String, required: true },
    names: { type: [String], default: [] },
    old_fields: { type: String, default: null },
    old_until: { type: Date, default: null },
    created_by: { type: String, required: true },
  },
  {
    collection: 'oauth_clients',
    versionKey: false,
    timestamps: { createdAt: 'created_at', updatedAt: 'updated_at' },
  },
);
schema.index({ workspace_id: 1, installation_id: 1 }, { unique: true });

export const OAuthClient = model<OAuthClientDoc>('OAuthClient', schema);
