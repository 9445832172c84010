import { trusted } from '../../core/database/mongoose.ts';
import { Failure } from '../../sdk/contract/failure.ts';
import { type Checkpoint, leafHash } from '../../sdk/package/index.ts';
import { LogEntry } from '../models/log-entry.ts';
import { LogHead, LogNode } from '../models/log-tree.ts';
import type { Parts } from '../parts.ts';
import { checkpoint } from './checkpoint.ts';
import { consistencyPath, inclusionPath, type ReadSubtree } from './merkle.ts';

/** A page of the log, oldest first. */
export async function readLog(after: number, size: number): Promise<{ entries: LogEntry[]; total: number }> {
  const [entries, head] = await Promise.all([
    LogEntry.find({ _id: trusted({ $gte: after }) })
      .sort({ _id: 1 })
      .limit(size)
      .lean(),
    LogHead.findById('log').lean(),
  ]);
  return { entries, total: head?.size ?? 0 };
}

/** That a line is in the log, that the log still begins as it did, and how it stands now. */
export interface Proof {
  entry: LogEntry | null;
  /** hex */
  leaf_hash: string | null;
  inclusion: string[];
  consistency: string[];
  checkpoint: Checkpoint;
}

/**
 * Proves what is asked against the log of now: that line `index` is in it, and that it begins with the log of
 * `since` lines; with `at`, against the log of so many lines. A client keeps the checkpoint and asks with its size the next time.
 *
 * @throws Failure `not_found` for a line or a size that the log has not reached
 */
export async function prove(parts: Parts, asked: { index?: number; since?: number; at?: number }): Promise<Proof> {
  const now = await checkpoint(parts);
  const size = asked.at ?? now.size;
  for (const [field, value, most] of [
    ['index', asked.index, now.size - 1],
    ['since', asked.since, now.size],
  ] as const) {
    if (value !== undefined && value > most) {
      throw new Failure('not_found', { message: `The log has ${now.size} lines; ${field} ${value} is past its end` });
    }
  }
  const entry = asked.index === undefined ? null : await LogEntry.findById(asked.index).lean();
  return {
    entry,
    leaf_hash: entry && leafHash(entry.leaf),
    inclusion: entry ? await inclusionPath(entry._id, size, readSubtree) : [],
    consistency: asked.since ? await consistencyPath(asked.since, size, readSubtree) : [],
    checkpoint: now,
  };
}

const readSubtree: ReadSubtree = async (level, index) => {
  const node = await LogNode.findById(`${level}.${index}`).lean();
  if (!node) throw new Failure('internal', { message: `The registry log lacks its node ${level}.${index}` });
  return node.hash;
};
