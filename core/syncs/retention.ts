import { trusted } from '../database/mongoose.ts';
import { Integration } from '../integrations/model.ts';
import { databaseTime } from '../jobs/clock.ts';
import { Again, defineJob } from '../jobs/define-job.ts';
import { standingSchedule } from '../jobs/standing.ts';
import { log } from '../log.ts';
import { Record as Records } from './model.ts';

/** Records that one step forgets, so that nothing waits long behind it. */
const step = 500;
const day_ms = 86_400_000;

/** Says how records are forgotten whose integration keeps them for some days only: every hour, one node at a time. */
export function defineRecordRetention(): void {
  standingSchedule({
    id: 'records.retention',
    workspace_id: 'site',
    kind: 'records.forget',
    every_s: 3_600,
    jitter_s: 300,
    data: null,
  });
  defineJob<null>('records.forget', {
    concurrency: 1,
    handle: async () => ((await forgetOldRecords(await databaseTime())) > 0 ? new Again({ in_ms: 0 }) : undefined),
  });
}

/**
 * Forgets one step of the records that last changed longer ago than their integration keeps them. What the vendor still
 * has comes back with the next full sync, and is forgotten again in its time.
 *
 * @returns how many records
 */
export async function forgetOldRecords(now_ms: number): Promise<number> {
  const limited = await Integration.find(
    { 'sync_settings.retention_days': trusted({ $type: 'number' }) } as Record<string, unknown>,
    { workspace_id: 1, sync_settings: 1 },
  ).lean();
  let forgotten = 0;
  for (const { _id, workspace_id, sync_settings } of limited) {
    const before = new Date(now_ms - (sync_settings.retention_days ?? 0) * day_ms);
    const old = await Records.find(
      { workspace_id, integration_id: _id, changed_at: trusted({ $lt: before }) },
      { _id: 1 },
    )
      .limit(step)
      .lean();
    if (old.length === 0) continue;
    await Records.deleteMany({
      _id: trusted({ $in: old.map((row) => row._id) }),
      changed_at: trusted({ $lt: before }),
    });
    forgotten += old.length;
  }
  if (forgotten > 0) log.info({ count: forgotten }, 'Forgot records past the retention of their integration');
  return forgotten;
}
