import { model, Schema } from '../database/mongoose.ts';

/** What may be installed, by the site or by one workspace; the stricter of both counts. */
export interface Policy {
  /** `site`, or a workspace's id */
  _id: string;
  verified_only: boolean;
  /** how old a release must be before an automatic upgrade takes it, hours */
  cooldown_hours: number;
  blocked_publishers: string[];
  /** false: no sideload here, even where the host's configuration allows it */
  allow_sideload: boolean;
  updated_by: string;
  updated_at: Date;
}

const schema = new Schema<Policy>(
  {
    _id: { type: String, required: true },
    verified_only: { type: Boolean, default: false },
    cooldown_hours: { type: Number, default: 48 },
    blocked_publishers: { type: [String], default: [] },
    allow_sideload: { type: Boolean, default: true },
    updated_by: { type: String, required: true },
  },
  { collection: 'policies', versionKey: false, timestamps: { createdAt: false, updatedAt: 'updated_at' } },
);

export const Policy = model<Policy>('Policy', schema);
