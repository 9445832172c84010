import { model, Schema } from './mongoose.ts';

/** One document that every look at the host's health writes, so that a database that cannot write is not called healthy. */
export interface HealthProbe {
  _id: string;
  at: Date;
}

const schema = new Schema<HealthProbe>(
  { _id: { type: String, required: true }, at: { type: Date, required: true } },
  { collection: 'health_probes', versionKey: false },
);

export const HealthProbe = model<HealthProbe>('HealthProbe', schema);
