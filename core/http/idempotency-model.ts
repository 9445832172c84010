import { model, Schema } from '../database/mongoose.ts';

/** What one `Idempotency-Key` of one caller led to; kept 24 hours. */
export interface IdempotentAnswer {
  /** hash of workspace, caller, method, path and key */
  _id: string;
  body_hash: string;
  /** names what is asked for: kept when the first one died on the way and the request comes again */
  once_id: string;
  state: 'running' | 'done';
  /** the answer, sealed: it may hold a secret that is shown once */
  answer: string | null;
  /** until when a running one is believed to be alive */
  running_until: Date;
  expires_at: Date;
}

const schema = new Schema<IdempotentAnswer>(
  {
    _id: { type: String, required: true },
    body_hash: { type: String, required: true },
    once_id: { type: String, default: null },
    state: { type: String, required: true },
    answer: { type: String, default: null },
    running_until: { type: Date, required: true },
    expires_at: { type: Date, required: true },
  },
  { collection: 'idempotent_answers', versionKey: false },
);
schema.index({ expires_at: 1 }, { expireAfterSeconds: 0 });

export const IdempotentAnswer = model<IdempotentAnswer>('IdempotentAnswer', schema);
