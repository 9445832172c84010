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
import { CommandError, cut } from '../errors.ts';
import { isDocument, type Value } from './document.ts';
import { show } from './show.ts';

/** The aliases that `$type` takes, with their numbers (manual: reference/operator/query/type). */
export const TYPE_NUMBERS: Readonly<Record<string, number>> = {
  double: 1,
  string: 2,
  object: 3,
  array: 4,
  binData: 5,
  undefined: 6,
  objectId: 7,
  bool: 8,
  date: 9,
  null: 10,
  regex: 11,
  dbPointer: 12,
  javascript: 13,
  symbol: 14,
  javascriptWithScope: 15,
  int: 16,
  timestamp: 17,
  long: 18,
  decimal: 19,
  minKey: -1,
  maxKey: 127,
};

const NAMES = new Map(Object.entries(TYPE_NUMBERS).map(([name, number]) => [number, name]));

/** The alias of a value's BSON type; `missing` when it is not there. */
export function typeName(value: Value): string {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'long';
    case 'undefined':
      return 'missing';
    case 'number':
      return (value | 0) === value && !Object.is(value, -0) ? 'int' : 'double';
  }
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (isDocument(value)) return 'object';
  if (value instanceof Date) return 'date';
  if (value instanceof ObjectId) return 'objectId';
  if (value instanceof Double) return 'double';
  if (value instanceof Decimal128) return 'decimal';
  if (value instanceof Binary) return 'binData';
  if (value instanceof Timestamp) return 'timestamp';
  if (value instanceof BSONRegExp) return 'regex';
  if (value instanceof BSONSymbol) return 'symbol';
  if (value instanceof Code) return value.scope ? 'javascriptWithScope' : 'javascript';
  if (value instanceof MinKey) return 'minKey';
  if (value instanceof MaxKey) return 'maxKey';
  if (value instanceof DBRef) return 'dbPointer';
  return 'object';
}

const NUMERIC = new Set(['int', 'long', 'double', 'decimal']);

/** Whether a value is a number of any type. */
export function isNumber(value: Value): boolean {
  return NUMERIC.has(typeName(value));
}

/** A number of any type as JavaScript's; NaN for what is no number. Integers beyond 2^53 are rounded. */
export function toNumber(value: Value): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Double) return value.value;
  if (value instanceof Decimal128) return Number(value.toString());
  return Number.NaN;
}

/**
 * A whole number of any type, within JavaScript's safe integers.
 * @throws CommandError `code` with `what` in front of the message when it is something else
 */
export function toInteger(value: Value, what: string, code = 2): number {
  const number = toNumber(value);
  if (!Number.isSafeInteger(number)) throw new CommandError(code, `${what} must be a whole number`);
  return number === 0 ? 0 : number;
}

/** Whether a value counts as true: all but false, null, "not there" and zeros (as `$exists: 1`, projections, `$cond`). */
export function isTruthy(value: Value): boolean {
  if (value === undefined || value === null || value === false) return false;
  return !isNumber(value) || toNumber(value) !== 0;
}

/** The aliases that an operand of `$type` stands for. */
export function typeNamesOf(operand: Value): string[] {
  if (Array.isArray(operand)) {
    if (operand.length === 0) throw new CommandError(9, '$type must match at least one type');
    return operand.flatMap(typeNamesOf);
  }
  if (operand === 'number') return [...NUMERIC];
  const known = typeof operand === 'string' && Object.hasOwn(TYPE_NUMBERS, operand);
  const name = known ? operand : NAMES.get(toNumber(operand));
  if (!name) throw new CommandError(2, `Unknown type name alias: ${cut(show(operand), 60)}`);
  return [name];
}
