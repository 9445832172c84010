import { Decimal128 } from 'bson';
import { CommandError } from '../errors.ts';
import { type Exact, exactly, isDecimalNaN } from './decimal.ts';
import type { Value } from './document.ts';
import { toNumber } from './types.ts';

/** What a Decimal128 holds: 34 digits, and exponents of ten between these (IEEE 754-2008, decimal128). */
const DIGITS = 34;
const [MIN_EXPONENT, MAX_EXPONENT] = [-6176, 6111];

const NAN = Decimal128.fromString('NaN');
const INFINITY = { 1: Decimal128.fromString('Infinity'), [-1]: Decimal128.fromString('-Infinity') };

/** How a coefficient is cut: to the even neighbour at half, towards zero, down or up. */
export type Rounding = 'even' | 'zero' | 'down' | 'up';

type Finite = { coefficient: bigint; exponent: number };

/** Adds, subtracts, multiplies or divides two numbers of which at least one is a Decimal128. @throws CommandError 2 for a zero divisor */
export function decimalOf(operator: '+' | '-' | '*' | '/', a: Value, b: Value): Decimal128 {
  if (isDecimalNaN(a) || isDecimalNaN(b)) return NAN;
  const [x, y] = [widened(a, operator), widened(b, operator)];
  if (operator === '/' && 'coefficient' in y && y.coefficient === 0n)
    throw new CommandError(2, "can't $divide by zero");
  if ('infinite' in x || 'infinite' in y) return withInfinity(operator, x, y);
  const turned = isNegative(a) !== isNegative(b);
  switch (operator) {
    case '*':
      return zeroWithSign(fitted(x.coefficient * y.coefficient, x.exponent + y.exponent), turned);
    case '/':
      return zeroWithSign(divided(x, y), turned);
  }
  const exponent = Math.min(x.exponent, y.exponent);
  const [left, right] = [scaled(x, exponent), scaled(y, exponent)];
  const bothBelow = isNegative(a) && isNegative(b) === (operator === '+');
  return zeroWithSign(fitted(operator === '+' ? left + right : left - right, exponent), bothBelow);
}

/** Whether a number has a minus before it, be it that of a negative zero. */
function isNegative(value: Value): boolean {
  if (value instanceof Decimal128) return value.toString().startsWith('-');
  const number = toNumber(value);
  return number < 0 || Object.is(number, -0);
}

/** Zero has a sign among decimals (IEEE 754-2008, 6.3), which an exact number cannot carry. */
function zeroWithSign(result: Decimal128, negative: boolean): Decimal128 {
  const text = result.toString();
  return negative && /^[0.]+(E|$)/.test(text) ? Decimal128.fromString(`-${text}`) : result;
}

/** The remainder with the sign of the dividend. @throws CommandError 16610 for a zero divisor */
export function decimalRemainder(a: Value, b: Value): Decimal128 {
  const [x, y] = [widened(a, '/'), widened(b, '/')];
  if ('coefficient' in y && y.coefficient === 0n) throw new CommandError(16610, "can't $mod by zero");
  if (isDecimalNaN(a) || isDecimalNaN(b) || 'infinite' in x) return NAN;
  if ('infinite' in y) return fitted(x.coefficient, x.exponent);
  const exponent = Math.min(x.exponent, y.exponent);
  return zeroWithSign(fitted(scaled(x, exponent) % scaled(y, exponent), exponent), isNegative(a));
}

/** Cuts a Decimal128 to some places after the point; fewer than none are places before it. */
export function decimalToPlaces(value: Decimal128, places: number, rounding: Rounding, pad = true): Decimal128 {
  const exact = exactly(value);
  if (isDecimalNaN(value) || 'infinite' in exact) return value;
  if (!pad && exact.exponent >= -places) return value;
  return zeroWithSign(fitted(moved(exact, -places, rounding), -places), isNegative(value));
}

/** The distance from zero. */
export function decimalAbsolute(value: Decimal128): Decimal128 {
  return Decimal128.fromString(value.toString().replace(/^-/, ''));
}

/** The square root, to 34 digits. The caller has refused negative numbers. */
export function decimalRoot(value: Decimal128): Decimal128 {
  const exact = exactly(value);
  if (isDecimalNaN(value) || 'infinite' in exact) return value;
  if (exact.coefficient === 0n) return fitted(0n, Math.floor(exact.exponent / 2));
  // Digits enough for the result and one more, to round by, with an even exponent.
  let places = Math.max(0, 2 * (DIGITS + 2) - String(exact.coefficient).length);
  if ((exact.exponent - places) % 2 !== 0) places++;
  const wide = exact.coefficient * 10n ** BigInt(places);
  const root = integerRoot(wide);
  const exponent = (exact.exponent - places) / 2;
  if (root * root !== wide) return fitted(root * 10n + 1n, exponent - 1);
  return shortened(root, exponent, Math.floor(exact.exponent / 2));
}

/**
 * A number as an exact one. A double counts with 15 digits, as MongoDB converts it, but with all of them in sums.
 */
function widened(value: Value, operator: string): Exact {
  if (value instanceof Decimal128) return exactly(value);
  const exact = exactly(value);
  if ('infinite' in exact || typeof value === 'bigint') return exact;
  const number = Number(value);
  if (Number.isInteger(number) && typeof value === 'number' && Math.abs(number) < 2 ** 31) return exact;
  if (operator === '+') return exactly(fitted(exact.coefficient, exact.exponent));
  return exactly(Decimal128.fromString(Number(value).toPrecision(15)));
}

function withInfinity(operator: string, x: Exact, y: Exact): Decimal128 {
  const [left, right] = [signOf(x), signOf(y)];
  if (operator === '+' || operator === '-') {
    const other = operator === '+' ? right : -right;
    if ('infinite' in x && 'infinite' in y) return left === other ? INFINITY[left as 1 | -1] : NAN;
    return INFINITY[('infinite' in x ? left : other) as 1 | -1];
  }
  if (operator === '*') return left * right === 0 ? NAN : INFINITY[(left * right) as 1 | -1];
  if ('infinite' in y) return 'infinite' in x ? NAN : fitted(0n, MIN_EXPONENT);
  return INFINITY[(left * (right || 1)) as 1 | -1];
}

function signOf(value: Exact): number {
  if ('infinite' in value) return value.infinite;
  return value.coefficient === 0n ? 0 : value.coefficient < 0n ? -1 : 1;
}

function divided(x: Finite, y: Finite): Decimal128 {
  const ideal = x.exponent - y.exponent;
  if (x.coefficient === 0n) return fitted(0n, ideal);
  const places = BigInt(DIGITS + 2 + String(y.coefficient).length);
  const wide = x.coefficient * 10n ** places;
  const quotient = wide / y.coefficient;
  const exponent = ideal - Number(places);
  // One more digit stands for all that follow, so that what is not exact is never taken for a half.
  if (quotient * y.coefficient !== wide) return fitted(quotient * 10n + BigInt(quotient < 0n ? -1 : 1), exponent - 1);
  return shortened(quotient, exponent, ideal);
}

/** An exact result, with as few trailing zeros as the wanted exponent asks for. */
function shortened(coefficient: bigint, exponent: number, ideal: number): Decimal128 {
  let [digits, power] = [coefficient, exponent];
  while (power < ideal && digits % 10n === 0n) {
    digits /= 10n;
    power++;
  }
  return fitted(digits, power);
}

function scaled({ coefficient, exponent }: Finite, to: number): bigint {
  return coefficient * 10n ** BigInt(exponent - to);
}

/** The coefficient of a number at another exponent. */
function moved({ coefficient, exponent }: Finite, to: number, rounding: Rounding): bigint {
  if (to <= exponent) return scaled({ coefficient, exponent }, to);
  const unit = 10n ** BigInt(to - exponent);
  const [whole, rest] = [coefficient / unit, coefficient % unit];
  if (rest === 0n) return whole;
  const away = whole + (coefficient < 0n ? -1n : 1n);
  if (rounding === 'zero') return whole;
  if (rounding === 'down' || rounding === 'up') return coefficient < 0n === (rounding === 'down') ? away : whole;
  const twice = (rest < 0n ? -rest : rest) * 2n;
  return twice > unit || (twice === unit && whole % 2n !== 0n) ? away : whole;
}

/** The Decimal128 nearest to a number, or an infinity when it is too large. */
function fitted(coefficient: bigint, exponent: number): Decimal128 {
  let [digits, power] = [coefficient, exponent];
  const length = String(digits < 0n ? -digits : digits).length;
  const target = Math.max(MIN_EXPONENT, power + Math.max(0, length - DIGITS));
  if (target > power) {
    digits = moved({ coefficient: digits, exponent: power }, target, 'even');
    power = target;
    if (String(digits < 0n ? -digits : digits).length > DIGITS) return fitted(digits, power);
  }
  if (digits === 0n) return Decimal128.fromString(`0E${Math.min(power, MAX_EXPONENT)}`);
  while (power > MAX_EXPONENT && String(digits < 0n ? -digits : digits).length < DIGITS) {
    digits *= 10n;
    power--;
  }
  if (power > MAX_EXPONENT) return INFINITY[digits < 0n ? -1 : 1];
  return Decimal128.fromString(`${digits}E${power}`);
}

function integerRoot(value: bigint): bigint {
  let guess = 10n ** BigInt(Math.ceil(String(value).length / 2));
  for (;;) {
    const next = (guess + value / guess) / 2n;
    if (next >= guess) return guess;
    guess = next;
  }
}
