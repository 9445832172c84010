import { setTimeout as wait } from 'node:timers/promises';
import type { BurstRule } from '../burst.ts';
import { Burst } from '../model.ts';

export interface ShareTaken {
  /** how many were taken, perhaps none */
  granted: number;
  /** how many are left for everybody */
  remaining: number;
  /** ms since 1970: the moment that this was worked out for */
  at: number;
  /** ms since 1970: before that asking again is in vain */
  fits_at: number;
}

const tries = 20;
/** One taker gets at most the half of what is left, so that those who ask a moment later find something too. */
const part = 2;
/** At the limit nobody comes for less than what grows back in this time: else every request would ask the database. */
const leastMs = 20;

/**
 * Takes a share of a subject's burst out of the count that all nodes have in common: the generic cell rate algorithm
 * (ITU-T I.371) on one number in the database, the time at which the subject would be even. Whoever changed it between
 * our reading and writing wins, and we read again.
 *
 * @param wanted is asked last of all; fewer are given when little is left, and at the limit more: what grows back in 20 ms
 */
export async function takeShare(
  _id: string,
  rule: BurstRule,
  wanted: () => number,
  clock: () => number,
): Promise<ShareTaken> {
  const step = 1000 / rule.per_second;
  const tolerance = step * rule.burst;
  const least = Math.max(1, Math.min(Math.floor(leastMs / step), Math.floor(rule.burst / part)));
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const found = await Burst.findById(_id).lean();
    const at = clock();
    const before = Math.max(found?.even ?? at, at);
    const room = Math.floor((tolerance - (before - at)) / step + 1e-6);
    if (room < least) return { granted: 0, remaining: room, at, fits_at: before + step * least - tolerance };
    const granted = Math.max(least, Math.min(wanted(), Math.floor(room / part)));
    if (await write(_id, found?.revision ?? null, before + step * granted))
      return { granted, remaining: room - granted, at, fits_at: 0 };
    await wait(Math.random() * Math.min(20, 2 ** attempt));
  }
  const at = clock();
  return { granted: 0, remaining: 0, at, fits_at: at + leastMs };
}

/** False when somebody else was quicker. */
async function write(_id: string, revision: number | null, even: number): Promise<boolean> {
  const expires_at = new Date(even + 60_000);
  if (revision === null) {
    try {
      await Burst.create({ _id, even, revision: 1, expires_at });
      return true;
    } catch (error) {
      if ((error as { code?: number }).code === 11000) return false;
      throw error;
    }
  }
  const written = await Burst.updateOne({ _id, revision }, { $set: { even, expires_at, revision: revision + 1 } });
  return written.modifiedCount === 1;
}
