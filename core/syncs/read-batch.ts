import { hash } from 'node:crypto';
import type { Check, SchemaError } from '../../sdk/contract/accepts.ts';
import type { Stream } from '../../sdk/contract/manifest/streams.ts';
import { models } from '../../sdk/contract/models.ts';
import { strangerCheck } from '../../sdk/contract/stranger/stranger-check.ts';
import { asText, firstAt } from '../credentials/read-ref.ts';
import type { IntegrationDoc } from '../integrations/model.ts';
import { canonicalJson } from './canonical-json.ts';
import type { RecordDoc, SyncError } from './model.ts';
import { keyOf, recordIds } from './record-key.ts';

const largest_bytes = 256_000;
/** Keys are indexed, and in addresses: a key is an id, not a text. */
const longestKey = 2_000;

/** A page of a stream, as the plugin yielded it. */
export interface Batch {
  upserts?: unknown[];
  deletes?: unknown[];
}

/** A record that was set aside, and which of the page it was; deleted ones have no place. */
export type BadRecord = SyncError & { index?: number };

/** Whose page it is. */
export interface ReadBatch {
  integration: IntegrationDoc;
  name: string;
  stream: Stream;
  parent: string | null;
  /** set in a full pass: what it does not mark may be swept afterwards */
  generation: string | null;
}

/** A page, read and checked: what is to be stored of it. */
export interface BatchRead {
  name: string;
  generation: string | null;
  at: Date;
  /** how many records the page held, good and bad ones */
  read: number;
  rows: Map<string, RecordDoc>;
  /** keys of what is gone */
  gone: string[];
  errors: BadRecord[];
  /** greatest value of the stream's cursor field */
  max: string | null;
}

/**
 * Reads a page before anything is stored: each record's key, hash and text, and whether it is what its stream and its model
 * say. A bad record is set aside with its reason. Needs no database, so that a page is read while the one before is stored.
 */
export function readBatch(given: ReadBatch, batch: Batch): BatchRead {
  const reader = readerOf(given);
  const { now: at, stream } = reader;
  const errors: BadRecord[] = [];
  const rows = new Map<string, RecordDoc>();
  const position = stream.cursor?.field === undefined ? null : firstAt(stream.cursor.field);
  let max: string | null = null;
  for (const [index, upsert] of (batch.upserts ?? []).entries()) {
    const parts = partsOf(upsert);
    const read = readUpsert(reader, parts);
    if ('kind' in read) {
      errors.push({ ...read, index });
      continue;
    }
    rows.set(read._id, read);
    const value = asText(position?.(parts.raw));
    if (value !== undefined && (max === null || value > max)) max = value;
  }
  const gone: string[] = [];
  for (const one of batch.deletes ?? []) {
    const parts = [one].flat().map(asText);
    if (parts.length === stream.primary_key.length && !parts.includes(undefined))
      gone.push(keyOf(parts as string[], given.parent));
    else errors.push(setAside(reader, `a deleted record is named by its ${stream.primary_key.join(', ')}`));
  }
  const read = batch.upserts?.length ?? 0;
  return { name: given.name, generation: given.generation, at, read, rows, gone, errors, max };
}

/** What is read of every record of a stream: its pointers are taken apart once. */
interface Reader extends ReadBatch {
  now: Date;
  key: ((document: unknown) => unknown)[];
  id: (key: string) => string;
  version: ((document: unknown) => unknown) | null;
  check: Check<unknown> | null;
  check_model: Check<unknown> | null;
}

function readerOf(given: ReadBatch): Reader {
  const { stream } = given;
  return {
    ...given,
    now: new Date(),
    key: stream.primary_key.map(firstAt),
    id: recordIds(given.integration, given.name),
    version: stream.version === undefined ? null : firstAt(stream.version),
    check: stream.schema === undefined ? null : strangerCheck(stream.schema as object),
    check_model: stream.model === undefined ? null : strangerCheck(models[stream.model] as object),
  };
}

function setAside({ name, parent, now }: Reader, message: string, pointer = ''): SyncError {
  return { kind: 'data', stream: name, parent, pointer, message: message.slice(0, 500), at: now };
}

function readUpsert(reader: Reader, { raw, model }: Parts): RecordDoc | SyncError {
  const { integration, name, stream, parent, now } = reader;
  const bad = (message: string, pointer?: string) => setAside(reader, message, pointer);
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return bad('a record must be an object');
  const parts = reader.key.map((at) => asText(at(raw)) ?? asText(at(model)));
  const missing = parts.indexOf(undefined);
  if (missing >= 0) return bad('the record has no primary key', stream.primary_key[missing]);
  const raw_text = JSON.stringify(raw);
  if (raw_text.length > largest_bytes) return bad(`the record is longer than ${largest_bytes} bytes`);
  const broken = firstError(reader.check, raw);
  if (broken) return bad(broken.message, broken.pointer);
  const unified = stream.model === undefined || model === undefined ? null : model;
  const key = keyOf(parts as string[], parent);
  if (key.length > longestKey)
    return bad(`the primary key is longer than ${longestKey} characters`, stream.primary_key[0]);
  const external_id = asText(model?.external_id) ?? (parts as string[]).join('/');
  const whole = unified && { external_id, ...unified };
  const wrong = whole && firstError(reader.check_model, whole);
  if (wrong) return bad(`not a ${stream.model}: ${wrong.message}`, wrong.pointer);
  return {
    _id: reader.id(key),
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
    hash: hash('sha256', canonicalJson([raw, unified]), 'base64url'),
    version: asText(reader.version?.(raw)) ?? null,
    first_seen_at: now,
    last_seen_at: now,
    changed_at: now,
    deleted_at: null,
    seen_in: reader.generation,
    missed: 0,
  };
}

interface Parts {
  raw: unknown;
  model: Record<string, unknown> | undefined;
}

/** A plugin gives `{raw, model?}`; a bare object is its own raw record. */
function partsOf(upsert: unknown): Parts {
  const given = upsert as { raw?: unknown; model?: Record<string, unknown> } | null;
  if (typeof given !== 'object' || given === null) return { raw: given, model: undefined };
  return typeof given.raw === 'object' && given.raw !== null
    ? { raw: given.raw, model: given.model }
    : { raw: given, model: undefined };
}

function firstError(check: Check<unknown> | null, value: unknown): SchemaError | null {
  const checked = check?.(value);
  return !checked || checked.ok ? null : (checked.errors[0] ?? null);
}
