import { model, Schema } from '../../core/database/mongoose.ts';

/** Effects of jobs, outside of the queue: nothing here keeps a second one of the same job away. */
export const Ledger = model(
  'Ledger',
  new Schema(
    {
      _id: { type: String, required: true },
      job: { type: String, required: true },
      fence: Number,
      /** by the database's clock, which no worker's can mislead */
      at: Date,
    },
    { collection: 'test_ledger', versionKey: false },
  ),
);
