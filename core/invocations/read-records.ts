import { quote } from '../../sdk/contract/quote.ts';
import { trusted } from '../database/mongoose.ts';
import { type RecordDoc, Record as SyncedRecord } from '../syncs/model.ts';
import { PerformError } from './perform-error.ts';
import type { CallScope } from './scope.ts';

const mostAtOnce = 100;

/** A synced record as a plugin sees it. */
export interface ReadRecord {
  id: string;
  model: string;
  stream: string;
  integration_id: string;
  data: unknown;
  changed_at: string;
}

/**
 * What `ctx.records` does: the records of the call's project by their unified model, oldest id first. The sandbox's
 * parent has judged the model against the grant.
 *
 * @throws PerformError `bad_request`
 */
export async function readRecords(scope: CallScope, query: unknown): Promise<ReadRecord[] | ReadRecord | null> {
  const asked = query as Record<string, unknown>;
  const model = textOf(asked, 'model');
  if (model === undefined) throw new PerformError('bad_request', 'Name the model to read');
  if (scope.project_id === null) throw new PerformError('bad_request', 'This call belongs to no project');
  const own = { workspace_id: scope.workspace_id, project_id: scope.project_id, model, deleted_at: null };
  if (asked.op === 'get') {
    const found = await SyncedRecord.findOne({ ...own, _id: textOf(asked, 'id') ?? '' }).lean();
    return found && present(found);
  }
  const since = textOf(asked, 'since');
  const after = textOf(asked, 'after');
  const stream = textOf(asked, 'stream');
  const limit = Math.min(Number.isInteger(asked.limit) ? Math.max(1, Number(asked.limit)) : mostAtOnce, mostAtOnce);
  const found = await SyncedRecord.find({
    ...own,
    ...(stream !== undefined && { stream }),
    ...(since !== undefined && { changed_at: trusted({ $gte: dateOf(since) }) }),
    ...(after !== undefined && { _id: trusted({ $gt: after }) }),
  })
    .sort({ _id: 1 })
    .limit(limit)
    .lean();
  return found.map(present);
}

function present(record: RecordDoc): ReadRecord {
  return {
    id: record._id,
    model: record.model ?? '',
    stream: record.stream,
    integration_id: record.integration_id,
    data: JSON.parse(record.model_text ?? record.raw_text) as unknown,
    changed_at: record.changed_at.toISOString(),
  };
}

function textOf(asked: Record<string, unknown>, field: string): string | undefined {
  const value = asked[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' && value.length <= 500) return value;
  throw new PerformError('bad_request', `${field} must be a text of at most 500 characters, not ${quote(value)}`);
}

function dateOf(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw new PerformError('bad_request', `since must be a time, not ${quote(text)}`);
  return date;
}
