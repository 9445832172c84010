import canonicalize from 'canonicalize';
import { leafHash } from '../../sdk/package/index.ts';
import { LogEntry, type LogKind } from '../models/log-entry.ts';
import { LogHead, LogNode } from '../models/log-tree.ts';
import type { Actor, Parts } from '../parts.ts';
import { addLeaf } from './merkle.ts';

/** What a line of the log says, beside its time. */
export interface LogFact {
  kind: LogKind;
  subject: string;
  version?: string;
  /** further plain facts that are hashed with it: digest, integrity, key_id, public_key, reason */
  facts?: Record<string, string>;
}

/**
 * Adds lines to the registry's log and hands each to `recorded`. Call it inside the transaction of what they tell:
 * two writers at once conflict on the head, and the later one is run again by `transaction`.
 */
export async function append(parts: Parts, actor: Actor, facts: readonly LogFact[]): Promise<LogEntry[]> {
  const head = await LogHead.findById('log').lean();
  let size = head?.size ?? 0;
  let peaks = head?.peaks ?? [];
  const at = new Date(parts.clock());
  const entries: LogEntry[] = [];
  const nodes: LogNode[] = [];
  for (const { kind, subject, version, facts: more } of facts) {
    const leaf = canonicalize({ at: at.toISOString(), kind, subject, ...(version && { version }), ...more }) ?? '';
    const added = addLeaf(size, peaks, leafHash(leaf));
    entries.push({ _id: size, kind, subject, version: version ?? null, leaf, at });
    for (const { level, index, hash } of added.complete) nodes.push({ _id: `${level}.${index}`, hash });
    peaks = added.peaks;
    size += 1;
  }
  if (head) await LogHead.updateOne({ _id: 'log', size: head.size }, { $set: { size, peaks } });
  else await LogHead.create([{ _id: 'log', size, peaks }]);
  await LogEntry.insertMany(entries);
  await LogNode.insertMany(nodes);
  for (const [place, entry] of entries.entries()) {
    const reason = facts[place]?.facts?.reason;
    await parts.recorded(entry, actor, reason === undefined ? {} : { reason });
  }
  return entries;
}
