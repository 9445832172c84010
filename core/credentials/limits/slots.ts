import { createHash } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { databaseTime } from '../../jobs/clock.ts';
import { VendorBudget, type VendorBudgetDoc } from './model.ts';
import { letOut, type Over, type Slices, settle, type Wanted, type Window } from './window.ts';

/** One of the limits that a request counts against. */
export interface Budget {
  /** names what the limit counts by; requests with the same id share it, on every node */
  id: string;
  workspace_id: string;
  owner?: string;
  /** null when only the vendor's own word (429, `remaining: 0`) holds requests back */
  window: Window | null;
  /** what one request costs; 1 unless given */
  cost?: number;
}

/** A request of this process that is over; `at` is of this process's monotonic clock. */
export type OverHere = Omit<Over, 'at_ms'> & { at: number | null };

/** An id for a budget; what it is made of cannot be read from it. */
export function budgetId(...parts: (string | null)[]): string {
  return `vb_${createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 27)}`;
}

/**
 * Takes slots for the first of `wanted` from the budget that all nodes share, and tells it what is over: read, compute,
 * write over the version that was read. Only the database's own clock counts, as it stood when it read.
 *
 * @param over what is over since the last time, each from before this call
 * @returns the slice of each slot that was taken, and how long until another may be
 */
export async function takeSlots(
  budget: Budget,
  wanted: readonly Wanted[],
  over: readonly OverHere[],
): Promise<{ granted: (number | null)[]; wait_ms: number }> {
  for (;;) {
    const { window } = budget;
    const asked = performance.now();
    const stored = await read(budget.id);
    const now = stored?.now ?? (await databaseTime());
    const blocked = (stored?.blocked_until?.getTime() ?? 0) - now;
    if (!window)
      return blocked > 0 ? { granted: [], wait_ms: blocked } : { granted: wanted.map(() => null), wait_ms: 0 };
    // The database read its clock after `asked`: so long ago at least is what was over at `at`.
    const settled = settle(
      stored?.slices ?? [],
      window,
      over.map(({ at, ...one }) => ({ ...one, at_ms: at === null ? null : now + 1 - (asked - at) })),
    );
    const out = blocked > 0 ? { granted: [], slices: settled, wait_ms: blocked } : letOut(settled, window, now, wanted);
    const isUnchanged = out.granted.length === 0 && over.length === 0;
    if (isUnchanged || (await write(budget, stored, out.slices, now))) return out;
  }
}

async function read(id: string): Promise<(VendorBudgetDoc & { now: number }) | undefined> {
  const [found] = await VendorBudget.aggregate<VendorBudgetDoc & { now: Date }>([
    { $match: { _id: id } },
    { $addFields: { now: '$$NOW' } },
  ]);
  return found && { ...found, now: found.now.getTime() };
}

async function write(
  budget: Budget,
  stored: VendorBudgetDoc | undefined,
  slices: Slices,
  now: number,
): Promise<boolean> {
  // What is on its way is over within minutes, and then counts for one window more.
  const fields = { slices, expires_at: new Date(now + (budget.window?.window_ms ?? 0) * 2 + 300_000) };
  if (stored) {
    const { matchedCount } = await VendorBudget.updateOne(
      { _id: budget.id, version: stored.version },
      { $set: fields, $inc: { version: 1 } },
    );
    return matchedCount === 1;
  }
  const { upsertedCount } = await VendorBudget.updateOne(
    { _id: budget.id },
    { $setOnInsert: { ...fields, workspace_id: budget.workspace_id, owner: budget.owner ?? null, version: 1 } },
    { upsert: true },
  );
  return upsertedCount === 1;
}

/** Holds every request of a budget back until a time, on all nodes, and keeps what the vendor told. */
export async function blockBudget(
  budget: Budget,
  told: { until: Date | null; limit?: number | null; remaining?: number | null; reset_at?: Date | null },
): Promise<void> {
  const later = Math.max(told.until?.getTime() ?? 0, told.reset_at?.getTime() ?? 0, Date.now());
  await VendorBudget.updateOne(
    { _id: budget.id },
    {
      $set: {
        told: { limit: told.limit ?? null, remaining: told.remaining ?? null, reset_at: told.reset_at ?? told.until },
        expires_at: new Date(later + 86_400_000),
      },
      ...(told.until ? { $max: { blocked_until: told.until } } : {}),
      $setOnInsert: { workspace_id: budget.workspace_id, owner: budget.owner ?? null, slices: [] },
      $inc: { version: 1 },
    },
    { upsert: true },
  );
}
