import { model, Schema } from '../../core/database/mongoose.ts';

export type ReleaseState = 'submitted' | 'published' | 'yanked' | 'rejected';

/** A finding of the static review, stored with the release. */
export interface Finding {
  rule: string;
  severity: 'error' | 'warning' | 'info';
  file: string;
  line?: number;
  message: string;
  fix: string;
}

/** One immutable version of a package. Only its state, flags and counters ever change. */
export interface Release {
  /** `@acme/issues@1.2.0` */
  _id: string;
  name: string;
  version: string;
  publisher: string;
  state: ReleaseState;
  state_reason: string | null;
  /** sha256 of the canonical manifest (RFC 8785): the identity of a release */
  digest: string;
  /** sha512 of the packed bytes, as subresource integrity */
  integrity: string;
  signatures: { key_id: string; signature: string }[];
  /** the manifest as JSON text: its field names hold dots and dollar signs, which documents take badly */
  manifest_text: string;
  /** packed, bytes */
  size: number;
  script_size: number;
  handlers: string[];
  readme: string | null;
  changelog: string | null;
  icon: string | null;
  screenshots: string[];
  findings: Finding[];
  is_verified: boolean;
  verified_at: Date | null;
  verified_by: string | null;
  verified_reason: string | null;
  /** given by a reviewer with the verification: automatic upgrades take it without waiting */
  is_security_fix: boolean;
  deprecated: { reason: string; at: Date } | null;
  published_by: string;
  published_at: Date;
  /** its place in the registry's log; null while submitted */
  log_index: number | null;
  download_count: number;
  origin: string | null;
}

const schema = new Schema<Release>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    version: { type: String, required: true },
    publisher: { type: String, required: true },
    state: { type: String, required: true, enum: ['submitted', 'published', 'yanked', 'rejected'] },
    state_reason: { type: String, default: null },
    digest: { type: String, required: true },
    integrity: { type: String, required: true },
    signatures: { type: [{ _id: false, key_id: String, signature: String }], default: [] },
    manifest_text: { type: String, required: true },
    size: { type: Number, required: true },
    script_size: { type: Number, required: true },
    handlers: { type: [String], default: [] },
    readme: { type: String, default: null },
    changelog: { type: String, default: null },
    icon: { type: String, default: null },
    screenshots: { type: [String], default: [] },
    findings: {
      type: [{ _id: false, rule: String, severity: String, file: String, line: Number, message: String, fix: String }],
      default: [],
    },
    is_verified: { type: Boolean, default: false },
    verified_at: { type: Date, default: null },
    verified_by: { type: String, default: null },
    verified_reason: { type: String, default: null },
    is_security_fix: { type: Boolean, default: false },
    deprecated: { type: new Schema({ reason: String, at: Date }, { _id: false }), default: null },
    published_by: { type: String, required: true },
    published_at: { type: Date, required: true },
    log_index: { type: Number, default: null },
    download_count: { type: Number, default: 0 },
    origin: { type: String, default: null },
  },
  { collection: 'releases', versionKey: false },
);
schema.index({ name: 1 });
schema.index({ integrity: 1 });
// The reviewers' queue, and a publisher's own list.
schema.index({ is_verified: 1, published_at: -1 });
schema.index({ publisher: 1, published_at: -1 });

export const Release = model<Release>('Release', schema);

/** The id of a release. */
export function releaseId(name: string, version: string): string {
  return `${name}@${version}`;
}
