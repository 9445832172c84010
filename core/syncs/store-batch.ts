import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { SchemaError } from '../../sdk/contract/accepts.ts';
import type { Stream } from '../../sdk/contract/manifest/streams.ts';
import { models } from '../../sdk/contract/models.ts';
import { strangerCheck } from '../../sdk/contract/stranger/stranger-check.ts';
import { asText, valuesAt } from '../credentials/read-ref.ts';
import { trusted } from '../database/mongoose.ts';
import { transaction } from '../database/transaction.ts';
import { emitEvents } from '../events/emit-event.ts';
import { Installation } from '../installations/model.ts';
import type { IntegrationDoc } from '../integrations/model.ts';
import { type Counts, type RecordDoc, Record as Records, type SyncError } from './model.ts';
import { removeRecords } from './remove-records.ts';

const largest_bytes = 256_000;

/** A page of a stream, as the plugin yielded it. */
export interface Batch {
  upserts?: unknown[];
  deletes?: (string | string[])[];
}

export interface StoreBatch {
  batch: Batch;
  /** `null`: not by a sync but by a webhook */
  sync_id: string | null;
  /** set in a full pass: what it does not mark may be swept afterwards */
  generation: string | null;
  parent: string | null;
  /** tell `record.created|updated|deleted` */
  tells?: boolean;
  stream?: Stream;
}

export interface Stored {
  counts: Counts;
  errors: SyncError[];
  /** greatest value of the stream's cursor field */
  max: string | null;
}

/**
 * Stores a page of records: new ones, changed ones by content hash, deleted ones. What is the same counts as read only;
 * an older version than the stored one is dropped; a bad record is set aside with its reason. Runs in the caller's
 * transaction, together with the cursor.
 */
export async function storeBatch(integration: IntegrationDoc, name: string, given: StoreBatch): Promise<Stored> {
  return transaction(async () => {
    const stream = given.stream ?? (await streamOf(integration, name));
    const now = new Date();
    const errors: SyncError[] = [];
    const rows = new Map<string, RecordDoc>();
    let max: string | null = null;
    for (const upsert of given.batch.upserts ?? []) {
      const read = readUpsert(integration, name, stream, given.parent, upsert, now);
      if ('kind' in read) errors.push(read);
      else rows.set(read._id, { ...read, seen_in: given.generation });
      const field = stream.cursor?.field;
      const value = field === undefined || 'kind' in read ? undefined : asText(valuesAt(partsOf(upsert).raw, field)[0]);
      if (value !== undefined && (max === null || value > max)) max = value;
    }
    // Without the texts: what is the same is told by its hash.
    const stored = await Records.find(
      { _id: trusted({ $in: [...rows.keys()] }) },
      { hash: 1, version: 1, deleted_at: 1, first_seen_at: 1, seen_in: 1 },
    ).lean();
    const known = new Map(stored.map((row) => [row._id, row]));
    const created: RecordDoc[] = [];
    const updated: RecordDoc[] = [];
    const same: string[] = [];
    for (const row of rows.values()) {
      const old = known.get(row._id);
      if (!old) created.push(row);
      else if (old.version !== null && row.version !== null && isOlder(row.version, old.version)) same.push(row._id);
      else if (old.hash === row.hash && old.deleted_at === null) same.push(row._id);
      else updated.push({ ...row, first_seen_at: old.first_seen_at, seen_in: row.seen_in ?? old.seen_in });
    }
    if (created.length > 0) await Records.insertMany(created, { lean: true });
    if (updated.length > 0)
      await Records.bulkWrite(
        updated.map(({ _id, ...fields }) => ({ updateOne: { filter: { _id }, update: { $set: fields } } })),
        { ordered: false },
      );
    // Outside of a full pass nothing is swept, so what did not change need not be touched.
    if (same.length > 0 && given.generation !== null)
      await Records.updateMany(
        { _id: trusted({ $in: same }) },
        { $set: { seen_in: given.generation, last_seen_at: now, missed: 0 } },
      );
    const removed = await removeRecords(integration, name, {
      keys: (given.batch.deletes ?? []).map((one) => keyOf([one].flat(), given.parent)),
    });
    if (given.tells ?? given.sync_id === null)
      await tell(integration, [
        ...created.map((row) => ({ type: 'record.created', row })),
        ...updated.map((row) => ({ type: 'record.updated', row })),
        ...removed.map((row) => ({ type: 'record.deleted', row })),
      ]);
    const read = given.batch.upserts?.length ?? 0;
    return {
      counts: {
        read,
        created: created.length,
        updated: updated.length,
        deleted: removed.length,
        failed: errors.length,
      },
      errors,
      max,
    };
  });
}

async function streamOf(integration: IntegrationDoc, name: string): Promise<Stream> {
  const installation = await Installation.findOne({ _id: integration.installation_id }).lean();
  const stream = installation?.manifest.streams?.[name];
  if (!stream) throw new Error(`There is no stream ${JSON.stringify(name)}`);
  return stream;
}

/** One event for each record, in the transaction that stores it. */
export async function tell(integration: IntegrationDoc, changes: { type: string; row: RecordDoc }[]): Promise<void> {
  await emitEvents(
    changes.map(({ type, row }) => ({
      workspace_id: integration.workspace_id,
      project_id: integration.project_id,
      type,
      data: {
        record_id: row._id,
        integration_id: integration._id,
        project_id: integration.project_id,
        stream: row.stream,
        external_id: row.external_id,
        ...(row.model === null ? {} : { model: row.model }),
      },
      source: { kind: 'sync' as const, id: integration._id },
    })),
  );
}

/** Canonical JSON (RFC 8785) of a primary key; with the parent, because ids may be local to it. */
export function keyOf(parts: string[], parent: string | null): string {
  return canonicalize(parent === null ? parts : [parent, ...parts]) as string;
}

/** The id of a record: the same object is the same document, however often it is read. */
export function recordId(integration_id: string, stream: string, key: string): string {
  return `rec_${createHash('sha256')
    .update(JSON.stringify([integration_id, stream, key]))
    .digest('base64url')
    .slice(0, 27)}`;
}

function readUpsert(
  integration: IntegrationDoc,
  name: string,
  stream: Stream,
  parent: string | null,
  upsert: unknown,
  now: Date,
): RecordDoc | SyncError {
  const bad = (message: string, pointer = ''): SyncError => ({
    kind: 'data',
    stream: name,
    parent,
    pointer,
    message: message.slice(0, 500),
    at: now,
  });
  const { raw, model } = partsOf(upsert);
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return bad('a record must be an object');
  const parts = stream.primary_key.map(
    (pointer) => asText(valuesAt(raw, pointer)[0]) ?? asText(valuesAt(model, pointer)[0]),
  );
  const missing = parts.indexOf(undefined);
  if (missing >= 0) return bad('the record has no primary key', stream.primary_key[missing]);
  const raw_text = JSON.stringify(raw);
  if (raw_text.length > largest_bytes) return bad(`the record is longer than ${largest_bytes} bytes`);
  const broken = checkWith(stream.schema as object | undefined, raw);
  if (broken) return bad(broken.message, broken.pointer);
  const unified = stream.model === undefined || model === undefined ? null : model;
  const key = keyOf(parts as string[], parent);
  const _id = recordId(integration._id, name, key);
  const external_id =
    asText((model as { external_id?: unknown } | undefined)?.external_id) ?? (parts as string[]).join('/');
  const whole = unified && { external_id, ...unified };
  const wrong = whole && stream.model ? checkWith(models[stream.model] as object, whole) : null;
  if (wrong) return bad(`not a ${stream.model}: ${wrong.message}`, wrong.pointer);
  const hash = createHash('sha256')
    .update(canonicalize([raw, unified]) ?? raw_text)
    .digest('base64url');
  return {
    _id,
    workspace_id: integration.workspace_id,
    project_id: integration.project_id,
    integration_id: integration._id,
    integration_type: integration.integration_type,
    stream: name,
    model: unified ? (stream.model ?? null) : null,
    key,
    parent,
    external_id,
    raw_text,
    model_text: whole ? JSON.stringify(whole) : null,
    hash,
    version: stream.version === undefined ? null : (asText(valuesAt(raw, stream.version)[0]) ?? null),
    first_seen_at: now,
    last_seen_at: now,
    changed_at: now,
    deleted_at: null,
    seen_in: null,
    missed: 0,
  };
}

/** A plugin gives `{raw, model?}`; a bare object is its own raw record. */
function partsOf(upsert: unknown): { raw: unknown; model: Record<string, unknown> | undefined } {
  const given = upsert as { raw?: unknown; model?: Record<string, unknown> } | null;
  if (typeof given !== 'object' || given === null) return { raw: given, model: undefined };
  return typeof given.raw === 'object' && given.raw !== null
    ? { raw: given.raw, model: given.model }
    : { raw: given, model: undefined };
}

function checkWith(schema: object | undefined, value: unknown): SchemaError | null {
  if (!schema) return null;
  const checked = strangerCheck(schema)(value);
  return checked.ok ? null : (checked.errors[0] ?? null);
}

/** Numbers and times compare; opaque versions only tell same from different. */
function isOlder(version: string, than: string): boolean {
  if (version === than) return false;
  const numbers = [Number(version), Number(than)];
  if (numbers.every(Number.isFinite)) return (numbers[0] as number) < (numbers[1] as number);
  const times = [Date.parse(version), Date.parse(than)];
  return times.every(Number.isFinite) && (times[0] as number) < (times[1] as number);
}
