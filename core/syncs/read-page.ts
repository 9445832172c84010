import type { CallError } from '../../sandbox/types.ts';
import { Failure } from '../../sdk/contract/failure.ts';
import { quote } from '../../sdk/contract/quote.ts';
import { type BatchRead, type ReadBatch, readBatch } from './read-batch.ts';

const mostRecords = 1_000;
const longestCursor = 64_000;

/** A page of a stream, checked and read: what is to be stored, and what the plugin says beside its records. */
export interface Page extends BatchRead {
  /** the new position as JSON text; `null` starts over, `undefined` leaves it where it is */
  cursor_text: string | null | undefined;
  wait_s: number;
  /** whether the pass covers a part of what the vendor has: then nothing is swept after it */
  is_part: boolean;
  progress: { done: number; of: number | null };
}

/**
 * Reads what a stream handler yielded (CONTRACT.md, section 4: at most 1,000 records a batch, 64 KB a cursor).
 *
 * @throws Failure `plugin_failed` for what is no page
 */
export function readPage(given: ReadBatch, value: unknown): Page {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrongPage(`a page is an object with upserts, deletes and a cursor, not ${quote(value)}`);
  const { upserts, deletes, cursor, wait_s = 0, progress, covers = 'all' } = value as Record<string, unknown>;
  const lists = { upserts: upserts ?? [], deletes: deletes ?? [] };
  for (const [name, list] of Object.entries(lists))
    if (!Array.isArray(list)) throw wrongPage(`${name} of a page is a list, not ${quote(list)}`);
  const batch = lists as { upserts: unknown[]; deletes: unknown[] };
  const count = batch.upserts.length + batch.deletes.length;
  if (count > mostRecords) throw wrongPage(`a page holds at most 1,000 records, not ${count}`);
  const cursor_text = cursor === undefined || cursor === null ? cursor : JSON.stringify(cursor);
  if ((cursor_text?.length ?? 0) > longestCursor) throw wrongPage('a cursor is at most 64 KB');
  if (typeof wait_s !== 'number' || wait_s < 0) throw wrongPage(`wait_s is a number of seconds, not ${quote(wait_s)}`);
  const { done, of } = (progress ?? {}) as { done?: unknown; of?: unknown };
  return {
    ...readBatch(given, batch),
    cursor_text,
    wait_s,
    is_part: covers !== 'all' && covers !== null,
    progress: { done: countOf(done) ?? 0, of: countOf(of) },
  };
}

const countOf = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);

function wrongPage(message: string): Failure {
  const cause: CallError = { type: 'bad_answer', message };
  return new Failure('plugin_failed', { message: `The stream’s handler yielded no page: ${message}`, cause });
}
