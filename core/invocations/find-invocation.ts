import { Failure } from '../../sdk/contract/failure.ts';
import { quote } from '../../sdk/contract/quote.ts';
import { Installation } from '../installations/model.ts';
import { Job, type JobRow } from '../jobs/model.ts';
import { type Cause, Invocation } from './model.ts';
import { presentInvocationDetail } from './present.ts';

/** The id of the job that runs an action nobody waits for. */
export function laterJobId(invocation_id: string): string {
  return `action.run:${invocation_id}`;
}

/**
 * One call with its trace; one that was taken on for later and has not run yet is shown as `queued` or `running`.
 *
 * @param project_id a key of one project sees that project's calls only
 * @throws Failure `not_found`
 */
export async function findInvocation(workspace_id: string, id: string, project_id: string | null) {
  const found = await Invocation.findOne({ _id: id, workspace_id }).lean();
  // Nobody waited for it when its output is kept: its job judges the output before it ends.
  const isLater = !found || found.output_text !== null;
  const job = isLater ? await Job.findOne({ _id: laterJobId(id), workspace_id }).lean() : null;
  const isJudged = job?.state !== 'running';
  if (found && isJudged && (!project_id || found.project_id === project_id)) return presentInvocationDetail(found);
  const data = job?.data as { project_id: string; installation_id: string } | undefined;
  const isSeen = data && (!project_id || data.project_id === project_id);
  const installation = isSeen ? await Installation.findOne({ _id: data.installation_id, workspace_id }).lean() : null;
  if (!job || !installation) throw new Failure('not_found', { message: `There is no invocation ${quote(id)}` });
  return presentLater(job, installation);
}

/** An action that has not run: nothing is known of it but what was asked. */
function presentLater(job: JobRow, installation: { _id: string; name: string; version: string }) {
  const data = job.data as {
    invocation_id: string;
    project_id: string;
    integration_id: string;
    action: string;
    cause: Cause;
  };
  return {
    id: data.invocation_id,
    plugin_id: installation._id,
    plugin: installation.name,
    version: installation.version,
    handler: `actions.${data.action}`,
    project_id: data.project_id,
    integration_id: data.integration_id,
    cause: { kind: data.cause.kind, id: data.cause.id, label: data.cause.label ?? null },
    status:
      job.state === 'dead' ? ('failed' as const) : job.state === 'running' ? ('running' as const) : ('queued' as const),
    error:
      job.state === 'dead'
        ? { type: job.error?.type ?? 'error', message: job.error?.message ?? 'It did not run' }
        : null,
    started_at: job.created_at.toISOString(),
    duration_ms: 0,
    host_calls: [],
    logs: [],
  };
}
