import { Binary } from 'bson';
import { CommandError } from '../../errors.ts';
import { type Document, getField, isDocument, setField, type Value } from '../../values/document.ts';
import { encode } from '../../values/encode.ts';
import { typeName } from '../../values/types.ts';
import { isNullish, named, nullable, positional } from '../arguments.ts';
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
  for (const item of arrayOf(value, '$arrayToObject', 40386)) {
    const [name, inner] = Array.isArray(item) ? item : isDocument(item) ? [item.k, item.v] : [undefined, undefined];
    if (typeof name !== 'string')
      throw new CommandError(40392, '$arrayToObject requires pairs [k, v] or documents {k, v} with string keys');
    setField(made, name, inner ?? null);
  }
  return made;
}

const getFieldOperator: Operator = (operand, context, name) => {
  const short = !isDocument(operand) || Object.keys(operand)[0]?.startsWith('$') === true;
  const options = short ? { field: operand } : named(operand, name, ['field'], ['input']);
  const field = compileExpression(options.field, context);
  const input =
    'input' in options ? compileExpression(options.input, context) : compileExpression('$$CURRENT', context);
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

/** `$setField`, and `$unsetField`, which is `$setField` with `$$REMOVE`. */
function settingField(removes: boolean): Operator {
  return (operand, context, name) => {
    const options = named(operand, name, removes ? ['field', 'input'] : ['field', 'input', 'value']);
    const key = isDocument(options.field) ? options.field.$literal : options.field;
    if (typeof key !== 'string' || (key.startsWith('$') && !isDocument(options.field))) {
      throw new CommandError(4161106, `${name} requires 'field' to be a constant string`);
    }
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
  $mergeObjects: positional(0, 1000, merge),
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
