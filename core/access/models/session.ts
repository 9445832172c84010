import { model, Schema } from '../../database/mongoose.ts';

/** One sign-in: a browser's cookie, or a family of refresh tokens that follow one another. */
export interface SessionDoc {
  _id: string;
  user_id: string;
  kind: 'browser' | 'tokens' | 'device';
  /** how often it was refreshed: only the token of this generation is good, an older one is a theft */
  generation: number;
  /** SHA-256 of the browser's cookie */
  secret_hash: string | null;
  address: string;
  user_agent: string;
  last_used_at: Date;
  expires_at: Date;
  revoked_at: Date | null;
  revoked_reason: 'logout' | 'reuse' | 'password' | 'removed' | null;
  created_at: Date;
}

const session = new Schema<SessionDoc>(
  {
    _id: { type: String, required: true },
    user_id: { type: String, required: true },
    kind: { type: String, required: true, enum: ['browser', 'tokens', 'device'] },
    generation: { type: Number, default: 0 },
    secret_hash: { type: String, default: null },
    address: { type: String, default: '' },
    user_agent: { type: String, default: '' },
    last_used_at: { type: Date, required: true },
    expires_at: { type: Date, required: true },
    revoked_at: { type: Date, default: null },
    revoked_reason: { type: String, default: null },
  },
  { timestamps: { createdAt: 'created_at', updatedAt: false }, versionKey: false },
);
session.index({ user_id: 1, created_at: -1 });
session.index({ expires_at: 1 }, { expireAfterSeconds: 0 });
export const Session = model('Session', session, 'sessions');
