import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  DBRef,
  Decimal128,
  Double,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson';
import { compareDecimals, isDecimalNaN } from './decimal.ts';
import { isDocument, type Value } from './document.ts';

/** Compares two strings; from a collation, or by their UTF-8 bytes when there is none. */
export type StringOrder = ((a: string, b: string) => number) | undefined;

/**
 * The rank of each type in MongoDB's order (manual: reference/bson-type-comparison-order). `undefined`, which is also how
 * the empty array sorts, comes before null in index keys; in comparisons of values, missing equals null: see `rankOf`.
 */
export const RANK = {
  minKey: 1,
  emptyArray: 2,
  null: 5,
  number: 10,
  string: 15,
  document: 20,
  array: 25,
  binary: 30,
  objectId: 35,
  boolean: 40,
  date: 45,
  timestamp: 47,
  regex: 50,
  pointer: 55,
  code: 60,
  codeWithScope: 65,
  maxKey: 127,
} as const;

/** The rank of a value's type in MongoDB's order of types. */
export function rankOf(value: Value): number {
  switch (typeof value) {
    case 'number':
    case 'bigint':
      return RANK.number;
    case 'string':
      return RANK.string;
    case 'boolean':
      return RANK.boolean;
    case 'undefined':
      return RANK.null;
    case 'symbol':
      return RANK.emptyArray;
  }
  if (value === null) return RANK.null;
  if (Array.isArray(value)) return RANK.array;
  if (isDocument(value)) return RANK.document;
  if (value instanceof ObjectId) return RANK.objectId;
  if (value instanceof Date) return RANK.date;
  if (value instanceof Double || value instanceof Decimal128) return RANK.number;
  if (value instanceof Binary) return RANK.binary;
  if (value instanceof Timestamp) return RANK.timestamp;
  if (value instanceof BSONRegExp) return RANK.regex;
  if (value instanceof BSONSymbol) return RANK.string;
  if (value instanceof Code) return value.scope ? RANK.codeWithScope : RANK.code;
  if (value instanceof MinKey) return RANK.minKey;
  if (value instanceof MaxKey) return RANK.maxKey;
  if (value instanceof DBRef) return RANK.pointer;
  return RANK.document;
}

/** Whether collations differ about values of this type: strings, and what may hold some. */
export function isCollated(value: Value): boolean {
  return isCollatedRank(rankOf(value));
}

/** The same of a type's rank. */
export function isCollatedRank(rank: number): boolean {
  return rank === RANK.string || rank === RANK.document || rank === RANK.array;
}

/**
 * Compares two values in MongoDB's order, across all types.
 * @returns negative, 0 or positive
 */
export function compare(a: Value, b: Value, strings?: StringOrder): number {
  if (typeof a === 'string' && typeof b === 'string') return compareStrings(a, b, strings);
  if (typeof a === 'number' && typeof b === 'number') return compareNumbers(a, b);
  const rankA = rankOf(a);
  const rankB = rankOf(b);
  if (rankA !== rankB) return rankA - rankB;
  switch (rankA) {
    case RANK.number:
      return compareNumbers(a, b);
    case RANK.string:
      return compareStrings(textOf(a), textOf(b), strings);
    case RANK.document:
      return compareDocuments(a as object, b as object, strings);
    case RANK.array:
      return compareArrays(a as Value[], b as Value[], strings);
    case RANK.binary:
      return compareBinaries(a as Binary, b as Binary);
    case RANK.objectId:
      return Buffer.compare((a as ObjectId).id, (b as ObjectId).id);
    case RANK.boolean:
      return Number(a) - Number(b);
    case RANK.date:
      return order(timeOf(a as Date), timeOf(b as Date));
    case RANK.timestamp:
      return order((a as Timestamp).toBigInt(), (b as Timestamp).toBigInt());
    case RANK.regex: {
      const [x, y] = [a as BSONRegExp, b as BSONRegExp];
      return bytewise(x.pattern, y.pattern) || bytewise(x.options, y.options);
    }
    case RANK.code:
    case RANK.codeWithScope: {
      const [x, y] = [a as Code, b as Code];
      return bytewise(x.code, y.code) || compareDocuments(x.scope ?? {}, y.scope ?? {}, strings);
    }
    case RANK.pointer:
      return bytewise(JSON.stringify(a), JSON.stringify(b));
    default:
      return 0;
  }
}

/** Whether two values are equal for MongoDB: 1, 1.0 and NumberLong(1) are, null and "not there" are. */
export function equal(a: Value, b: Value, strings?: StringOrder): boolean {
  return compare(a, b, strings) === 0;
}

function order<T extends number | bigint>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function timeOf(date: Date): number {
  const time = date.getTime();
  return Number.isNaN(time) ? Number.NEGATIVE_INFINITY : time;
}

function textOf(value: Value): string {
  return typeof value === 'string' ? value : (value as BSONSymbol).value;
}

function compareStrings(a: string, b: string, strings: StringOrder): number {
  if (a === b) return 0;
  return strings ? strings(a, b) : bytewise(a, b);
}

/**
 * Compares by UTF-8 bytes, which is by code points; JavaScript compares UTF-16 units, which differs above U+FFFF.
 * Only surrogates are out of place, so they are moved above the rest before two different units are compared.
 */
export function bytewise(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return place(x) - place(y);
  }
  return a.length - b.length;
}

function place(unit: number): number {
  if (unit >= 0xe000) return unit - 0x800;
  return unit >= 0xd800 ? unit + 0x2000 : unit;
}

function compareNumbers(a: Value, b: Value): number {
  if (a instanceof Decimal128 || b instanceof Decimal128) {
    const nanA = isDecimalNaN(a);
    const nanB = isDecimalNaN(b);
    return nanA || nanB ? Number(nanB) - Number(nanA) : compareDecimals(a, b);
  }
  const x = a instanceof Double ? a.value : (a as number | bigint);
  const y = b instanceof Double ? b.value : (b as number | bigint);
  if (x < y) return -1;
  if (x > y) return 1;
  // Equal, or NaN, which is below every number and equal to itself. (`===` would tell 1 from 1n.)
  return Number(Number.isNaN(y)) - Number(Number.isNaN(x));
}

function compareDocuments(a: object, b: object, strings: StringOrder): number {
  const fieldsA = Object.entries(a);
  const fieldsB = Object.entries(b);
  for (let i = 0; i < fieldsA.length; i++) {
    const [nameA, valueA] = fieldsA[i] as [string, Value];
    const other = fieldsB[i];
    if (!other) return 1;
    const difference =
      rankOf(valueA) - rankOf(other[1]) || bytewise(nameA, other[0]) || compare(valueA, other[1], strings);
    if (difference) return difference;
  }
  return fieldsA.length - fieldsB.length;
}

function compareArrays(a: Value[], b: Value[], strings: StringOrder): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = compare(a[i], b[i], strings);
    if (difference) return difference;
  }
  return a.length - b.length;
}

function compareBinaries(a: Binary, b: Binary): number {
  return a.position - b.position || a.sub_type - b.sub_type || Buffer.compare(a.value(), b.value());
}
