import { model, Schema } from '../../core/database/mongoose.ts';
import type { Text } from '../../sdk/contract/language.ts';

/** A listing of the marketplace: what its latest release says of itself, and what people here say of it. */
export interface Package {
  /** `@acme/issues` */
  _id: string;
  publisher: string;
  /** the release that the listing shows: the greatest published one, null when all are withdrawn */
  latest: string | null;
  display_name: Text;
  /** what it could be taken for another by */
  alike: string[];
  description: Text;
  categories: string[];
  keywords: string[];
  auth_types: string[];
  /** names of the permissions that it asks for */
  permissions: string[];
  /** what it asks for, in full, as JSON text */
  permissions_text: string;
  integration_type: string | null;
  /** semver range of hosts that it runs on */
  engines: string;
  is_verified: boolean;
  is_signed: boolean;
  is_deprecated: boolean;
  is_first_party: boolean;
  icon: string | null;
  published_at: Date | null;
  download_count: number;
  review_count: number;
  rating_sum: number;
  /** Bayesian average, 0 without reviews */
  rating: number;
  /** the site-wide kill switch */
  blocked: { reason: string; at: Date; by: string } | null;
  origin: string | null;
  created_at: Date;
  /** moves with every change that a listing shows; nodes read the packages changed since they last looked */
  changed_at: Date;
}

const schema = new Schema<Package>(
  {
    _id: { type: String, required: true },
    publisher: { type: String, required: true },
    latest: { type: String, default: null },
    display_name: { type: Schema.Types.Mixed, required: true },
    alike: { type: [String], default: [] },
    description: { type: Schema.Types.Mixed, default: '' },
    categories: { type: [String], default: [] },
    keywords: { type: [String], default: [] },
    auth_types: { type: [String], default: [] },
    permissions: { type: [String], default: [] },
    permissions_text: { type: String, default: '[]' },
    integration_type: { type: String, default: null },
    engines: { type: String, required: true },
    is_verified: { type: Boolean, default: false },
    is_signed: { type: Boolean, default: false },
    is_deprecated: { type: Boolean, default: false },
    is_first_party: { type: Boolean, default: false },
    icon: { type: String, default: null },
    published_at: { type: Date, default: null },
    download_count: { type: Number, default: 0 },
    review_count: { type: Number, default: 0 },
    rating_sum: { type: Number, default: 0 },
    rating: { type: Number, default: 0 },
    blocked: { type: new Schema({ reason: String, at: Date, by: String }, { _id: false }), default: null },
    origin: { type: String, default: null },
    created_at: { type: Date, required: true },
    changed_at: { type: Date, required: true },
  },
  { collection: 'packages', versionKey: false, minimize: false },
);
schema.index({ changed_at: 1 });
schema.index({ integration_type: 1 });
schema.index({ alike: 1 });

export const Package = model<Package>('Package', schema);
