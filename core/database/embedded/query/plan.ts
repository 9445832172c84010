import type { Collection } from '../storage/catalog.ts';
import type { Index } from '../storage/index.ts';
import { compare, isCollated, isCollatedRank, RANK, rankOf } from '../values/compare.ts';
import { type Document, isDocument, type Value } from '../values/document.ts';
import { EMPTY_ARRAY, encodeKey } from '../values/key.ts';
import { isTruthy } from '../values/types.ts';
import { type Bound, collectBounds } from './bounds.ts';
import { isOperators } from './match.ts';
import type { SortField } from './sort.ts';

/** A stretch of index keys: from `low` (included) up to `high` (excluded), or to the end. */
export type Interval = { low: Buffer; high?: Buffer };

/** A search in an index. */
export type IndexPlan = {
  kind: 'index';
  index: Index;
  intervals: Interval[];
  reverse: boolean;
  sorted: boolean;
  points: number;
  /** Whether every interval is one whole key, its `low`. */
  exact: boolean;
};

/** How documents are found: by the rows of the collection, the keys of an index, or several searches together. */
export type Plan = { kind: 'rows'; reverse: boolean } | IndexPlan | { kind: 'union'; plans: Plan[] };

/** More points than this are not searched one by one in a second field. */
const MAX_POINTS = 2000;

/** What a hint names: an index, or the rows of the collection in their order or backwards. */
export type Hint = Index | 'rows' | 'reversed rows';

export type PlanOptions = { sort?: SortField[]; hint?: Hint; collated?: boolean };

/**
 * Chooses how to find the documents of a filter. What a plan finds may hold more than what matches, never less, so every
 * document is tested against the filter again.
 */
export function plan(collection: Collection, filter: Document, options: PlanOptions = {}): Plan {
  const { sort = [], hint } = options;
  if (typeof hint === 'string') return { kind: 'rows', reverse: hint === 'reversed rows' || isReverseNatural(sort) };
  const all = new Map<string, Bound>();
  collectBounds(filter, all);
  // An index has strings by their bytes, or by a collation of its own; another one would find them elsewhere.
  const collates = options.collated || collection.indexes.some(({ collated }) => collated);
  const plain = collates ? new Map([...all].filter(([, bound]) => isPlain(bound))) : all;
  const sortable = options.collated ? [] : sort;
  let best: { plan: Plan; score: number } | undefined;
  for (const index of hint ? [hint] : collection.indexes) {
    if (!hint && (index.hidden || index.wildcard)) continue;
    const bounds = options.collated || index.collated ? plain : all;
    if (!hint && !covers(index, filter, bounds)) continue;
    const candidate = searchBy(index, bounds, sortable);
    const score = candidate.score + (hint ? 1 : 0);
    if (score > 0 && (!best || score > best.score)) best = { plan: candidate.plan, score };
  }
  if (best && best.score >= 100) return best.plan;
  return unionOf(collection, filter, options) ?? best?.plan ?? { kind: 'rows', reverse: isReverseNatural(sort) };
}

/** Whether a bound is of values that every collation compares alike. */
function isPlain({ values, ranges }: Bound): boolean {
  return values ? !values.some(isCollated) : !ranges.some(({ rank }) => isCollatedRank(rank));
}

/** Whether rows in the order of insertion, backwards, are asked for (`$natural: -1`). */
function isReverseNatural(sort: SortField[]): boolean {
  return sort[0]?.path === '$natural' && sort[0].descending;
}

function unionOf(collection: Collection, filter: Document, options: PlanOptions): Plan | undefined {
  const { $or: branches } = filter;
  if (!Array.isArray(branches) || branches.length > 50 || options.hint) return undefined;
  const plans = branches.map((branch) =>
    isDocument(branch) ? plan(collection, branch, { collated: options.collated }) : undefined,
  );
  if (!plans.every((found) => found !== undefined && found.kind !== 'rows')) return undefined;
  return { kind: 'union', plans: plans.filter((found) => found !== undefined) };
}

function searchBy(index: Index, bounds: Map<string, Bound>, sort: SortField[]): { plan: Plan; score: number } {
  let prefixes: Value[][] = [[]];
  let equalities = 0;
  let range: Bound | undefined;
  const arrays = new Set<string>();
  for (const field of index.fields) {
    const bound = bounds.get(field.path);
    // Two fields below one array may match by different elements, which are in different keys.
    const top = field.parts[0] as string;
    if (!bound || (index.multikey && arrays.has(top))) break;
    arrays.add(top);
    const values = bound.values;
    if (!values || values.length * prefixes.length > MAX_POINTS) {
      range = values ? undefined : bound;
      break;
    }
    prefixes = prefixes.flatMap((prefix) => values.map((value) => [...prefix, value]));
    equalities++;
  }
  const order = sortOrder(index, bounds, sort, equalities);
  const intervals = mergeIntervals(prefixes.flatMap((prefix) => intervalsOf(index, prefix, range)));
  const sorted = order !== undefined && prefixes.length === 1 && !index.multikey;
  const isPoint = equalities === index.fields.length && index.unique && prefixes.length === 1;
  const score = (isPoint ? 1000 : 0) + equalities * 100 + (range ? 50 : 0) + (sorted && sort.length ? 40 : 0);
  const found: Plan = {
    kind: 'index',
    index,
    intervals: order === 'backward' && sorted ? intervals.reverse() : intervals,
    reverse: order === 'backward' && sorted,
    sorted: sorted && sort.length > 0,
    points: prefixes.length,
    // Equal values have equal keys. Intervals that were merged are no longer told apart.
    exact: equalities === index.fields.length && intervals.length === prefixes.length,
  };
  return { plan: found, score };
}

/** Whether going through an index gives the order that is asked for, after the fields that are fixed. */
function sortOrder(
  index: Index,
  bounds: Map<string, Bound>,
  sort: SortField[],
  equalities: number,
): 'forward' | 'backward' | undefined {
  if (sort.length === 0 || index.collated) return undefined;
  const fixed = new Set(
    index.fields
      .slice(0, equalities)
      .filter(({ path }) => bounds.get(path)?.values?.length === 1)
      .map(({ path }) => path),
  );
  const wanted = sort.filter(({ path }) => !fixed.has(path));
  const rest = index.fields.filter(({ path }, i) => i >= equalities || !fixed.has(path));
  if (wanted.length === 0) return 'forward';
  if (wanted.length > rest.length) return undefined;
  const first = rest[0]?.descending !== wanted[0]?.descending;
  const fits = wanted.every(
    (field, i) => rest[i]?.path === field.path && (rest[i]?.descending !== field.descending) === first,
  );
  if (!fits) return undefined;
  return first ? 'backward' : 'forward';
}

function intervalsOf(index: Index, prefix: Value[], range: Bound | undefined): Interval[] {
  const descending = index.fields.map((field) => field.descending);
  const start = encodeKey(prefix, descending);
  if (!range) return [{ low: start, high: after(start) }];
  const flip = descending[prefix.length] === true;
  return range.ranges.map(({ low, high, rank, sides, prefix: isPrefix }) => {
    const oneSide = sides && index.multikey && low !== undefined;
    // A string's key ends with two zeros, which the beginning of a longer one does not have.
    const from =
      low === undefined ? Buffer.from([rank]) : isPrefix ? encodeKey([low]).subarray(0, -2) : encodeKey([low]);
    const to = isPrefix ? from : high === undefined || oneSide ? Buffer.from([rank]) : encodeKey([high]);
    const [first, last] = flip ? [inverted(to), inverted(from)] : [from, to];
    return { low: Buffer.concat([start, first]), high: after(Buffer.concat([start, last])) };
  });
}

function inverted(bytes: Buffer): Buffer {
  return Buffer.from(bytes.map((byte) => ~byte));
}

/** The least key that is above every key starting with these bytes. */
function after(bytes: Buffer): Buffer | undefined {
  const end = Buffer.from(bytes);
  for (let i = end.length - 1; i >= 0; i--) {
    if (end[i] !== 255) {
      end[i] = (end[i] as number) + 1;
      return end.subarray(0, i + 1);
    }
  }
  return undefined;
}

function mergeIntervals(intervals: Interval[]): Interval[] {
  const sorted = intervals.sort((a, b) => Buffer.compare(a.low, b.low));
  const merged: Interval[] = [];
  for (const interval of sorted) {
    const last = merged.at(-1);
    if (!last || (last.high && Buffer.compare(last.high, interval.low) <= 0)) merged.push({ ...interval });
    else if (last.high && (!interval.high || Buffer.compare(interval.high, last.high) > 0)) last.high = interval.high;
  }
  return merged;
}

/** Whether an index has every document that can match: a sparse or partial one leaves documents out. */
function covers(index: Index, filter: Document, bounds: Map<string, Bound>): boolean {
  if (index.sparse) {
    return index.fields.some(({ path }) => {
      const bound = bounds.get(path);
      if (!bound) return false;
      return bound.values
        ? bound.values.every((value) => value !== null)
        : bound.ranges.every(({ rank }) => rank !== RANK.null);
    });
  }
  return !index.partial || implies(filter, bounds, index.partial.filter);
}

function implies(filter: Document, bounds: Map<string, Bound>, partial: Document): boolean {
  return Object.entries(partial).every(([path, operand]) => {
    if (path === '$and')
      return Array.isArray(operand) && operand.every((branch) => implies(filter, bounds, branch as Document));
    if (path.startsWith('$')) return false;
    const bound = bounds.get(path);
    // What only an equality can prove is proved by equalities: every value asked for must satisfy the index's condition.
    return bound?.values?.every((value) => !isArrayish(value) && satisfies(value, operand)) ?? false;
  });
}

function isArrayish(value: Value): boolean {
  return Array.isArray(value) || value === EMPTY_ARRAY;
}

function satisfies(value: Value, operand: Value): boolean {
  if (!isOperators(operand)) return compare(value, operand) === 0;
  return Object.entries(operand).every(([operator, argument]) => {
    const difference = rankOf(value) === rankOf(argument) ? compare(value, argument) : Number.NaN;
    switch (operator) {
      case '$eq':
        return difference === 0;
      case '$gt':
        return difference > 0;
      case '$gte':
        return difference >= 0;
      case '$lt':
        return difference < 0;
      case '$lte':
        return difference <= 0;
      case '$exists':
        return isTruthy(argument) && value !== null;
      case '$in':
        return Array.isArray(argument) && argument.some((item) => compare(item, value) === 0);
      case '$type':
        return argument === 'string' && typeof value === 'string';
    }
    return false;
  });
}
