import { pause } from '../../sdk/flow/retry.ts';
import { log } from '../log.ts';
import { type ClaimMemory, claim } from './claim.ts';
import { databaseTime } from './clock.ts';
import { definedJobs, type JobKind } from './define-job.ts';
import { GroupLimits } from './group-limits.ts';
import { Hand } from './hand.ts';
import { duration, lag, running } from './metrics.ts';
import type { JobRow } from './model.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { promote } from './promote.ts';
import { runJob } from './run-job.ts';
import { runSchedules } from './schedule.ts';
import { Settler } from './settler.ts';
import { writeStandingSchedules } from './standing.ts';
import { onWake } from './wake.ts';
import type { Record } from './write-records.ts';

export interface WorkersOptions {
  /** how many jobs run at once in this process over all kinds; 500 unless given (each kind has its own limit too) */
  concurrency?: number;
  /** how long a claim holds without renewal; 30 s unless given. A dead worker's jobs wait that long */
  lease_ms?: number;
  /** how often to look for what other nodes wrote and for what has become due, at the latest; 250 ms unless given */
  poll_ms?: number;
}

export interface Workers {
  /** Claims no more, waits up to `grace_ms` for what runs, then aborts it and gives it back. */
  stop(grace_ms?: number): Promise<void>;
  /** jobs that run in this process now */
  count(): number;
}

interface Lane {
  kind: JobKind;
  memory: ClaimMemory;
  running: number;
  claiming: boolean;
  /** ask again when a place is free, or after the claim under way */
  wanted: boolean;
}

/** Runs jobs of every defined kind until stopped. One per process. */
export function startWorkers(options: WorkersOptions = {}): Workers {
  const { concurrency = 500, lease_ms = 30_000, poll_ms = 250 } = options;
  const lanes = new Map(definedJobs().map((kind) => [kind.kind, newLane(kind)]));
  const hand = new Hand(lease_ms);
  const settler = new Settler((job) => hand.drop(job));
  let stopping = false;
  let failing = false;
  let soon: { at: number; timer: NodeJS.Timeout } | undefined;

  const want = (lane: Lane): void => {
    lane.wanted = true;
    setImmediate(() => void pump(lane));
  };

  async function pump(lane: Lane): Promise<void> {
    const room = Math.min(lane.kind.concurrency - lane.running, concurrency - hand.size);
    if (stopping || !lane.wanted || lane.claiming || room <= 0) return;
    lane.claiming = true;
    lane.wanted = false;
    try {
      const claimed = await claim(lane.kind, room, lane.memory, hand, lease_ms);
      for (const job of claimed.jobs) {
        if (!stopping) start(lane, job, claimed.until);
        else settler.add({ job, kind: lane.kind, ending: { result: 'given_back' }, records: [] });
      }
      // What was enqueued meanwhile may not have been in the window.
      const asked = lane.wanted;
      // A window without a winner is looked at again when something ends or at the next poll: no spinning.
      if (claimed.more) lane.wanted = true;
      if (asked || (claimed.more && claimed.jobs.length > 0)) setImmediate(() => void pump(lane));
      failing = false;
    } catch (error) {
      complain(error);
      lane.wanted = true;
      return;
    } finally {
      lane.claiming = false;
    }
    if (lane.wanted && lane.running === 0) schedulePump(lane);
  }

  let pumps = new Set<Lane>();
  function schedulePump(lane: Lane): void {
    if (pumps.has(lane)) return;
    pumps.add(lane);
    // A few milliseconds gather the places that become free together into one claim.
    setTimeout(() => {
      pumps.delete(lane);
      void pump(lane);
    }, 5);
  }

  function start(lane: Lane, job: JobRow, until: number): void {
    const abort = hand.take(job, until);
    lane.running += 1;
    running.inc({ kind: job.kind });
    if (job.group) lane.memory.groups.started(job.group);
    const started = performance.now();
    void databaseTime().then((now) => lag.observe({ kind: job.kind }, Math.max(0, now - job.run_at.getTime()) / 1000));
    const records: Record[] = [];
    void runJob(lane.kind, job, abort, lease_ms, records)
      .then((ending) => {
        if (ending) settler.add({ job, kind: lane.kind, ending, records });
        else hand.drop(job);
      })
      .catch((error: unknown) => {
        // Only the database's absence leads here; the lease runs out and the job is run again.
        log.error({ err: error, job: job._id }, 'How a job ended could not be told');
        hand.drop(job);
      })
      .finally(() => {
        const took = performance.now() - started;
        lane.running -= 1;
        running.dec({ kind: job.kind });
        duration.observe({ kind: job.kind }, took / 1000);
        if (job.group) lane.memory.groups.ended(job.group, took);
        if (lane.wanted) schedulePump(lane);
      });
  }

  const look = oneAtATime(async () => {
    if (stopping) return;
    const { ready, next } = await promote();
    failing = false;
    if (stopping) return;
    for (const lane of lanes.values()) if (ready === 'any' || ready.has(lane.kind.kind) || lane.wanted) want(lane);
    if (next !== null) lookAt(next);
  }, complain);

  /** Looks again at a time that is nearer than the next poll. */
  function lookAt(at: number): void {
    void databaseTime().then((now) => {
      if (stopping || at - now >= poll_ms || (soon && soon.at <= at)) return;
      clearTimeout(soon?.timer);
      const timer = setTimeout(
        () => {
          soon = undefined;
          look();
        },
        Math.max(1, at - now),
      );
      soon = { at, timer };
    }, complain);
  }

  /** Says once that the database does not serve the queue, not at every poll while that lasts. */
  function complain(error: unknown): void {
    if (!failing) log.error({ err: error }, 'The queue could not be read; every poll tries again');
    failing = true;
  }

  const deaf = onWake(({ kind, at }) => {
    const lane = lanes.get(kind);
    if (!lane || stopping) return;
    if (at === 0) want(lane);
    else lookAt(at);
  });
  // Polls of several nodes must not march in step.
  const slots = setInterval(oneAtATime(runSchedules, complain), Math.max(poll_ms, 1000));
  const poll = setInterval(look, poll_ms * (0.8 + Math.random() * 0.2));
  const renewal = setInterval(
    oneAtATime(() => hand.renew(), complain),
    lease_ms / 3,
  );
  look();
  void writeStandingSchedules().catch(complain);

  return {
    count: () => hand.size,
    async stop(grace_ms = 10_000) {
      stopping = true;
      deaf();
      clearInterval(poll);
      clearInterval(slots);
      clearTimeout(soon?.timer);
      const deadline = performance.now() + grace_ms;
      const busy = (): boolean => hand.size > 0 || [...lanes.values()].some((lane) => lane.claiming);
      while (busy() && performance.now() < deadline) await pause(10);
      hand.abortAll();
      const last = performance.now() + 1000;
      while (busy() && performance.now() < last) await pause(10);
      clearInterval(renewal);
      await settler.flushed();
      pumps = new Set();
    },
  };
}

function newLane(kind: JobKind): Lane {
  return {
    kind,
    memory: { after: '', contended: false, groups: new GroupLimits() },
    running: 0,
    claiming: false,
    wanted: true,
  };
}
