import { model, Schema } from '../../core/database/mongoose.ts';

/** The bytes of a package and the script that intake made of its module, as one document under their sha512. */
export interface Bundle {
  /** `sha512-…` of `bytes` */
  _id: string;
  /** the packed `.tgz` */
  bytes: Buffer;
  /** the script that isolates run, gzipped */
  script: Buffer;
  /** sha512 of the script's text, as subresource integrity: checked at every load */
  script_digest: string;
  /** source map of the script, gzipped */
  source_map: Buffer | null;
  created_at: Date;
}

const schema = new Schema<Bundle>(
  {
    _id: { type: String, required: true },
    bytes: { type: Buffer, required: true },
    script: { type: Buffer, required: true },
    script_digest: { type: String, required: true },
    source_map: { type: Buffer, default: null },
    created_at: { type: Date, required: true },
  },
  { collection: 'bundles', versionKey: false },
);

export const Bundle = model<Bundle>('Bundle', schema);
