import { model, Schema } from '../../core/database/mongoose.ts';

/** Effects of jobs, outside of the queue: nothing here keeps a second one of the same job away. */
export const Ledger = model(
  'Ledger',
  new Schema(
    { job: { type: String, required: true }, fence: Number, at: Number },
    { collection: 'test_ledger', versionKey: false },
  ),
);
