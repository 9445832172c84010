import { CommandError } from '../../errors.ts';
import type { Context } from '../../query/operators.ts';
import { compareSortKeys, type SortField } from '../../query/sort.ts';
import { calculate, double } from '../../values/arithmetic.ts';
import { type Document, isDocument, type Value } from '../../values/document.ts';
import { isNumber, toInteger, toNumber, typeName } from '../../values/types.ts';
import { isNullish, named } from '../arguments.ts';
import { compileExpression } from '../expression.ts';
import { fillBetween } from './linear-fill.ts';

/** The sorted documents that belong together, with the values that they are sorted by. */
export type Partition = { documents: Document[]; keys: Value[][] };

/** Gives the new value of every document of a partition. */
export type WindowFunction = (partition: Partition) => Value[];

type Make = (operand: Value, context: Context, sort: SortField[], name: string) => WindowFunction;

/** The values of an expression in every document. */
export function valuesOf(operand: Value, context: Context): WindowFunction {
  const expression = compileExpression(operand, context);
  return ({ documents }) => documents.map((root) => expression({ root, variables: context.variables ?? {} }));
}

/** `$rank` and its like: `next` gives the rank of a document that differs from the one before it. */
function ranking(next: (position: number, before: number) => number, ties: boolean): Make {
  return (operand, context, sort, name) => {
    if (!isDocument(operand) || Object.keys(operand).length)
      throw new CommandError(5371603, 'Rank style window functions take no other arguments');
    if (sort.length === 0 || (ties && sort.length !== 1))
      throw new CommandError(
        5371602,
        `${name} must be specified with a top level sortBy expression with exactly one element`,
      );
    return ({ keys }) => {
      let rank = 0;
      return keys.map((key, i) => {
        const before = keys[i - 1];
        if (!ties || !before || compareSortKeys(key, before, sort, context.strings)) rank = next(i + 1, rank);
        return rank;
      });
    };
  };
}

const shift: Make = (operand, context, sort) => {
  const { output, by, default: rest } = named(operand, '$shift', ['output', 'by'], ['default']);
  if (sort.length === 0) throw new CommandError(9, '$shift requires a sortBy');
  const distance = toInteger(by, "'$shift:by' field", 9);
  const absent = compileExpression(rest ?? null, context)({ root: {}, variables: context.variables ?? {} });
  const values = valuesOf(output, context);
  return (partition) => {
    const all = values(partition);
    return all.map((_, i) => (i + distance in all ? all[i + distance] : absent));
  };
};

const movingAverage: Make = (operand, context, sort) => {
  const { input, N, alpha } = named(operand, '$expMovingAvg', ['input'], ['N', 'alpha']);
  if ((N === undefined) === (alpha === undefined))
    throw new CommandError(
      9,
      "$expMovingAvg sub object must have exactly two fields: An 'input' field, and either an 'N' field or an 'alpha' field",
    );
  if (sort.length === 0) throw new CommandError(9, '$expMovingAvg requires a sortBy');
  const count = N === undefined ? undefined : toInteger(N, "'N' field", 9);
  if (count !== undefined && count <= 0) throw new CommandError(9, "'N' field must be greater than zero");
  const weight = count === undefined ? toNumber(alpha) : 2 / (count + 1);
  if (!(weight > 0 && (weight < 1 || count === 1)))
    throw new CommandError(9, "'alpha' must be between 0 and 1 (exclusive)");
  const values = valuesOf(input, context);
  return (partition) => {
    let average: Value = null;
    return values(partition).map((value) => {
      if (!isNumber(value)) return average;
      average =
        average === null
          ? value
          : calculate('+', calculate('*', value, double(weight)), calculate('*', average, double(1 - weight)));
      return average;
    });
  };
};

const carryForward: Make = (operand, context, sort) => {
  if (sort.length === 0) throw new CommandError(9, '$locf requires a sortBy');
  const values = valuesOf(operand, context);
  return (partition) => {
    let last: Value = null;
    return values(partition).map((value) => {
      if (!isNullish(value)) last = value;
      return last;
    });
  };
};

const linearFill: Make = (operand, context, sort) => {
  if (sort.length !== 1)
    throw new CommandError(
      605001,
      '$linearFill must be specified with a top level sortBy expression with exactly one element',
    );
  const values = valuesOf(operand, context);
  return (partition) => {
    const given = values(partition);
    const bad = given.find((value) => !isNullish(value) && !isNumber(value));
    if (bad !== undefined)
      throw new CommandError(9, `Value to be filled must be numeric or nullish, not ${typeName(bad)}`);
    return fillBetween(
      given,
      partition.keys.map(([key]) => key),
    );
  };
};

/** The functions of `$setWindowFields` that see the whole partition and take no window. */
export const WHOLE_FUNCTIONS: Readonly<Record<string, Make>> = {
  $rank: ranking((position) => position, true),
  $denseRank: ranking((_, before) => before + 1, true),
  $documentNumber: ranking((position) => position, false),
  $shift: shift,
  $expMovingAvg: movingAverage,
  $locf: carryForward,
  $linearFill: linearFill,
};
