import type { Stream } from '../../sdk/contract/manifest/streams.ts';
import { trusted } from '../database/mongoose.ts';
import { transaction } from '../database/transaction.ts';
import { emitEvents } from '../events/emit-event.ts';
import { Installation } from '../installations/model.ts';
import type { IntegrationDoc } from '../integrations/model.ts';
import { type Counts, type RecordDoc, Record as Records } from './model.ts';
import { type BadRecord, type Batch, type BatchRead, readBatch } from './read-batch.ts';
import { removeRecords } from './remove-records.ts';

export interface StoreBatch {
  batch: Batch;
  parent: string | null;
  stream?: Stream;
}

export interface Stored {
  counts: Counts;
  errors: BadRecord[];
}

/**
 * Reads and stores records that came by a webhook or were pushed; joins the caller's transaction. Each change is told as
 * an event.
 */
export async function storeBatch(integration: IntegrationDoc, name: string, given: StoreBatch): Promise<Stored> {
  const stream = given.stream ?? (await streamOf(integration, name));
  const page = readBatch({ integration, name, stream, parent: given.parent, generation: null }, given.batch);
  return writeBatch(integration, page, { tells: true, mayExist: true });
}

/**
 * Stores a page of records: new ones, changed ones by content hash, deleted ones. What is the same counts as read only;
 * an older version than the stored one is dropped. Runs in the caller's transaction, together with the cursor.
 *
 * @param how.tells whether `record.created|updated|deleted` are told
 * @param how.mayExist false where all of them are taken to be new, so that none is looked for
 * @param how.before what is written with it and needs its counts, before the records: when it throws, none has been sent
 * @throws the driver's error 11000 when one that was taken to be new is there: then the transaction is undone
 */
export async function writeBatch(
  integration: IntegrationDoc,
  { name, rows, gone, errors, read, generation, at }: BatchRead,
  how: { tells: boolean; mayExist: boolean; before?: (stored: Stored) => Promise<void> },
): Promise<Stored> {
  return transaction(async () => {
    const known = how.mayExist ? await storedOf([...rows.keys()]) : new Map<string, StoredRow>();
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
    const removed = await removeRecords(integration, name, { keys: gone });
    const counts = { created: created.length, updated: updated.length, deleted: removed.length, failed: errors.length };
    const stored = { counts: { read, ...counts }, errors };
    await how.before?.(stored);
    if (created.length > 0) await Records.insertMany(created, { lean: true });
    if (updated.length > 0)
      await Records.bulkWrite(
        updated.map(({ _id, ...fields }) => ({ updateOne: { filter: { _id }, update: { $set: fields } } })),
        { ordered: false },
      );
    // Outside of a full pass nothing is swept, so what did not change need not be touched.
    if (same.length > 0 && generation !== null)
      await Records.updateMany(
        { _id: trusted({ $in: same }) },
        { $set: { seen_in: generation, last_seen_at: at, missed: 0 } },
      );
    if (how.tells)
      await tell(integration, [
        ...created.map((row) => ({ type: 'record.created', row })),
        ...updated.map((row) => ({ type: 'record.updated', row })),
        ...removed.map((row) => ({ type: 'record.deleted', row })),
      ]);
    return stored;
  });
}

type StoredRow = Pick<RecordDoc, '_id' | 'hash' | 'version' | 'deleted_at' | 'first_seen_at' | 'seen_in'>;

/** Without the texts: what is the same is told by its hash. */
async function storedOf(ids: string[]): Promise<Map<string, StoredRow>> {
  const rows: StoredRow[] = await Records.find(
    { _id: trusted({ $in: ids }) },
    { hash: 1, version: 1, deleted_at: 1, first_seen_at: 1, seen_in: 1 },
  ).lean();
  return new Map(rows.map((row) => [row._id, row]));
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

/** Numbers and times compare; opaque versions only tell same from different. */
function isOlder(version: string, than: string): boolean {
  if (version === than) return false;
  const numbers = [Number(version), Number(than)];
  if (numbers.every(Number.isFinite)) return (numbers[0] as number) < (numbers[1] as number);
  const times = [Date.parse(version), Date.parse(than)];
  return times.every(Number.isFinite) && (times[0] as number) < (times[1] as number);
}
