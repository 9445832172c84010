import { CommandError } from '../errors.ts';
import type { IndexPlan, Interval, Plan } from '../query/plan.ts';
import type { Collection } from './catalog.ts';
import { bufferOf, type Cell, type Connection } from './connection.ts';
import type { Index } from './index.ts';
import { CHUNK, MAX_BYTES, Pace } from './pace.ts';

/** A stored document with the row that it is in. */
export type Row = { row: number; bytes: Buffer };

/**
 * Reads the documents that a plan finds, a chunk at a time, each document once. Between two chunks others may write: the
 * scan goes on after the last key that it has seen.
 * @param first - how many documents are wanted at first
 * @throws CommandError 175 (QueryPlanKilled) when the collection or the index is dropped half-way
 */
export function* scan(connection: Connection, collection: Collection, plan: Plan, first = CHUNK): Generator<Row[]> {
  if (collection.dropped) return;
  if (plan.kind === 'rows') yield* scanRows(connection, collection, plan.reverse, first);
  else if (plan.kind === 'index') yield* once(scanIndex(connection, collection, plan, first), plan.index.multikey);
  else yield* once(scanAll(connection, collection, plan.plans, first), true);
}

function* scanAll(connection: Connection, collection: Collection, plans: Plan[], first: number): Generator<Row[]> {
  for (const plan of plans) yield* scan(connection, collection, plan, first);
}

function* once(chunks: Generator<Row[]>, needed: boolean): Generator<Row[]> {
  if (!needed) return yield* chunks;
  const seen = new Set<number>();
  for (const chunk of chunks) {
    yield chunk.filter(({ row }) => {
      if (seen.has(row)) return false;
      seen.add(row);
      return true;
    });
  }
}

/** The next documents after a row, in the order of insertion. */
export function rowsAfter(connection: Connection, { id }: Collection, row: number): Row[] {
  return connection.all(`SELECT r, doc FROM d${id} WHERE r > ? ORDER BY r LIMIT ?`, row, CHUNK).map(toRow);
}

function* scanRows(connection: Connection, { id }: Collection, reverse: boolean, first: number): Generator<Row[]> {
  const sql = reverse
    ? `SELECT r, doc FROM d${id} WHERE r < ? ORDER BY r DESC LIMIT ?`
    : `SELECT r, doc FROM d${id} WHERE r > ? ORDER BY r LIMIT ?`;
  const pace = new Pace(first);
  let from = reverse ? Number.MAX_SAFE_INTEGER : 0;
  for (;;) {
    const { size } = pace;
    const cells = read(connection, sql, from, size);
    if (cells.length) yield cells.map(toRow);
    if (cells.length < size) return;
    from = cells.at(-1)?.[0] as number;
    pace.after(cells);
  }
}

function* scanIndex(
  connection: Connection,
  collection: Collection,
  { index, intervals, reverse, exact }: IndexPlan,
  first: number,
): Generator<Row[]> {
  const select = `SELECT i.r, d.doc, i.k FROM i${index.id} i CROSS JOIN d${collection.id} d ON d.r = i.r WHERE`;
  const order = reverse ? 'ORDER BY i.k DESC, i.r DESC LIMIT ?' : 'ORDER BY i.k, i.r LIMIT ?';
  if (exact && index.unique) return yield* scanPoints(connection, collection, index, intervals, first);
  const pace = new Pace(first);
  for (const { low, high } of intervals) {
    const within = high ? 'i.k >= ? AND i.k < ?' : 'i.k >= ?';
    const ends = high ? [low, high] : [low];
    let { size } = pace;
    let cells = read(connection, `${select} ${within} ${order}`, ...ends, size);
    for (;;) {
      if (cells.length) yield cells.map(toRow);
      if (cells.length < size) break;
      const last = cells.at(-1) as Cell[];
      const [row, , key] = last as [number, Cell, Cell];
      pace.after(cells);
      ({ size } = pace);
      cells = reverse
        ? read(connection, `${select} i.k >= ? AND (i.k, i.r) < (?, ?) ${order}`, low, key, row, size)
        : read(
            connection,
            `${select} (i.k, i.r) > (?, ?)${high ? ' AND i.k < ?' : ''} ${order}`,
            key,
            row,
            ...(high ? [high] : []),
            size,
          );
    }
  }
}

/** Whole keys of a unique index: each is at most one document, which is looked up without a range and its order. */
function* scanPoints(
  connection: Connection,
  collection: Collection,
  index: Index,
  intervals: Interval[],
  first: number,
): Generator<Row[]> {
  const sql = `SELECT i.r, d.doc FROM i${index.id} i CROSS JOIN d${collection.id} d ON d.r = i.r WHERE i.k = ?`;
  let rows: Row[] = [];
  let bytes = 0;
  for (const { low } of intervals) {
    const [cells] = read(connection, sql, low);
    if (!cells) continue;
    const row = toRow(cells);
    rows.push(row);
    bytes += row.bytes.length;
    if (rows.length < first && bytes < MAX_BYTES) continue;
    yield rows;
    rows = [];
    bytes = 0;
  }
  if (rows.length) yield rows;
}

function read(connection: Connection, sql: string, ...cells: Cell[]): Cell[][] {
  try {
    return connection.all(sql, ...cells);
  } catch (error) {
    if (!/no such table/.test((error as Error).message)) throw error;
    throw new CommandError(175, 'query plan killed :: caused by :: its collection or index was dropped');
  }
}

function toRow(cells: Cell[]): Row {
  return { row: cells[0] as number, bytes: bufferOf(cells[1]) };
}
