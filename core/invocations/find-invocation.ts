import { Failure } from '../../sdk/contract/failure.ts';
import { quote } from '../../sdk/contract/quote.ts';
import { Installation } from '../installations/model.ts';
import { Job, type JobRow } from '../jobs/model.ts';
import { type LaterAction, laterJobId } from './later-action.ts';
import { Invocation } from './model.ts';
import { presentInvocationDetail } from './present.ts';

/**
 * One call with its trace; one that was taken on for later and has not run yet is shown as `queued` or `running`. A long
 * action is known by its first call, which ends as its last one does.
 *
 * @param project_id a key of one project sees that project's calls only
 * @throws Failure `not_found`
 */
export async function findInvocation(workspace_id: string, id: string, project_id: string | null) {
  const found = await Invocation.findOne({ _id: id, workspace_id }).lean();
  if (found && project_id && found.project_id !== project_id) throw notFound(id);
  if (found?.continued_by && !found.continues) return presentLong(found);
  // Nobody waited for it when its output is kept: its job judges the output before it ends.
  if (found && !(await isBeingJudged(found))) return presentInvocationDetail(found);
  const job = await Job.findOne({ _id: laterJobId(id), workspace_id }).lean();
  const data = job?.data as LaterAction | undefined;
  const isSeen = data && (!project_id || data.project_id === project_id);
  const installation = isSeen ? await Installation.findOne({ _id: data.installation_id, workspace_id }).lean() : null;
  if (!job || !installation) throw notFound(id);
  return presentLater(job, installation);
}

async function isBeingJudged({ _id, workspace_id, output_text }: Invocation): Promise<boolean> {
  if (output_text === null) return false;
  return (await Job.exists({ _id: laterJobId(_id), workspace_id, state: 'running' })) !== null;
}

/** The first call of a long action, with the end of its latest: its output, its error, or that it is not over. */
async function presentLong(first: Invocation) {
  const { workspace_id, _id } = first;
  const later = await Invocation.findOne({ continues: _id, workspace_id }).sort({ part: -1 }).lean();
  const last = later ?? first;
  const { status, error, output_head, output } = presentInvocationDetail(last);
  const shown = presentInvocationDetail(first);
  if (last.continued_by) {
    const job = await Job.findOne({ _id: laterJobId(last.continued_by), workspace_id }).lean();
    return { ...shown, ...progressOf(job) };
  }
  if (await isBeingJudged(last)) return { ...shown, status: 'running' as const };
  return { ...shown, status, error, output_head, ...(output !== undefined && { output }) };
}

/** How far the call of a job is. Without one, the plugin was uninstalled or its integration removed. */
function progressOf(job: JobRow | null) {
  if (!job) return { status: 'failed' as const, error: gone };
  if (job.state === 'dead') {
    const { type, message } = job.error ?? { type: 'error', message: 'It did not run' };
    return { status: 'failed' as const, error: { type, message } };
  }
  if (job.state === 'running') return { status: 'running' as const, error: null };
  return { status: 'queued' as const, error: null, next_at: (job.until ?? job.run_at).toISOString() };
}

const gone = { type: 'cancelled', message: 'The plugin was uninstalled, or the integration removed, before its end' };

/** An action that has not run: nothing is known of it but what was asked. */
function presentLater(job: JobRow, installation: { _id: string; name: string; version: string }) {
  const { next_at: _, ...progress } = { next_at: undefined, ...progressOf(job) };
  const data = job.data as LaterAction;
  return {
    id: data.invocation_id,
    plugin_id: installation._id,
    plugin: installation.name,
    version: installation.version,
    handler: `actions.${data.action}`,
    project_id: data.project_id,
    integration_id: data.integration_id,
    cause: { kind: data.cause.kind, id: data.cause.id, label: data.cause.label ?? null },
    ...progress,
    started_at: job.created_at.toISOString(),
    duration_ms: 0,
    host_calls: [],
    logs: [],
  };
}

function notFound(id: string): Failure {
  return new Failure('not_found', { message: `There is no invocation ${quote(id)}` });
}
