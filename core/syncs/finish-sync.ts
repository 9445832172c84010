import { transaction } from '../database/transaction.ts';
import { emitEvent } from '../events/emit-event.ts';
import { Integration } from '../integrations/model.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { Sync, type SyncDoc, type SyncError, type SyncStatus } from './model.ts';

/** How a sync ended, where it did not come to its end by itself. */
export interface Ending {
  cancelled?: boolean;
  died?: string;
  problem?: SyncError;
}

/**
 * Ends a sync: its status, what the integration shows, and the event. `partial` when some pass failed or records were
 * set aside; `failed` when every pass did, or over a fifth of the records.
 */
export async function finishSync(sync: SyncDoc, ending: Ending): Promise<undefined> {
  const status = statusOf(sync, ending);
  const problem = ending.problem ?? sync.problems.findLast((one) => one.kind !== 'data') ?? null;
  const message = ending.died ?? problem?.message ?? null;
  const at = new Date();
  await transaction(async () => {
    const { matchedCount } = await Sync.updateOne(
      { _id: sync._id, running_key: sync.running_key ?? '' },
      {
        $set: { status, running_key: null, finished_at: at },
        ...(ending.problem ? { $push: { problems: ending.problem } } : {}),
      },
    );
    if (matchedCount === 0) return;
    if (status !== 'cancelled')
      await Integration.updateOne(
        { _id: sync.integration_id, workspace_id: sync.workspace_id },
        { $set: { last_sync_at: at, sync_error_message: status === 'succeeded' ? null : message } },
      );
    const integration = await Integration.findOne({ _id: sync.integration_id }).lean();
    if (!integration || status === 'cancelled') return;
    const data = {
      sync_id: sync._id,
      integration_id: sync.integration_id,
      project_id: sync.project_id,
      sync_type: sync.sync_type,
      counts: sync.counts,
      finished_at: at.toISOString(),
    };
    await emitEvent({
      workspace_id: sync.workspace_id,
      project_id: sync.project_id,
      type: status === 'failed' ? 'sync.failed' : 'sync.completed',
      data: status === 'failed' ? { ...data, error: message ?? 'unknown' } : { ...data, status },
      id: sync._id,
      source: { kind: 'sync', id: sync._id },
    });
    // Hooks that belong to one record each (a repository's) are made for what this sync found.
    await enqueue({
      id: `hook.follow:${sync._id}`,
      kind: 'hook.follow',
      workspace_id: sync.workspace_id,
      data: { integration_id: sync.integration_id },
    });
  });
  return undefined;
}

function statusOf(sync: SyncDoc, ending: Ending): SyncStatus {
  if (ending.cancelled) return 'cancelled';
  const { read, failed } = sync.counts;
  if (ending.died !== undefined || ending.problem || (read > 0 && failed / read > 0.2)) return 'failed';
  if (sync.failed_units > 0) return sync.done_units > 0 || read > 0 ? 'partial' : 'failed';
  return failed > 0 || sync.problems.length > 0 ? 'partial' : 'succeeded';
}
