import { databaseTime } from './clock.ts';
import { Pause } from './model.ts';

/**
 * No job of the group starts for so long: a vendor's limit, an endpoint that asks for time. Jobs that wait for it
 * count no attempt. A longer pause that is already there stays.
 */
export async function pauseGroup(group: string, for_ms: number): Promise<void> {
  const until = new Date((await databaseTime()) + for_ms);
  await Pause.collection.updateOne({ _id: group as never }, { $max: { until } }, { upsert: true });
}
