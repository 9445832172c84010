import type { FromSchema } from 'json-schema-to-ts';
import { anyValue, nullableId, time } from '../http/schemas.ts';
import type { KnownEventType } from './find-event-type.ts';
import type { EventRow } from './model.ts';

export const eventSchema = {
  title: 'Event',
  type: 'object',
  additionalProperties: false,
  required: ['id', 'type', 'project_id', 'data', 'occurred_at', 'created_at', 'source', 'caused_by'],
  properties: {
    id: { type: 'string' },
    type: { type: 'string' },
    project_id: nullableId,
    data: { ...anyValue, description: 'as the type’s schema says' },
    occurred_at: { ...time, description: 'when it happened, as its source says; ISO 8601, UTC' },
    created_at: { ...time, description: 'when it was stored; ISO 8601, UTC' },
    source: {
      type: 'object',
      additionalProperties: false,
      required: ['kind', 'id'],
      properties: {
        kind: { enum: ['user', 'key', 'plugin', 'hook', 'sync', 'system'] },
        id: { type: 'string' },
      },
    },
    caused_by: { ...nullableId, description: 'the event that a listener emitted this one after' },
  },
} as const;

/** An event as the API shows it. */
export function presentEvent(event: EventRow): FromSchema<typeof eventSchema> {
  return {
    id: event._id,
    type: event.type,
    project_id: event.project_id,
    data: event.data as FromSchema<typeof anyValue>,
    occurred_at: event.occurred_at.toISOString(),
    created_at: event.created_at.toISOString(),
    source: { kind: event.source.kind, id: event.source.id },
    caused_by: event.caused_by,
  };
}

export const eventTypeSchema = {
  title: 'EventType',
  type: 'object',
  additionalProperties: false,
  required: ['type', 'title', 'schema', 'sample', 'plugin'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    schema: { type: 'object', additionalProperties: true, description: 'JSON Schema of the data' },
    sample: { ...anyValue, description: 'data that fits the schema' },
    plugin: { type: ['string', 'null'], description: 'the plugin that declares it; null: the host' },
  },
} as const;

/** An event type as the API shows it. */
export function presentEventType(known: KnownEventType): FromSchema<typeof eventTypeSchema> {
  return {
    type: known.type,
    title: known.title,
    schema: known.schema as Record<string, unknown>,
    sample: known.sample as FromSchema<typeof anyValue>,
    plugin: known.plugin,
  };
}
