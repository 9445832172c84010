import { CommandError } from '../errors.ts';
import type { Context } from '../query/operators.ts';
import { double } from '../values/arithmetic.ts';
import type { Value } from '../values/document.ts';
import { isNumber, toNumber } from '../values/types.ts';
import type { Accumulation } from './accumulators.ts';
import { named } from './arguments.ts';
import { compileExpression, type Expression, type Operator } from './expression.ts';

/** Of many values, the ones that were asked for: null for each where there is no number. */
type Pick = (values: Value[]) => Value;

/** `$median` and `$percentile`, by name. */
export const PERCENTILE_NAMES = ['$median', '$percentile'];

/**
 * Compiles one of them as an accumulator (manual: reference/operator/aggregation/percentile, median).
 * @throws CommandError 9 for a wrong argument, 2 for another method than `approximate`, 7750302 for a wrong `p`
 */
export function percentileAccumulation(name: string, operand: Value, context: Context): Accumulation {
  const { input, pick } = compile(operand, context, name);
  return {
    input,
    start: () => {
      const values: Value[] = [];
      return { add: (value) => values.push(value), result: () => pick(values) };
    },
  };
}

/** Both as expressions, over a number or an array of them. */
export const PERCENTILES: Readonly<Record<string, Operator>> = Object.fromEntries(
  PERCENTILE_NAMES.map((name): [string, Operator] => [name, percentileExpression]),
);

function percentileExpression(operand: Value, context: Context, name: string): Expression {
  const { input, pick } = compile(operand, context, name);
  return (scope) => {
    const given = input(scope);
    return pick(Array.isArray(given) ? given : [given]);
  };
}

function compile(operand: Value, context: Context, name: string): { input: Expression; pick: Pick } {
  const isMedian = name === '$median';
  const { input, p, method } = named(operand, name, isMedian ? ['input', 'method'] : ['input', 'p', 'method']);
  if (method !== 'approximate')
    throw new CommandError(2, "Currently only 'approximate' can be used as percentile 'method'.");
  const places = isMedian ? [0.5] : placesOf(p, context);
  return {
    input: compileExpression(input, context),
    pick: (values) => {
      const numbers = values
        .filter(isNumber)
        .map(toNumber)
        .filter((number) => !Number.isNaN(number));
      numbers.sort((a, b) => a - b);
      const picked = places.map((place) => at(numbers, place));
      return isMedian ? picked[0] : picked;
    },
  };
}

/**
 * The least value of which at least so great a part is not greater. MongoDB's approximation gives this for few values, and
 * one near it for many.
 */
function at(numbers: number[], place: number): Value {
  const value = numbers[Math.max(0, Math.ceil(place * numbers.length) - 1)];
  return value === undefined ? null : double(value);
}

function placesOf(p: Value, context: Context): number[] {
  const list = compileExpression(p, context)({ root: {}, variables: context.variables ?? {} });
  const places = Array.isArray(list) && list.every(isNumber) ? list.map(toNumber) : [];
  if (places.length === 0 || !places.every((place) => place >= 0 && place <= 1))
    throw new CommandError(
      7750302,
      "The $percentile 'p' field must be an array of constant numbers from [0.0, 1.0], which is not empty",
    );
  return places;
}
