import { model, Schema } from '../../core/database/mongoose.ts';

/** That one workspace took one release: counted once, however often it is installed. */
export interface Download {
  /** `@acme/issues@1.2.0:wsp_…` */
  _id: string;
  at: Date;
}

const schema = new Schema<Download>(
  { _id: { type: String, required: true }, at: { type: Date, required: true } },
  { collection: 'downloads', versionKey: false },
);

export const Download = model<Download>('Download', schema);
