import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { log } from '../../log.ts';
import { BrokerError } from '../broker-scope.ts';
import { type Budget, type OverHere, takeSlots } from './slots.ts';

/**
 * Longer than this is not waited for while an isolate is held (`CONTRACT.md`, section 4, rule 11: ten seconds; with the
 * time that requests travel, so that a window of ten seconds is waited for).
 */
export const longestWaitMs = 12_000;
/** What is over is told with the next turn, or after so long when nobody wants one. */
const tell_after_ms = 250;

/** A turn that was given: its request may go out, and must say when it is over. */
export interface Turn {
  /** The request has been answered, or has failed: it cannot reach the vendor any more. */
  over(): void;
  /** The request was never sent. */
  unused(): void;
}

interface Waiter {
  project: string;
  flight_ms: number;
  began: number;
  resolve(turn: Turn): void;
  reject(error: unknown): void;
  signal: AbortSignal | undefined;
}

interface Queue {
  budget: Budget;
  waiters: Waiter[];
  over: OverHere[];
  /** turns given and not over */
  out: number;
  /** project → the number of its last turn, so that who had none for longest comes first */
  served: Map<string, number>;
  serving: boolean;
  timer: NodeJS.Timeout | undefined;
  /** wakes the one who waits for a slot */
  wake: AbortController;
}

/** One queue per budget in this process; the database decides how many of all processes go out. */
const queues = new Map<string, Queue>();
/** Turns given so far, of all queues. */
let turns = 0;

/**
 * Waits for a turn under a budget. Callers of one process queue, project after project, so that a busy project does
 * not keep a quiet one waiting.
 *
 * @param about.flight_ms how long the request may be on its way at most
 * @throws BrokerError `rate_limited` when it would take too long, `cancelled`
 */
export function vendorTurn(
  budget: Budget,
  about: { project: string; flight_ms: number; signal?: AbortSignal | undefined },
): Promise<Turn> {
  return new Promise((resolve, reject) => {
    const queue = queueOf(budget);
    queue.waiters.push({ ...about, signal: about.signal, began: performance.now(), resolve, reject });
    if (queue.serving) return;
    queue.serving = true;
    void serveQueue(queue).finally(() => {
      queue.serving = false;
      tellLater(queue);
    });
  });
}

/** Tells the database all that is over; for a host that stops, whose slots would else be missing for minutes. */
export async function settleTurns(): Promise<void> {
  await Promise.all([...queues.values()].map(tell));
}

function queueOf(budget: Budget): Queue {
  const found = queues.get(budget.id);
  if (found) return found;
  const made: Queue = {
    budget,
    waiters: [],
    over: [],
    out: 0,
    served: new Map(),
    serving: false,
    timer: undefined,
    wake: new AbortController(),
  };
  queues.set(budget.id, made);
  return made;
}

async function serveQueue(queue: Queue): Promise<void> {
  const { budget, waiters } = queue;
  while (waiters.length > 0) {
    for (const waiter of waiters.filter(({ signal }) => signal?.aborted)) {
      waiters.splice(waiters.indexOf(waiter), 1);
      waiter.reject(new BrokerError('cancelled', 'The call ended while it waited for the vendor’s limit'));
    }
    if (waiters.length === 0) return;
    const over = queue.over.splice(0);
    const cost = budget.cost ?? 1;
    try {
      queue.wake = new AbortController();
      const order = inTurn(queue);
      const { granted, wait_ms } = await takeSlots(
        budget,
        order.map(({ flight_ms }) => ({ flight_ms, cost })),
        over,
      );
      for (const [index, slice] of granted.entries()) {
        const waiter = order[index] as Waiter;
        waiters.splice(waiters.indexOf(waiter), 1);
        turns += 1;
        queue.served.set(waiter.project, turns);
        waiter.resolve(turnOf(queue, slice, cost));
      }
      if (waiters.length === 0 || wait_ms === 0) continue;
      refuseThoseWhoWaitTooLong(waiters, wait_ms);
      if (waiters.length > 0)
        await sleep(Math.min(wait_ms, 1000), null, { signal: queue.wake.signal }).catch(() => null);
    } catch (error) {
      queue.over.push(...over);
      for (const waiter of waiters.splice(0)) waiter.reject(error);
    }
  }
}

function refuseThoseWhoWaitTooLong(waiters: Waiter[], wait_ms: number): void {
  for (const waiter of [...waiters]) {
    if (performance.now() - waiter.began + wait_ms <= longestWaitMs) continue;
    waiters.splice(waiters.indexOf(waiter), 1);
    const after = Math.ceil(wait_ms / 1000);
    waiter.reject(
      new BrokerError('rate_limited', `The vendor’s limit is used up; try again in ${after} s`, {
        retry_after_s: after,
      }),
    );
  }
}

/** The waiters in the order of their turns: one of each project, who waited longest for one first, and so on. */
function inTurn({ waiters, served }: Queue): Waiter[] {
  const rounds: Waiter[][] = [];
  const seen = new Map<string, number>();
  for (const waiter of waiters) {
    const round = seen.get(waiter.project) ?? 0;
    seen.set(waiter.project, round + 1);
    rounds[round] ??= [];
    rounds[round].push(waiter);
  }
  const last = ({ project }: Waiter) => served.get(project) ?? 0;
  return rounds.flatMap((round) => round.sort((a, b) => last(a) - last(b)));
}

function turnOf(queue: Queue, slice: number | null, cost: number): Turn {
  if (slice === null) return { over() {}, unused() {} };
  let isOver = false;
  queue.out += 1;
  const end = (at: number | null) => {
    if (isOver) return;
    isOver = true;
    queue.out -= 1;
    queue.over.push({ slice, cost, at });
    // Others only wait for time to pass; these two give a slot back at once.
    if (at === null || queue.budget.window?.window_ms === 0) queue.wake.abort();
    tellLater(queue);
  };
  return { over: () => end(performance.now()), unused: () => end(null) };
}

function tellLater(queue: Queue): void {
  if (queue.serving || queue.timer) return;
  if (queue.over.length === 0) {
    if (queue.out === 0 && queues.get(queue.budget.id) === queue) queues.delete(queue.budget.id);
    return;
  }
  queue.timer = setTimeout(() => {
    queue.timer = undefined;
    if (!queue.serving) void tell(queue).then(() => tellLater(queue));
  }, tell_after_ms).unref();
}

async function tell(queue: Queue): Promise<void> {
  if (queue.over.length === 0) return;
  try {
    await takeSlots(queue.budget, [], queue.over.splice(0));
  } catch (error) {
    // The slots come back by themselves when the time is up that a request may be on its way.
    log.warn({ error }, 'a vendor’s limit could not be told what is over');
  }
}
