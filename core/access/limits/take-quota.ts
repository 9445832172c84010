import { backoff, pause } from '../../../sdk/flow/retry.ts';
import { Quota } from '../model.ts';
import { addTo, bucketAt, fitsAt, liveBuckets, usedOf, type Window, wholeAt } from './sliding-window.ts';

export interface QuotaTaken {
  /** how many were taken: what was wanted, or as many as were left, or none */
  granted: number;
  /** of the window, over all nodes, with these */
  used: number;
  /** ms since 1970: when one more will fit */
  fits_at: number;
  /** ms since 1970: when the window is empty again */
  whole_at: number;
  /** the bucket that they are counted in; for `giveBack` */
  bucket: number;
}

const tries = 30;

/**
 * Takes up to `wanted` from a subject's window, shared by all nodes over the database. Whoever changed the window
 * between our reading and writing wins, and we read again.
 *
 * @param ahead counted as if used so many buckets later: for what is taken in advance and used until then
 */
export async function takeQuota(subject: string, window: Window, wanted = 1, ahead = 0): Promise<QuotaTaken> {
  const _id = quotaId(subject, window);
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const now = Date.now();
    const found = await Quota.findById(_id).lean();
    const buckets = liveBuckets(found?.buckets ?? [], now, window);
    const granted = Math.max(0, Math.min(wanted, window.limit - usedOf(buckets)));
    const bucket = bucketAt(now, window) + ahead;
    const next = addTo(buckets, bucket, granted);
    const taken = {
      granted,
      used: usedOf(next),
      fits_at: fitsAt(next, 1, now, window),
      whole_at: wholeAt(next, now, window),
      bucket,
    };
    if (granted === 0 || (await write(_id, found?.revision ?? null, next, taken.whole_at))) return taken;
    await pause(backoff(attempt + 1, { base_ms: 1, cap_ms: 50 }));
  }
  // So many nodes at one window at once: refusing for a moment is the safe side.
  const now = Date.now();
  return { granted: 0, used: window.limit, fits_at: now + 1000, whole_at: now + window.window_ms, bucket: 0 };
}

/** Gives back what was taken and not used. */
export async function giveBack(subject: string, window: Window, bucket: number, count: number): Promise<void> {
  const _id = quotaId(subject, window);
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const found = await Quota.findById(_id).lean();
    if (!found) return;
    const now = Date.now();
    const next = addTo(liveBuckets(found.buckets, now, window), bucket, -count);
    if (await write(_id, found.revision, next, wholeAt(next, now, window))) return;
    await pause(backoff(attempt + 1, { base_ms: 1, cap_ms: 50 }));
  }
}

/** How much of a window is used, over all nodes. */
export async function usedQuota(subject: string, window: Window): Promise<{ used: number; whole_at: number }> {
  const now = Date.now();
  const found = await Quota.findById(quotaId(subject, window)).lean();
  const buckets = liveBuckets(found?.buckets ?? [], now, window);
  return { used: usedOf(buckets), whole_at: wholeAt(buckets, now, window) };
}

/** False when somebody else was quicker. */
async function write(
  _id: string,
  revision: number | null,
  buckets: [number, number][],
  whole_at: number,
): Promise<boolean> {
  const expires_at = new Date(whole_at + 60_000);
  if (revision === null) {
    try {
      await Quota.create({ _id, buckets, revision: 1, expires_at });
      return true;
    } catch (error) {
      if ((error as { code?: number }).code === 11000) return false;
      throw error;
    }
  }
  const written = await Quota.updateOne({ _id, revision }, { $set: { buckets, expires_at, revision: revision + 1 } });
  return written.modifiedCount === 1;
}

function quotaId(subject: string, window: Window): string {
  return `${subject}|${window.window_ms}`;
}
