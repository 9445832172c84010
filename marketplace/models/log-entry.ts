import { model, Schema } from '../../core/database/mongoose.ts';

export type LogKind =
  | 'publisher.created'
  | 'key.added'
  | 'key.revoked'
  | 'release.published'
  | 'release.signed'
  | 'release.verified'
  | 'release.rejected'
  | 'release.yanked'
  | 'release.unyanked'
  | 'release.deprecated'
  | 'package.blocked'
  | 'package.unblocked';

/** One line of the registry's log: a leaf of the Merkle tree. Never changed, never deleted. */
export interface LogEntry {
  /** position, from 0 */
  _id: number;
  kind: LogKind;
  /** the package or publisher that it is about */
  subject: string;
  version: string | null;
  /** the canonical JSON (RFC 8785) that was hashed: `{at, kind, subject, version?, …}` */
  leaf: string;
  at: Date;
}

const schema = new Schema<LogEntry>(
  {
    _id: { type: Number, required: true },
    kind: { type: String, required: true },
    subject: { type: String, required: true },
    version: { type: String, default: null },
    leaf: { type: String, required: true },
    at: { type: Date, required: true },
  },
  { collection: 'registry_log', versionKey: false },
);
schema.index({ subject: 1, version: 1 });

export const LogEntry = model<LogEntry>('LogEntry', schema);
