import { model, Schema } from '../database/mongoose.ts';

/** A secret of the whole site (a pepper, a signing key), sealed; every node reads the same one. */
export interface SiteSecretDoc {
  _id: string;
  sealed: string;
  created_at: Date;
}

const siteSecret = new Schema<SiteSecretDoc>(
  { _id: { type: String, required: true }, sealed: { type: String, required: true } },
  { timestamps: { createdAt: 'created_at', updatedAt: false }, versionKey: false },
);
export const SiteSecret = model('SiteSecret', siteSecret, 'site_secrets');

/** How far a key rotation has come; one document for each master key that was rotated to. */
export interface KeyRotationDoc {
  /** id of the newest master key */
  _id: string;
  /** collections that are done */
  done: string[];
  /** the collection in work and the last document in it, as extended JSON text (ids have any type) */
  collection_name: string | null;
  last: string | null;
  rewrapped: number;
  finished_at: Date | null;
}

const keyRotation = new Schema<KeyRotationDoc>(
  {
    _id: { type: String, required: true },
    done: { type: [String], default: [] },
    collection_name: { type: String, default: null },
    last: { type: String, default: null },
    rewrapped: { type: Number, default: 0 },
    finished_at: { type: Date, default: null },
  },
  { timestamps: { createdAt: 'created_at', updatedAt: 'updated_at' }, versionKey: false },
);
export const KeyRotation = model('KeyRotation', keyRotation, 'key_rotations');
