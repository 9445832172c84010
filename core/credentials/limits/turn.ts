import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { databaseTime } from '../../jobs/clock.ts';
import { BrokerError } from '../broker-scope.ts';
import { VendorBudget } from './model.ts';
import { letOut, type Window } from './window.ts';

/** One of the limits that a request counts against. */
export interface Budget {
  /** names what the limit counts by; requests with the same id share it, on every node */
  id: string;
  workspace_id: string;
  owner?: string;
  /** null when only the vendor's own word (429, `remaining: 0`) holds requests back */
  window: Window | null;
}

/** Longer than this is not waited for while an isolate is held (`CONTRACT.md`, section 4, rule 11). */
export const longestWaitMs = 10_000;

/** An id for a budget; what it is made of cannot be read from it. */
export function budgetId(...parts: (string | null)[]): string {
  return `vb_${createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 27)}`;
}

interface Waiter {
  project: string;
  resolve(): void;
  reject(error: unknown): void;
  signal: AbortSignal | undefined;
}

/** One queue per budget in this process; the database decides how many of all processes go out. */
const queues = new Map<string, { waiters: Waiter[]; running: boolean }>();

/**
 * Waits for a turn under a budget. Callers of one process queue, project after project, so that a busy project does
 * not keep a quiet one waiting.
 *
 * @throws BrokerError `rate_limited` when it would take longer than 10 s, `cancelled`
 */
export function vendorTurn(budget: Budget, project: string, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const queue = queues.get(budget.id) ?? { waiters: [], running: false };
    queues.set(budget.id, queue);
    queue.waiters.push({ project, resolve, reject, signal });
    if (!queue.running) {
      queue.running = true;
      void serveQueue(budget, queue.waiters).finally(() => queues.delete(budget.id));
    }
  });
}

async function serveQueue(budget: Budget, waiters: Waiter[]): Promise<void> {
  const began = new Map<Waiter, number>();
  while (waiters.length > 0) {
    for (const waiter of waiters.filter(({ signal }) => signal?.aborted)) {
      waiters.splice(waiters.indexOf(waiter), 1);
      waiter.reject(new BrokerError('cancelled', 'The call ended while it waited for the vendor’s limit'));
    }
    for (const waiter of waiters) if (!began.has(waiter)) began.set(waiter, Date.now());
    if (waiters.length === 0) return;
    try {
      const { granted, wait_ms } = await takeSlots(budget, waiters.length);
      for (const waiter of nextInTurn(waiters, granted)) waiter.resolve();
      if (waiters.length === 0 || wait_ms === 0) continue;
      for (const waiter of [...waiters]) {
        const waited = Date.now() - (began.get(waiter) ?? Date.now());
        if (waited + wait_ms <= longestWaitMs) continue;
        waiters.splice(waiters.indexOf(waiter), 1);
        const after = Math.ceil(wait_ms / 1000);
        waiter.reject(
          new BrokerError('rate_limited', `The vendor’s limit is used up; try again in ${after} s`, {
            retry_after_s: after,
          }),
        );
      }
      if (waiters.length > 0) await sleep(Math.min(wait_ms, 1000));
    } catch (error) {
      for (const waiter of waiters.splice(0)) waiter.reject(error);
    }
  }
}

/** Takes the first waiter of each project in turn, `count` in all, out of the list. */
function nextInTurn(waiters: Waiter[], count: number): Waiter[] {
  const chosen: Waiter[] = [];
  while (chosen.length < count && waiters.length > 0) {
    const seen = new Set<string>();
    for (const waiter of [...waiters]) {
      if (seen.has(waiter.project) || chosen.length === count) continue;
      seen.add(waiter.project);
      waiters.splice(waiters.indexOf(waiter), 1);
      chosen.push(waiter);
    }
  }
  return chosen;
}

/** Takes up to `wanted` slots from the shared budget: read, compute, write over the version that was read. */
async function takeSlots(budget: Budget, wanted: number): Promise<{ granted: number; wait_ms: number }> {
  for (;;) {
    const now = await databaseTime();
    const stored = await VendorBudget.findOne({ _id: budget.id }).lean();
    const blocked = (stored?.blocked_until?.getTime() ?? 0) - now;
    if (blocked > 0) return { granted: 0, wait_ms: blocked };
    if (!budget.window) return { granted: wanted, wait_ms: 0 };
    const out = letOut(stored?.slices ?? [], budget.window, now, wanted);
    if (out.granted === 0) return out;
    const fields = { slices: out.slices, expires_at: new Date(now + budget.window.window_ms * 2 + 60_000) };
    if (stored) {
      const { matchedCount } = await VendorBudget.updateOne(
        { _id: budget.id, version: stored.version },
        { $set: fields, $inc: { version: 1 } },
      );
      if (matchedCount === 1) return out;
    } else {
      const { upsertedCount } = await VendorBudget.updateOne(
        { _id: budget.id },
        { $setOnInsert: { ...fields, workspace_id: budget.workspace_id, owner: budget.owner ?? null, version: 1 } },
        { upsert: true },
      );
      if (upsertedCount === 1) return out;
    }
  }
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
