import { Failure } from '../../sdk/contract/failure.ts';
import { trusted } from '../database/mongoose.ts';
import { Installation as Installations } from '../installations/model.ts';
import { Integration } from '../integrations/model.ts';
import { Again, defineJob, type JobContext } from '../jobs/define-job.ts';
import { dueStreams } from './due-streams.ts';
import { finishSync } from './finish-sync.ts';
import { type RecordDoc, Record as Records, Sync, type SyncDoc } from './model.ts';
import { isUnchanged, type Unit } from './pass.ts';
import { ProjectPlaces } from './project-places.ts';
import { runUnit } from './run-unit.ts';
import { startSync } from './start-sync.ts';
import { hasOlderRecords } from './sweep.ts';
import { Stopped, type Work } from './work.ts';

/** A step holds an isolate for at most this long; the next one goes on at the last committed cursor. */
const stepMs = 20_000;

/** Syncs that run at once in one process. */
const atOnce = 4;
const places = new ProjectPlaces(atOnce - 1);
/** How long a sync waits whose project has no place left; more and less, so that many do not come back at once. */
const placeWait_ms = 4_000;

/** Says how syncs run and when they begin by themselves; composed in `core/work.ts`. */
export function defineSyncJobs(): void {
  defineJob<{ sync_id: string }>('sync.step', {
    concurrency: atOnce,
    group_concurrency: 1,
    max_attempts: 10,
    timeout_ms: 300_000,
    handle: (job, context) => runStep(job.data.sync_id, context),
    died: async (job, error) => {
      const sync = await Sync.findOne({ _id: job.data.sync_id }).lean();
      if (sync?.running_key) await finishSync(sync, { died: error.message });
    },
  });
  defineJob<{ integration_id: string }>('sync.scheduled', {
    max_attempts: 3,
    async handle(job) {
      const integration = await Integration.findOne({
        _id: job.data.integration_id,
        workspace_id: job.workspace_id,
      }).lean();
      if (integration?.status !== 'active') return;
      const streams = await dueStreams(integration);
      if (streams?.length === 0) return;
      try {
        await startSync(integration, {
          sync_type: 'incremental',
          streams,
          force: false,
          cause: { kind: 'schedule', id: integration._id },
        });
      } catch (error) {
        // The last one still runs: the next slot comes.
        if (!(error instanceof Failure) || error.name !== 'sync_cannot_start') throw error;
      }
    },
  });
}

async function runStep(sync_id: string, context: JobContext): Promise<Again | undefined> {
  const sync = await Sync.findOne({ _id: sync_id }).lean();
  if (!sync?.running_key) return undefined;
  const integration = await Integration.findOne({ _id: sync.integration_id, workspace_id: sync.workspace_id }).lean();
  const installation = await Installations.findOne({
    _id: sync.installation_id,
    workspace_id: sync.workspace_id,
  }).lean();
  if (!integration || !installation) return undefined;
  if (sync.cancel_requested) return finishSync(sync, { cancelled: true });
  const leave = places.take(sync.project_id);
  if (!leave) return new Again({ in_ms: placeWait_ms * (0.5 + Math.random()) });
  try {
    const is_first = !(await hasOlderRecords(sync));
    return await runUnits({ sync, integration, installation, context, until: Date.now() + stepMs, is_first });
  } finally {
    leave();
  }
}

async function runUnits(work: Work): Promise<Again | undefined> {
  const { sync } = work;
  const sync_id = sync._id;
  if (sync.status === 'queued')
    await Sync.updateOne({ _id: sync_id }, { $set: { status: 'running', started_at: sync.started_at ?? new Date() } });
  try {
    for (let unit = await nextUnit(work); unit; unit = await nextUnit(work)) {
      const again = await runUnit(work, unit);
      if (again) return again;
      if (Date.now() > work.until) return new Again({ in_ms: 0 });
    }
    return finishSync((await Sync.findOne({ _id: sync_id }).lean()) as SyncDoc, {});
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    const now = await Sync.findOne({ _id: sync_id }).lean();
    if (now?.running_key && now.cancel_requested) await finishSync(now, { cancelled: true });
    return undefined;
  }
}

/** The pass to run now: of a stream with parents, the next parent by its key; `null` when all are done. */
async function nextUnit({ sync, integration, installation }: Work): Promise<Unit | null> {
  for (; sync.at_stream < sync.streams.length; sync.at_stream += 1, sync.at_parent = null) {
    const stream = sync.streams[sync.at_stream] as string;
    const declared = installation.manifest.streams?.[stream];
    if (!declared) continue;
    if (!declared.parent) {
      if (sync.at_parent === null) return { stream, declared, parent: null };
      continue;
    }
    for (let parent = await nextParent(sync, declared.parent.stream); parent; ) {
      const unit = { stream, declared, parent };
      if (!(await isUnchanged(sync, integration, unit))) return unit;
      sync.at_parent = parent.key;
      parent = await nextParent(sync, declared.parent.stream);
    }
  }
  return null;
}

async function nextParent(sync: SyncDoc, stream: string): Promise<RecordDoc | null> {
  return Records.findOne({
    integration_id: sync.integration_id,
    stream,
    deleted_at: null,
    ...(sync.at_parent === null ? {} : { key: trusted({ $gt: sync.at_parent }) }),
  })
    .sort({ key: 1 })
    .lean();
}
