import { connection } from '../database/mongoose.ts';
import { log } from '../log.ts';
import { databaseTime } from './clock.ts';
import { Again, defineJob } from './define-job.ts';
import { standingSchedule } from './standing.ts';

/** What is kept how long; everything else stays until somebody deletes it. */
export interface Kept {
  what: string;
  collection: string;
  /** the time that its age is counted from; documents without one stay */
  from: string;
  days: number;
}

/** The one place that says how long anything is kept. Some carry their own end: jobs in `until`, calls of plugins in `expires_at`. */
export const retention: readonly Kept[] = [
  { what: 'finished and dead jobs', collection: 'jobs', from: 'until', days: 0 },
  { what: 'pauses of groups', collection: 'job_pauses', from: 'until', days: 0 },
  { what: 'order keys at rest', collection: 'job_orders', from: 'moved_at', days: 7 },
  { what: 'events', collection: 'events', from: 'created_at', days: 30 },
  { what: 'deliveries', collection: 'deliveries', from: 'created_at', days: 30 },
  { what: 'invocations', collection: 'invocations', from: 'expires_at', days: 0 },
  { what: 'recordings', collection: 'recordings', from: 'expires_at', days: 0 },
  { what: 'requests of vendors’ webhooks', collection: 'hook_requests', from: 'received_at', days: 7 },
  { what: 'sync logs', collection: 'syncs', from: 'finished_at', days: 90 },
  { what: 'tombstones of records', collection: 'records', from: 'deleted_at', days: 30 },
];

/** Documents that one step deletes, so that nothing waits long behind it. */
const step = 500;

/** Says how old documents are purged: every ten minutes, in small steps, one node at a time. */
export function defineRetention(): void {
  standingSchedule({
    id: 'retention',
    workspace_id: 'site',
    kind: 'retention.purge',
    every_s: 600,
    jitter_s: 60,
    data: null,
  });
  defineJob<null>('retention.purge', {
    concurrency: 1,
    async handle(_job, context) {
      let purged = 0;
      for (const kept of retention) {
        if (context.signal.aborted) return undefined;
        purged += await purge(kept);
      }
      return purged > 0 ? new Again(new Date(await context.now())) : undefined;
    },
  });
}

/**
 * Deletes one step of what is past its time.
 *
 * @returns how many documents
 */
export async function purge(kept: Kept, now?: number): Promise<number> {
  const collection = connection.collection(kept.collection);
  const before = new Date((now ?? (await databaseTime())) - kept.days * 86_400_000);
  const old: Record<string, unknown> = { [kept.from]: { $lt: before } };
  if (kept.collection === 'jobs') old.state = { $in: ['done', 'dead'] };
  const rows = await collection
    .find(old, { projection: { _id: 1, head: 1, next: 1 } })
    .limit(step)
    .toArray();
  // An order key with jobs that still wait is not at rest, however long ago it moved.
  const ids = rows.filter((row) => row.head === row.next).map((row) => row._id);
  if (ids.length === 0) return 0;
  const { deletedCount } = await collection.deleteMany({ _id: { $in: ids }, ...old });
  if (deletedCount > 0) log.info({ what: kept.what, count: deletedCount }, 'Purged what was past its retention');
  return deletedCount;
}
