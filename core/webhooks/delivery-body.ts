import { LRUCache } from 'lru-cache';
import { readEvents } from '../events/announce.ts';
import type { EventRow } from '../events/model.ts';
import { gather } from '../jobs/gather.ts';

const bodies = new LRUCache<string, Buffer>({ maxSize: 32 * 2 ** 20, sizeCalculation: (body) => body.length + 100 });

const load = gather(async (ids: string[]) => {
  const events = await readEvents([...new Set(ids)]);
  return ids.map((id) => {
    const event = events.get(id);
    return event ? bodyOf(event) : null;
  });
});

/** The bytes that carry an event to its receivers, the same for all and at every attempt; null when it is gone. */
export async function deliveryBody(event_id: string): Promise<Buffer | null> {
  const known = bodies.get(event_id);
  if (known) return known;
  const body = await load(event_id);
  if (body) bodies.set(event_id, body);
  return body;
}

/** `{id, type, timestamp, project_id, data}` as JSON (Standard Webhooks, "Payload structure"). */
export function bodyOf(event: Pick<EventRow, '_id' | 'type' | 'occurred_at' | 'project_id' | 'data'>): Buffer {
  return Buffer.from(
    JSON.stringify({
      id: event._id,
      type: event.type,
      timestamp: event.occurred_at.toISOString(),
      project_id: event.project_id,
      data: event.data,
    }),
  );
}
