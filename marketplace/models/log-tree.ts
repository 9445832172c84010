import { model, Schema } from '../../core/database/mongoose.ts';

/** The hash of a complete subtree of the log: `level` 0 is a leaf, `index` counts subtrees of that level from the left. */
export interface LogNode {
  /** `level.index` */
  _id: string;
  /** hex */
  hash: string;
}

/** How long the log is, and the complete subtrees that its root is folded from, the largest first. */
export interface LogHead {
  _id: 'log';
  size: number;
  peaks: string[];
}

const nodeSchema = new Schema<LogNode>(
  { _id: { type: String, required: true }, hash: { type: String, required: true } },
  { collection: 'registry_log_nodes', versionKey: false },
);

const headSchema = new Schema<LogHead>(
  {
    _id: { type: String, required: true },
    size: { type: Number, required: true },
    peaks: { type: [String], default: [] },
  },
  { collection: 'registry_log_head', versionKey: false },
);

export const LogNode = model<LogNode>('LogNode', nodeSchema);
export const LogHead = model<LogHead>('LogHead', headSchema);
