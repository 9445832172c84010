import type { CallError } from '../../sandbox/types.ts';
import { Failure } from '../../sdk/contract/failure.ts';
import { backoff } from '../../sdk/flow/retry.ts';
import { Again } from '../jobs/define-job.ts';
import { finishSync } from './finish-sync.ts';
import { StreamState, type StreamStateDoc, Sync, type SyncDoc, type SyncError } from './model.ts';
import type { Unit } from './pass.ts';
import { problemKind } from './problem-kind.ts';
import { moveOn, Stopped, type Work } from './work.ts';

const mostTries = 4;

/** What a failure asks for: wait, start the pass over, try again, give this pass up, or end the sync. */
export async function afterFailure(
  work: Work,
  unit: Unit,
  state: StreamStateDoc,
  error: unknown,
): Promise<Again | undefined> {
  const { sync } = work;
  if (error instanceof Stopped || !(error instanceof Failure)) throw error;
  const cause = (error.cause ?? {}) as Partial<CallError>;
  const data = (cause.data ?? {}) as { after_s?: number; retry_after_s?: number };
  if (cause.name === 'CursorExpired') {
    await StreamState.updateOne(
      { _id: state._id },
      {
        $set: {
          ...{ cursor_text: null, since: null, pass: sync._id, pass_mode: 'full' },
          ...{ pass_max: null, pass_part: false, window_at: null },
        },
      },
    );
    return new Again({ in_ms: 0 });
  }
  const wait_s = data.after_s ?? data.retry_after_s ?? error.retry_after_s ?? cause.retry_after_s;
  const isRate = cause.name === 'RateLimited' || error.name === 'rate_limited' || cause.name === 'Retry';
  if (isRate) return new Again({ in_ms: Math.min(wait_s ?? 15, 3_600) * 1000 });
  const kind = problemKind(cause, error);
  const told: SyncError = {
    kind,
    stream: unit.stream,
    parent: unit.parent?.key ?? null,
    message: error.message.slice(0, 500),
    at: new Date(),
  };
  if (kind === 'auth') {
    await finishSync((await Sync.findOne({ _id: sync._id }).lean()) as SyncDoc, { problem: told });
    return undefined;
  }
  if (cause.name !== 'Gone' && sync.tries + 1 < mostTries) {
    await Sync.updateOne({ _id: sync._id }, { $inc: { tries: 1 } });
    return new Again({ in_ms: backoff(sync.tries + 1, { base_ms: 500 }) });
  }
  await moveOn(work, unit, { failed_units: 1 }, told);
  // The pass is not complete: nothing of it is swept, and the next sync goes on where it stopped.
  sync.at_parent = unit.parent?.key ?? '';
  sync.tries = 0;
  return undefined;
}
