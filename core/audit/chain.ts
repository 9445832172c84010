import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { trusted } from '../database/mongoose.ts';
import { transaction } from '../database/transaction.ts';
import { AuditChain, AuditEntry, type AuditEntryDoc } from './model.ts';

/** What the first entry of a workspace follows. */
const start = '0'.repeat(64);

/**
 * Chains the entries that are not chained yet, oldest first, each to the hash of the one before it (as in RFC 6962's
 * spirit, a line instead of a tree). A job does this, not the change itself: else every change of a workspace would
 * wait for the last one's.
 *
 * @param most how many entries a workspace gets in one go
 * @returns how many entries were chained
 */
export async function chainEntries(most = 500): Promise<number> {
  const workspaces = await AuditEntry.distinct('workspace_id', { sequence: null });
  let count = 0;
  for (const workspace_id of workspaces) count += await chainWorkspace(workspace_id, most);
  return count;
}

async function chainWorkspace(workspace_id: string, most: number): Promise<number> {
  return transaction(async () => {
    const entries = await AuditEntry.find({ workspace_id, sequence: null }).sort({ _id: 1 }).limit(most).lean();
    if (entries.length === 0) return 0;
    const end = await AuditChain.findById(workspace_id).lean();
    let { sequence, hash } = end ?? { sequence: 0, hash: start };
    for (const entry of entries) {
      sequence += 1;
      hash = hashOf(entry, sequence, hash);
      await AuditEntry.updateOne({ _id: entry._id, sequence: null }, { $set: { sequence, hash } });
    }
    // The end is written by every run, so two runs at once conflict and one of them begins again.
    await AuditChain.updateOne({ _id: workspace_id }, { $set: { sequence, hash } }, { upsert: true });
    return entries.length;
  });
}

export interface ChainVerdict {
  /** how many entries hang together, from the first */
  entries: number;
  /** hash of the last of them: keep it elsewhere, and nobody can rewrite what came before */
  hash: string;
  /** sequence of the first entry that is missing or altered; null when all is well */
  broken_at: number | null;
}

/** Follows a workspace's chain from its beginning to its recorded end. */
export async function verifyChain(workspace_id: string): Promise<ChainVerdict> {
  let sequence = 0;
  let hash = start;
  for await (const entry of AuditEntry.find({ workspace_id, sequence: trusted({ $ne: null }) })
    .sort({ sequence: 1 })
    .lean()
    .cursor()) {
    if (entry.sequence !== sequence + 1 || entry.hash !== hashOf(entry, sequence + 1, hash)) {
      return { entries: sequence, hash, broken_at: sequence + 1 };
    }
    sequence += 1;
    hash = entry.hash;
  }
  const end = await AuditChain.findById(workspace_id).lean();
  return { entries: sequence, hash, broken_at: (end?.sequence ?? 0) > sequence ? sequence + 1 : null };
}

function hashOf(entry: AuditEntryDoc, sequence: number, previous: string): string {
  const { _id, workspace_id, at, actor, action, target, before, after, address } = entry;
  const text = canonicalize({
    id: _id,
    workspace_id,
    at: at.toISOString(),
    actor,
    action,
    target,
    before,
    after,
    address,
    sequence,
    previous,
  });
  return createHash('sha256')
    .update(text ?? '')
    .digest('hex');
}
