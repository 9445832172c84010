import { Timestamp } from 'bson';
import { CommandError, cut } from '../errors.ts';
import { calculate } from '../values/arithmetic.ts';
import { compare } from '../values/compare.ts';
import { type Document, isDocument, type Value } from '../values/document.ts';
import { splitPath } from '../values/path.ts';
import { show } from '../values/show.ts';
import { isNumber, typeName } from '../values/types.ts';
import type { Change, UpdateOperator } from './compile-update.ts';
import { setAt, unsetAt, valueAt } from './targets.ts';

/** The types of numbers, as messages name them. */
const NUMBERS: Readonly<Record<string, string>> = {
  int: '(NumberInt)',
  long: '(NumberLong)',
  double: '(NumberDouble)',
  decimal: '(NumberDecimal)',
};

const set: UpdateOperator = (operand) => (document, path) => setAt(document, path, structured(operand));

/** A copy of an operand, so that several documents do not share one array that later changes touch. */
export function structured(value: Value): Value {
  if (Array.isArray(value)) return value.map(structured);
  if (!isDocument(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, structured(inner)]));
}

const setOnInsert: UpdateOperator = (operand) => (document, path, inserting) => {
  if (inserting) setAt(document, path, structured(operand));
};

/** `$inc` and `$mul`: what is not there counts as 0. */
function arithmetic(operator: '+' | '*', verb: string, name: string): UpdateOperator {
  return (operand, field) => {
    if (!isNumber(operand)) {
      throw new CommandError(14, `Cannot ${verb} with non-numeric argument: {${cut(field)}: ${cut(show(operand))}}`);
    }
    return (document, path) => {
      const before = valueAt(document, path);
      if (before === undefined) {
        setAt(document, path, operator === '+' ? operand : calculate('*', operand, 0));
        return;
      }
      if (!isNumber(before)) {
        throw new CommandError(
          14,
          `Cannot apply ${name} to a value of non-numeric type. {_id: ${cut(show(document._id))}} has the field '${cut(path.at(-1))}' of non-numeric type ${typeName(before)}`,
        );
      }
      const result = calculate(operator, before, operand, 'none');
      if (result === undefined) {
        throw new CommandError(
          2,
          `Failed to apply ${name} operations to current value (${NUMBERS[typeName(before)]}${cut(show(before))}) for document {_id: ${cut(show(document._id))}}`,
        );
      }
      setAt(document, path, result);
    };
  };
}

function extreme(accept: (difference: number) => boolean): UpdateOperator {
  return (operand, _path, { strings }) =>
    (document, path) => {
      const before = valueAt(document, path);
      if (before === undefined || accept(compare(operand, before, strings))) setAt(document, path, structured(operand));
    };
}

const rename: UpdateOperator = (operand, field) => {
  if (typeof operand !== 'string') {
    throw new CommandError(2, `The 'to' field for $rename must be a string: ${cut(field)}: ${cut(show(operand))}`);
  }
  for (const [end, path] of [
    ['source', field],
    ['destination', operand],
  ]) {
    if (/\.\$(\[|\.|$)/.test(path ?? ''))
      throw new CommandError(2, `The ${end} field for $rename may not be dynamic: ${cut(path)}`);
  }
  if (operand === field) {
    throw new CommandError(2, `The source and target field for $rename must differ: ${cut(field)}: "${cut(operand)}"`);
  }
  const target = splitPath(operand);
  return (document, path) => {
    refuseArrays(document, path, 'source');
    const value = valueAt(document, path);
    if (value === undefined) return;
    refuseArrays(document, target, 'destination');
    unsetAt(document, path);
    setAt(document, target, value);
  };
};

function refuseArrays(document: Document, path: string[], what: string): void {
  for (let i = 1; i < path.length; i++) {
    if (Array.isArray(valueAt(document, path.slice(0, i)))) {
      throw new CommandError(
        2,
        `The ${what} field cannot be an array element, '${cut(path.join('.'))}' in doc with _id: ${cut(show(document._id))} has an array field called '${cut(path[i - 1])}'`,
      );
    }
  }
}

const currentDate: UpdateOperator = (operand, _path, { now = new Date() }) => {
  const type = isDocument(operand) ? operand.$type : operand === true || operand === false ? 'date' : undefined;
  if (type !== 'date' && type !== 'timestamp') {
    throw new CommandError(
      2,
      "The '$type' string field is required to be 'date' or 'timestamp': {$currentDate: {field : {$type: 'date'}}}",
    );
  }
  const value = type === 'date' ? now : new Timestamp({ t: Math.floor(now.getTime() / 1000), i: 1 });
  return (document, path) => setAt(document, path, value);
};

const bit: UpdateOperator = (operand) => {
  const operations = isDocument(operand) ? Object.entries(operand) : [];
  if (operations.length === 0) throw new CommandError(2, 'The $bit modifier needs {and: …}, {or: …} or {xor: …}');
  for (const [name, value] of operations) {
    if (!['and', 'or', 'xor'].includes(name)) {
      throw new CommandError(
        2,
        `The $bit modifier only supports 'and', 'or', and 'xor', not '${cut(name)}' which is an unknown operator`,
      );
    }
    if (!isWhole(value)) throw new CommandError(2, 'The $bit modifier field must be an Integer(32/64 bit)');
  }
  return (document, path) => {
    let value = valueAt(document, path) ?? 0;
    for (const [name, mask] of operations) {
      if (!isWhole(value)) {
        throw new CommandError(
          2,
          `Cannot apply $bit to a value of non-integral type. ${cut(path.join('.'))} has the type ${typeName(value)}`,
        );
      }
      const long = typeof value === 'bigint' || typeof mask === 'bigint';
      const [a, b] = [BigInt(value as bigint), BigInt(mask as bigint)];
      const result = name === 'and' ? a & b : name === 'or' ? a | b : a ^ b;
      value = long ? result : Number(result);
    }
    setAt(document, path, value);
  };
};

function isWhole(value: Value): boolean {
  const type = typeName(value);
  return type === 'int' || type === 'long';
}

/** Update operators of fields (manual: reference/operator/update-field). */
export const FIELD_UPDATES: Readonly<Record<string, UpdateOperator>> = {
  $set: set,
  $setOnInsert: setOnInsert,
  $unset: (): Change => (document, path) => unsetAt(document, path),
  $inc: arithmetic('+', 'increment', '$inc'),
  $mul: arithmetic('*', 'multiply', '$mul'),
  $min: extreme((difference) => difference < 0),
  $max: extreme((difference) => difference > 0),
  $rename: rename,
  $currentDate: currentDate,
  $bit: bit,
};
