import { model, Schema } from '../../database/mongoose.ts';
import type { Scope } from '../rights.ts';

export interface ApiKeyDoc {
  _id: string;
  workspace_id: string;
  /** set: the key sees this project only */
  project_id: string | null;
  name: string;
  mode: 'live' | 'test';
  scopes: Scope[];
  /** the first characters, enough to recognise it and no more */
  prefix: string;
  /** HMAC-SHA256 of the key under the pepper of `pepper_version`, base64url */
  hash: string;
  pepper_version: number;
  rate_limit_per_hour: number | null;
  rate_limit_per_day: number | null;
  ip_allowlist: string[];
  expires_at: Date | null;
  revoked_at: Date | null;
  /** the key that takes over, after a rotation */
  rotated_to: string | null;
  last_used_at: Date | null;
  usage_count: number;
  created_by: string;
  created_at: Date;
}

const apiKey = new Schema<ApiKeyDoc>(
  {
    _id: { type: String, required: true },
    workspace_id: { type: String, required: true },
    project_id: { type: String, default: null },
    name: { type: String, required: true },
    mode: { type: String, required: true, enum: ['live', 'test'] },
    scopes: { type: [String], required: true },
    prefix: { type: String, required: true },
    hash: { type: String, required: true },
    pepper_version: { type: Number, required: true },
    rate_limit_per_hour: { type: Number, default: null },
    rate_limit_per_day: { type: Number, default: null },
    ip_allowlist: { type: [String], default: [] },
    expires_at: { type: Date, default: null },
    revoked_at: { type: Date, default: null },
    rotated_to: { type: String, default: null },
    last_used_at: { type: Date, default: null },
    usage_count: { type: Number, default: 0 },
    created_by: { type: String, required: true },
  },
  { timestamps: { createdAt: 'created_at', updatedAt: false }, versionKey: false },
);
apiKey.index({ hash: 1 }, { unique: true });
apiKey.index({ workspace_id: 1, created_at: -1 });
export const ApiKey = model('ApiKey', apiKey, 'api_keys');
