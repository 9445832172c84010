import { model, Schema } from '../../database/mongoose.ts';
import type { SiteRole } from '../../http/caller.ts';

export interface UserDoc {
  _id: string;
  /** lower case */
  email: string;
  name: string;
  /** Argon2id, in its own text form */
  password_hash: string;
  site_roles: SiteRole[];
  is_active: boolean;
  /** sealed shared secret of TOTP; `totp_active` once the first code was right */
  totp: string | null;
  totp_active: boolean;
  /** the last time step that was used: a code opens once */
  totp_step: number;
  /** SHA-256 of the recovery codes that are left */
  recovery_hashes: string[];
  /** where this person signed in from before: there an attacker elsewhere cannot lock them out */
  known_addresses: string[];
  /** who this is at the outside issuer: `<issuer> <subject>` */
  outside_subject: string | null;
  last_login_at: Date | null;
  created_at: Date;
  updated_at: Date;
}

const user = new Schema<UserDoc>(
  {
    _id: { type: String, required: true },
    email: { type: String, required: true },
    name: { type: String, default: '' },
    password_hash: { type: String, required: true },
    site_roles: { type: [String], default: [] },
    is_active: { type: Boolean, default: true },
    totp: { type: String, default: null },
    totp_active: { type: Boolean, default: false },
    totp_step: { type: Number, default: 0 },
    recovery_hashes: { type: [String], default: [] },
    known_addresses: { type: [String], default: [] },
    outside_subject: { type: String, default: null },
    last_login_at: { type: Date, default: null },
  },
  { timestamps: { createdAt: 'created_at', updatedAt: 'updated_at' }, versionKey: false },
);
user.index({ email: 1 }, { unique: true });
user.index({ outside_subject: 1 });
export const User = model('User', user, 'users');
