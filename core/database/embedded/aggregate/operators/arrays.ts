import { CommandError } from '../../errors.ts';
import { compareSortKeys, elementKey, parseSort } from '../../query/sort.ts';
import { compare, equal } from '../../values/compare.ts';
import { isDocument, type Value } from '../../values/document.ts';
import { isNumber, isTruthy, toInteger, toNumber, typeName } from '../../values/types.ts';
import { argumentsOf, isNullish, MANY, named, nullable, positional, withNamed } from '../arguments.ts';
import { compileExpression, declare, type Expression, type Operator, type Scope } from '../expression.ts';

/** An array operand. @throws CommandError `code` for anything else */
export function arrayOf(value: Value, name: string, code: number): Value[] {
  if (Array.isArray(value)) return value;
  throw new CommandError(code, `${name} needs an array, not ${typeName(value)}`);
}

function at(array: Value, index: Value): Value {
  const list = arrayOf(array, '$arrayElemAt', 28689);
  if (!isNumber(index))
    throw new CommandError(28690, `$arrayElemAt's second argument must be numeric, not ${typeName(index)}`);
  return list.at(toInteger(index, "$arrayElemAt's second argument", 28691));
}

/** `$filter`, `$map`: each element in turn is bound to a variable. */
function over(
  names: { required: string[]; optional: string[]; body: string },
  apply: (elements: Value[], body: (element: Value) => Value, limit: Value) => Value,
): Operator {
  return (operand, context, name) => {
    const options = named(operand, name, names.required, names.optional);
    const as = options.as ?? 'this';
    if (typeof as !== 'string' || !/^[a-z_\u0080-\uffff][\w\u0080-\uffff]*$/.test(as)) {
      throw new CommandError(
        16867,
        `'${String(as).slice(0, 40)}' starts with an invalid character for a user variable name`,
      );
    }
    const input = compileExpression(options.input, context);
    const limit: Expression = options.limit === undefined ? () => undefined : compileExpression(options.limit, context);
    const body = compileExpression(options[names.body], declare(context, [as]));
    return (scope) => {
      const value = input(scope);
      if (isNullish(value)) return null;
      const elements = arrayOf(value, name, name === '$map' ? 16883 : 28651);
      return apply(elements, (element) => body(bound(scope, { [as]: element })), limit(scope));
    };
  };
}

function bound(scope: Scope, variables: Record<string, Value>): Scope {
  return { ...scope, variables: { ...scope.variables, ...variables } };
}

const reduce: Operator = (operand, context, name) => {
  const options = named(operand, name, ['input', 'initialValue', 'in']);
  const input = compileExpression(options.input, context);
  const initial = compileExpression(options.initialValue, context);
  const body = compileExpression(options.in, declare(context, ['this', 'value']));
  return (scope) => {
    const list = input(scope);
    if (isNullish(list)) return null;
    return arrayOf(list, name, 40080).reduce(
      (value, element) => body(bound(scope, { this: element, value })),
      initial(scope),
    );
  };
};

/** An int32. @throws CommandError the first code for what is no number, the second for another number */
function int32Of(value: Value, what: string, codes: [number, number]): number {
  if (!isNumber(value)) throw new CommandError(codes[0], `${what} must be numeric, not ${typeName(value)}`);
  const number = toNumber(value);
  if ((number | 0) === number) return number;
  throw new CommandError(codes[1], `${what} can't be represented as a 32-bit integer: ${number}`);
}

function slice(array: Value, first: Value, second?: Value): Value {
  const list = arrayOf(array, '$slice', 28724);
  const position = int32Of(first, 'Second argument to $slice', [28725, 28726]);
  if (second === undefined) return position < 0 ? list.slice(position) : list.slice(0, position);
  const count = int32Of(second, 'Third argument to $slice', [28727, 28728]);
  if (count <= 0) throw new CommandError(28729, 'Third argument to $slice must be positive');
  const from = position < 0 ? Math.max(list.length + position, 0) : position;
  return list.slice(from, from + count);
}

function range(start: Value, end: Value, step: Value = 1): Value {
  const from = int32Of(start, 'starting value of $range', [34443, 34444]);
  const to = int32Of(end, 'ending value of $range', [34445, 34446]);
  const by = int32Of(step, 'step value of $range', [34447, 34448]);
  if (by === 0) throw new CommandError(34449, '$range requires a non-zero step value');
  const count = Math.max(Math.ceil((to - from) / by), 0);
  if (count > 1_000_000) throw new CommandError(146, '$range would use too much memory');
  return Array.from({ length: count }, (_, i) => from + i * by);
}

const zipped = withNamed(['inputs'], ['useLongestLength', 'defaults'], ({ inputs, useLongestLength, defaults }) => {
  const lists = arrayOf(inputs, '$zip', 34461);
  if (lists.some(isNullish)) return null;
  const arrays = lists.map((list) => arrayOf(list, '$zip', 34468));
  const lengths = arrays.map(({ length }) => length);
  const length = isTruthy(useLongestLength) ? Math.max(...lengths) : Math.min(...lengths);
  const fill = isNullish(defaults) ? [] : arrayOf(defaults, '$zip', 34462);
  return Array.from({ length }, (_, i) => arrays.map((array, j) => (i < array.length ? array[i] : (fill[j] ?? null))));
});

/** `$zip`; what its arguments are is seen when they are read, not for each document. */
const zip: Operator = (operand, context, name) => {
  const { inputs, useLongestLength, defaults } = named(operand, name, ['inputs'], ['useLongestLength', 'defaults']);
  const lists = arrayOf(inputs, 'inputs of $zip', 34461);
  const fills = defaults === undefined ? [] : arrayOf(defaults, 'defaults of $zip', 34462);
  if (useLongestLength !== undefined && typeof useLongestLength !== 'boolean')
    throw new CommandError(34463, `useLongestLength must be a bool, found ${typeName(useLongestLength)}`);
  if (lists.length === 0) throw new CommandError(34465, '$zip requires at least one input array');
  if (fills.length && !useLongestLength)
    throw new CommandError(34466, 'cannot specify defaults unless useLongestLength is true');
  if (fills.length && fills.length !== lists.length)
    throw new CommandError(34467, 'defaults and inputs must have the same length');
  return zipped(operand, context, name);
};

/** Joins lists, one after the other: what is no list is refused, unless a null came before it. */
function concatenated(...lists: Value[]): Value {
  const joined: Value[] = [];
  for (const list of lists) {
    if (isNullish(list)) return null;
    joined.push(...arrayOf(list, '$concatArrays', 28664));
  }
  return joined;
}

const sortArray: Operator = (operand, context, name) => {
  const { input, sortBy } = named(operand, name, ['input', 'sortBy']);
  const expression = compileExpression(input, context);
  const fields = isDocument(sortBy) ? parseSort(sortBy) : undefined;
  const direction = fields ? 1 : toNumber(sortBy);
  if (direction !== 1 && direction !== -1)
    throw new CommandError(2942506, 'The $sortArray sortBy must be 1, -1 or an object');
  return (scope) => {
    const value = expression(scope);
    if (isNullish(value)) return null;
    const list = [...arrayOf(value, name, 2942504)];
    if (!fields) return list.sort((a, b) => direction * compare(a, b, context.strings));
    return list.sort((a, b) => compareSortKeys(elementKey(a, fields), elementKey(b, fields), fields, context.strings));
  };
};

function several(pick: (list: Value[], n: number) => Value[]): Operator {
  return withNamed(['input', 'n'], [], ({ input, n }) => {
    const count = toInteger(n, "Value for 'n'", 5787902);
    if (count <= 0) throw new CommandError(5787908, `'n' must be greater than 0, found ${count}`);
    return isNullish(input) ? null : pick(arrayOf(input, '$firstN', 5788200), count);
  });
}

function present(list: Value[]): Value[] {
  return list.filter((value) => !isNullish(value));
}

/** The index of a value, between two positions of the array. */
const indexOfArray = positional(2, 4, (array, value, start = 0, end = Number.MAX_SAFE_INTEGER) => {
  if (isNullish(array)) return null;
  const list = arrayOf(array, '$indexOfArray', 40090);
  const [from, to] = [toInteger(start, '$indexOfArray', 40096), toInteger(end, '$indexOfArray', 40096)];
  for (const [place, which] of [
    [from, 'starting'],
    [to, 'ending'],
  ] as const)
    if (place < 0)
      throw new CommandError(40097, `$indexOfArray requires a nonnegative ${which} index, found: ${place}`);
  return list.findIndex((element, i) => i >= from && i < to && equal(element, value));
});

/** Expressions of arrays. */
export const ARRAYS: Readonly<Record<string, Operator>> = {
  $arrayElemAt: nullable(2, 2, at),
  $first: (operand, context, name) => edge(operand, context, name, 0),
  $last: (operand, context, name) => edge(operand, context, name, -1),
  $firstN: several((list, n) => list.slice(0, n)),
  $lastN: several((list, n) => list.slice(-n)),
  $maxN: several((list, n) =>
    present(list)
      .sort((a, b) => compare(b, a))
      .slice(0, n),
  ),
  $minN: several((list, n) =>
    present(list)
      .sort((a, b) => compare(a, b))
      .slice(0, n),
  ),
  $concatArrays: positional(0, MANY, concatenated),
  $filter: over({ required: ['input', 'cond'], optional: ['as', 'limit'], body: 'cond' }, (elements, body, limit) => {
    const kept = elements.filter((element) => isTruthy(body(element)));
    return isNullish(limit) ? kept : kept.slice(0, toInteger(limit, '$filter limit', 327391));
  }),
  $map: over({ required: ['input', 'in'], optional: ['as'], body: 'in' }, (elements, body) =>
    elements.map((element) => body(element) ?? null),
  ),
  $reduce: reduce,
  $in: positional(2, 2, (value, array) => arrayOf(array, '$in', 40081).some((element) => equal(element, value))),
  $indexOfArray: indexOfArray,
  $isArray: positional(1, 1, (value) => Array.isArray(value)),
  $size: positional(1, 1, (value) => arrayOf(value, 'The argument to $size', 17124).length),
  $slice: nullable(2, 3, slice),
  $range: positional(2, 3, range),
  $reverseArray: nullable(1, 1, (array) => [...arrayOf(array, '$reverseArray', 34435)].reverse()),
  $sortArray: sortArray,
  $zip: zip,
};

function edge(operand: Value, context: Parameters<Operator>[1], name: string, index: number): Expression {
  const [item] = argumentsOf(operand, 1, 1, name).map((one) => compileExpression(one, context));
  return (scope) => {
    const value = item?.(scope);
    return isNullish(value) ? null : arrayOf(value, name, 28689).at(index);
  };
}
