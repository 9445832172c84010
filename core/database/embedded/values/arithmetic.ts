import { Decimal128, Double } from 'bson';
import { CommandError, unsupported } from '../errors.ts';
import { decimalOf, decimalRemainder, decimalToPlaces } from './decimal-arithmetic.ts';
import type { Value } from './document.ts';
import { isNumber, toNumber, typeName } from './types.ts';

const INT64_MAX = (1n << 63n) - 1n;
const INT64_MIN = -(1n << 63n);

/** A double that stays one: JavaScript's 2 would be written as an int32. */
export function double(value: number): Value {
  return (value | 0) === value ? new Double(value) : value;
}

/** A whole number as the int32 or int64 that holds it, or undefined when none does. */
export function integer(value: bigint, long: boolean): Value {
  if (value > INT64_MAX || value < INT64_MIN) return undefined;
  return !long && value >= -2147483648n && value <= 2147483647n ? Number(value) : value;
}

/**
 * Adds, subtracts or multiplies two numbers with MongoDB's result types: decimal if either is, else double if either is,
 * else int64 if either is or an int32 would not hold the result.
 *
 * @param overflow - what to do when an int64 does not hold the result: `double`, as expressions do, or undefined, as
 *   `$inc` and `$mul` need, which fail then
 */
export function calculate(
  operator: '+' | '-' | '*',
  a: Value,
  b: Value,
  overflow: 'double' | 'none' = 'double',
): Value {
  if (a instanceof Decimal128 || b instanceof Decimal128) return decimalOf(operator, a, b);
  const types = [typeName(a), typeName(b)];
  if (types.includes('double')) return double(apply(operator, toNumber(a), toNumber(b)));
  const [x, y] = [BigInt(a as number | bigint), BigInt(b as number | bigint)];
  const result = operator === '+' ? x + y : operator === '-' ? x - y : x * y;
  const fitting = integer(result, types.includes('long'));
  return fitting === undefined && overflow === 'double' ? double(Number(result)) : fitting;
}

function apply(operator: '+' | '-' | '*', a: number, b: number): number {
  return operator === '+' ? a + b : operator === '-' ? a - b : a * b;
}

/** The remainder with the sign of the dividend. @throws CommandError 16610 for a zero divisor */
export function remainder(a: Value, b: Value): Value {
  if (a instanceof Decimal128 || b instanceof Decimal128) return decimalRemainder(a, b);
  if (toNumber(b) === 0) throw new CommandError(16610, "can't $mod by zero");
  const types = [typeName(a), typeName(b)];
  if (types.includes('double')) return double(toNumber(a) % toNumber(b));
  return integer(BigInt(a as number | bigint) % BigInt(b as number | bigint), types.includes('long'));
}

/** Rounds a number down or up and keeps its type; whole numbers are returned as they are. */
export function wholeNumber(value: Value, direction: 'down' | 'up'): Value {
  if (value instanceof Decimal128) return decimalToPlaces(value, 0, direction, false);
  const change = direction === 'down' ? Math.floor : Math.ceil;
  return typeName(value) === 'double' ? double(change(toNumber(value))) : value;
}

/** A number for a function of doubles. @throws CommandError `code` when it is none */
export function doubleOf(value: Value, operator: string, code: number): number {
  if (!isNumber(value)) throw new CommandError(code, `${operator} only supports numeric types, not ${typeName(value)}`);
  if (value instanceof Decimal128) throw unsupported(`${operator} of a Decimal128`);
  return toNumber(value);
}
