import { eventData } from './event-data.ts';

/** An event type of the host: what its data must be, and an example that people see where they choose events. */
export interface EventType {
  title: string;
  schema: object;
  sample: object;
}

/**
 * The host's own event types (`API.md`); installed plugins add theirs. Those of the first group come from outside by
 * `POST /webhooks/events/{type}` and stay open for fields of their sender; the host's own are closed.
 */
export const eventTypes: Readonly<Record<string, EventType>> = Object.fromEntries(
  Object.entries(eventData).map(([type, { title, fields, open }]) => [type, describe(title, fields, open)]),
);

export type HostEventType = keyof typeof eventData;

function describe(title: string, fields: Record<string, unknown>, open: boolean): EventType {
  const required = Object.keys(fields).filter((name) => !name.endsWith('?'));
  const entries = Object.entries(fields).map(([name, sample]): [string, unknown] => [name.replace('?', ''), sample]);
  return {
    title,
    schema: {
      type: 'object',
      additionalProperties: open,
      ...(required.length > 0 ? { required } : {}),
      properties: Object.fromEntries(entries.map(([name, sample]) => [name, schemaOf(name, sample)])),
    },
    sample: Object.fromEntries(entries),
  };
}

function schemaOf(name: string, sample: unknown): object {
  if (typeof sample === 'string')
    return name.endsWith('_at') ? { type: 'string', format: 'date-time' } : { type: 'string' };
  if (typeof sample === 'number') return { type: Number.isInteger(sample) ? 'integer' : 'number' };
  if (typeof sample === 'boolean') return { type: 'boolean' };
  if (Array.isArray(sample)) return { type: 'array', items: schemaOf('', sample[0]) };
  return { type: 'object', additionalProperties: true };
}
