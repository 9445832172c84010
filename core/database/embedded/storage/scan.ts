import type { Plan } from '../query/plan.ts';
import type { Collection } from './catalog.ts';
import { bufferOf, type Cell, type Connection } from './connection.ts';

/** A stored document with the row that it is in. */
export type Row = { row: number; bytes: Buffer };

/** How many documents are read at once; a scan may be paused between two reads. */
const CHUNK = 256;

/**
 * Reads the documents that a plan finds, a chunk at a time, each document once. Between two chunks others may write: the
 * scan goes on after the last key that it has seen.
 * @param first - the size of the first chunk; later ones grow
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
  let from = reverse ? Number.MAX_SAFE_INTEGER : 0;
  for (let size = first; ; size = CHUNK) {
    const cells = connection.all(sql, from, size);
    if (cells.length) yield cells.map(toRow);
    if (cells.length < size) return;
    from = cells.at(-1)?.[0] as number;
  }
}

function* scanIndex(
  connection: Connection,
  collection: Collection,
  { index, intervals, reverse }: Extract<Plan, { kind: 'index' }>,
  first: number,
): Generator<Row[]> {
  const select = `SELECT i.r, d.doc, i.k FROM i${index.id} i CROSS JOIN d${collection.id} d ON d.r = i.r WHERE`;
  const order = reverse ? 'ORDER BY i.k DESC, i.r DESC LIMIT ?' : 'ORDER BY i.k, i.r LIMIT ?';
  let size = first;
  for (const { low, high } of intervals) {
    const within = high ? 'i.k >= ? AND i.k < ?' : 'i.k >= ?';
    const ends = high ? [low, high] : [low];
    let cells = connection.all(`${select} ${within} ${order}`, ...ends, size);
    for (;;) {
      if (cells.length) yield cells.map(toRow);
      if (cells.length < size) break;
      const last = cells.at(-1) as Cell[];
      const [row, , key] = last as [number, Cell, Cell];
      size = CHUNK;
      cells = reverse
        ? connection.all(`${select} i.k >= ? AND (i.k, i.r) < (?, ?) ${order}`, low, key, row, size)
        : connection.all(
            `${select} (i.k, i.r) > (?, ?)${high ? ' AND i.k < ?' : ''} ${order}`,
            key,
            row,
            ...(high ? [high] : []),
            size,
          );
    }
  }
}

function toRow(cells: Cell[]): Row {
  return { row: cells[0] as number, bytes: bufferOf(cells[1]) };
}
