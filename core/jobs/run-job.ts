import { backoff } from '../../sdk/flow/retry.ts';
import { afterCommit, transaction } from '../database/transaction.ts';
import { log } from '../log.ts';
import { databaseTime } from './clock.ts';
import { Again, type JobContext, type JobKind } from './define-job.ts';
import { stale } from './metrics.ts';
import { Job, type JobError, type JobRow } from './model.ts';
import { doneMove, touchMove } from './moves.ts';
import { advanceOrders, type Ending, holdOf } from './settle.ts';
import { StaleLease } from './stale-lease.ts';
import { wake } from './wake.ts';
import type { Record } from './write-records.ts';

/**
 * Runs a job by its kind's handler.
 *
 * @param lease_ms how long a commit prolongs the lease by
 * @param records takes the writes that go with how it ends
 * @returns how it ended, to be settled; null when there is nothing left to write (committed as finished, or lost)
 */
export async function runJob(
  kind: JobKind,
  job: JobRow,
  abort: AbortController,
  lease_ms: number,
  records: Record[] = [],
): Promise<Ending | null> {
  if (job.losses > kind.max_losses) {
    return die(kind, job, errorOf('WorkerLost', `Its worker died or stalled ${job.losses} times`));
  }
  const { signal } = abort;
  const late = setTimeout(() => abort.abort(new JobTimeout(kind.timeout_ms)), kind.timeout_ms);
  let finished = false;
  const context: JobContext = {
    signal,
    fence: job.fence,
    attempt: job.attempts + job.losses + 1,
    now: databaseTime,
    commit: async (fn, options = {}) => {
      const result = await commitUnder(kind, job, fn, options.finish ?? false, lease_ms);
      finished ||= options.finish ?? false;
      return result;
    },
    record: (model, write) => {
      records.push({ model, write });
    },
  };
  const handling = Promise.resolve().then(() => kind.handle(job, context));
  try {
    const outcome = await Promise.race([handling, rejectedBy(signal)]);
    if (finished) return null;
    return outcome instanceof Again ? await deferred(outcome) : { result: 'done' };
  } catch (error) {
    records.length = 0;
    if (finished) {
      log.error({ err: error, job: job._id, kind: job.kind }, 'A job failed after its effect was committed');
      return null;
    }
    if (error instanceof StaleLease || signal.reason instanceof StaleLease) {
      stale.inc();
      // Whoever has it now may be this very process again: not before its first handler has returned.
      await Promise.race([
        handling.catch(() => undefined),
        new Promise((resolve) => setTimeout(resolve, 60_000).unref()),
      ]);
      return null;
    }
    if (signal.aborted && !(signal.reason instanceof JobTimeout)) return { result: 'given_back' };
    const reason = errorOf(
      error instanceof Error ? error.name : 'Error',
      error instanceof Error ? error.message : String(error),
    );
    log.warn({ err: error, job: job._id, kind: job.kind, attempt: context.attempt }, 'A job failed');
    if (job.attempts + 1 >= kind.max_attempts) return die(kind, job, reason);
    return {
      result: 'failed',
      error: reason,
      again_at: new Date((await databaseTime()) + backoff(job.attempts + 1, kind.backoff)),
    };
  } finally {
    clearTimeout(late);
  }
}

async function deferred({ when, data }: Again): Promise<Ending> {
  const until = when instanceof Date ? when : new Date((await databaseTime()) + when.in_ms);
  return { result: 'deferred', until, data };
}

class JobTimeout extends Error {
  override readonly name = 'JobTimeout';
  constructor(timeout_ms: number) {
    super(`It took longer than ${timeout_ms / 1000} s`);
  }
}

/** Tells the kind that its job is over before that is written, so that a crash between the two tells it again, not never. */
async function die(kind: JobKind, job: JobRow, error: JobError): Promise<Ending> {
  try {
    await kind.died?.(job as never, { type: error.type, message: error.message });
    return { result: 'dead', error };
  } catch (failure) {
    log.error({ err: failure, job: job._id, kind: job.kind }, 'A dead job could not be told to its kind; tried again');
    return { result: 'deferred', until: new Date((await databaseTime()) + 60_000) };
  }
}

async function commitUnder<T>(
  kind: JobKind,
  job: JobRow,
  fn: () => Promise<T>,
  finish: boolean,
  lease_ms: number,
): Promise<T> {
  const now = await databaseTime();
  const hold = holdOf(job);
  const move = finish
    ? doneMove(
        { ids: [hold.id], lease: hold.lease, fence: hold.fence },
        new Date(now),
        new Date(now + kind.keep_done_s * 1000),
      )
    : touchMove(hold, new Date(now + lease_ms));
  return transaction(async () => {
    const { matchedCount } = await Job.bulkWrite([{ updateOne: move }]);
    if (matchedCount === 0) throw new StaleLease(`Job ${job._id}`);
    const result = await fn();
    if (finish) await advanceOrders([job], now);
    if (finish && job.order_key !== null) afterCommit(() => wake({ kind: job.kind, at: 0 }));
    return result;
  });
}

function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

function errorOf(type: string, message: string): JobError {
  return { type: type.slice(0, 100), message: message.slice(0, 2000), at: new Date() };
}
