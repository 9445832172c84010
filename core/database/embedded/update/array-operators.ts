import { BSONRegExp } from 'bson';
import { CommandError, cut } from '../errors.ts';
import { compileFilter, isOperators } from '../query/match.ts';
import type { Context } from '../query/operators.ts';
import { compareSortKeys, elementKey, parseSort } from '../query/sort.ts';
import { compare, equal } from '../values/compare.ts';
import { type Document, isDocument, type Value } from '../values/document.ts';
import { show } from '../values/show.ts';
import { isNumber, toInteger, toNumber, typeName } from '../values/types.ts';
import type { UpdateOperator } from './compile-update.ts';
import { structured } from './field-operators.ts';
import { refuseBlocked, setAt, valueAt } from './targets.ts';

/** The array to add to; made when it is not there. */
function arrayAt(document: Document, path: string[], message: (type: string) => string): Value[] {
  const value = valueAt(document, path);
  if (value === undefined) {
    const made: Value[] = [];
    setAt(document, path, made);
    return made;
  }
  if (!Array.isArray(value)) throw new CommandError(2, message(typeName(value)));
  return value;
}

const push: UpdateOperator = (operand, _path, { strings }) => {
  const modified = isDocument(operand) && '$each' in operand;
  const { $each, $slice, $sort, $position, ...others } = modified ? operand : { $each: [operand] };
  const unknown = Object.keys(others)[0];
  if (unknown) throw new CommandError(2, `Unrecognized clause in $push: ${cut(unknown)}`);
  if (!Array.isArray($each)) {
    throw new CommandError(2, `The argument to $each in $push must be an array but it was of type: ${typeName($each)}`);
  }
  const position = $position === undefined ? undefined : toInteger($position, 'The value for $position');
  const limit = $slice === undefined ? undefined : toInteger($slice, 'The value for $slice');
  const arrange = $sort === undefined ? undefined : arrayOrder($sort, strings);
  return (document, path) => {
    const array = arrayAt(
      document,
      path,
      (type) =>
        `The field '${cut(path.join('.'))}' must be an array but is of type ${type} in document {_id: ${cut(show(document._id))}}`,
    );
    array.splice(position ?? array.length, 0, ...$each.map(structured));
    if (arrange) array.sort(arrange);
    if (limit !== undefined) {
      const kept = limit < 0 ? array.slice(limit) : array.slice(0, limit);
      setAt(document, path, kept);
    }
  };
};

function arrayOrder(sort: Value, strings: Context['strings']): (a: Value, b: Value) => number {
  if (isNumber(sort)) {
    const direction = toNumber(sort);
    if (direction !== 1 && direction !== -1)
      throw new CommandError(2, 'The $sort element value must be either 1 or -1');
    return (a, b) => direction * compare(a, b, strings);
  }
  if (!isDocument(sort) || Object.keys(sort).length === 0) {
    throw new CommandError(
      2,
      'The $sort is invalid: use 1/-1 to sort the whole element, or {field:1/-1} to sort embedded fields',
    );
  }
  const fields = parseSort(sort);
  return (a, b) => compareSortKeys(elementKey(a, fields), elementKey(b, fields), fields, strings);
}

const addToSet: UpdateOperator = (operand, _path, { strings }) => {
  const several = isDocument(operand) && Object.keys(operand)[0] === '$each';
  const items = several ? operand.$each : [operand];
  if (!Array.isArray(items)) {
    throw new CommandError(
      14,
      `The argument to $each in $addToSet must be an array but it was of type ${typeName(items)}`,
    );
  }
  return (document, path) => {
    const array = arrayAt(
      document,
      path,
      (type) =>
        `Cannot apply $addToSet to non-array field. Field named '${cut(path.at(-1))}' has non-array type ${type}`,
    );
    for (const item of items) if (!array.some((known) => equal(known, item, strings))) array.push(structured(item));
  };
};

const pop: UpdateOperator = (operand) => {
  const from = toNumber(operand);
  if (from !== 1 && from !== -1) throw new CommandError(9, `$pop expects 1 or -1, found: ${cut(show(operand))}`);
  return (document, path) => {
    const value = valueAt(document, path);
    if (value === undefined) return refuseBlocked(document, path);
    if (!Array.isArray(value)) {
      throw new CommandError(
        14,
        `Path '${cut(path.join('.'))}' contains an element of non-array type '${typeName(value)}'`,
      );
    }
    if (from === 1) value.pop();
    else value.shift();
  };
};

function removing(document: Document, path: string[], name: string, remove: (value: Value) => boolean): void {
  const value = valueAt(document, path);
  if (value === undefined) return;
  if (!Array.isArray(value)) throw new CommandError(2, `Cannot apply ${name} to a non-array value`);
  const kept = value.filter((element) => !remove(element));
  if (kept.length < value.length) setAt(document, path, kept);
}

const pull: UpdateOperator = (operand, _path, context) => {
  const remove = pullCondition(operand, context);
  return (document, path) => removing(document, path, '$pull', remove);
};

/** A document is a filter on elements that are documents; operators and patterns test any element; a value must be equal. */
function pullCondition(operand: Value, context: Context): (value: Value) => boolean {
  if (isOperators(operand)) {
    const predicate = compileFilter({ value: { $elemMatch: operand } }, context);
    return (value) => predicate({ value: [value] });
  }
  if (isDocument(operand)) {
    const predicate = compileFilter(operand, context);
    return (value) => isDocument(value) && predicate(value);
  }
  if (operand instanceof BSONRegExp) {
    const predicate = compileFilter({ value: operand }, context);
    return (value) => !Array.isArray(value) && predicate({ value });
  }
  return (value) => equal(value, operand, context.strings);
}

const pullAll: UpdateOperator = (operand, _path, { strings }) => {
  if (!Array.isArray(operand))
    throw new CommandError(2, `$pullAll requires an array argument but was given a ${typeName(operand)}`);
  return (document, path) =>
    removing(document, path, '$pullAll', (value) => operand.some((item) => equal(item, value, strings)));
};

/** Update operators of arrays (manual: reference/operator/update-array). */
export const ARRAY_UPDATES: Readonly<Record<string, UpdateOperator>> = {
  $push: push,
  $addToSet: addToSet,
  $pop: pop,
  $pull: pull,
  $pullAll: pullAll,
};
