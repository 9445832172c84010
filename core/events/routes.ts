import { Failure } from '../../sdk/contract/failure.ts';
import { trusted } from '../database/mongoose.ts';
import { listOf, pageFields, pageWindow } from '../http/paging.ts';
import { type Route, route } from '../http/route.ts';
import { id, time } from '../http/schemas.ts';
import { countMatches } from '../webhooks/match-webhooks.ts';
import { findEventType, todaysEventType } from './find-event-type.ts';
import { Event, type EventRow } from './model.ts';
import { eventSchema, presentEvent } from './present.ts';
import { replayEvent } from './replay-event.ts';

/** @throws Failure not_found, also for an event of another workspace or of a project that the key is not for */
async function findEvent(caller: { workspace_id: string; project_id: string | null }, event_id: string) {
  const event = await Event.findOne({ _id: event_id, ...scopeOf(caller) }).lean<EventRow>();
  if (!event) throw new Failure('not_found', { message: 'There is no such event, or it is past its retention' });
  return event;
}

/**
 * One may ask for every known type, and for every type that there are events of: those of a plugin that is gone, or
 * whose new version tells them no more, stay to be found.
 *
 * @throws Failure validation_failed for any other, naming the nearest
 */
async function mustBeFindable(workspace_id: string, type: string): Promise<void> {
  if (await Event.exists({ workspace_id, type: todaysEventType(type) })) return;
  await findEventType(workspace_id, type, '/type');
}

const scopeOf = (caller: { workspace_id: string; project_id: string | null }) => ({
  workspace_id: caller.workspace_id,
  ...(caller.project_id !== null && { project_id: caller.project_id }),
});

export const eventRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/events',
    summary: 'Recent events, newest first',
    who: 'events:read',
    query: {
      ...pageFields,
      type: {
        type: 'string',
        minLength: 1,
        maxLength: 200,
        description: 'an event type, as GET /webhooks/events lists',
      },
      since: { ...time, description: 'stored at or after this time' },
      project_id: id,
    },
    answer: listOf('events', eventSchema),
    handle: async ({ caller, query }) => {
      if (query.type !== undefined) await mustBeFindable(caller.workspace_id, query.type);
      const filter = {
        ...scopeOf(caller),
        ...(query.project_id !== undefined && caller.project_id === null && { project_id: query.project_id }),
        ...(query.type !== undefined && { type: todaysEventType(query.type) }),
        ...(query.since !== undefined && { created_at: trusted({ $gte: new Date(query.since) }) }),
      };
      const { skip, limit } = pageWindow(query);
      const [events, total] = await Promise.all([
        Event.find(filter).sort({ created_at: -1, _id: -1 }).skip(skip).limit(limit).lean<EventRow[]>(),
        Event.countDocuments(filter),
      ]);
      return { events: events.map(presentEvent), total, page: query.page, size: query.size };
    },
  }),
  route({
    method: 'GET',
    path: '/events/{id}',
    summary: 'One event',
    who: 'events:read',
    answer: eventSchema,
    handle: async ({ caller, params }) => presentEvent(await findEvent(caller, params.id)),
  }),
  route({
    method: 'POST',
    path: '/events/{id}/replay',
    summary: 'Announces an event once more, to the webhooks and listeners of now',
    description:
      'Receivers get the same `webhook-id` again, so that one that keeps the ids can tell it from a new event.',
    who: 'events:write',
    status: 202,
    answer: {
      type: 'object',
      additionalProperties: false,
      required: ['event_id', 'webhooks_matched'],
      properties: { event_id: { type: 'string' }, webhooks_matched: { type: 'integer' } },
    },
    handle: async ({ caller, params }) => {
      const event = await findEvent(caller, params.id);
      await replayEvent(event);
      return { event_id: event._id, webhooks_matched: await countMatches(event) };
    },
  }),
];
