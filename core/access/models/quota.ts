import { model, Schema } from '../../database/mongoose.ts';

/** What one subject used of one window: a sliding window in buckets, shared by all nodes. */
export interface QuotaDoc {
  /** `<subject>|<window in ms>` */
  _id: string;
  /** [bucket number, count], oldest first; only buckets with something in them */
  buckets: [number, number][];
  /** grows with each change: who read an older one reads again */
  revision: number;
  expires_at: Date;
}

const quota = new Schema<QuotaDoc>(
  {
    _id: { type: String, required: true },
    buckets: { type: Schema.Types.Mixed, default: [] },
    revision: { type: Number, required: true },
    expires_at: { type: Date, required: true },
  },
  { versionKey: false },
);
quota.index({ expires_at: 1 }, { expireAfterSeconds: 0 });
export const Quota = model('Quota', quota, 'quotas');
