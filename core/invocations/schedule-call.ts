import { quote } from '../../sdk/contract/quote.ts';
import { trusted } from '../database/mongoose.ts';
import { unstorable } from '../database/unstorable.ts';
import { databaseTime } from '../jobs/clock.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { Job, type JobState } from '../jobs/model.ts';
import { PerformError } from './perform-error.ts';
import type { CallScope } from './scope.ts';

const mostAheadMs = 90 * 86_400_000;
const mostInput = 65_536;
/** A call that schedules itself twice would fill the queue: so many of one plugin may wait. */
const mostWaiting = 1_000;

/** A call that a plugin asked for, as its job holds it. */
export interface ScheduledCall {
  installation_id: string;
  integration_id: string | null;
  project_id: string | null;
  handler: string;
  input: unknown;
}

/**
 * What `ctx.schedule` does: one of the plugin's own actions, later, with the settings and grants of then.
 *
 * @returns the job's id
 * @throws PerformError `bad_request`
 */
export async function scheduleCall(scope: CallScope, request: unknown): Promise<{ job_id: string }> {
  const { handler, input, at, after_s } = request as Record<string, unknown>;
  const { installation, integration, project_id, workspace_id } = scope;
  if (typeof handler !== 'string' || !/^actions\./.test(handler) || !installation.handlers.includes(handler)) {
    throw new PerformError(
      'bad_request',
      `handler must be one of this plugin's actions, such as "actions.x", not ${quote(handler)}`,
    );
  }
  if (Buffer.byteLength(JSON.stringify(input ?? null)) > mostInput) {
    throw new PerformError('too_large', `input has at most ${mostInput} bytes as JSON`);
  }
  const problem = unstorable(input);
  if (problem) throw new PerformError('bad_request', `input ${problem}`);
  const waiting = { kind: 'plugin.scheduled', workspace_id, group: installation._id };
  const states = { state: trusted({ $in: ['ready', 'waiting'] satisfies JobState[] }) };
  if ((await Job.countDocuments({ ...states, ...waiting }).limit(mostWaiting)) >= mostWaiting) {
    throw new PerformError('too_many', `${mostWaiting} calls of this plugin wait already`);
  }
  const data: ScheduledCall = {
    installation_id: installation._id,
    integration_id: integration?._id ?? null,
    project_id,
    handler,
    input: input ?? {},
  };
  const when = await timeOf(at, after_s);
  const [job_id] = await enqueue({ kind: 'plugin.scheduled', workspace_id, group: installation._id, ...when, data });
  return { job_id: job_id ?? '' };
}

/** When it is to run, by the database's clock: this host's own may be wrong. */
async function timeOf(at: unknown, after_s: unknown): Promise<{ delay_ms: number } | { run_at: Date }> {
  if (typeof after_s === 'number' && after_s >= 0 && after_s * 1000 <= mostAheadMs) return { delay_ms: after_s * 1000 };
  const ahead = typeof at === 'string' && after_s === undefined ? Date.parse(at) - (await databaseTime()) : Number.NaN;
  if (ahead >= -1000 && ahead <= mostAheadMs) return { run_at: new Date(at as string) };
  throw new PerformError('bad_request', 'Give after_s (seconds), or at (a time to come), within 90 days');
}
