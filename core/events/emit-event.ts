import { createHash } from 'node:crypto';
import { Failure } from '../../sdk/contract/failure.ts';
import { newId } from '../database/id.ts';
import { trusted } from '../database/mongoose.ts';
import { transaction } from '../database/transaction.ts';
import { unstorable } from '../database/unstorable.ts';
import { databaseTime } from '../jobs/clock.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { checkOf } from './check-of.ts';
import { findEventType, type KnownEventType } from './find-event-type.ts';
import { followers } from './followers.ts';
import { emitted } from './metrics.ts';
import { Event, type EventRow, type EventSource } from './model.ts';

/** So many events may follow from one another: two plugins that listen to each other would go on for ever. */
export const deepest = 8;

export interface NewEvent {
  workspace_id: string;
  project_id?: string | null;
  type: string;
  data: unknown;
  /** the sender's own id: the same one from the same source is the same event, stored and announced once */
  id?: string | null;
  occurred_at?: Date | null;
  source: EventSource;
  /** the connected account that it is about */
  integration_id?: string | null;
  /** id of the event that this one follows from, when a listener emits it */
  caused_by?: string | null;
}

/**
 * Stores an event and its announcement; call it inside the transaction of what happened.
 *
 * @throws Failure validation_failed for an unknown type (naming the nearest), data that is not as the type's schema
 *   says (JSON Pointers into the data), or a ring of events that follow from one another
 */
export async function emitEvent(event: NewEvent): Promise<EventRow> {
  const [row] = await emitEvents([event]);
  return row as EventRow;
}

/** `emitEvent` for many: all of them are stored and announced, or none. */
export async function emitEvents(events: NewEvent[]): Promise<EventRow[]> {
  if (events.length === 0) return [];
  const now = new Date(await databaseTime());
  return transaction(async () => {
    const rows: EventRow[] = [];
    const types = new Map<string, KnownEventType>();
    for (const event of events) {
      const key = `${event.workspace_id} ${event.type}`;
      const known = types.get(key) ?? (await findEventType(event.workspace_id, event.type, '/type'));
      types.set(key, known);
      rows.push(await newRow(event, known, now));
    }
    const fresh = await onlyNew(rows, events);
    await Event.insertMany(fresh, { lean: true });
    await enqueue(
      fresh.map((row) => ({
        id: `announce:${row._id}`,
        kind: 'event.announce',
        workspace_id: row.workspace_id,
        data: { event_id: row._id, round: '' },
      })),
    );
    for (const follower of followers()) await follower.emitted?.(fresh);
    for (const row of fresh) emitted.inc({ source: row.source.kind });
    return rows;
  });
}

async function newRow(event: NewEvent, known: KnownEventType, now: Date): Promise<EventRow> {
  const checked = checkOf(JSON.stringify(known.schema))(event.data);
  if (!checked.ok) {
    throw new Failure('validation_failed', {
      message: `The data is not as ${known.type} says`,
      content: { errors: checked.errors },
    });
  }
  const problem = unstorable(event.data);
  if (problem) throw new Failure('validation_failed', { message: `The data of ${known.type} ${problem}` });
  return {
    _id: event.id ? ownId(event, event.id) : newId('evt'),
    workspace_id: event.workspace_id,
    project_id: event.project_id ?? null,
    type: known.type,
    data: event.data,
    occurred_at: event.occurred_at ?? now,
    source: event.source,
    integration_id: event.integration_id ?? null,
    caused_by: event.caused_by ?? null,
    depth: event.caused_by ? await depthAfter(event.workspace_id, event.caused_by) : 0,
    created_at: now,
  };
}

/** The rows that are not stored yet; a sender's id makes its event known again. */
async function onlyNew(rows: EventRow[], events: NewEvent[]): Promise<EventRow[]> {
  const named = rows.filter((_, index) => events[index]?.id);
  const fresh = new Map(rows.map((row) => [row._id, row]));
  if (named.length > 0) {
    const known = await Event.find({ _id: trusted({ $in: named.map((row) => row._id) }) }, { _id: 1 }).lean();
    for (const { _id } of known) fresh.delete(_id);
  }
  return [...fresh.values()];
}

async function depthAfter(workspace_id: string, caused_by: string): Promise<number> {
  const cause = await Event.findOne({ _id: caused_by, workspace_id }, { depth: 1, type: 1 }).lean();
  const depth = (cause?.depth ?? 0) + 1;
  if (depth > deepest) {
    throw new Failure('validation_failed', {
      message: `${deepest} events followed from one another already; the listeners seem to call each other in a ring`,
    });
  }
  return depth;
}

function ownId(event: NewEvent, id: string): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([event.workspace_id, event.source.kind, event.source.id, event.type, id]))
    .digest('base64url');
  return `evt_${hash.replaceAll(/[-_]/g, '0').slice(0, 24)}`;
}
