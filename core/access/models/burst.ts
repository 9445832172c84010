import { model, Schema } from '../../database/mongoose.ts';

/** How far one subject is ahead of its burst limit, over all nodes. */
export interface BurstDoc {
  /** `burst:<rule>:<subject>` */
  _id: string;
  /** ms since 1970: when the subject would be even */
  even: number;
  /** grows with each change: who read an older one reads again */
  revision: number;
  expires_at: Date;
}

const burst = new Schema<BurstDoc>(
  {
    _id: { type: String, required: true },
    even: { type: Number, required: true },
    revision: { type: Number, required: true },
    expires_at: { type: Date, required: true },
  },
  { versionKey: false },
);
burst.index({ expires_at: 1 }, { expireAfterSeconds: 0 });
export const Burst = model('Burst', burst, 'bursts');
