import { model, Schema } from '../../core/database/mongoose.ts';

/** How far the log of a remote registry was read and found whole. */
export interface RemoteCursor {
  /** address of the registry */
  _id: string;
  /** lines that were read */
  size: number;
  /** complete subtrees over these lines: the next page must lead from them to the signed root */
  peaks: string[];
  /** the key that signed its first checkpoint; another one is refused */
  public_key: string;
  read_at: Date;
}

const schema = new Schema<RemoteCursor>(
  {
    _id: { type: String, required: true },
    size: { type: Number, required: true },
    peaks: { type: [String], default: [] },
    public_key: { type: String, required: true },
    read_at: { type: Date, required: true },
  },
  { collection: 'remote_registries', versionKey: false },
);

export const RemoteCursor = model<RemoteCursor>('RemoteCursor', schema);
