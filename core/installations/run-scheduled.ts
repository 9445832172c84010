import { Integration } from '../integrations/model.ts';
import { invoke } from '../invocations/invoke.ts';
import type { ScheduledCall } from '../invocations/schedule-call.ts';
import { defineJob } from '../jobs/define-job.ts';
import { Installation } from './model.ts';

/** Runs the calls that plugins asked for with `ctx.schedule`; those of a plugin that is gone or off are dropped. */
export function defineScheduledCalls(): void {
  defineJob<ScheduledCall>('plugin.scheduled', {
    concurrency: 5,
    group_concurrency: 2,
    max_attempts: 5,
    async handle(job, { signal }) {
      const { installation_id, integration_id, project_id, handler, input } = job.data;
      const { workspace_id } = job;
      const installation = await Installation.findOne({ _id: installation_id, workspace_id }).lean();
      if (!installation?.is_enabled || installation.status !== 'ok') return;
      if (!installation.grants.some(({ name }) => name === 'schedule')) return;
      const integration = integration_id
        ? await Integration.findOne({ _id: integration_id, workspace_id }).lean()
        : null;
      if (integration_id && !integration) return;
      await invoke({
        workspace_id,
        installation,
        integration,
        project_id,
        handler,
        args: [input],
        cause: { kind: 'system', id: job._id, label: 'scheduled by the plugin' },
        use: 'job',
        signal,
      });
    },
  });
}
