import type { JobError } from './model.ts';

/**
 * Every step that a job can take, as the filter and the update that make it: what the workers send to the database,
 * and what the model test replays step by step. A step of a held job matches id, lease and fence, so that the write
 * of a worker whose lease ran out changes nothing.
 */
export interface Move {
  filter: Record<string, unknown>;
  update: Record<string, Record<string, unknown>>;
}

/** A claim on one job: what every later write of its holder has to match. */
export interface Hold {
  id: string;
  lease: string;
  fence: number;
}

/** Ready jobs become this claim's; whoever comes second matches nothing. */
export function claimMove(ids: string[], lease: string, until: Date): Move {
  return {
    filter: { _id: { $in: ids }, state: 'ready' },
    update: { $set: { state: 'running', lease, until }, $inc: { fence: 1 } },
  };
}

/** The leases of running jobs are prolonged, as far as they are still this worker's. */
export function renewMove(ids: string[], leases: string[], until: Date): Move {
  return { filter: { _id: { $in: ids }, lease: { $in: leases }, state: 'running' }, update: { $set: { until } } };
}

/** Waiting jobs whose time has come become ready. */
export function dueMove(now: Date, ids?: string[]): Move {
  return {
    filter: { ...(ids && { _id: { $in: ids } }), state: 'waiting', until: { $lte: now } },
    update: { $set: { state: 'ready', until: null } },
  };
}

/** Jobs whose lease ran out become ready again; the loss is counted, so that one that kills its worker ends. */
export function reapMove(now: Date, ids?: string[]): Move {
  return {
    filter: { ...(ids && { _id: { $in: ids } }), state: 'running', until: { $lte: now } },
    update: { $set: { state: 'ready', until: null, lease: null }, $inc: { losses: 1 } },
  };
}

/** Held jobs of one claim are finished well. `fence` may be left out: a lease is one claim's alone. */
export function doneMove(hold: { ids: string[]; lease: string; fence?: number }, now: Date, keep_until: Date): Move {
  return {
    filter: {
      _id: { $in: hold.ids },
      lease: hold.lease,
      ...(hold.fence !== undefined && { fence: hold.fence }),
      state: 'running',
    },
    update: { $set: { state: 'done', until: keep_until, lease: null, finished_at: now } },
  };
}

/** A held job failed and waits for its next attempt. */
export function failMove(hold: Hold, error: JobError, again_at: Date): Move {
  return {
    filter: held(hold),
    update: { $set: { state: 'waiting', until: again_at, lease: null, error }, $inc: { attempts: 1 } },
  };
}

/** A held job failed for the last time. */
export function dieMove(hold: Hold, error: JobError, now: Date, keep_until: Date): Move {
  return {
    filter: held(hold),
    update: {
      $set: { state: 'dead', until: keep_until, lease: null, error, finished_at: now },
      $inc: { attempts: 1 },
    },
  };
}

/** A held job waits, without an attempt being counted. */
export function deferMove(hold: Hold, until: Date, data?: unknown): Move {
  return {
    filter: held(hold),
    update: { $set: { state: 'waiting', until, lease: null, ...(data !== undefined && { data }) } },
  };
}

/** A held job goes back unstarted, or interrupted by a stop: anyone may claim it at once. */
export function giveBackMove(hold: Hold): Move {
  return { filter: held(hold), update: { $set: { state: 'ready', until: null, lease: null } } };
}

/** The next job of an order key may run. */
export function unblockMove(order_key: string, order_seq: number): Move {
  return { filter: { order_key, order_seq, state: 'blocked' }, update: { $set: { state: 'ready' } } };
}

/** A transaction's own check of a hold: a write, so that a reaper at the same moment collides with it. */
export function touchMove(hold: Hold, until: Date): Move {
  return { filter: held(hold), update: { $set: { until } } };
}

function held(hold: Hold): Record<string, unknown> {
  return { _id: hold.id, lease: hold.lease, fence: hold.fence, state: 'running' };
}

/** The right to do something alone, and the holder's place in the row of holders. */
export interface LeaseHold {
  key: string;
  holder: string;
  fence: number;
}

/** A lease that is free or ran out is taken; made when it was never there. */
export function takeLeaseMove(key: string, holder: string, now: Date, until: Date): Move {
  return {
    filter: { _id: key, until: { $lte: now } },
    update: { $set: { holder, until }, $inc: { fence: 1 } },
  };
}

/** A lease is prolonged by its holder. */
export function renewLeaseMove(hold: LeaseHold, until: Date): Move {
  return { filter: leased(hold), update: { $set: { until } } };
}

/** A lease is given back. */
export function freeLeaseMove(hold: LeaseHold): Move {
  return { filter: leased(hold), update: { $set: { holder: null, until: new Date(0) } } };
}

/** A transaction's own check of a lease: a write, so that a taker at the same moment collides with it. */
export function checkLeaseMove(key: string, fence: number): Move {
  return { filter: { _id: key, fence, holder: { $ne: null } }, update: { $inc: { uses: 1 } } };
}

function leased(hold: LeaseHold): Record<string, unknown> {
  return { _id: hold.key, holder: hold.holder, fence: hold.fence };
}
