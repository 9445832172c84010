import { transaction } from '../../core/database/transaction.ts';
import { type Checkpoint, isSigned, leafHash } from '../../sdk/package/index.ts';
import { addLeaf, rootOf } from '../log/merkle.ts';
import { Package } from '../models/package.ts';
import { RemoteCursor } from '../models/remote-cursor.ts';
import type { Parts } from '../parts.ts';
import { type ForeignPublisher, type ForeignRelease, MirrorError, takePublisher, takeRelease } from './take-release.ts';

const pageSize = 500;
const mostBytes = 8_000_000;

interface ForeignEntry {
  index: number;
  kind: string;
  subject: string;
  version: string | null;
  leaf: string;
}

interface ForeignLog {
  entries: ForeignEntry[];
  total: number;
  checkpoint: Checkpoint;
}

/** What one look at a remote registry brought. */
export interface Followed {
  /** lines read */
  entries: number;
  /** what was left out, and why */
  left_out: string[];
  /** packages that it blocked (with the reason) or let run again (null) */
  blocks: { name: string; reason: string | null }[];
}

/**
 * Reads the log of a remote registry on from where it was left, proves that it still begins as it did and leads to the
 * root that the registry signed, and only then takes over what it tells. Bytes are fetched when somebody installs.
 *
 * @throws MirrorError when the log was rewritten or signed by another key: nothing is taken then
 */
export async function followRemote(parts: Parts, origin: string): Promise<Followed> {
  const cursor = await RemoteCursor.findById(origin).lean();
  const after = cursor?.size ?? 0;
  const { entries, checkpoint } = await readOn(parts, origin, after);
  if (entries.length === 0) return { entries: 0, left_out: [], blocks: [] };
  const peaks = fold(origin, after, cursor?.peaks ?? [], entries);
  mustBeTrue(origin, checkpoint, after + entries.length, peaks, cursor?.public_key ?? null);
  const done = await takeOver(parts, origin, entries);
  const { public_key } = checkpoint;
  await RemoteCursor.updateOne(
    { _id: origin },
    { $set: { size: after + entries.length, peaks, public_key, read_at: new Date(parts.clock()) } },
    { upsert: true },
  );
  return done;
}

/** Every line from `after` to the end, and the checkpoint that was signed over just those. */
async function readOn(
  parts: Parts,
  origin: string,
  after: number,
): Promise<{ entries: ForeignEntry[]; checkpoint: Checkpoint }> {
  const entries: ForeignEntry[] = [];
  for (;;) {
    const from = after + entries.length;
    const page = await read<ForeignLog>(parts, `${origin}/api/v1/registry/log?after=${from}&size=${pageSize}`);
    if (page.total < from) throw new MirrorError(`The log of ${origin} had ${from} lines and has ${page.total} now`);
    entries.push(...page.entries);
    // Something may have been published between the pages: only a page that reaches the checkpoint's end ends it.
    if (page.checkpoint.size === after + entries.length) return { entries, checkpoint: page.checkpoint };
    if (page.entries.length === 0) throw new MirrorError(`The log of ${origin} ends before its checkpoint does`);
  }
}

/** Adds the lines to the tree that was read before: a line that is missing, moved or changed leads to another root. */
function fold(origin: string, after: number, peaks: string[], entries: ForeignEntry[]): string[] {
  let now = peaks;
  for (const [place, entry] of entries.entries()) {
    const told = JSON.parse(entry.leaf) as { kind?: string; subject?: string; version?: string };
    if (entry.index !== after + place || told.kind !== entry.kind || told.subject !== entry.subject) {
      throw new MirrorError(`Line ${after + place} of the log of ${origin} is not what it was hashed from`);
    }
    now = addLeaf(after + place, now, leafHash(entry.leaf)).peaks;
  }
  return now;
}

function mustBeTrue(origin: string, checkpoint: Checkpoint, size: number, peaks: string[], key: string | null): void {
  if (!isSigned(checkpoint))
    throw new MirrorError(`The checkpoint of ${origin} is not signed by the key that it names`);
  if (key !== null && checkpoint.public_key !== key) {
    throw new MirrorError(`${origin} signs with another key than before: ask its operator, then remove the mirror`);
  }
  if (checkpoint.size !== size || rootOf(peaks) !== checkpoint.root) {
    throw new MirrorError(`The log of ${origin} was rewritten: its lines do not lead to the root that it signed`);
  }
}

async function takeOver(parts: Parts, origin: string, entries: ForeignEntry[]): Promise<Followed> {
  const done: Followed = { entries: entries.length, left_out: [], blocks: [] };
  const publishers = new Set(
    entries.filter(({ kind }) => /^(publisher|key)\./.test(kind)).map(({ subject }) => subject),
  );
  for (const name of publishers) {
    const given = await read<ForeignPublisher>(
      parts,
      `${origin}/api/v1/registry/publishers/${encodeURIComponent(name)}`,
    );
    await takePublisher(parts, given, origin);
  }
  const releases = new Map(
    entries.filter(({ version }) => version !== null).map((entry) => [`${entry.subject}@${entry.version}`, entry]),
  );
  for (const { subject, version } of releases.values()) {
    const path = `/api/v1/registry/plugins/${encodeURIComponent(subject)}/versions/${encodeURIComponent(version ?? '')}`;
    try {
      const given = await read<ForeignRelease>(parts, origin + path);
      await transaction(() => takeRelease(parts, given, origin));
    } catch (error) {
      if (!(error instanceof MirrorError)) throw error;
      done.left_out.push(error.message);
    }
  }
  for (const { kind, subject, leaf } of entries) {
    if (kind !== 'package.blocked' && kind !== 'package.unblocked') continue;
    const { reason = 'blocked by its registry' } = JSON.parse(leaf) as { reason?: string };
    const at = new Date(parts.clock());
    const blocked = kind === 'package.blocked' ? { reason, at, by: origin } : null;
    const changed = await Package.updateOne({ _id: subject, origin }, { $set: { blocked, changed_at: at } });
    if (changed.matchedCount > 0) done.blocks.push({ name: subject, reason: blocked && reason });
  }
  return done;
}

async function read<Content>(parts: Parts, url: string): Promise<Content> {
  const answer = await parts.fetch(url, mostBytes);
  if (answer.status !== 200) throw new MirrorError(`${url} answered ${answer.status}`);
  return (JSON.parse(answer.body.toString('utf8')) as { content: Content }).content;
}
