import { Decimal128 } from 'bson';
import { CommandError, cut, unsupported } from '../errors.ts';
import type { Context } from '../query/operators.ts';
import { compareSortKeys, parseSort, type SortField, sortKey } from '../query/sort.ts';
import { calculate, double } from '../values/arithmetic.ts';
import { compare, equal } from '../values/compare.ts';
import { decimalOf } from '../values/decimal-arithmetic.ts';
import { type Document, isDocument, setField, type Value } from '../values/document.ts';
import { encodeKey } from '../values/key.ts';
import { isNumber, toInteger, toNumber, typeName } from '../values/types.ts';
import { isNullish, named } from './arguments.ts';
import { compileExpression, type Expression, type Scope } from './expression.ts';
import { PERCENTILE_NAMES, percentileAccumulation } from './percentiles.ts';
import { REFUSED_ACCUMULATORS } from './refused.ts';

/** Collects one value per document and gives the group's result. */
export type Accumulator = { add: (value: Value, scope: Scope) => void; result: () => Value };

/** What an accumulator is made of: the expression whose values it gets, and a fresh one for each group. */
export type Accumulation = { input: Expression; start: () => Accumulator };

type Make = (context: Context) => Accumulator;

function sum(): Accumulator {
  let total: Value = 0;
  return {
    add: (value) => {
      if (isNumber(value)) total = calculate('+', total, value);
    },
    result: () => total,
  };
}

function average(): Accumulator {
  let total = 0;
  let decimals: Value;
  let count = 0;
  return {
    add: (value) => {
      if (!isNumber(value)) return;
      if (value instanceof Decimal128) decimals = calculate('+', decimals ?? 0, value);
      else total += toNumber(value);
      count++;
    },
    result: () => {
      if (decimals === undefined) return count ? double(total / count) : null;
      return decimalOf('/', calculate('+', decimals, double(total)), count);
    },
  };
}

function extreme(sign: 1 | -1): Make {
  return ({ strings }) => {
    let best: Value;
    return {
      add: (value) => {
        if (!isNullish(value) && (best === undefined || sign * compare(value, best, strings) > 0)) best = value;
      },
      result: () => best ?? null,
    };
  };
}

function edge(which: 'first' | 'last'): Make {
  return () => {
    let value: Value;
    let any = false;
    return {
      add: (next) => {
        if (!any || which === 'last') value = next;
        any = true;
      },
      result: () => value ?? null,
    };
  };
}

function push(): Accumulator {
  const values: Value[] = [];
  return {
    add: (value) => {
      if (value !== undefined) values.push(value);
    },
    result: () => values,
  };
}

function addToSet({ strings }: Context): Accumulator {
  const values: Value[] = [];
  const known = new Set<string>();
  return {
    add: (value) => {
      if (value === undefined) return;
      if (strings) {
        if (!values.some((other) => equal(other, value, strings))) values.push(value);
        return;
      }
      const key = encodeKey([value]).toString('latin1');
      if (known.has(key)) return;
      known.add(key);
      values.push(value);
    },
    result: () => values,
  };
}

function mergeObjects(): Accumulator {
  const merged: Document = {};
  return {
    add: (value) => {
      if (isNullish(value)) return;
      if (!isDocument(value))
        throw new CommandError(40400, `$mergeObjects requires object inputs, but input is of type ${typeName(value)}`);
      for (const [name, inner] of Object.entries(value)) setField(merged, name, inner);
    },
    result: () => merged,
  };
}

function deviation(sample: boolean): Make {
  return () => {
    const values: number[] = [];
    return {
      add: (value) => {
        if (isNumber(value)) values.push(toNumber(value));
      },
      result: () => {
        const divisor = sample ? values.length - 1 : values.length;
        if (divisor <= 0) return null;
        const mean = values.reduce((total, value) => total + value, 0) / values.length;
        return double(Math.sqrt(values.reduce((total, value) => total + (value - mean) ** 2, 0) / divisor));
      },
    };
  };
}

/** Accumulators that get one value of each document. */
export const SIMPLE: Readonly<Record<string, Make>> = {
  $sum: sum,
  $avg: average,
  $min: extreme(-1),
  $max: extreme(1),
  $first: edge('first'),
  $last: edge('last'),
  $push: push,
  $addToSet: addToSet,
  $mergeObjects: mergeObjects,
  $stdDevPop: deviation(false),
  $stdDevSamp: deviation(true),
};

/** `$firstN` and its like: `{input, n}`. */
const SEVERAL: Readonly<Record<string, (values: Value[], n: number, context: Context) => Value[]>> = {
  $firstN: (values, n) => values.slice(0, n),
  $lastN: (values, n) => values.slice(-n),
  $minN: (values, n, { strings }) =>
    present(values)
      .sort((a, b) => compare(a, b, strings))
      .slice(0, n),
  $maxN: (values, n, { strings }) =>
    present(values)
      .sort((a, b) => compare(b, a, strings))
      .slice(0, n),
};

function present(values: Value[]): Value[] {
  return values.filter((value) => !isNullish(value));
}

/** `$top` and its like: `{sortBy, output}`, and `n` for those that give several. */
const RANKED: Readonly<Record<string, { last: boolean; several: boolean }>> = {
  $top: { last: false, several: false },
  $topN: { last: false, several: true },
  $bottom: { last: true, several: false },
  $bottomN: { last: true, several: true },
};

/** Every accumulator that this engine has. */
export const ACCUMULATORS = [
  ...Object.keys(SIMPLE),
  ...Object.keys(SEVERAL),
  ...Object.keys(RANKED),
  ...PERCENTILE_NAMES,
  '$count',
];

/**
 * Compiles one accumulator of `$group` or `$bucket` (manual: reference/operator/aggregation/group).
 * @throws CommandError 15952 for an unknown one, 238 for one that this engine does not have
 */
export function compileAccumulator(field: string, spec: Value, context: Context): Accumulation {
  if (!isDocument(spec) || !Object.keys(spec)[0]?.startsWith('$'))
    throw new CommandError(40234, `The field '${cut(field)}' must be an accumulator object`);
  const [name, ...others] = Object.keys(spec);
  if (name === undefined || others.length) {
    throw new CommandError(40238, `The field '${cut(field)}' must specify one accumulator`);
  }
  const operand = spec[name];
  const simple = Object.hasOwn(SIMPLE, name) ? SIMPLE[name] : undefined;
  if (simple) return { input: compileExpression(operand, context), start: () => simple(context) };
  if (name === '$count') return { input: () => 1, start: sum };
  const several = Object.hasOwn(SEVERAL, name) ? SEVERAL[name] : undefined;
  if (several) {
    const { input, n } = named(operand, name, ['input', 'n']);
    return {
      input: compileExpression(input, context),
      start: () => {
        const values: Value[] = [];
        const count = countOf(n, context);
        return { add: (value) => values.push(value ?? null), result: () => several(values, count, context) };
      },
    };
  }
  const ranked = Object.hasOwn(RANKED, name) ? RANKED[name] : undefined;
  if (ranked) return rankedAccumulation(name, operand, ranked, context);
  if (PERCENTILE_NAMES.includes(name)) return percentileAccumulation(name, operand, context);
  if (REFUSED_ACCUMULATORS.includes(name)) throw unsupported(`The accumulator ${name}`);
  throw new CommandError(15952, `unknown group operator '${cut(name)}'`);
}

function countOf(n: Value, context: Context): number {
  const count = toInteger(
    compileExpression(n, context)({ root: {}, variables: context.variables ?? {} }),
    "Value for 'n'",
    5787902,
  );
  if (count <= 0) throw new CommandError(5787908, `'n' must be greater than 0, found ${count}`);
  return count;
}

function rankedAccumulation(
  name: string,
  operand: Value,
  { last, several }: { last: boolean; several: boolean },
  context: Context,
): Accumulation {
  const { sortBy, output, n } = named(operand, name, several ? ['sortBy', 'output', 'n'] : ['sortBy', 'output']);
  if (!isDocument(sortBy)) throw new CommandError(10065, `${name}: sortBy must be an object`);
  const fields: SortField[] = parseSort(sortBy);
  const count = several ? countOf(n, context) : 1;
  return {
    input: compileExpression(output, context),
    start: () => {
      const held: { key: Value[]; value: Value }[] = [];
      return {
        add: (value, { root }) => held.push({ key: sortKey(root, fields, context.strings), value: value ?? null }),
        result: () => {
          held.sort((a, b) => compareSortKeys(a.key, b.key, fields, context.strings));
          const best = (last ? held.slice(-count) : held.slice(0, count)).map(({ value }) => value);
          return several ? best : (best[0] ?? null);
        },
      };
    },
  };
}
