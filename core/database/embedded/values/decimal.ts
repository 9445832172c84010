import { Decimal128, Double } from 'bson';
import type { Value } from './document.ts';

/** An exact number: `coefficient × 10^exponent`, or one of the infinities. */
export type Exact = { coefficient: bigint; exponent: number } | { infinite: 1 | -1 };

/** Whether a number of any type is NaN. */
export function isDecimalNaN(value: Value): boolean {
  if (value instanceof Decimal128) return value.toString() === 'NaN';
  return Number.isNaN(value instanceof Double ? value.value : value);
}

/** Compares numbers of which at least one is a Decimal128, exactly. Neither may be NaN. */
export function compareDecimals(a: Value, b: Value): number {
  const x = exactly(a);
  const y = exactly(b);
  if ('infinite' in x || 'infinite' in y)
    return ('infinite' in x ? x.infinite : 0) - ('infinite' in y ? y.infinite : 0);
  // Zeros may carry exponents of thousands.
  if (x.coefficient === 0n || y.coefficient === 0n) return sign(x.coefficient) - sign(y.coefficient);
  const [left, right] = aligned([x, y]);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** How far a finite number is from one double to the next, in 2^-63 of that step; 0n only when it equals the first. */
export function partOfStep(value: Value, from: number, to: number): bigint {
  const exact = [exactly(value), exactly(from), exactly(to)].filter((x) => 'coefficient' in x);
  if (exact.length < 3) return 1n;
  const [number, low, high] = aligned(exact);
  const part = ((number - low) << 63n) / (high - low);
  return part === 0n && number !== low ? 1n : part;
}

/** The coefficients of some numbers brought to one exponent. */
function aligned(numbers: { coefficient: bigint; exponent: number }[]): [bigint, bigint, bigint] {
  const least = Math.min(...numbers.map(({ exponent }) => exponent));
  const whole = numbers.map(({ coefficient, exponent }) => coefficient * 10n ** BigInt(exponent - least));
  return [whole[0] ?? 0n, whole[1] ?? 0n, whole[2] ?? 0n];
}

function sign(value: bigint): number {
  return value < 0n ? -1 : value > 0n ? 1 : 0;
}

/** A number of any type but NaN, exactly. */
export function exactly(value: Value): Exact {
  if (value instanceof Decimal128) return fromText(value.toString());
  if (typeof value === 'bigint') return { coefficient: value, exponent: 0 };
  const number = value instanceof Double ? value.value : (value as number);
  if (!Number.isFinite(number)) return { infinite: number > 0 ? 1 : -1 };
  return fromDouble(number);
}

function fromText(text: string): Exact {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (!match) return { infinite: text.startsWith('-') ? -1 : 1 };
  const [, minus, whole = '', fraction = '', exponent = '0'] = match;
  const coefficient = BigInt(`${whole}${fraction}` || '0');
  return { coefficient: minus === '-' ? -coefficient : coefficient, exponent: Number(exponent) - fraction.length };
}

/** A double is an integer over a power of two; multiplied by powers of ten it becomes an exact decimal. */
function fromDouble(number: number): Exact {
  let scaled = number;
  let halvings = 0;
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    halvings++;
  }
  return { coefficient: BigInt(scaled) * 5n ** BigInt(halvings), exponent: -halvings };
}
