import { CommandError } from '../../errors.ts';
import { compare } from '../../values/compare.ts';
import { isDocument, type Value } from '../../values/document.ts';
import { isTruthy } from '../../values/types.ts';
import { argumentsOf, isNullish, MANY, named, positional } from '../arguments.ts';
import { compileExpression, declare, type Operator } from '../expression.ts';

/** Compares across all types; a value that is not there is below null, unlike in a filter. */
function comparison(result: (difference: number) => Value): Operator {
  return (operand, context, name) => {
    const [a, b] = argumentsOf(operand, 2, 2, name).map((item) => compileExpression(item, context));
    return (scope) => result(compareInExpression(a?.(scope), b?.(scope), context.strings));
  };
}

/** Compares two values as expressions do: "not there" comes before null. */
export function compareInExpression(a: Value, b: Value, strings?: (a: string, b: string) => number): number {
  if (a === undefined || b === undefined) {
    if (a === b) return 0;
    const other = a === undefined ? b : a;
    const missingFirst = compare(null, other) > 0 ? 1 : -1;
    return a === undefined ? missingFirst : -missingFirst;
  }
  return compare(a, b, strings);
}

const cond: Operator = (operand, context, name) => {
  const parts = isDocument(operand)
    ? ['if', 'then', 'else'].map((key) => named(operand, name, ['if', 'then', 'else'])[key])
    : argumentsOf(operand, 3, 3, name);
  const [test, yes, no] = parts.map((part) => compileExpression(part, context));
  return (scope) => (isTruthy(test?.(scope)) ? yes?.(scope) : no?.(scope));
};

const ifNull: Operator = (operand, context, name) => {
  const list = argumentsOf(operand, 2, MANY, name).map((item) => compileExpression(item, context));
  return (scope) => {
    let value: Value;
    for (const item of list) {
      value = item(scope);
      if (!isNullish(value)) return value;
    }
    return value;
  };
};

const switchCase: Operator = (operand, context, name) => {
  const { branches, default: otherwise } = named(operand, name, ['branches'], ['default']);
  if (!Array.isArray(branches)) throw new CommandError(40061, "$switch expected an array for 'branches'");
  if (branches.length === 0) {
    throw new CommandError(40068, '$switch requires at least one branch, in an array for its branches argument');
  }
  const cases = branches.map((branch) => {
    const { case: test, then } = named(branch, '$switch branch', ['case', 'then']);
    return [compileExpression(test, context), compileExpression(then, context)] as const;
  });
  const last = isDocument(operand) && 'default' in operand ? compileExpression(otherwise, context) : undefined;
  return (scope) => {
    const found = cases.find(([test]) => isTruthy(test(scope)));
    if (found) return found[1](scope);
    if (last) return last(scope);
    throw new CommandError(
      40066,
      '$switch could not find a matching branch for an input, and no default was specified.',
    );
  };
};

const letIn: Operator = (operand, context, name) => {
  const { vars, in: body } = named(operand, name, ['vars', 'in']);
  if (!isDocument(vars)) throw new CommandError(10065, 'invalid parameter: expected an object (vars)');
  const values = Object.entries(vars).map(([key, value]) => [key, compileExpression(value, context)] as const);
  const inner = compileExpression(body, declare(context, Object.keys(vars)));
  return (scope) => {
    const variables = { ...scope.variables };
    for (const [key, value] of values) variables[key] = value(scope);
    return inner({ ...scope, variables });
  };
};

/** Comparison, boolean, conditional and literal expressions. */
export const CONDITIONS: Readonly<Record<string, Operator>> = {
  $eq: comparison((difference) => difference === 0),
  $ne: comparison((difference) => difference !== 0),
  $gt: comparison((difference) => difference > 0),
  $gte: comparison((difference) => difference >= 0),
  $lt: comparison((difference) => difference < 0),
  $lte: comparison((difference) => difference <= 0),
  $cmp: comparison(Math.sign),
  $and: (operand, context) => {
    const list = (Array.isArray(operand) ? operand : [operand]).map((item) => compileExpression(item, context));
    return (scope) => list.every((item) => isTruthy(item(scope)));
  },
  $or: (operand, context) => {
    const list = (Array.isArray(operand) ? operand : [operand]).map((item) => compileExpression(item, context));
    return (scope) => list.some((item) => isTruthy(item(scope)));
  },
  $not: positional(1, 1, (value) => !isTruthy(value)),
  $cond: cond,
  $ifNull: ifNull,
  $switch: switchCase,
  $let: letIn,
  $literal: (operand) => () => operand,
  $const: (operand) => () => operand,
  $expr: (operand, context) => compileExpression(operand, context),
};
