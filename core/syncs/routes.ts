import { Failure } from '../../sdk/contract/failure.ts';
import { modelNames } from '../../sdk/contract/models.ts';
import { nearest } from '../../sdk/contract/nearest.ts';
import { quote } from '../../sdk/contract/quote.ts';
import { trusted } from '../database/mongoose.ts';
import type { Caller } from '../http/caller.ts';
import { listOf, pageFields, pageWindow } from '../http/paging.ts';
import { Reply, type Route, route } from '../http/route.ts';
import { anyObject, text } from '../http/schemas.ts';
import { cancelSync } from './cancel-sync.ts';
import { exportRecords } from './export-records.ts';
import { cursorsOf, findSyncOf, integrationFor } from './find-sync-of.ts';
import { Record as Records, Sync } from './model.ts';
import { presentRecord, presentSync } from './present.ts';
import { pushRecords } from './push-records.ts';
import { recordSchema, syncRequest, syncSchema } from './schemas.ts';
import { startSync } from './start-sync.ts';
import { watchSync } from './watch-sync.ts';

const start = route({
  method: 'POST',
  path: '/integrations/{id}/sync',
  summary: 'Starts a sync; one at a time',
  who: 'integrations:run',
  body: syncRequest,
  body_optional: true,
  answer: syncSchema,
  status: 202,
  handle: async ({ caller, params, body }) => {
    const integration = await integrationFor(caller, params.id);
    const sync = await startSync(integration, {
      sync_type: body?.sync_type ?? 'full',
      force: body?.force ?? false,
      streams: body?.streams,
      cause: { kind: caller.kind, id: caller.id },
    });
    return presentSync(sync);
  },
});

const logs = route({
  method: 'GET',
  path: '/integrations/{id}/sync/logs',
  summary: 'Syncs of an integration, newest first',
  who: 'integrations:read',
  query: {
    ...pageFields,
    status: { type: 'string', enum: ['queued', 'running', 'succeeded', 'partial', 'failed', 'cancelled'] },
  },
  answer: listOf('logs', syncSchema),
  handle: async ({ caller, params, query }) => {
    const integration = await integrationFor(caller, params.id);
    const filter = {
      workspace_id: caller.workspace_id,
      integration_id: integration._id,
      ...(query.status === undefined ? {} : { status: query.status }),
    };
    const { skip, limit } = pageWindow(query);
    const [found, total] = await Promise.all([
      Sync.find(filter).sort({ created_at: -1, _id: -1 }).skip(skip).limit(limit).lean(),
      Sync.countDocuments(filter),
    ]);
    return { logs: found.map((sync) => presentSync(sync)), total, page: query.page, size: query.size };
  },
});

const read = route({
  method: 'GET',
  path: '/integrations/{id}/sync/{sync_id}',
  summary: 'One sync; as it goes with `Accept: text/event-stream`',
  who: 'integrations:read',
  answer: syncSchema,
  produces: ['text/event-stream'],
  handle: async ({ caller, params, headers, signal }) => {
    const sync = await findSyncOf(caller, params.id, params.sync_id);
    if (headers.accept?.includes('text/event-stream')) return watchSync(sync, signal);
    return presentSync(sync, await cursorsOf(sync.integration_id));
  },
});

const cancel = route({
  method: 'POST',
  path: '/integrations/{id}/sync/{sync_id}/cancel',
  summary: 'Stops a sync before its next page',
  who: 'integrations:run',
  body: anyObject,
  body_optional: true,
  answer: syncSchema,
  status: 202,
  handle: async ({ caller, params }) =>
    presentSync(await cancelSync(await findSyncOf(caller, params.id, params.sync_id))),
});

const recordQuery = {
  ...pageFields,
  stream: text,
  since: { type: 'string', format: 'date-time', description: 'changed at or after' },
  deleted: {
    type: 'string',
    enum: ['false', 'true', 'only'],
    default: 'false',
    description: 'with tombstones, or those only',
  },
  format: { type: 'string', enum: ['json', 'jsonl', 'csv'], default: 'json' },
} as const;

interface RecordQuery {
  page: number;
  size: number;
  since?: string;
  deleted: string;
  format: string;
}

async function answerRecords(filter: Record<string, unknown>, query: RecordQuery) {
  const wanted = {
    ...filter,
    ...(query.since === undefined ? {} : { changed_at: trusted({ $gte: new Date(query.since) }) }),
    ...(query.deleted === 'true' ? {} : { deleted_at: query.deleted === 'only' ? trusted({ $ne: null }) : null }),
  };
  if (query.format === 'jsonl' || query.format === 'csv') return exportRecords(wanted, query.format);
  const { skip, limit } = pageWindow(query);
  const [found, total] = await Promise.all([
    Records.find(wanted).sort({ changed_at: 1, _id: 1 }).skip(skip).limit(limit).lean(),
    Records.countDocuments(wanted),
  ]);
  return { records: found.map(presentRecord), total, page: query.page, size: query.size };
}

const recordsOf = route({
  method: 'GET',
  path: '/integrations/{id}/records',
  summary: 'Synced records of an integration, those that changed last at the end',
  who: 'records:read',
  query: recordQuery,
  answer: listOf('records', recordSchema),
  produces: ['application/x-ndjson', 'text/csv'],
  handle: async ({ caller, params, query }) => {
    const integration = await integrationFor(caller, params.id);
    const filter = {
      workspace_id: caller.workspace_id,
      integration_id: integration._id,
      ...(query.stream === undefined ? {} : { stream: query.stream }),
    };
    return answerRecords(filter, query);
  },
});

const recordsByModel = route({
  method: 'GET',
  path: '/records/{model}',
  summary: 'Records of one unified model across integrations',
  who: 'records:read',
  query: { ...recordQuery, project_id: text, integration_id: text, integration_type: text },
  answer: listOf('records', recordSchema),
  produces: ['application/x-ndjson', 'text/csv'],
  handle: async ({ caller, params, query }) => {
    checkModel(params.model);
    const { project_id, integration_id, integration_type, stream } = query;
    const only = projectOf(caller, project_id);
    const filter = {
      workspace_id: caller.workspace_id,
      model: params.model,
      ...(only === null ? {} : { project_id: only }),
      ...(integration_id === undefined ? {} : { integration_id }),
      ...(integration_type === undefined ? {} : { integration_type }),
      ...(stream === undefined ? {} : { stream }),
    };
    return answerRecords(filter, query);
  },
});

function checkModel(model: string): void {
  if ((modelNames as readonly string[]).includes(model)) return;
  const near = nearest(model, [...modelNames]);
  throw new Failure('not_found', {
    message: `There is no unified model ${quote(model)}${near ? `; did you mean ${near}?` : ''}`,
    content: { nearest: near ?? null },
  });
}

/** A key of one project sees that one, whatever it asks for. */
function projectOf(caller: Caller, asked: string | undefined): string | null {
  if (caller.project_id !== null && asked !== undefined && asked !== caller.project_id)
    throw new Failure('not_found', { message: `There is no project ${quote(asked)}` });
  return caller.project_id ?? asked ?? null;
}

const push = route({
  method: 'POST',
  path: '/integrations/{id}/push/{stream}',
  summary: 'Stores data that a person or a device brings, for streams declared `push`',
  who: 'integrations:run',
  max_bytes: 8_000_000,
  body: {
    title: 'PushedRecords',
    type: 'object',
    additionalProperties: false,
    required: ['records'],
    properties: { records: { type: 'array', items: anyObject, minItems: 1, maxItems: 1_000 } },
  },
  answer: {
    title: 'PushAnswer',
    type: 'object',
    additionalProperties: false,
    required: ['counts', 'errors'],
    properties: {
      counts: syncSchema.properties.counts,
      errors: {
        type: 'array',
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['pointer', 'message'],
          properties: { pointer: { type: 'string' }, message: { type: 'string' } },
        },
      },
    },
  },
  status: 202,
  handle: async ({ caller, params, body }) => {
    const integration = await integrationFor(caller, params.id);
    return new Reply(await pushRecords(integration, params.stream, body.records));
  },
});

export const syncRoutes: Route[] = [start, logs, read, cancel, recordsOf, recordsByModel, push];
