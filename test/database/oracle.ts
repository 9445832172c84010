import { expect } from 'chai';
import type { Collection, Document } from 'mongodb';
import { valueMaker } from './plans.ts';

// A second opinion on filters and sorts, written from MongoDB's manual alone and on plain JavaScript values; it shares no
// code with the engine. Pages: reference/bson-type-comparison-order, tutorial/query-arrays, query-array-of-documents,
// query-for-null-fields, and the page of each operator.

type Plain = undefined | null | boolean | number | string | Date | Plain[] | { [name: string]: Plain };
type Test = (value: Plain) => boolean;

const isRecord = (value: Plain): value is { [name: string]: Plain } =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

/** The place of a value's type in the order of types. */
function kind(value: Plain): number {
  if (value === undefined || value === null) return 1;
  if (typeof value === 'number') return 2;
  if (typeof value === 'string') return 3;
  if (isRecord(value)) return 4;
  if (Array.isArray(value)) return 5;
  return typeof value === 'boolean' ? 8 : 9;
}

function compare(a: Plain, b: Plain): number {
  if (kind(a) !== kind(b)) return kind(a) - kind(b);
  if (kind(a) === 1) return 0;
  if (typeof a === 'number' && typeof b === 'number') {
    if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(b)) - Number(Number.isNaN(a));
    return a - b || Number(a > b) - Number(a < b) || 0;
  }
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b));
  if (a instanceof Date && b instanceof Date) return a.getTime() - b.getTime();
  if (Array.isArray(a) && Array.isArray(b)) {
    for (const [i, value] of a.entries()) {
      if (i >= b.length) return 1;
      const difference = compare(value, b[i]);
      if (difference) return difference;
    }
    return a.length - b.length;
  }
  if (isRecord(a) && isRecord(b)) {
    const other = Object.entries(b);
    for (const [i, [name, value]] of Object.entries(a).entries()) {
      const [otherName, otherValue] = other[i] ?? [];
      if (otherName === undefined) return 1;
      const difference =
        kind(value) - kind(otherValue) || (name < otherName ? -1 : name > otherName ? 1 : compare(value, otherValue));
      if (difference) return difference;
    }
    return Object.keys(a).length - other.length;
  }
  return Number(a) - Number(b);
}

/** What a path leads to: through arrays to the documents in them, and to their element for a number. */
function reach(value: Plain, [part, ...rest]: string[]): Plain[] {
  if (part === undefined) return [value];
  if (isRecord(value)) return reach(value[part], rest);
  if (!Array.isArray(value)) return [undefined];
  const byNumber = /^\d+$/.test(part) && Number(part) < value.length ? reach(value[Number(part)], rest) : [];
  return [...byNumber, ...value.filter(isRecord).flatMap((element) => reach(element, [part, ...rest]))];
}

/** An array as a whole, and each of its elements. */
const spread = (value: Plain): Plain[] => (Array.isArray(value) ? [value, ...value] : [value]);

const like =
  (operand: Plain): Test =>
  (value) =>
    compare(value, operand) === 0;

function ordered(operand: Plain, holds: (difference: number) => boolean): Test {
  return (value) =>
    kind(value) === kind(operand) && holds(compare(value, operand)) && !(isNotANumber(value) !== isNotANumber(operand));
}
const isNotANumber = (value: Plain) => typeof value === 'number' && Number.isNaN(value);

/** The test of one operator on one value, or undefined for those that look at the whole field. */
function single(operator: string, operand: never): Test | undefined {
  switch (operator) {
    case '$eq':
      return like(operand);
    case '$in':
      return (value) => (operand as Plain[]).some((one) => like(one)(value));
    case '$gt':
      return ordered(operand, (difference) => difference > 0);
    case '$gte':
      return ordered(operand, (difference) => difference >= 0);
    case '$lt':
      return ordered(operand, (difference) => difference < 0);
    case '$lte':
      return ordered(operand, (difference) => difference <= 0);
    case '$mod': {
      const [divisor, rest] = operand as [number, number];
      return (value) => typeof value === 'number' && Number.isFinite(value) && Math.trunc(value) % divisor === rest;
    }
    case '$type':
      return (value) =>
        value !== undefined &&
        { number: 2, string: 3, object: 4, array: 5, bool: 8, date: 9, null: 1 }[operand as string] === kind(value);
  }
  return undefined;
}

function fieldMatches(found: Plain[], operator: string, operand: never): boolean {
  const test = single(operator, operand);
  if (test) return found.some((value) => spread(value).some(test));
  switch (operator) {
    case '$ne':
      return !fieldMatches(found, '$eq', operand);
    case '$nin':
      return !fieldMatches(found, '$in', operand);
    case '$not':
      return !Object.entries(operand as object).every(([name, inner]) => fieldMatches(found, name, inner as never));
    case '$exists':
      return found.some((value) => value !== undefined) === operand;
    case '$all':
      return (
        (operand as Plain[]).length > 0 && (operand as Plain[]).every((one) => fieldMatches(found, '$eq', one as never))
      );
    case '$size':
      return found.some((value) => Array.isArray(value) && value.length === operand);
    case '$elemMatch':
      return found.some(
        (value) =>
          Array.isArray(value) &&
          value.some((element) =>
            Object.entries(operand as object).every(([name, inner]) => single(name, inner as never)?.(element)),
          ),
      );
  }
  throw new Error(`the oracle does not know ${operator}`);
}

/** Whether a document matches a filter. */
function matches(document: Document, filter: Document): boolean {
  return Object.entries(filter).every(([path, operand]) => {
    if (path === '$and') return operand.every((branch: Document) => matches(document, branch));
    if (path === '$or') return operand.some((branch: Document) => matches(document, branch));
    if (path === '$nor') return !operand.some((branch: Document) => matches(document, branch));
    const found = reach(document as Plain, path.split('.'));
    return Object.entries(operand).every(([operator, inner]) => fieldMatches(found, operator, inner as never));
  });
}

/** What an empty array sorts as: before null. */
const NOTHING = { nothing: true };

/**
 * The rows of values that a document sorts by, as an index would hold them: an array stands for each of its elements, for
 * all fields that go through it at once. Null where two fields go through different arrays: such a sort is refused.
 */
function sortRows(ends: { value: unknown; parts: string[] }[]): unknown[][] | null {
  const reached = ends.map(({ value, parts }) => {
    let [at, rest] = [value, parts];
    while (rest.length > 0 && at !== NOTHING) {
      const part = rest[0] as string;
      if (Array.isArray(at) && !(/^\d+$/.test(part) && Number(part) < at.length)) break;
      at = at !== null && typeof at === 'object' ? (at as Document)[part] : undefined;
      rest = rest.slice(1);
    }
    return { value: at, parts: rest };
  });
  const arrays = new Set(reached.map(({ value }) => value).filter(Array.isArray));
  if (arrays.size > 1) return null;
  const [array] = arrays;
  if (!array) return [reached.map(({ value }) => value ?? null)];
  const rows: unknown[][] = [];
  for (const element of array.length > 0 ? array : [NOTHING]) {
    // An array within an array is a value at the end of a path, and nothing on the way.
    const within = sortRows(
      reached.map(({ value, parts }) => {
        if (value !== array) return { value, parts };
        const isEnd = parts.length === 0;
        return { value: Array.isArray(element) ? (isEnd ? { inner: element } : undefined) : element, parts };
      }),
    );
    if (!within) return null;
    rows.push(...within.map((row) => row.map((value) => (isInner(value) ? value.inner : value))));
  }
  return rows;
}

function isInner(value: unknown): value is { inner: unknown[] } {
  return typeof value === 'object' && value !== null && 'inner' in value;
}

function compareRows(a: unknown[], b: unknown[], directions: number[]): number {
  for (const [i, direction] of directions.entries()) {
    const difference = Number(b[i] === NOTHING) - Number(a[i] === NOTHING) || compare(a[i] as Plain, b[i] as Plain);
    if (difference) return direction * difference;
  }
  return 0;
}

/** The documents in the order of a sort, or null where MongoDB refuses it. */
function inSortedOrder(documents: Document[], sort: Record<string, number>): Document[] | null {
  const directions = Object.values(sort);
  const keyed: { document: Document; key: unknown[] }[] = [];
  for (const document of documents) {
    const rows = sortRows(Object.keys(sort).map((path) => ({ value: document, parts: path.split('.') })));
    if (!rows) return null;
    keyed.push({ document, key: rows.toSorted((a, b) => compareRows(a, b, directions))[0] ?? [] });
  }
  return keyed.sort((a, b) => compareRows(a.key, b.key, directions)).map(({ document }) => document);
}

const PATHS = ['a', 'b', 'c', 'o.x', 'o.y', 'list', 'list.0', 'o.0.x'];

/** A random filter of the operators that this oracle knows. */
function makeFilter(random: () => number, value: (nested: boolean) => unknown, depth = 1): Document {
  const pick = <T>(list: T[]): T => list[Math.floor(random() * list.length)] as T;
  const several = (most: number) => Array.from({ length: Math.floor(random() * most) }, () => value(true));
  const operand: Record<string, () => unknown> = {
    $eq: () => value(true),
    $ne: () => value(true),
    $gt: () => value(false),
    $gte: () => value(false),
    $lt: () => value(false),
    $lte: () => value(false),
    $in: () => several(4),
    $nin: () => several(4),
    $exists: () => random() < 0.5,
    $type: () => pick(['number', 'string', 'object', 'array', 'bool', 'date', 'null']),
    $size: () => Math.floor(random() * 4),
    $mod: () => [pick([2, 3]), pick([0, 1])],
    $all: () => several(3),
    $elemMatch: () => ({ $gte: value(false), $lte: value(false) }),
    $not: () => ({ [pick(['$gt', '$lte', '$eq', '$in', '$size'])]: undefined }),
  };
  const condition = (): Document => {
    const operator = pick(Object.keys(operand));
    if (operator !== '$not') return { [operator]: operand[operator]?.() };
    const inner = pick(['$gt', '$lte', '$eq', '$in', '$size']);
    return { $not: { [inner]: operand[inner]?.() } };
  };
  const filter: Document = {};
  for (let i = Math.floor(random() * 2); i >= 0; i--) {
    filter[pick(PATHS)] = random() < 0.2 ? { ...condition(), ...condition() } : condition();
  }
  if (depth > 0 && random() < 0.25) {
    filter[pick(['$or', '$and', '$nor'])] = [
      makeFilter(random, value, depth - 1),
      makeFilter(random, value, depth - 1),
    ];
  }
  return filter;
}

/** Compares what the server finds, and in which order, with what the oracle says, for so many random queries. */
export async function compareWithOracle(
  collection: Collection<Document>,
  random: () => number,
  queries: number,
): Promise<void> {
  const documents = await collection.find({}).hint({ $natural: 1 }).toArray();
  const value = valueMaker(random);
  for (let i = 0; i < queries; i++) {
    const filter = makeFilter(random, value);
    const shown = `filter ${JSON.stringify(filter)}`;
    const found = await collection.find(filter).toArray();
    const ids = found.map(({ _id }) => Number(_id)).sort((a, b) => a - b);
    const expected = documents.filter((document) => matches(document, filter));
    expect(ids, shown).to.deep.equal(expected.map(({ _id }) => Number(_id)).sort((a, b) => a - b));
    const [first, second] = [PATHS[i % PATHS.length] ?? 'a', PATHS[(i >> 3) % PATHS.length] ?? 'a'];
    const sort = { [first]: i & 1 ? 1 : -1, [second]: i & 2 ? 1 : -1, _id: 1 } as const;
    const inOrder = inSortedOrder(expected, sort);
    const sorted = await collection
      .find(filter)
      .sort(sort)
      .toArray()
      .catch((error: { code: number }) => error.code);
    expect(
      typeof sorted === 'number' ? sorted : sorted.map(({ _id }) => _id),
      `${shown} sort ${JSON.stringify(sort)}`,
    ).to.deep.equal(inOrder ? inOrder.map(({ _id }) => _id) : 2);
  }
}
