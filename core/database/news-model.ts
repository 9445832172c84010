import { model, Schema } from './mongoose.ts';

/** How often something changed in a workspace that other nodes must hear of (`site`: outside all workspaces). */
export interface News {
  _id: string;
  version: number;
  /** when it was written, by the database's clock */
  at: Date;
}

const schema = new Schema<News>(
  {
    _id: { type: String, required: true },
    version: { type: Number, required: true },
    at: { type: Date, required: true },
  },
  { collection: 'news', versionKey: false },
);
schema.index({ at: 1 });

export const News = model<News>('News', schema);
