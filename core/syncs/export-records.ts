import { Readable } from 'node:stream';
import { trusted } from '../database/mongoose.ts';
import { Raw } from '../http/route.ts';
import { type RecordDoc, Record as Records } from './model.ts';
import { presentRecord } from './present.ts';

const page = 500;

/**
 * All records that fit a filter, as JSON Lines or CSV (RFC 4180), page after page by (changed_at, _id): what changes
 * meanwhile moves to the end and is seen there.
 */
export function exportRecords(filter: Record<string, unknown>, format: 'jsonl' | 'csv'): Raw {
  const lines = format === 'jsonl' ? jsonLines(filter) : csvLines(filter);
  const type = format === 'jsonl' ? 'application/x-ndjson' : 'text/csv; charset=utf-8';
  return new Raw(Readable.from(lines), {
    'Content-Type': type,
    'Content-Disposition': `attachment; filename="records.${format}"`,
  });
}

async function* pages(filter: Record<string, unknown>): AsyncGenerator<RecordDoc[]> {
  let last: RecordDoc | undefined;
  for (;;) {
    const after = last
      ? {
          $and: [
            filter,
            {
              $or: [
                { changed_at: trusted({ $gt: last.changed_at }) },
                { changed_at: last.changed_at, _id: trusted({ $gt: last._id }) },
              ],
            },
          ],
        }
      : filter;
    const rows = await Records.find(after).sort({ changed_at: 1, _id: 1 }).limit(page).lean();
    if (rows.length > 0) yield rows;
    if (rows.length < page) return;
    last = rows.at(-1);
  }
}

async function* jsonLines(filter: Record<string, unknown>): AsyncGenerator<string> {
  for await (const rows of pages(filter)) yield rows.map((row) => `${JSON.stringify(presentRecord(row))}\n`).join('');
}

async function* csvLines(filter: Record<string, unknown>): AsyncGenerator<string> {
  const fixed = ['id', 'integration_id', 'stream', 'model', 'external_id', 'updated_at', 'deleted_at'] as const;
  let columns: string[] | undefined;
  const headOf = (names: string[]) =>
    `${[...fixed, ...names.map((name) => `data.${name}`), 'raw'].map(cell).join(',')}\r\n`;
  for await (const rows of pages(filter)) {
    const shown = rows.map(presentRecord);
    if (!columns) {
      columns = [...new Set(shown.flatMap(({ data }) => Object.keys(data ?? {})))]
        .filter((name) => name !== 'id' && name !== 'external_id')
        .sort();
      yield headOf(columns);
    }
    const names = columns;
    yield shown
      .map(
        (row) =>
          `${[...fixed.map((name) => row[name]), ...names.map((name) => (row.data as Record<string, unknown> | null)?.[name]), row.raw].map(cell).join(',')}\r\n`,
      )
      .join('');
  }
  // A table without rows is still one.
  if (!columns) yield headOf([]);
}

/** One cell. A text that a spreadsheet would run as a formula is made plain (OWASP, CSV injection). */
function cell(value: unknown): string {
  const text =
    value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
  const plain = /^[=+\-@\t\r]/.test(text) && typeof value === 'string' ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
