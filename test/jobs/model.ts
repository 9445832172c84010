import {
  claimMove,
  deferMove,
  doneMove,
  dueMove,
  failMove,
  freeLeaseMove,
  giveBackMove,
  type Hold,
  type Move,
  reapMove,
  renewLeaseMove,
  renewMove,
  takeLeaseMove,
} from '../../core/jobs/moves.ts';

/**
 * The queue against a model of the database: the very moves that the workers send, one at a time, by four workers that
 * crash and stall at any moment, on a clock that the model turns. What really happened is written down beside it, by
 * whoever claimed last, and every write is judged by that.
 */
export interface Verdict {
  /** jobs that neither finished nor can be claimed any more */
  lost: number;
  /** writes that a worker made to a job or lease that was no longer its own, and that changed something */
  stale_accepted: number;
  /** jobs whose effect was committed more than once */
  twice: number;
  /** stale writes that were rightly thrown away: proof that the round was rough */
  stale_rejected: number;
}

const jobs = 6;
const workers = 4;
const lease_ms = 100;

type Doc = Record<string, unknown> & { _id: string };

export function playRound(seed: number, options: { fenced: boolean }): Verdict {
  const random = numbers(seed);
  const verdict: Verdict = { lost: 0, stale_accepted: 0, twice: 0, stale_rejected: 0 };
  const store: Doc[] = Array.from({ length: jobs }, (_, i) => newJob(`job${i}`));
  store.push({ _id: 'lease', holder: null, until: new Date(0), fence: 0 });
  const owner = new Map<string, string>();
  const effects = new Map<string, number>();
  let now = 1000;
  let calm = false;
  let tokens = 0;

  /** Makes a move; `by` is the claim that makes it, judged against whoever really holds each document. */
  function move(sent: Move, by: string | null, upholds = true): Doc[] {
    const filter = options.fenced || by === null ? sent.filter : withoutFence(sent.filter);
    const hit = store.filter((doc) => matches(doc, filter));
    for (const doc of hit) {
      if (by !== null && owner.get(doc._id) !== by) verdict.stale_accepted += 1;
      apply(doc, sent.update);
      if (!upholds) owner.delete(doc._id);
    }
    if (by !== null && hit.length === 0) verdict.stale_rejected += 1;
    return hit;
  }

  function* work(): Generator<void> {
    for (;;) {
      for (const doc of move(reapMove(new Date(now)), null)) owner.delete(doc._id);
      yield;
      move(dueMove(new Date(now)), null);
      yield;
      const ids = store.filter((doc) => doc.state === 'ready').map((doc) => doc._id);
      yield;
      const lease = `t${++tokens}`;
      const claim = claimMove(ids.slice(0, 1 + random(3)), lease, new Date(now + lease_ms));
      for (const doc of move(claim, null)) owner.set(doc._id, lease);
      yield;
      const won = store
        .filter((doc) => doc.lease === lease)
        .map((doc) => ({ id: doc._id, lease, fence: Number(doc.fence) }));
      for (const hold of won) {
        for (let beat = random(3); beat > 0; beat -= 1) {
          yield;
          renew(
            won.map((one) => one.id),
            lease,
          );
        }
        yield;
        end(hold);
      }
      yield;
      yield* leaseForAWhile();
    }
  }

  function renew(ids: string[], lease: string): void {
    const sent = renewMove(ids, [lease], new Date(now + lease_ms));
    const filter = options.fenced ? sent.filter : withoutFence(sent.filter);
    for (const doc of store.filter((one) => matches(one, filter))) {
      if (owner.get(doc._id) !== lease) verdict.stale_accepted += 1;
      apply(doc, sent.update);
    }
  }

  function end(hold: Hold): void {
    const later = new Date(now + random(3) * lease_ms);
    const error = { type: 'Error', message: '', at: new Date(now) };
    switch (calm ? 0 : random(5)) {
      case 1:
        return void move(failMove(hold, error, later), hold.lease, false);
      case 2:
        return void move(deferMove(hold, later), hold.lease, false);
      case 3:
        return void move(giveBackMove(hold), hold.lease, false);
      default: {
        // The effect is in the same transaction as the end of the job.
        const sent = doneMove(
          { ids: [hold.id], lease: hold.lease, fence: hold.fence },
          new Date(now),
          new Date(now + 1e9),
        );
        if (move(sent, hold.lease, false).length > 0) effects.set(hold.id, (effects.get(hold.id) ?? 0) + 1);
      }
    }
  }

  function* leaseForAWhile(): Generator<void> {
    const holder = `h${++tokens}`;
    const [taken] = move(takeLeaseMove('lease', holder, new Date(now), new Date(now + lease_ms)), null);
    if (!taken) return;
    owner.set('lease', holder);
    const hold = { key: 'lease', holder, fence: Number(taken.fence) };
    for (let beat = random(3); beat > 0; beat -= 1) {
      yield;
      if (move(renewLeaseMove(hold, new Date(now + lease_ms)), holder).length === 0) return;
    }
    yield;
    move(freeLeaseMove(hold), holder, false);
  }

  const crew = Array.from({ length: workers }, () => ({ run: work(), asleep_until: 0 }));
  for (let step = 0; step < 400; step += 1) {
    now += random(12);
    const worker = crew[random(workers)] as (typeof crew)[number];
    const fate = random(40);
    if (fate === 0) worker.run = work();
    else if (fate === 1) worker.asleep_until = now + 2 * lease_ms;
    else if (worker.asleep_until <= now) worker.run.next();
  }
  // Then nobody fails any more: whatever is still open must be claimable and end.
  calm = true;
  crew[0] = { run: work(), asleep_until: 0 };
  for (let step = 0; step < 2000 && open(store) > 0; step += 1) {
    now += 20;
    crew[0].run.next();
  }
  verdict.lost = open(store);
  for (const count of effects.values()) if (count > 1) verdict.twice += 1;
  for (const doc of store) if (doc.state === 'done' && !effects.has(doc._id)) verdict.lost += 1;
  return verdict;
}

function newJob(_id: string): Doc {
  return { _id, state: 'ready', until: null, lease: null, fence: 0, attempts: 0, losses: 0, error: null };
}

function open(store: Doc[]): number {
  return store.filter((doc) => doc._id !== 'lease' && doc.state !== 'done').length;
}

/** What a naive queue sends: only whose document it is. */
function withoutFence(filter: Record<string, unknown>): Record<string, unknown> {
  return { _id: filter._id };
}

/** The few operators that the moves use. */
function matches(doc: Doc, filter: Record<string, unknown>): boolean {
  for (const field of Object.keys(filter)) {
    if (!fits(doc[field], filter[field])) return false;
  }
  return true;
}

function fits(value: unknown, wanted: unknown): boolean {
  if (wanted === null || typeof wanted !== 'object') return value === wanted;
  if ('$in' in wanted) return (wanted.$in as unknown[]).includes(value);
  if ('$lte' in wanted) return value instanceof Date && value <= (wanted.$lte as Date);
  throw new Error(`The model does not know ${JSON.stringify(wanted)}`);
}

function apply(doc: Doc, update: Move['update']): void {
  for (const operator of Object.keys(update)) {
    if (operator !== '$set' && operator !== '$inc') throw new Error(`The model does not know ${operator}`);
  }
  Object.assign(doc, update.$set);
  for (const [field, by] of Object.entries(update.$inc ?? {})) doc[field] = Number(doc[field]) + Number(by);
}

/** mulberry32: whole numbers below a bound, the same for the same seed. */
function numbers(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}
