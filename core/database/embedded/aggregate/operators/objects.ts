import { Binary } from 'bson';
import { CommandError } from '../../errors.ts';
import { type Document, getField, isDocument, setField, type Value } from '../../values/document.ts';
import { encode } from '../../values/encode.ts';
import { typeName } from '../../values/types.ts';
import { isNullish, MANY, named, nullable, positional } from '../arguments.ts';
import { compileExpression, type Operator } from '../expression.ts';
import { arrayOf } from './arrays.ts';

function documentOf(value: Value, name: string, code: number): Document {
  if (isDocument(value)) return value;
  throw new CommandError(code, `${name} requires an object, not ${typeName(value)}`);
}

function merge(...values: Value[]): Value {
  const list = values.length === 1 && Array.isArray(values[0]) ? values[0] : values;
  const merged: Document = {};
  for (const value of list) {
    if (isNullish(value)) continue;
    for (const [name, inner] of Object.entries(documentOf(value, '$mergeObjects', 40400)))
      setField(merged, name, inner);
  }
  return merged;
}

function fromPairs(value: Value): Value {
  const made: Document = {};
  const items = arrayOf(value, '$arrayToObject', 40386);
  const read = Array.isArray(items[0]) ? pairOf : isDocument(items[0]) ? entryOf : undefined;
  if (items.length && !read)
    throw new CommandError(40398, `Unrecognised input type format for $arrayToObject: ${typeName(items[0])}`);
  for (const item of items) {
    const [name, inner] = read?.(item) ?? ['', null];
    setField(made, name, inner);
  }
  return made;
}

function pairOf(item: Value): [string, Value] {
  const fails = (code: number, what: string) => new CommandError(code, `$arrayToObject requires ${what}`);
  if (!Array.isArray(item)) throw fails(40396, `a consistent input format, not an array and ${typeName(item)}`);
  if (item.length !== 2) throw fails(40397, `an array of size 2 arrays, found array of size: ${item.length}`);
  const [name, value] = item;
  if (typeof name !== 'string') throw fails(40395, `keys of type string, found ${typeName(name)}`);
  if (name.includes('\0')) throw fails(4940400, 'keys without a null byte');
  return [name, value];
}

function entryOf(item: Value): [string, Value] {
  const fails = (code: number, what: string) => new CommandError(code, `$arrayToObject requires ${what}`);
  if (!isDocument(item)) throw fails(40391, `a consistent input format, not an object and ${typeName(item)}`);
  if (Object.keys(item).length !== 2) throw fails(40392, "an object with keys 'k' and 'v' and no others");
  const { k, v } = item;
  if (!('k' in item && 'v' in item)) throw fails(40393, "an object with keys 'k' and 'v'");
  if (typeof k !== 'string') throw fails(40394, `'k' to be a string, found ${typeName(k)}`);
  if (k.includes('\0')) throw fails(4940401, 'keys without a null byte');
  return [k, v];
}

const getFieldOperator: Operator = (operand, context, name) => {
  const short = !isDocument(operand) || Object.keys(operand)[0]?.startsWith('$') === true;
  const options = short ? { field: operand } : named(operand, name, ['field', 'input']);
  const field = compileExpression(options.field, context);
  const input = compileExpression(short ? '$$CURRENT' : options.input, context);
  return (scope) => {
    const key = field(scope);
    if (typeof key !== 'string')
      throw new CommandError(
        3041704,
        `$getField requires 'field' to evaluate to type String, but got ${typeName(key)}`,
      );
    const value = input(scope);
    if (value === null) return null;
    return isDocument(value) ? getField(value, key) : undefined;
  };
};

/** The name that `$setField` is given. @throws CommandError when it is no constant, or none that is a text */
function constantField(field: Value, name: string): string {
  const [operator, literal] = isDocument(field) ? (Object.entries(field)[0] ?? []) : [];
  const isLiteral = operator === '$literal' || operator === '$const';
  const fails = (code: number, found: string) =>
    new CommandError(code, `${name} requires 'field' to evaluate to a constant string, but got ${found}`);
  if (isDocument(field) && !isLiteral) throw fails(4161106, 'a non-constant argument');
  const key = isLiteral ? literal : field;
  if (typeof key !== 'string') throw fails(4161107, typeName(key));
  if (key.startsWith('$') && !isLiteral) throw fails(4161108, 'a field path');
  return key;
}

/** `$setField`, and `$unsetField`, which is `$setField` with `$$REMOVE`. */
function settingField(removes: boolean): Operator {
  return (operand, context, name) => {
    const options = named(operand, name, removes ? ['field', 'input'] : ['field', 'value', 'input']);
    const key = constantField(options.field, name);
    const input = compileExpression(options.input, context);
    const made = removes ? () => undefined : compileExpression(options.value, context);
    return (scope) => {
      const value = input(scope);
      if (isNullish(value)) return null;
      const result = { ...documentOf(value, name, 4161105) };
      const inner = made(scope);
      if (inner === undefined) delete result[key];
      else setField(result, key, inner);
      return result;
    };
  };
}

/** Expressions of documents and their sizes. */
export const OBJECTS: Readonly<Record<string, Operator>> = {
  $mergeObjects: positional(0, MANY, merge),
  $objectToArray: nullable(1, 1, (value) =>
    Object.entries(documentOf(value, '$objectToArray', 40390)).map(([k, v]) => ({ k, v })),
  ),
  $arrayToObject: nullable(1, 1, fromPairs),
  $getField: getFieldOperator,
  $setField: settingField(false),
  $unsetField: settingField(true),
  $bsonSize: nullable(1, 1, (value) => encode(documentOf(value, '$bsonSize', 31393), Number.POSITIVE_INFINITY).length),
  $binarySize: nullable(1, 1, (value) => {
    if (typeof value === 'string') return Buffer.byteLength(value);
    if (value instanceof Binary) return value.length();
    throw new CommandError(51276, `$binarySize requires a string or BinData argument, found: ${typeName(value)}`);
  }),
};
