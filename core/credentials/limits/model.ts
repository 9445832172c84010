import { model, Schema } from '../../database/mongoose.ts';

/** What has been used of one of a vendor's limits, shared by all nodes. */
export interface VendorBudgetDoc {
  /** hash of what the limit counts by, and its name */
  _id: string;
  workspace_id: string;
  /** whose it is, for showing: `account …`; null for one of many windows */
  owner: string | null;
  /** what counts, by slice of time: `[slice number, count]`, oldest first; future slices hold what is on its way */
  slices: [number, number][];
  /** nothing goes out before this time: the vendor said so */
  blocked_until: Date | null;
  /** what the vendor told last */
  told: { limit: number | null; remaining: number | null; reset_at: Date | null } | null;
  version: number;
  expires_at: Date;
}

const schema = new Schema<VendorBudgetDoc>(
  {
    _id: { type: String, required: true },
    workspace_id: { type: String, required: true },
    owner: { type: String, default: null },
    slices: { type: Schema.Types.Mixed, default: [] },
    blocked_until: { type: Date, default: null },
    told: { type: Schema.Types.Mixed, default: null },
    version: { type: Number, default: 0 },
    expires_at: { type: Date, required: true },
  },
  { collection: 'vendor_budgets', versionKey: false },
);
schema.index({ workspace_id: 1, owner: 1 });
schema.index({ expires_at: 1 }, { expireAfterSeconds: 0 });

export const VendorBudget = model<VendorBudgetDoc>('VendorBudget', schema);
