import { model, Schema } from '../../core/database/mongoose.ts';

/** One person's rating and words about a package. */
export interface Review {
  /** `@acme/issues:usr_…` */
  _id: string;
  name: string;
  user_id: string;
  /** what other readers see of the person */
  author: string;
  workspace_id: string;
  /** 1 to 5 */
  rating: number;
  text: string;
  /** the version they ran when they wrote it */
  version: string;
  created_at: Date;
  updated_at: Date;
}

const schema = new Schema<Review>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    user_id: { type: String, required: true },
    author: { type: String, required: true },
    workspace_id: { type: String, required: true },
    rating: { type: Number, required: true, min: 1, max: 5 },
    text: { type: String, default: '' },
    version: { type: String, required: true },
    created_at: { type: Date, required: true },
    updated_at: { type: Date, required: true },
  },
  { collection: 'reviews', versionKey: false },
);
schema.index({ name: 1, updated_at: -1 });

export const Review = model<Review>('Review', schema);
