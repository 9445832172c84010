import type { Stream } from '../../sdk/contract/manifest/streams.ts';
import { trusted } from '../database/mongoose.ts';
import type { IntegrationDoc } from '../integrations/model.ts';
import type { JobContext } from '../jobs/define-job.ts';
import { Record as Records, Sync, type SyncDoc } from './model.ts';
import { keysBelow } from './record-key.ts';
import { removeRecords } from './remove-records.ts';
import { tell } from './store-batch.ts';

const chunk = 500;

const changedBefore = (sync: SyncDoc) => ({ changed_at: trusted({ $lt: sync.started_at ?? sync.created_at }) });

/** Whether the integration has records that were stored before this sync began. */
export async function hasOlderRecords(sync: SyncDoc): Promise<boolean> {
  return (await Records.exists({ integration_id: sync.integration_id, ...changedBefore(sync) })) !== null;
}

/**
 * Deletes what a completed full pass did not see, within its stream and parent. Where the vendor pages by offset
 * (`missing_twice`) only what two passes in a row did not see. Would over half of more than 100 records go, nothing
 * does, unless the sync was forced: that looks like a vendor's fault, not like a clean-up.
 */
export async function sweep(
  work: { sync: SyncDoc; integration: IntegrationDoc; context: JobContext },
  unit: { stream: string; declared: Stream; parent: string | null },
): Promise<void> {
  const { sync, integration, context } = work;
  const { deletes } = unit.declared;
  if (deletes !== 'missing' && deletes !== 'missing_twice') return;
  const live = {
    integration_id: integration._id,
    stream: unit.stream,
    parent: unit.parent,
    ...(unit.parent === null ? {} : { key: trusted(keysBelow(unit.parent)) }),
    deleted_at: null,
  };
  // What a webhook brought while the pass ran was not there when its page was read.
  const before = changedBefore(sync);
  // The first sync of all finds nothing older, without looking through what it has just stored.
  if (!(await hasOlderRecords(sync))) return;
  const unseen = { ...live, ...before, seen_in: trusted({ $ne: sync._id }) };
  const missing = await Records.countDocuments(unseen);
  if (missing === 0) return;
  const all = missing > 100 && !sync.force ? await Records.countDocuments(live) : Number.POSITIVE_INFINITY;
  if (missing > all / 2) {
    const problem = {
      kind: 'sweep',
      stream: unit.stream,
      parent: unit.parent,
      message: `${missing} of ${all} records were not there any more; nothing was deleted. Start a full sync with force to delete them`,
      at: new Date(),
    };
    await Sync.updateOne({ _id: sync._id }, { $push: { problems: { $each: [problem], $slice: -100 } } });
    return;
  }
  if (deletes === 'missing_twice')
    await context.commit(async () => {
      await Records.updateMany({ ...unseen, missed: 0 }, { $set: { missed: 1, seen_in: sync._id } });
    });
  for (;;) {
    const page = await Records.find(unseen, { key: 1 }).limit(chunk).lean();
    if (page.length === 0) return;
    await context.commit(async () => {
      const removed = await removeRecords(integration, unit.stream, { keys: page.map(({ key }) => key) });
      if (sync.sync_type === 'delta')
        await tell(
          integration,
          removed.map((row) => ({ type: 'record.deleted', row })),
        );
      await Sync.updateOne({ _id: sync._id }, { $inc: { 'counts.deleted': removed.length } });
    });
  }
}
