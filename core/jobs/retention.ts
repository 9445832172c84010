import { connection } from '../database/mongoose.ts';
import { log } from '../log.ts';
import { databaseTime } from './clock.ts';
import { Again, defineJob } from './define-job.ts';
import { type Kept, kept, pastBefore } from './kept.ts';
import { standingSchedule } from './standing.ts';

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
      for (const what of kept) {
        if (context.signal.aborted) return undefined;
        purged += await purge(what);
      }
      return purged > 0 ? new Again({ in_ms: 0 }) : undefined;
    },
  });
}

/**
 * Deletes one step of what is past its time.
 *
 * @returns how many documents
 */
export async function purge(what: Kept, now?: number): Promise<number> {
  const collection = connection.collection(what.collection);
  const before = pastBefore(what, now ?? (await databaseTime()));
  // `$type` lets an index over those that have the time serve it.
  const old = { [what.from]: { $lt: before, $type: 'date' }, ...what.only };
  const rows = await collection
    .find(old, { projection: { _id: 1 } })
    .limit(step)
    .toArray();
  if (rows.length === 0) return 0;
  const { deletedCount } = await collection.deleteMany({ _id: { $in: rows.map((row) => row._id) }, ...old });
  if (deletedCount > 0) log.info({ what: what.what, count: deletedCount }, 'Purged what was past its retention');
  return deletedCount;
}
