import { Failure } from '../../sdk/contract/failure.ts';
import { Sync, type SyncDoc } from './model.ts';

/**
 * Asks a sync to stop: it ends before the next page is stored. One that waits is ended at once.
 *
 * @throws Failure `conflict` when it is over already
 */
export async function cancelSync(sync: SyncDoc): Promise<SyncDoc> {
  const { _id } = sync;
  const waiting = await Sync.findOneAndUpdate(
    { _id, status: 'queued' },
    { $set: { status: 'cancelled', running_key: null, cancel_requested: true, finished_at: new Date() } },
    { returnDocument: 'after' },
  ).lean();
  if (waiting) return waiting;
  const running = await Sync.findOneAndUpdate(
    { _id, status: 'running' },
    { $set: { cancel_requested: true } },
    { returnDocument: 'after' },
  ).lean();
  if (running) return running;
  throw new Failure('conflict', { message: 'This sync is over already' });
}
