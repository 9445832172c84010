import { trusted } from '../database/mongoose.ts';
import { defineJob } from '../jobs/define-job.ts';
import { gather } from '../jobs/gather.ts';
import { followers } from './followers.ts';
import { Event, type EventRow } from './model.ts';

interface Asked {
  event_id: string;
  round: string;
}

/** Tells the followers of each stored event, at least once; what is under way at the same time is told together. */
export function defineAnnouncements(): void {
  const announce = gather(async (asked: Asked[]) => {
    const events = await readEvents(asked.map((one) => one.event_id));
    const announcements = asked.flatMap(({ event_id, round }) => {
      const event = events.get(event_id);
      return event ? [{ event, round }] : [];
    });
    for (const follower of followers()) await follower.announced?.(announcements);
    return asked;
  });
  defineJob<Asked>('event.announce', {
    concurrency: 200,
    max_attempts: 20,
    max_losses: 100,
    async handle(job) {
      await announce(job.data);
    },
  });
}

/** Stored events by id; those that retention took are missing. */
export async function readEvents(ids: string[]): Promise<Map<string, EventRow>> {
  const rows = await Event.find({ _id: trusted({ $in: ids }) }).lean<EventRow[]>();
  return new Map(rows.map((row) => [row._id, row]));
}
