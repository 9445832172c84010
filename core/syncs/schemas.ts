import { anyObject, id, nullableTime, time } from '../http/schemas.ts';

const count = { type: 'integer', minimum: 0 } as const;

export const syncRequest = {
  title: 'SyncRequest',
  type: 'object',
  additionalProperties: false,
  properties: {
    sync_type: { type: 'string', enum: ['full', 'incremental', 'delta'], default: 'full' },
    force: { type: 'boolean', default: false, description: 'cancels one that runs, and deletes even more than half' },
    streams: { type: 'array', items: { type: 'string', maxLength: 64 }, maxItems: 200 },
  },
} as const;

export const syncSchema = {
  title: 'Sync',
  type: 'object',
  additionalProperties: false,
  required: ['id', 'integration_id', 'sync_type', 'status', 'counts', 'errors', 'progress', 'created_at'],
  properties: {
    id,
    integration_id: id,
    project_id: id,
    sync_type: { type: 'string', enum: ['full', 'incremental', 'delta'] },
    status: { type: 'string', enum: ['queued', 'running', 'succeeded', 'partial', 'failed', 'cancelled'] },
    streams: { type: 'array', items: { type: 'string' } },
    started_at: nullableTime,
    finished_at: nullableTime,
    counts: {
      title: 'SyncCounts',
      type: 'object',
      additionalProperties: false,
      required: ['read', 'created', 'updated', 'deleted', 'failed'],
      properties: { read: count, created: count, updated: count, deleted: count, failed: count },
    },
    cursor: { type: ['object', 'null'], additionalProperties: true, description: 'stream → its stored position' },
    progress: {
      type: 'object',
      additionalProperties: false,
      required: ['stream', 'done', 'of', 'streams_done', 'streams_of'],
      properties: {
        stream: { type: ['string', 'null'] },
        done: { type: 'number' },
        of: { type: ['number', 'null'] },
        streams_done: count,
        streams_of: count,
      },
    },
    errors: {
      type: 'array',
      items: {
        title: 'SyncError',
        type: 'object',
        additionalProperties: false,
        required: ['kind', 'stream', 'message', 'at'],
        properties: {
          kind: { type: 'string' },
          stream: { type: 'string' },
          parent: { type: ['string', 'null'] },
          pointer: { type: 'string' },
          message: { type: 'string' },
          help: { type: 'string', description: 'where it is explained, with the way out' },
          at: time,
        },
      },
    },
    created_at: time,
  },
} as const;

export const recordSchema = {
  title: 'Record',
  type: 'object',
  additionalProperties: false,
  required: [
    'id',
    'integration_id',
    'integration_type',
    'stream',
    'model',
    'external_id',
    'raw',
    'data',
    'updated_at',
    'deleted_at',
  ],
  properties: {
    id,
    integration_id: id,
    integration_type: { type: 'string' },
    project_id: id,
    stream: { type: 'string' },
    model: { type: ['string', 'null'] },
    external_id: { type: 'string' },
    data: { type: ['object', 'null'], additionalProperties: true, description: 'in its unified model' },
    raw: anyObject,
    first_seen_at: time,
    last_seen_at: time,
    updated_at: time,
    deleted_at: nullableTime,
  },
} as const;
