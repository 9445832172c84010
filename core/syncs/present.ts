import type { ProblemName } from '../../sdk/contract/problems.ts';
import { problemPath } from '../http/problems-page.ts';
import type { RecordDoc, SyncDoc } from './model.ts';

const iso = (date: Date | null): string | null => (date ? new Date(date).toISOString() : null);

/** Where each kind of a sync's errors is explained. */
const helpOfKind: Record<string, ProblemName> = {
  auth: 'reconnect',
  rate: 'vendor-limit',
  vendor: 'vendor-error',
  plugin: 'plugin-error',
  data: 'sync-record',
  sweep: 'sync-sweep',
};

/** A sync as `API.md` shows it. @param cursor stream → stored position, where it was asked for */
export function presentSync(sync: SyncDoc, cursor: Record<string, unknown> | null = null) {
  return {
    id: sync._id,
    integration_id: sync.integration_id,
    project_id: sync.project_id,
    sync_type: sync.sync_type,
    status: sync.status,
    streams: sync.streams,
    started_at: iso(sync.started_at),
    finished_at: iso(sync.finished_at),
    counts: {
      read: sync.counts.read,
      created: sync.counts.created,
      updated: sync.counts.updated,
      deleted: sync.counts.deleted,
      failed: sync.counts.failed,
    },
    cursor,
    progress: {
      stream: sync.progress.stream,
      // A plugin that does not say how far it is has at least read so much.
      done: sync.progress.done || sync.counts.read,
      of: sync.progress.of,
      streams_done: sync.status === 'succeeded' ? sync.streams.length : Math.min(sync.at_stream, sync.streams.length),
      streams_of: sync.streams.length,
    },
    errors: sync.problems.map(({ kind, stream, parent, pointer, message, at }) => ({
      kind,
      stream,
      parent,
      ...(pointer === undefined ? {} : { pointer }),
      message,
      help: problemPath(helpOfKind[kind] ?? 'sync-failed'),
      at: new Date(at).toISOString(),
    })),
    created_at: new Date(sync.created_at).toISOString(),
  };
}

/** A record: raw as the vendor gave it, and `data` in its unified model. */
export function presentRecord(record: RecordDoc) {
  const raw = JSON.parse(record.raw_text) as Record<string, unknown>;
  const model = record.model_text === null ? null : (JSON.parse(record.model_text) as Record<string, unknown>);
  return {
    id: record._id,
    integration_id: record.integration_id,
    integration_type: record.integration_type,
    project_id: record.project_id,
    stream: record.stream,
    model: record.model,
    external_id: record.external_id,
    data: model && { id: record._id, ...model, ...(record.deleted_at ? { deleted_at: iso(record.deleted_at) } : {}) },
    raw,
    first_seen_at: new Date(record.first_seen_at).toISOString(),
    last_seen_at: new Date(record.last_seen_at).toISOString(),
    updated_at: new Date(record.changed_at).toISOString(),
    deleted_at: iso(record.deleted_at),
  };
}
