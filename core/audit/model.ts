import { model, Schema } from '../database/mongoose.ts';

export interface AuditActor {
  kind: 'user' | 'key' | 'system' | 'plugin';
  id: string;
  /** an e-mail address, a key's prefix, a job's kind: what a reader recognises */
  label: string;
}

export interface AuditTarget {
  kind: string;
  id: string;
  name: string | null;
}

export interface AuditEntryDoc {
  _id: string;
  workspace_id: string;
  at: Date;
  actor: AuditActor;
  action: string;
  target: AuditTarget;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  /** the client's address, where a request did it */
  address: string | null;
  /** place in the workspace's chain, from 1; null until `chainEntries` has been there */
  sequence: number | null;
  /** SHA-256 over the entry and the hash before it */
  hash: string | null;
}

const auditEntry = new Schema<AuditEntryDoc>(
  {
    _id: { type: String, required: true },
    workspace_id: { type: String, required: true },
    at: { type: Date, required: true },
    actor: {
      kind: { type: String, required: true },
      id: { type: String, required: true },
      label: { type: String, required: true },
    },
    action: { type: String, required: true },
    target: {
      kind: { type: String, required: true },
      id: { type: String, required: true },
      name: { type: String, default: null },
    },
    before: { type: Schema.Types.Mixed, default: null },
    after: { type: Schema.Types.Mixed, default: null },
    address: { type: String, default: null },
    sequence: { type: Number, default: null },
    hash: { type: String, default: null },
  },
  { versionKey: false, minimize: false },
);
auditEntry.index({ workspace_id: 1, at: -1, _id: -1 });
auditEntry.index({ workspace_id: 1, 'actor.id': 1, at: -1 });
auditEntry.index({ workspace_id: 1, 'target.id': 1, at: -1 });
auditEntry.index({ workspace_id: 1, action: 1, at: -1 });
auditEntry.index({ workspace_id: 1, sequence: 1 });

/** Audit entries are only ever added: every way to change one is closed, but for the chain's two fields. */
const changes = [
  'updateMany',
  'replaceOne',
  'findOneAndUpdate',
  'findOneAndReplace',
  'findOneAndDelete',
  'deleteOne',
  'deleteMany',
] as const;
for (const change of changes) {
  auditEntry.pre(change, () => {
    throw new Error(`Audit entries are append-only: ${change} is not possible.`);
  });
}
auditEntry.pre('updateOne', function onlyTheChain() {
  const update = (this.getUpdate() ?? {}) as Record<string, object>;
  const fields = Object.keys(update.$set ?? {});
  const chained =
    Object.keys(update).every((operator) => operator === '$set') &&
    fields.every((field) => field === 'sequence' || field === 'hash');
  if (!chained || this.getFilter().sequence !== null)
    throw new Error('Audit entries are append-only: updateOne is not possible.');
});
export const AuditEntry = model('AuditEntry', auditEntry, 'audit_entries');

/** Where a workspace's chain ends now. */
export interface AuditChainDoc {
  /** the workspace */
  _id: string;
  sequence: number;
  hash: string;
}

const auditChain = new Schema<AuditChainDoc>(
  {
    _id: { type: String, required: true },
    sequence: { type: Number, required: true },
    hash: { type: String, required: true },
  },
  { versionKey: false },
);
export const AuditChain = model('AuditChain', auditChain, 'audit_chains');
