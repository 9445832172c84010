import { databaseTime } from './clock.ts';
import { reaped } from './metrics.ts';
import { Job } from './model.ts';
import { dueMove, reapMove } from './moves.ts';

/** How many jobs one look moves; the rest follows at once in the next one. */
const step = 1000;
/** From this many ready jobs on it is no longer told which kinds they are. */
const glance = 100;

/**
 * What time alone changes: waiting jobs that are due become ready, leases that ran out are taken back.
 *
 * @returns the kinds that have something ready (`any` when there is much), and when to look again if that is known
 */
export async function promote(): Promise<{ ready: Set<string> | 'any'; next: number | null }> {
  const now = await databaseTime();
  const moment = new Date(now);
  const due = await Job.collection
    .find({ state: { $in: ['waiting', 'running'] }, until: { $lte: moment } }, { projection: { state: 1 } })
    .limit(step)
    .batchSize(step)
    .toArray();
  const ids = (state: string): string[] => due.filter((row) => row.state === state).map((row) => String(row._id));
  const [waiting, lost] = [ids('waiting'), ids('running')];
  if (waiting.length > 0) {
    const move = dueMove(moment, waiting);
    await Job.collection.updateMany(move.filter, move.update);
  }
  if (lost.length > 0) {
    const move = reapMove(moment, lost);
    const { modifiedCount } = await Job.collection.updateMany(move.filter, move.update);
    reaped.inc(modifiedCount);
  }
  const ready = await Job.collection
    .find({ state: 'ready' }, { projection: { kind: 1 } })
    .limit(glance)
    .toArray();
  const soonest = await Job.collection
    .find({ state: 'waiting' }, { projection: { until: 1 } })
    .sort({ until: 1 })
    .limit(1)
    .toArray();
  const next = due.length === step ? now : ((soonest[0]?.until as Date | undefined)?.getTime() ?? null);
  return { ready: ready.length < glance ? new Set(ready.map((row) => String(row.kind))) : 'any', next };
}
