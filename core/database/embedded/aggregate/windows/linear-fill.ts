import { Decimal128 } from 'bson';
import { CommandError } from '../../errors.ts';
import { calculate, double } from '../../values/arithmetic.ts';
import { decimalOf } from '../../values/decimal-arithmetic.ts';
import type { Value } from '../../values/document.ts';
import { isNumber, toNumber, typeName } from '../../values/types.ts';
import { isNullish } from '../arguments.ts';

/**
 * Replaces what is null or missing between two numbers by the line between them over the sort field (manual:
 * reference/operator/aggregation/linearFill). What is before the first number or after the last stays null.
 * @throws CommandError 6050106 for a sort value that is there twice, 9 for one that is neither number nor date
 */
export function fillBetween(values: Value[], places: Value[]): Value[] {
  const x = places.map((place) => {
    if (place instanceof Date) return place.getTime();
    if (isNumber(place)) return toNumber(place);
    throw new CommandError(9, `$linearFill needs a sortBy field of numbers or dates, not ${typeName(place)}`);
  });
  const repeated = x.findIndex((place, i) => i > 0 && place === x[i - 1]);
  if (repeated !== -1) throw new CommandError(6050106, 'There can be no repeated values of the sort field');
  const result: Value[] = values.map((value) => value ?? null);
  let before = -1;
  for (let at = 0; at < values.length; at++) {
    if (isNullish(values[at])) continue;
    for (let gap = before + 1; before !== -1 && gap < at; gap++) {
      const [from, to, here] = [x[before], x[at], x[gap]] as [number, number, number];
      result[gap] = between(values[before], values[at], (here - from) / (to - from));
    }
    before = at;
  }
  return result;
}

function between(a: Value, b: Value, part: number): Value {
  if (a instanceof Decimal128 || b instanceof Decimal128)
    return decimalOf('+', a, decimalOf('*', decimalOf('-', b, a), double(part)));
  return calculate('+', a, double((toNumber(b) - toNumber(a)) * part));
}
