import { backoff, pause } from '../../sdk/flow/retry.ts';
import { newId } from '../database/id.ts';
import { log } from '../log.ts';
import { databaseTime } from './clock.ts';
import { Lease } from './model.ts';
import { checkLeaseMove, freeLeaseMove, type LeaseHold, renewLeaseMove, takeLeaseMove } from './moves.ts';
import { StaleLease } from './stale-lease.ts';

export interface LeaseOptions {
  /** how long it holds when this process dies; 30 s unless given. It is renewed while `fn` runs */
  lease_ms?: number;
  /** how long to wait for one that another has; 30 s unless given, 0 tries once */
  wait_ms?: number;
}

/** Another process does this now, and did not finish while we waited. */
export class LeaseTaken extends Error {
  override readonly name = 'LeaseTaken';
  constructor(key: string, wait_ms: number) {
    super(`The lease ${key} is held by another process; waited ${wait_ms} ms`);
  }
}

/**
 * Does something alone, over all nodes: token refresh, migrations, key rotation.
 *
 * @param fn gets the fence (each holder's is greater than the last one's) and a signal that is aborted when the lease
 *   is lost; an effect in the database can be made to depend on it with `checkLease`
 * @throws LeaseTaken when it was not free in time
 * @throws StaleLease when it was lost while `fn` ran and `fn` did not finish
 */
export async function withLease<T>(
  key: string,
  fn: (fence: number, signal: AbortSignal) => Promise<T>,
  options: LeaseOptions = {},
): Promise<T> {
  const { lease_ms = 30_000, wait_ms = 30_000 } = options;
  const holder = newId('lse');
  const fence = await acquire(key, holder, lease_ms, wait_ms);
  const lost = new AbortController();
  let until = (await databaseTime()) + lease_ms;
  const renewal = setInterval(async () => {
    try {
      const now = await databaseTime();
      const mine = await renewLease({ key, holder, fence }, now, lease_ms).catch((error: unknown) => {
        // Unreachable is not lost, as long as the lease cannot have run out.
        if (now < until) return null;
        throw error;
      });
      if (mine === true) until = now + lease_ms;
      else if (mine === false) lost.abort(new StaleLease(`Lease ${key}`));
    } catch (error) {
      log.warn({ err: error, lease: key }, 'A lease could not be renewed in time');
      lost.abort(new StaleLease(`Lease ${key}`));
    }
  }, lease_ms / 3);
  try {
    return await fn(fence, lost.signal);
  } finally {
    clearInterval(renewal);
    const free = freeLeaseMove({ key, holder, fence });
    await Lease.collection.updateOne(free.filter, free.update);
  }
}

/**
 * Fails a transaction when the lease is no longer at this fence; call it inside, before what must not happen twice.
 *
 * @throws StaleLease
 */
export async function checkLease(key: string, fence: number): Promise<void> {
  const { matchedCount } = await Lease.bulkWrite([{ updateOne: checkLeaseMove(key, fence) }]);
  if (matchedCount === 0) throw new StaleLease(`Lease ${key}`);
}

async function acquire(key: string, holder: string, lease_ms: number, wait_ms: number): Promise<number> {
  const deadline = performance.now() + wait_ms;
  for (let tries = 1; ; tries += 1) {
    const fence = await tryLease(key, holder, await databaseTime(), lease_ms);
    if (fence !== null) return fence;
    if (performance.now() >= deadline) throw new LeaseTaken(key, wait_ms);
    const left = Math.max(1, deadline - performance.now());
    await pause(Math.min(left, 5 + backoff(tries, { base_ms: 20, cap_ms: 640 })));
  }
}

async function tryLease(key: string, holder: string, now: number, lease_ms: number): Promise<number | null> {
  try {
    const take = takeLeaseMove(key, holder, new Date(now), new Date(now + lease_ms));
    const options = { upsert: true, returnDocument: 'after' } as const;
    const row = await Lease.collection.findOneAndUpdate(take.filter, take.update, options);
    return row ? Number(row.fence) : null;
  } catch (error) {
    // The upsert ran into the document of one that still holds: E11000 is how the database says "taken".
    if (error instanceof Error && 'code' in error && error.code === 11000) return null;
    throw error;
  }
}

async function renewLease(lease: LeaseHold, now: number, lease_ms: number): Promise<boolean> {
  const move = renewLeaseMove(lease, new Date(now + lease_ms));
  const { matchedCount } = await Lease.collection.updateOne(move.filter, move.update);
  return matchedCount === 1;
}
