import { newId } from '../database/id.ts';
import { enqueue } from '../jobs/enqueue.ts';
import type { EventRow } from './model.ts';

/** Announces a stored event once more, to whoever follows its type now. Receivers see the same `webhook-id` again. */
export async function replayEvent(event: EventRow): Promise<void> {
  const round = newId('rpl');
  await enqueue({
    id: `announce:${event._id}:${round}`,
    kind: 'event.announce',
    workspace_id: event.workspace_id,
    data: { event_id: event._id, round },
  });
}
