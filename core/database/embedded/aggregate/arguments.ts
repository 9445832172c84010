import { CommandError } from '../errors.ts';
import type { Context } from '../query/operators.ts';
import { type Document, isDocument, type Value } from '../values/document.ts';
import { compileExpression, type Expression, type Operator } from './expression.ts';

/** As many arguments as anybody writes. */
export const MANY = 1000;

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

/** The operand as a list of as many arguments as the operator takes. @throws CommandError 16020 otherwise, 28667 where some may be left out */
export function argumentsOf(operand: Value, min: number, max: number, name: string): Value[] {
  const list = Array.isArray(operand) ? operand : [operand];
  if (list.length < min || list.length > max) {
    const wanted = min === max ? `exactly ${min}` : `at least ${min} and at most ${max}`;
    throw new CommandError(
      min === max || max === MANY ? 16020 : 28667,
      `Expression ${name} takes ${wanted} arguments. ${list.length} were passed in.`,
    );
  }
  return list;
}

/** Codes of an operator's own for an operand that is no document, for an unknown argument, and for each required one. */
type Codes = [noObject: number, unknown: number, ...missing: number[]];

const trim: Codes = [50696, 50694, 50695];
const regex: Codes = [51103, 31024];
const replace: Codes = [51751, 51750, 51749, 51748, 51747];
const dateAdd: Codes = [5166400, 5166401, 5166402, 5166402, 5166402];

const CODES: Readonly<Record<string, Codes>> = {
  $cond: [9, 17083, 17080, 17081, 17082],
  $dateAdd: dateAdd,
  $dateDiff: [5166301, 5166302, 5166303, 5166304, 5166305],
  $dateFromParts: [40519, 40518],
  $dateFromString: [40540, 40541, 40542],
  $dateSubtract: dateAdd,
  $dateToParts: [40524, 40520, 40522],
  $dateToString: [18629, 18534, 18628],
  $dateTrunc: [5439007, 5439008, 5439009, 5439010],
  $fill: [9, 40415, 40414],
  '$fill output': [6050200, 40415],
  $filter: [28646, 28647, 28648, 28650],
  $getField: [3041704, 3041701, 3041702, 3041703],
  $graphLookup: [9, 40104, 9, 40105, 40105, 40105, 40105],
  $let: [16874, 16875, 16876, 16877],
  $ltrim: trim,
  $map: [16878, 16879, 16880, 16882],
  $reduce: [40075, 40076, 40077, 40078, 40079],
  $regexFind: regex,
  $regexFindAll: regex,
  $regexMatch: regex,
  $replaceAll: replace,
  $replaceOne: replace,
  $rtrim: trim,
  $setField: [4161100, 4161101, 4161102, 4161103, 4161109],
  $switch: [40060, 40067, 40068],
  '$switch branch': [40062, 40063, 40064, 40065],
  $trim: trim,
  $unsetField: [4161100, 4161101, 4161102, 4161109],
  $zip: [34460, 34464, 34465],
};

/**
 * The named arguments of an operator such as `$filter`.
 * @throws CommandError 9 or a code of its own for an operand that is no document, an unknown argument or a missing required one
 */
export function named(operand: Value, name: string, required: string[], optional: string[] = []): Document {
  const [noObject, unknown, ...missing] = CODES[name] ?? [9, 9];
  if (!isDocument(operand)) throw new CommandError(noObject, `${name} only supports an object as an argument`);
  const odd = Object.keys(operand).find((key) => !required.includes(key) && !optional.includes(key));
  if (odd) throw new CommandError(unknown, `Unrecognized argument to ${name}: ${odd.slice(0, 60)}`);
  const absent = required.findIndex((key) => !(key in operand));
  if (absent !== -1) throw new CommandError(missing[absent] ?? 9, `Missing '${required[absent]}' parameter to ${name}`);
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
