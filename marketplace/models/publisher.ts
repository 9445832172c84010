import { model, Schema } from '../../core/database/mongoose.ts';

/** A public key that releases of a publisher may be signed with. */
export interface PublisherKey {
  /** first 16 hex digits of the SHA-256 of the raw key */
  key_id: string;
  /** raw Ed25519 key, base64 */
  public_key: string;
  added_by: string;
  added_at: Date;
  revoked_at: Date | null;
  revoked_reason: string | null;
}

/** A namespace such as `@acme`: who may publish there, and with which keys. */
export interface Publisher {
  /** `@acme` */
  _id: string;
  display_name: string;
  members: { user_id: string; role: 'owner' | 'member' }[];
  keys: PublisherKey[];
  /** published with this host's own key, by the host itself */
  is_first_party: boolean;
  /** address of the registry that this was mirrored from; null when it is at home here */
  origin: string | null;
  created_by: string;
  created_at: Date;
}

const schema = new Schema<Publisher>(
  {
    _id: { type: String, required: true },
    display_name: { type: String, required: true },
    members: { type: [{ _id: false, user_id: String, role: String }], default: [] },
    keys: {
      type: [
        {
          _id: false,
          key_id: String,
          public_key: String,
          added_by: String,
          added_at: Date,
          revoked_at: { type: Date, default: null },
          revoked_reason: { type: String, default: null },
        },
      ],
      default: [],
    },
    is_first_party: { type: Boolean, default: false },
    origin: { type: String, default: null },
    created_by: { type: String, required: true },
    created_at: { type: Date, required: true },
  },
  { collection: 'publishers', versionKey: false },
);
schema.index({ 'members.user_id': 1 });

export const Publisher = model<Publisher>('Publisher', schema);
