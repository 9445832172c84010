import { model, Schema } from '../database/mongoose.ts';

/** A fact: something happened. Never changed after it is stored. */
export interface EventRow {
  _id: string;
  workspace_id: string;
  /** null: it concerns the whole workspace */
  project_id: string | null;
  type: string;
  data: unknown;
  occurred_at: Date;
  /** what it came from: a user, an API key, a plugin, a sync, the host itself */
  source: EventSource;
  /** the connected account that it is about, where it came by one */
  integration_id: string | null;
  /** the event that it followed from, and how many lie between it and one that followed from none */
  caused_by: string | null;
  depth: number;
  created_at: Date;
}

export interface EventSource {
  kind: 'user' | 'key' | 'plugin' | 'hook' | 'sync' | 'system';
  id: string;
}

const event = new Schema<EventRow>(
  {
    _id: { type: String, required: true },
    workspace_id: { type: String, required: true },
    project_id: { type: String, default: null },
    type: { type: String, required: true },
    data: { type: Schema.Types.Mixed, default: null },
    occurred_at: { type: Date, required: true },
    source: { type: new Schema<EventSource>({ kind: String, id: String }, { _id: false, id: false }), required: true },
    integration_id: { type: String, default: null },
    caused_by: { type: String, default: null },
    depth: { type: Number, default: 0 },
    created_at: { type: Date, required: true },
  },
  { collection: 'events', versionKey: false, minimize: false },
);
event.index({ workspace_id: 1, created_at: -1 });
event.index({ workspace_id: 1, type: 1, created_at: -1 });
event.index({ created_at: 1 });

export const Event = model<EventRow>('Event', event);

/** An event type that an installed plugin declares; written when it is installed, upgraded or removed. */
export interface EventTypeRow {
  /** `<workspace_id> <type>` */
  _id: string;
  workspace_id: string;
  type: string;
  title: string;
  schema: object;
  sample: unknown;
  installation_id: string;
  /** `@acme/x` */
  plugin: string;
}

const eventType = new Schema<EventTypeRow>(
  {
    _id: { type: String, required: true },
    workspace_id: { type: String, required: true },
    type: { type: String, required: true },
    title: { type: String, default: '' },
    schema: { type: Schema.Types.Mixed, required: true },
    sample: { type: Schema.Types.Mixed, default: null },
    installation_id: { type: String, required: true },
    plugin: { type: String, required: true },
  },
  // A field called `schema` is legal in a document; mongoose only wants to be told that it is meant.
  { collection: 'event_types', versionKey: false, minimize: false, suppressReservedKeysWarning: true },
);
eventType.index({ workspace_id: 1, type: 1 });
eventType.index({ installation_id: 1 });

export const EventType = model<EventTypeRow>('EventType', eventType);
