import { CommandError } from '../errors.ts';
import { compileFilter, type Found } from '../query/match.ts';
import { type Match, planOf, type Query, search, searchAll } from '../query/search.ts';
import type { Collection } from '../storage/catalog.ts';
import { decode } from '../values/decode.ts';
import { existing, type Request } from './request.ts';

/** Smaller collections are scanned within the commit. */
const LARGE = 5000;

/**
 * Finds the rows of a write beforehand when that needs a scan of a large collection, letting others have a turn in
 * between: what happens within a commit stops everything else. The rows are tested again when the write is done.
 *
 * @returns the rows, or undefined when the write is to search by itself
 */
export async function prescan(request: Request, query: Query): Promise<number[] | undefined> {
  if (request.transaction) return undefined;
  try {
    const collection = existing(request);
    if (!collection || collection.nextRow < LARGE || planOf(collection, query).kind !== 'rows') return undefined;
    const rows: number[] = [];
    for (const chunk of search(request.access, collection, query)) {
      for (const { row } of chunk) rows.push(row);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return rows;
  } catch (error) {
    // A query that is refused is refused by the write itself, which knows how to report it.
    if (error instanceof CommandError) return undefined;
    throw error;
  }
}

/**
 * The documents that a write is about: those of `rows` that still match, or what a search finds now. When a limited
 * search finds fewer than before, or an upsert none, it searches again, for others may match by now.
 */
export function matchesOf(
  request: Request,
  collection: Collection,
  query: Query,
  rows: number[] | undefined,
  upserting = false,
): Match[] {
  const again = () => searchAll(request.access, collection, query);
  if (!rows || collection.dropped) return again();
  const predicate = compileFilter(query.filter, query.context);
  const matches: Match[] = [];
  for (const row of rows) {
    const bytes = request.access.read(collection, row);
    const found: Found = {};
    const document = bytes && decode(bytes);
    if (bytes && document && predicate(document, found)) matches.push({ row, bytes, document, found });
  }
  const fewer = query.limit ? matches.length < rows.length : false;
  return fewer || (upserting && matches.length === 0) ? again() : matches;
}
