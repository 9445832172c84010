import { Failure } from '../../sdk/contract/failure.ts';
import { newId } from '../database/id.ts';
import { Installation } from '../installations/model.ts';
import { Integration, type IntegrationDoc } from '../integrations/model.ts';
import { defineJob } from '../jobs/define-job.ts';
import { enqueueLater, type LaterAction } from './later-action.ts';
import { Invocation } from './model.ts';
import { type ActionRequest, checkAction, runAction } from './run-action.ts';

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
  await enqueueLater(request.workspace_id, {
    invocation_id,
    installation_id: request.installation._id,
    integration_id: request.integration._id,
    project_id: request.integration.project_id,
    action: request.action,
    input_text: JSON.stringify(request.input ?? {}),
    cause: request.cause,
  });
  return invocation_id;
}

/** Says how actions run that nobody waits for, and how long ones go on; composed in `core/work.ts`. */
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
      const request = {
        workspace_id,
        ...(await whatIsLeft(workspace_id, data)),
        project_id: data.project_id,
        action: data.action,
        input: JSON.parse(data.input_text) as unknown,
        cause: data.cause,
        invocation_id: data.invocation_id,
        ...(data.part && { part: data.part }),
        ...(data.state_text !== undefined && { state: JSON.parse(data.state_text) as unknown }),
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

/** What the action was begun with may have been stopped or removed since. */
async function whatIsLeft(workspace_id: string, { installation_id, integration_id }: LaterAction) {
  const [installation, integration] = await Promise.all([
    Installation.findOne({ _id: installation_id, workspace_id }).lean(),
    integration_id === null ? null : Integration.findOne({ _id: integration_id, workspace_id }).lean(),
  ]);
  if (!installation) throw new Cancelled('The plugin was uninstalled before its action ran');
  if (!installation.is_enabled || installation.status !== 'ok')
    throw new Cancelled(
      [`${installation.name} was switched off before its action ran`, installation.status_reason ?? []]
        .flat()
        .join(': '),
    );
  if (integration_id !== null && !integration) throw new Cancelled('The integration was removed before its action ran');
  if (integration?.status === 'inactive') throw new Cancelled('The integration was switched off before its action ran');
  return { installation, integration };
}

/** Why an action did not run, or does not go on; its name is the error's type in the invocation. */
class Cancelled extends Error {
  override readonly name = 'cancelled';
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
