import { model, Schema } from './mongoose.ts';

/** How far the database has been migrated, and who is at it: one document, `schema`. */
export interface MigrationState {
  _id: string;
  version: number;
  /** the node that migrates now, or null */
  owner: string | null;
  /** until when it has the lock without saying so again */
  locked_until: Date | null;
  done: { version: number; title: string; at: Date }[];
}

const schema = new Schema<MigrationState>(
  {
    _id: { type: String, required: true },
    version: { type: Number, required: true },
    owner: { type: String, default: null },
    locked_until: { type: Date, default: null },
    done: [{ _id: false, version: Number, title: String, at: Date }],
  },
  { collection: 'migrations', versionKey: false },
);

export const MigrationState = model<MigrationState>('MigrationState', schema);
