import { trusted } from '../database/mongoose.ts';
import { readEvents } from '../events/announce.ts';
import { followEvents } from '../events/followers.ts';
import { chooseRelease } from '../invocations/choose-release.ts';
import { invoke } from '../invocations/invoke.ts';
import { defineJob } from '../jobs/define-job.ts';
import { enqueue, type NewJob } from '../jobs/enqueue.ts';
import { Installation } from './model.ts';

interface Heard {
  installation_id: string;
  event_id: string;
}

/** Tells plugins of the events that they listen to and were granted: one job for each event and plugin. */
export function followWithListeners(): void {
  followEvents({
    name: 'plugin listeners',
    async announced(announcements) {
      const workspaces = [...new Set(announcements.map(({ event }) => event.workspace_id))];
      const installations = await Installation.find({
        workspace_id: trusted({ $in: workspaces }),
        is_enabled: true,
        status: 'ok',
      }).lean();
      const listening = installations.filter(({ manifest }) => (manifest.listens ?? []).length > 0);
      const jobs: NewJob[] = announcements.flatMap(({ event, round }) =>
        listening
          .filter((one) => one.workspace_id === event.workspace_id && listensTo(one, event.type))
          .map((one) => ({
            id: `listen:${one._id}:${event._id}:${round}`,
            kind: 'plugin.listen',
            workspace_id: event.workspace_id,
            group: one._id,
            data: { installation_id: one._id, event_id: event._id },
          })),
      );
      await enqueue(jobs);
    },
  });
  defineJob<Heard>('plugin.listen', {
    concurrency: 10,
    group_concurrency: 4,
    max_attempts: 5,
    async handle(job, { signal }) {
      const { installation_id, event_id } = job.data;
      const installation = await Installation.findOne({ _id: installation_id, workspace_id: job.workspace_id }).lean();
      const event = (await readEvents([event_id])).get(event_id);
      if (!installation?.is_enabled || installation.status !== 'ok' || !event) return;
      await invoke({
        workspace_id: job.workspace_id,
        installation,
        handler: `on.${event.type}`,
        args: [{ id: event._id, type: event.type, data: event.data, occurred_at: event.occurred_at.toISOString() }],
        project_id: event.project_id,
        cause: { kind: 'event', id: event._id, label: event.type },
        use: 'job',
        signal,
      });
    },
  });
}

/** It declares the type, has a handler for it, and was granted to listen to it. */
function listensTo(installation: Installation, type: string): boolean {
  const { manifest, grants, handlers } = chooseRelease(installation, null);
  if (!manifest.listens?.includes(type) || !handlers.includes(`on.${type}`)) return false;
  return grants.some(
    (grant) => grant.name === 'events:listen' && (grant.types === undefined || grant.types.includes(type)),
  );
}
