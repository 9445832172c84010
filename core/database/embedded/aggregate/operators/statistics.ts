import type { Value } from '../../values/document.ts';
import { SIMPLE } from '../accumulators.ts';
import { compileExpression, type Operator } from '../expression.ts';

/** The accumulators that may also stand in an expression (manual: reference/operator/aggregation/sum and its like). */
const NAMES = ['$sum', '$avg', '$min', '$max', '$stdDevPop', '$stdDevSamp'];

/**
 * An accumulator over the values of one document. A single argument that is an array stands for its elements; among
 * several arguments an array is a value like any other, which sums leave out.
 */
const accumulated: Operator = (operand, context, name) => {
  const expressions = (Array.isArray(operand) ? operand : [operand]).map((item) => compileExpression(item, context));
  const make = SIMPLE[name];
  return (scope) => {
    const given = expressions.map((expression) => expression(scope));
    const [first] = given;
    const values: Value[] = given.length === 1 && Array.isArray(first) ? first : given;
    const accumulator = make?.(context);
    for (const value of values) accumulator?.add(value, scope);
    return accumulator?.result();
  };
};

/** Expressions that sum up several values of one document. */
export const STATISTICS: Readonly<Record<string, Operator>> = Object.fromEntries(
  NAMES.map((name) => [name, accumulated]),
);
