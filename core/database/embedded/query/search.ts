import { CommandError, cut } from '../errors.ts';
import type { Access } from '../storage/access.ts';
import type { Collection } from '../storage/catalog.ts';
import { type Index, sameKey } from '../storage/index.ts';
import { decode, decodeFields } from '../values/decode.ts';
import { type Document, isDocument, type Value } from '../values/document.ts';
import { show } from '../values/show.ts';
import { toNumber } from '../values/types.ts';
import { hasKeyIn, type KeyRange, keyInterval } from './key-range.ts';
import { compileFilter, type Found, fieldsOf, type Predicate } from './match.ts';
import type { Context } from './operators.ts';
import { type Hint, type Plan, plan } from './plan.ts';
import { compareSortKeys, parseSort, sortKey } from './sort.ts';

/** What to look for. */
export type Query = {
  filter: Document;
  sort?: Document;
  skip?: number;
  /** 0 for no limit. */
  limit?: number;
  hint?: Value;
  context?: Context;
  /** Only what has a key in a stretch of the hinted index. */
  range?: KeyRange;
  /** Note the array position by which each document matched, for the positional `$`. */
  positions?: boolean;
};

/** A document that was found; `document` is there when it had to be decoded. */
export type Match = { row: number; bytes: Buffer; document?: Document; found?: Found };

/** What may be held in memory to sort, in bytes. */
const MAX_SORT = 256 * 1024 * 1024;

/** The document of a match. */
export function documentOf(match: Match): Document {
  match.document ??= decode(match.bytes);
  return match.document;
}

/** The plan of a query, as `search` would choose it. */
export function planOf(collection: Collection, query: Query): Plan {
  const sort = query.sort ? parseSort(query.sort) : [];
  const hint = hintOf(collection, query.hint);
  if (query.range) return stretch(hint, query.range, query.context?.strings !== undefined);
  const chosen = plan(collection, query.filter, {
    sort,
    hint,
    collated: query.context?.strings !== undefined,
  });
  return chosen.kind === 'rows' && collection.options.clusteredIndex ? byId(collection, chosen.reverse) : chosen;
}

function stretch(hint: Hint | undefined, range: KeyRange, collated: boolean): Plan {
  const interval = keyInterval(hint, range, collated);
  return {
    kind: 'index',
    index: hint as Index,
    intervals: [interval],
    reverse: false,
    sorted: false,
    points: 1,
    exact: false,
  };
}

/** The natural order of a clustered collection is that of `_id` (manual: core/clustered-collections). */
function byId(collection: Collection, reverse: boolean): Plan {
  const index = collection.indexes.find(({ name }) => name === '_id_') as Index;
  return {
    kind: 'index',
    index,
    intervals: [{ low: Buffer.alloc(0) }],
    reverse,
    sorted: false,
    points: 1,
    exact: false,
  };
}

/**
 * Finds the documents of a query, in chunks, of which some may be empty: the caller may pause after each.
 * @throws CommandError as `compileFilter`, `parseSort`; 2 for a hint that names no index; 292 when a sort needs too much memory
 */
export function* search(access: Access, collection: Collection, query: Query): Generator<Match[]> {
  const { filter, context = {}, skip = 0, limit = 0 } = query;
  const matching = Object.keys(filter).length ? compileFilter(filter, context) : undefined;
  const sort = (query.sort ? parseSort(query.sort) : []).filter(({ path }) => path !== '$natural');
  const chosen = planOf(collection, query);
  const predicate = query.range ? within(chosen, matching) : matching;
  const inOrder = sort.length === 0 || (chosen.kind === 'index' && chosen.sorted && access.inOrder(collection));
  const wanted = limit ? skip + limit : 0;
  const first = inOrder && wanted ? Math.min(Math.max(wanted, 1), 256) : 256;
  const fields = query.range ? undefined : fieldsOf(filter);
  const found = matches(access, collection, chosen, { predicate, fields, positions: query.positions ?? false }, first);
  if (!inOrder) return yield* sorted(found, sort, context, skip, wanted);
  yield* between(found, skip, wanted);
}

function within(chosen: Plan, matching: Predicate | undefined): Predicate {
  if (chosen.kind !== 'index') return matching ?? (() => true);
  const { index, intervals } = chosen;
  return (document, found) =>
    intervals.some((interval) => hasKeyIn(index, interval, document)) && (!matching || matching(document, found));
}

function* matches(
  access: Access,
  collection: Collection,
  chosen: Plan,
  { predicate, fields, positions }: { predicate?: Predicate; fields?: Set<string>; positions: boolean },
  first: number,
): Generator<Match[]> {
  for (const chunk of access.scan(collection, chosen, first)) {
    if (!predicate) yield chunk;
    else {
      const kept: Match[] = [];
      for (const { row, bytes } of chunk) {
        const document = fields ? decodeFields(bytes, fields) : decode(bytes);
        const found: Found | undefined = positions ? {} : undefined;
        if (predicate(document, found)) kept.push({ row, bytes, document: fields ? undefined : document, found });
      }
      yield kept;
    }
  }
}

function* between(chunks: Iterable<Match[]>, from: number, to: number): Generator<Match[]> {
  let at = 0;
  for (const chunk of chunks) {
    const start = Math.max(from - at, 0);
    const end = to ? Math.min(to - at, chunk.length) : chunk.length;
    at += chunk.length;
    yield start === 0 && end === chunk.length ? chunk : chunk.slice(start, Math.max(end, start));
    if (to && at >= to) return;
  }
}

function* sorted(
  chunks: Iterable<Match[]>,
  sort: ReturnType<typeof parseSort>,
  { strings }: Context,
  skip: number,
  wanted: number,
): Generator<Match[]> {
  let held: { match: Match; key: Value[] }[] = [];
  let size = 0;
  const arrange = () => {
    held.sort((a, b) => compareSortKeys(a.key, b.key, sort, strings));
    if (wanted && held.length > wanted) held = held.slice(0, wanted);
    size = held.reduce((sum, { match }) => sum + match.bytes.length, 0);
  };
  for (const chunk of chunks) {
    for (const match of chunk) {
      held.push({ match: { ...match, document: undefined }, key: sortKey(documentOf(match), sort, strings) });
      size += match.bytes.length;
    }
    if (wanted && held.length > wanted * 2 + 1000) arrange();
    if (size > MAX_SORT) {
      throw new CommandError(292, `Sort exceeded memory limit of ${MAX_SORT} bytes; add an index for it or a limit`);
    }
    yield [];
  }
  arrange();
  const result = held.map(({ match }) => match);
  for (let at = skip; at < result.length; at += 256) yield result.slice(at, at + 256);
}

function hintOf(collection: Collection, hint: Value): Hint | undefined {
  if (hint === undefined || hint === null || (isDocument(hint) && Object.keys(hint).length === 0)) return undefined;
  if (isDocument(hint) && '$natural' in hint) return toNumber(hint.$natural) < 0 ? 'reversed rows' : 'rows';
  const index = collection.indexes.find(({ name, spec }) =>
    isDocument(hint) ? sameKey(spec.key, hint) : name === hint,
  );
  if (!index)
    throw new CommandError(
      2,
      `error processing query: planner returned error :: caused by :: hint provided does not correspond to an existing index: ${cut(show(hint))}`,
    );
  // It holds no keys; what it would find, a scan finds.
  return index.wildcard ? 'rows' : index;
}

/** All matches of a query at once, for writes, which happen between two events. */
export function searchAll(access: Access, collection: Collection, query: Query): Match[] {
  const all: Match[] = [];
  for (const chunk of search(access, collection, query)) all.push(...chunk);
  return all;
}
