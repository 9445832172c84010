import { Decimal128 } from 'bson';
import { CommandError } from '../../errors.ts';
import { calculate, double, doubleOf, integer, remainder, wholeNumber } from '../../values/arithmetic.ts';
import {
  decimalAbsolute,
  decimalOf,
  decimalRoot,
  decimalToPlaces,
  type Rounding,
} from '../../values/decimal-arithmetic.ts';
import type { Value } from '../../values/document.ts';
import { dateAt } from '../../values/far-date.ts';
import { show } from '../../values/show.ts';
import { isNumber, toNumber, typeName } from '../../values/types.ts';
import { isNullish, nullable, positional } from '../arguments.ts';
import type { Operator } from '../expression.ts';

function add(...values: Value[]): Value {
  let date: Date | undefined;
  let sum: Value = 0;
  for (const value of values) {
    if (isNullish(value)) return null;
    if (value instanceof Date) {
      if (date) throw new CommandError(16612, 'only one date allowed in an $add expression');
      date = value;
    } else {
      if (!isNumber(value)) {
        throw new CommandError(14, `$add only supports numeric or date types, not ${typeName(value)}`);
      }
      sum = calculate('+', sum, value);
    }
  }
  return date ? dateAt(date.getTime() + Math.round(toNumber(sum))) : sum;
}

function subtract(a: Value, b: Value): Value {
  if (a instanceof Date && b instanceof Date) return BigInt(a.getTime() - b.getTime());
  if (a instanceof Date && isNumber(b)) return dateAt(a.getTime() - Math.round(toNumber(b)));
  if (!isNumber(a) || !isNumber(b)) {
    throw new CommandError(14, `can't $subtract ${typeName(b)} from ${typeName(a)}`);
  }
  return calculate('-', a, b);
}

function multiply(...values: Value[]): Value {
  let product: Value = 1;
  for (const value of values) {
    if (isNullish(value)) return null;
    if (!isNumber(value)) throw new CommandError(14, `$multiply only supports numeric types, not ${typeName(value)}`);
    product = calculate('*', product, value);
  }
  return product;
}

function divide(a: Value, b: Value): Value {
  if (!isNumber(a) || !isNumber(b)) {
    throw new CommandError(14, `$divide only supports numeric types, not ${typeName(a)} and ${typeName(b)}`);
  }
  if (a instanceof Decimal128 || b instanceof Decimal128) return decimalOf('/', a, b);
  const divisor = doubleOf(b, '$divide', 14);
  if (divisor === 0) throw new CommandError(2, "can't $divide by zero");
  return double(doubleOf(a, '$divide', 14) / divisor);
}

function power(a: Value, b: Value): Value {
  const [base, exponent] = [doubleOf(a, '$pow', 28762), doubleOf(b, '$pow', 28763)];
  if (base === 0 && exponent < 0) throw new CommandError(28764, '$pow cannot take a base of 0 and a negative exponent');
  const whole = typeName(a) !== 'double' && typeName(b) !== 'double' && exponent >= 0 && exponent < 64;
  const exact = whole
    ? integer(BigInt(a as bigint | number) ** BigInt(exponent), typeName(a) === 'long' || typeName(b) === 'long')
    : undefined;
  return exact ?? double(base ** exponent);
}

/** @throws CommandError 16004, 31109 or 51082 for a number of places that is none */
function placesOf(places: Value, name: string): number {
  if (!isNumber(places)) throw new CommandError(16004, `can't convert from BSON type ${typeName(places)} to long`);
  const number = toNumber(places);
  if (!Number.isFinite(number))
    throw new CommandError(31109, `Can't coerce out of range value ${show(places)} to long`);
  if ((number | 0) !== number) throw new CommandError(51082, `precision argument to  ${name} must be a integral value`);
  return number;
}

/** Rounds to a number of places; half goes to even, as the manual of `$round` says. */
function rounding(name: string, change: (value: number) => number, decimal: Rounding): Operator {
  return nullable(1, 2, (value, places = 0) => {
    if (!(value instanceof Decimal128)) doubleOf(value, name, 51081);
    const digits = placesOf(places, name);
    if (digits < -20 || digits > 100)
      throw new CommandError(51083, `cannot apply ${name} with precision value ${digits} value must be in [-20, 100]`);
    if (value instanceof Decimal128) return decimalToPlaces(value, digits, decimal);
    if (typeName(value) !== 'double') {
      if (digits >= 0) return value;
      const rounded = wholeToPlaces(BigInt(value as bigint | number), 10n ** BigInt(-digits), decimal === 'even');
      const fitting = integer(rounded, typeName(value) === 'long');
      if (fitting === undefined) throw new CommandError(51080, `invalid conversion from ${rounded} to long in ${name}`);
      return fitting;
    }
    const number = toNumber(value);
    if (!Number.isFinite(number)) return number;
    const scaled = shift(number, digits);
    return Number.isFinite(scaled) ? double(shift(change(scaled), -digits)) : double(number);
  });
}

/** Cuts a whole number to a multiple of a step: towards zero, or to the nearest one, the even one at half. */
function wholeToPlaces(value: bigint, step: bigint, nearest: boolean): bigint {
  const quotient = value / step;
  const rest = value % step;
  if (!nearest) return quotient * step;
  const twice = 2n * (rest < 0n ? -rest : rest);
  const up = twice > step || (twice === step && quotient % 2n !== 0n);
  return (up ? quotient + (value < 0n ? -1n : 1n) : quotient) * step;
}

/** Moves the decimal point by text, so that 1.005 moved by two places is 100.5 and not 100.49999. */
function shift(number: number, places: number): number {
  const [mantissa, exponent = '0'] = String(number).split('e');
  return Number(`${mantissa}e${Number(exponent) + places}`);
}

function halfToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

function ofDouble(name: string, compute: (value: number) => number, low?: number, high?: number): Operator {
  return nullable(1, 1, (value) => {
    const number = doubleOf(value, name, 28765);
    if ((low !== undefined && number < low) || (high !== undefined && number > high)) {
      throw new CommandError(
        50989,
        `cannot apply ${name} to ${number}, value must be in [${low ?? '-inf'},${high ?? 'inf'}]`,
      );
    }
    return double(compute(number));
  });
}

function logarithm(value: Value, base: Value): Value {
  const [number, radix] = [doubleOf(value, '$log', 28756), doubleOf(base, '$log', 28757)];
  if (number <= 0) throw new CommandError(28758, "$log's argument must be a positive number");
  if (radix <= 0 || radix === 1) throw new CommandError(28759, "$log's base must be a positive number not equal to 1");
  return double(Math.log(number) / Math.log(radix));
}

function absolute(value: Value): Value {
  if (value instanceof Decimal128) return decimalAbsolute(value);
  doubleOf(value, '$abs', 28765);
  if (typeof value === 'bigint') {
    if (value === -(1n << 63n)) throw new CommandError(28680, "can't take $abs of long long min");
    return value < 0n ? -value : value;
  }
  if (value === -2147483648) return 2147483648n;
  return typeof value === 'number' ? Math.abs(value) : double(Math.abs(toNumber(value)));
}

/** Expressions of numbers. */
export const ARITHMETIC: Readonly<Record<string, Operator>> = {
  $add: positional(0, 10_000, add),
  $subtract: nullable(2, 2, subtract),
  $multiply: positional(0, 10_000, multiply),
  $divide: nullable(2, 2, divide),
  $mod: nullable(2, 2, (a, b) => {
    if (!isNumber(a) || !isNumber(b))
      throw new CommandError(16611, `$mod only supports numeric types, not ${typeName(a)} and ${typeName(b)}`);
    return remainder(a, b);
  }),
  $pow: nullable(2, 2, power),
  $abs: nullable(1, 1, absolute),
  $ceil: nullable(1, 1, (value) => {
    if (!(value instanceof Decimal128)) doubleOf(value, '$ceil', 28765);
    return wholeNumber(value, 'up');
  }),
  $floor: nullable(1, 1, (value) => {
    if (!(value instanceof Decimal128)) doubleOf(value, '$floor', 28765);
    return wholeNumber(value, 'down');
  }),
  $round: rounding('$round', halfToEven, 'even'),
  $trunc: rounding('$trunc', Math.trunc, 'zero'),
  $sqrt: nullable(1, 1, (value) => {
    const number = value instanceof Decimal128 ? toNumber(value) : doubleOf(value, '$sqrt', 28765);
    if (number < 0) throw new CommandError(28714, "$sqrt's argument must be greater than or equal to 0");
    if (value instanceof Decimal128) return decimalRoot(value);
    return double(Math.sqrt(number));
  }),
  $exp: ofDouble('$exp', Math.exp),
  $ln: nullable(1, 1, (value) => {
    const number = doubleOf(value, '$ln', 28765);
    if (number <= 0) throw new CommandError(28766, "$ln's argument must be a positive number");
    return double(Math.log(number));
  }),
  $log: nullable(2, 2, logarithm),
  $log10: nullable(1, 1, (value) => {
    const number = doubleOf(value, '$log10', 28765);
    if (number <= 0) throw new CommandError(28761, "$log10's argument must be a positive number");
    return double(Math.log10(number));
  }),
  $sin: ofDouble('$sin', Math.sin),
  $cos: ofDouble('$cos', Math.cos),
  $tan: ofDouble('$tan', Math.tan),
  $asin: ofDouble('$asin', Math.asin, -1, 1),
  $acos: ofDouble('$acos', Math.acos, -1, 1),
  $atan: ofDouble('$atan', Math.atan),
  $atan2: nullable(2, 2, (y, x) => double(Math.atan2(doubleOf(y, '$atan2', 51044), doubleOf(x, '$atan2', 51045)))),
  $sinh: ofDouble('$sinh', Math.sinh),
  $cosh: ofDouble('$cosh', Math.cosh),
  $tanh: ofDouble('$tanh', Math.tanh),
  $asinh: ofDouble('$asinh', Math.asinh),
  $acosh: ofDouble('$acosh', Math.acosh, 1),
  $atanh: ofDouble('$atanh', Math.atanh, -1, 1),
  $degreesToRadians: ofDouble('$degreesToRadians', (value) => (value * Math.PI) / 180),
  $radiansToDegrees: ofDouble('$radiansToDegrees', (value) => (value * 180) / Math.PI),
  $rand: () => () => double(Math.random()),
};
