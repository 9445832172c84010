import { CommandError } from '../errors.ts';
import type { Context } from '../query/operators.ts';
import { type Document, isDocument, type Value } from '../values/document.ts';
import { compileExpression, type Expression, type Operator } from './expression.ts';

/**
 * An operator with positional arguments: `{$op: [a, b]}`, or `{$op: a}` when one is enough.
 * @param compute - gets the arguments' values
 */
export function positional(min: number, max: number, compute: (...values: Value[]) => Value): Operator {
  return (operand, context, name) => {
    const list = argumentsOf(operand, min, max, name).map((item) => compileExpression(item, context));
    const [a, b] = list;
    if (list.length === 1 && a) return (scope) => compute(a(scope));
    if (list.length === 2 && a && b) return (scope) => compute(a(scope), b(scope));
    return (scope) => compute(...list.map((item) => item(scope)));
  };
}

/** Like `positional`, with null as the result when any argument is null or not there. */
export function nullable(min: number, max: number, compute: (...values: Value[]) => Value): Operator {
  return positional(min, max, (...values) => (values.some(isNullish) ? null : compute(...values)));
}

/** The operand as a list of as many arguments as the operator takes. @throws CommandError 16020 otherwise */
export function argumentsOf(operand: Value, min: number, max: number, name: string): Value[] {
  const list = Array.isArray(operand) ? operand : [operand];
  if (list.length < min || list.length > max) {
    const wanted = min === max ? `exactly ${min}` : `at least ${min} and at most ${max}`;
    throw new CommandError(16020, `Expression ${name} takes ${wanted} arguments. ${list.length} were passed in.`);
  }
  return list;
}

/** Operators with codes of their own for an operand that is no document, has an unknown argument or misses one. */
const ARGUMENT_CODES: Readonly<Record<string, [number, number, number]>> = {
  $dateToString: [18629, 18534, 18628],
  $dateFromString: [40540, 40541, 40542],
  $dateFromParts: [40519, 40518, 40516],
  $dateToParts: [40524, 40520, 40522],
};

/**
 * The named arguments of an operator such as `$filter`.
 * @throws CommandError 9 or a code of its own for an operand that is no document, an unknown argument or a missing required one
 */
export function named(operand: Value, name: string, required: string[], optional: string[] = []): Document {
  const [noObject, unrecognized, missed] = ARGUMENT_CODES[name] ?? [9, 9, 9];
  if (!isDocument(operand)) throw new CommandError(noObject, `${name} only supports an object as an argument`);
  const unknown = Object.keys(operand).find((key) => !required.includes(key) && !optional.includes(key));
  if (unknown) throw new CommandError(unrecognized, `Unrecognized argument to ${name}: ${unknown.slice(0, 60)}`);
  const missing = required.find((key) => !(key in operand));
  if (missing) throw new CommandError(missed, `Missing '${missing}' parameter to ${name}`);
  return operand;
}

/** An operator with named arguments, each an expression. */
export function withNamed(
  required: string[],
  optional: string[],
  compute: (values: Record<string, Value>, context: Context) => Value,
): Operator {
  return (operand, context, name) => {
    const given = Object.entries(named(operand, name, required, optional));
    const compiled = given.map(([key, value]): [string, Expression] => [key, compileExpression(value, context)]);
    return (scope) => compute(Object.fromEntries(compiled.map(([key, value]) => [key, value(scope)])), context);
  };
}

/** Whether a value is null or not there. */
export function isNullish(value: Value): value is null | undefined {
  return value === null || value === undefined;
}
