import { eventTypes } from '../../sdk/contract/event-types.ts';
import { Failure } from '../../sdk/contract/failure.ts';
import { nearest } from '../../sdk/contract/nearest.ts';
import { quote } from '../../sdk/contract/quote.ts';
import { EventType, type EventTypeRow } from './model.ts';

/** A type of event as the host knows it: its own, or one of an installed plugin (`plugin` then names it). */
export interface KnownEventType {
  type: string;
  title: string;
  schema: object;
  sample: unknown;
  plugin: string | null;
}

const own: readonly KnownEventType[] = Object.entries(eventTypes).map(([type, { title, schema, sample }]) => ({
  type,
  title,
  schema,
  sample,
  plugin: null,
}));
const ownByType = new Map(own.map((known) => [known.type, known]));

/** `POST_PUBLISHED` and its ten siblings of older clients (`API.md`, "Older clients"). */
const older = new Map(
  [
    ...['post.published', 'post.scheduled', 'post.failed', 'mention.received', 'message.received'],
    ...['conversation.assigned', 'alert.triggered', 'campaign.started', 'campaign.completed'],
    ...['approval.requested', 'approval.completed'],
  ].map((type) => [type.toUpperCase().replace('.', '_'), type]),
);

/** Today's name of an event type. */
export function todaysEventType(type: string): string {
  return older.get(type) ?? type;
}

/** Every event type of a workspace, by name. */
export async function listEventTypes(workspace_id: string): Promise<KnownEventType[]> {
  const declared = await EventType.find({ workspace_id }).lean<EventTypeRow[]>();
  return [...own, ...declared.map(known)].sort((a, b) => (a.type < b.type ? -1 : 1));
}

/**
 * The event type of a name.
 *
 * @param pointer where the name stood in the request
 * @throws Failure validation_failed naming the nearest known type
 */
export async function findEventType(workspace_id: string, name: string, pointer = ''): Promise<KnownEventType> {
  const type = todaysEventType(name);
  const host = ownByType.get(type);
  if (host) return host;
  const declared = await EventType.findOne({ workspace_id, type }).lean<EventTypeRow>();
  if (declared) return known(declared);
  throw await unknownEventType(workspace_id, type, pointer);
}

/** The refusal of an unknown type, with the nearest known one. */
export async function unknownEventType(workspace_id: string, type: string, pointer: string): Promise<Failure> {
  const all = await listEventTypes(workspace_id);
  const near = nearest(
    type,
    all.map((one) => one.type),
  );
  const message = `${quote(type)} is no known event type${near ? `; did you mean ${quote(near)}?` : ': GET /webhooks/events lists them'}`;
  return new Failure('validation_failed', {
    message,
    content: { errors: [{ pointer, message, keyword: 'enum', params: near ? { nearest: near } : {} }] },
  });
}

function known(row: EventTypeRow): KnownEventType {
  return { type: row.type, title: row.title || row.type, schema: row.schema, sample: row.sample, plugin: row.plugin };
}
