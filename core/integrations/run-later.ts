import { Failure } from '../../sdk/contract/failure.ts';
import { newId } from '../database/id.ts';
import { Installation } from '../installations/model.ts';
import { laterJobId } from '../invocations/find-invocation.ts';
import { type Cause, Invocation } from '../invocations/model.ts';
import { type ActionRequest, checkAction, runAction } from '../invocations/run-action.ts';
import { defineJob } from '../jobs/define-job.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { Integration, type IntegrationDoc } from './model.ts';

interface LaterAction {
  invocation_id: string;
  installation_id: string;
  integration_id: string;
  project_id: string;
  action: string;
  /** JSON text: names in it are a caller's, which no document may hold */
  input_text: string;
  cause: Cause;
}

/**
 * Takes an action on without the caller waiting (`Prefer: respond-async`): what can be refused is refused now, the rest
 * is found under the invocation.
 *
 * @returns the invocation to ask for
 * @throws Failure `not_found`, `validation_failed`
 */
export async function runLater(request: ActionRequest & { integration: IntegrationDoc }): Promise<string> {
  checkAction(request);
  const invocation_id = newId('inv');
  const data: LaterAction = {
    invocation_id,
    installation_id: request.installation._id,
    integration_id: request.integration._id,
    project_id: request.integration.project_id,
    action: request.action,
    input_text: JSON.stringify(request.input ?? {}),
    cause: request.cause,
  };
  await enqueue({
    id: laterJobId(invocation_id),
    kind: 'action.run',
    workspace_id: request.workspace_id,
    group: request.integration._id,
    data,
  });
  return invocation_id;
}

/** Says how actions run that nobody waits for; composed in `core/work.ts`. */
export function defineActionJobs(): void {
  defineJob<LaterAction>('action.run', {
    concurrency: 5,
    group_concurrency: 2,
    // What the vendor was asked to do must not be asked twice: a failure is the outcome.
    max_attempts: 1,
    max_losses: 3,
    keep_done_s: 30 * 86_400,
    async handle(job, { signal }) {
      const { data, workspace_id } = job;
      if (await Invocation.exists({ _id: data.invocation_id })) return;
      const integration = await Integration.findOne({ _id: data.integration_id, workspace_id }).lean();
      const installation = integration
        ? await Installation.findOne({ _id: data.installation_id, workspace_id }).lean()
        : null;
      if (!integration || !installation) throw new Failure('integration_not_found');
      if (integration.status === 'inactive')
        throw new Failure('conflict', { message: 'The integration was switched off before its action ran' });
      const request = {
        workspace_id,
        installation,
        integration,
        project_id: integration.project_id,
        action: data.action,
        input: JSON.parse(data.input_text) as unknown,
        cause: data.cause,
        invocation_id: data.invocation_id,
        signal,
      };
      if (job.losses > 0 && !checkAction(request).action.idempotent)
        throw new Failure('plugin_failed', {
          help: 'outcome-unknown',
          message: 'The host ended while the action ran; whether the vendor did it is not known',
        });
      try {
        await runAction(request);
      } catch (error) {
        if (error instanceof Failure) await markFailed(data.invocation_id, error);
        throw error;
      }
    },
  });
}

/** An output that is not as declared was written down as a success of the sandbox. */
async function markFailed(invocation_id: string, error: Failure): Promise<void> {
  await Invocation.updateOne(
    { _id: invocation_id, status: 'succeeded' },
    {
      $set: {
        status: 'failed',
        output_text: null,
        error: { type: 'bad_answer', name: null, message: error.message, stack: null },
      },
    },
  );
}
