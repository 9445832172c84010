import { CommandError } from '../../errors.ts';
import type { Context } from '../../query/operators.ts';
import type { SortField } from '../../query/sort.ts';
import { double } from '../../values/arithmetic.ts';
import type { Value } from '../../values/document.ts';
import { isNumber, toNumber, typeName } from '../../values/types.ts';
import { compileAccumulator } from '../accumulators.ts';
import { isNullish, named } from '../arguments.ts';
import type { Scope } from '../expression.ts';
import { DAY, LENGTH, unitOf } from '../operators/date-units.ts';
import type { WindowSpec } from './bounds.ts';
import { valuesOf, type WindowFunction } from './functions.ts';

/** Gives the value of a window out of what each of its documents has: the input, and what it is sorted by. */
type Sum = (values: Value[], places: Value[]) => Value;

/** Any accumulator of `$group`, over a window. One that begins with the partition goes on from document to document. */
export function accumulated(name: string, operand: Value, spec: WindowSpec, context: Context): WindowFunction {
  const { input, start } = compileAccumulator(name, { [name]: operand }, context);
  return ({ documents, keys }) => {
    const scopes = documents.map((root) => ({ root, variables: context.variables ?? {} }));
    let held = start();
    let added = 0;
    const upTo = (to: number): Value => {
      for (; added < to; added++) {
        const scope = scopes[added] as Scope;
        held.add(input(scope), scope);
      }
      const result = held.result() ?? null;
      return Array.isArray(result) ? [...result] : result;
    };
    if (!spec) {
      const one = upTo(documents.length);
      return documents.map(() => one);
    }
    return documents.map((_, at) => {
      const { from, to } = spec.window(keys, at);
      if (!spec.fromStart) {
        held = start();
        added = from;
      }
      return upTo(to);
    });
  };
}

/** `$derivative` and its like: `{input, unit}`, over the places at which the documents are sorted. */
function overPlaces(name: string, operand: Value, spec: WindowSpec, context: Context, sum: Sum): WindowFunction {
  const { input, unit } = named(operand, name, ['input'], ['unit']);
  const wanted = unit === undefined ? undefined : unitOf(unit, name);
  if (wanted && ['month', 'quarter', 'year'].includes(wanted))
    throw new CommandError(5490704, `unit must be 'week' or smaller in ${name}`);
  const length = wanted === undefined ? undefined : (LENGTH[wanted] ?? (wanted === 'week' ? 7 * DAY : DAY));
  const values = valuesOf(input, context);
  return (partition) => {
    const places = partition.keys.map(([key]) => placeOf(key, length, name));
    return overWindows(values(partition), places, partition.keys, spec, sum);
  };
}

/** Where a document is on the axis, in the unit asked for. */
function placeOf(key: Value, length: number | undefined, name: string): Value {
  if (key instanceof Date) {
    if (length === undefined) throw new CommandError(5624902, `${name} where the sortBy is a Date requires a 'unit'`);
    return key.getTime() / length;
  }
  if (length !== undefined) throw new CommandError(5624900, `${name} with unit expects the sortBy field to be a Date`);
  if (!isNumber(key))
    throw new CommandError(5624901, `${name} expects the sortBy field to be numeric, not ${typeName(key)}`);
  return toNumber(key);
}

function overWindows(values: Value[], places: Value[], keys: Value[][], spec: WindowSpec, sum: Sum): Value[] {
  return values.map((_, at) => {
    const { from, to } = spec ? spec.window(keys, at) : { from: 0, to: values.length };
    return from < to ? sum(values.slice(from, to), places.slice(from, to)) : null;
  });
}

function numberOf(value: Value, name: string): number {
  if (!isNumber(value))
    throw new CommandError(5624903, `${name} expects its input to be numeric, not ${typeName(value)}`);
  return toNumber(value);
}

const derivative: Sum = (values, places) => {
  const [first, last] = [values[0], values.at(-1)];
  const run = Number(places.at(-1)) - Number(places[0]);
  if (isNullish(first) || isNullish(last) || run === 0) return null;
  return double((numberOf(last, '$derivative') - numberOf(first, '$derivative')) / run);
};

const integral: Sum = (values, places) => {
  let area = 0;
  for (let i = 1; i < values.length; i++) {
    const height = (numberOf(values[i - 1], '$integral') + numberOf(values[i], '$integral')) / 2;
    area += height * (Number(places[i]) - Number(places[i - 1]));
  }
  return double(area);
};

function covariance(sample: boolean): Sum {
  return (pairs) => {
    const numbers = pairs.flatMap((pair) =>
      Array.isArray(pair) && pair.length === 2 && pair.every(isNumber) ? [pair.map(toNumber) as [number, number]] : [],
    );
    const divisor = sample ? numbers.length - 1 : numbers.length;
    if (divisor <= 0) return null;
    const mean = (which: 0 | 1) => numbers.reduce((sum, pair) => sum + pair[which], 0) / numbers.length;
    const [x, y] = [mean(0), mean(1)];
    return double(numbers.reduce((sum, pair) => sum + (pair[0] - x) * (pair[1] - y), 0) / divisor);
  };
}

type Make = (operand: Value, spec: WindowSpec, context: Context, sort: SortField[]) => WindowFunction;

function placed(name: string, sum: Sum): Make {
  return (operand, spec, context, sort) => {
    if (sort.length !== 1) throw new CommandError(9, `${name} requires a sortBy with exactly one element`);
    return overPlaces(name, operand, spec, context, sum);
  };
}

function paired(sum: Sum): Make {
  return (operand, spec, context) => {
    const values = valuesOf(operand, context);
    return (partition) => {
      const pairs = values(partition);
      return overWindows(pairs, pairs, partition.keys, spec, sum);
    };
  };
}

/** The functions of `$setWindowFields` over a window that are no accumulators of `$group`. */
export const WINDOW_FUNCTIONS: Readonly<Record<string, Make>> = {
  $derivative: placed('$derivative', derivative),
  $integral: placed('$integral', integral),
  $covariancePop: paired(covariance(false)),
  $covarianceSamp: paired(covariance(true)),
};
