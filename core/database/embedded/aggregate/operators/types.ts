import { Binary, BSONSymbol, Decimal128, ObjectId } from 'bson';
import { CommandError, cut, unsupported } from '../../errors.ts';
import { double } from '../../values/arithmetic.ts';
import { isDocument, type Value } from '../../values/document.ts';
import { dateAt } from '../../values/far-date.ts';
import { isNumber, isTruthy, TYPE_NUMBERS, toNumber, typeName } from '../../values/types.ts';
import { isNullish, named, positional } from '../arguments.ts';
import { compileExpression, type Operator } from '../expression.ts';
import { parseDate } from './parse-date.ts';

function cannot(value: Value, to: string, why = 'is not supported'): CommandError {
  return new CommandError(241, `Unsupported conversion from ${typeName(value)} to ${to} in $convert: ${cut(why)}`);
}

/** The text of a number, date, ObjectId, boolean or string, as `$toString` gives it. */
export function textOf(value: Value): string {
  if (typeof value === 'string') return value;
  if (value instanceof BSONSymbol) return value.value;
  if (typeof value === 'boolean') return String(value);
  if (isNumber(value))
    return value instanceof Decimal128
      ? value.toString()
      : typeof value === 'bigint'
        ? String(value)
        : numberText(toNumber(value));
  if (value instanceof Date) return value.toISOString();
  if (value instanceof ObjectId) return value.toHexString();
  throw cannot(value, 'string');
}

function numberText(value: number): string {
  if (Object.is(value, -0)) return '-0';
  if (value === Number.POSITIVE_INFINITY) return 'Infinity';
  return String(value).replace(/e([+-])(\d)$/, 'e$10$2');
}

function whole(value: Value, to: 'int' | 'long'): bigint {
  if (typeof value === 'string') {
    if (!/^[+-]?\d+$/.test(value)) throw unread(value);
    return BigInt(value.replace(/^\+/, ''));
  }
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (typeof value === 'bigint') return value;
  if (value instanceof Date && to === 'long') return BigInt(value.getTime());
  if (!isNumber(value)) throw cannot(value, to);
  const number = Math.trunc(toNumber(value));
  if (!Number.isFinite(number)) throw cannot(value, to, `Attempt to convert ${number} to an integer`);
  return BigInt(number);
}

function toInt(value: Value): Value {
  const number = whole(value, 'int');
  if (number > 2147483647n || number < -2147483648n)
    throw cannot(value, 'int', `Conversion would overflow target type: ${number}`);
  return Number(number);
}

function toLong(value: Value): Value {
  const number = whole(value, 'long');
  if (BigInt.asIntN(64, number) !== number)
    throw cannot(value, 'long', `Conversion would overflow target type: ${number}`);
  return number;
}

function unread(value: Value, why = 'Bad digit'): CommandError {
  return new CommandError(241, `Failed to parse number '${cut(value)}' in $convert with no onError value: ${why}`);
}

function toDouble(value: Value): Value {
  if (typeof value === 'string') {
    const special = {
      nan: Number.NaN,
      inf: Number.POSITIVE_INFINITY,
      infinity: Number.POSITIVE_INFINITY,
      '-inf': Number.NEGATIVE_INFINITY,
      '-infinity': Number.NEGATIVE_INFINITY,
    };
    const named = special[value.toLowerCase() as keyof typeof special];
    if (named !== undefined) return double(named);
    if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value)) throw unread(value);
    const number = Number(value);
    if (!Number.isFinite(number)) throw unread(value, 'Out of range');
    return double(number);
  }
  if (typeof value === 'boolean') return double(Number(value));
  if (value instanceof Date) return double(value.getTime());
  if (!isNumber(value)) throw cannot(value, 'double');
  return double(toNumber(value));
}

function toDecimal(value: Value): Value {
  if (value instanceof Decimal128) return value;
  if (typeof value === 'boolean') return Decimal128.fromString(value ? '1' : '0');
  if (typeof value !== 'string' && !isNumber(value) && !(value instanceof Date)) throw cannot(value, 'decimal');
  if (typeName(value) === 'double') return ofDouble(toNumber(value));
  try {
    return Decimal128.fromString(value instanceof Date ? String(value.getTime()) : textOf(value));
  } catch {
    throw unread(value);
  }
}

/** Of a double 15 digits are kept, zeros at the end too (manual: reference/operator/aggregation/toDecimal). */
function ofDouble(number: number): Decimal128 {
  const plain = number === 0 || !Number.isFinite(number);
  return Decimal128.fromString(plain ? numberText(number) : number.toExponential(14));
}

function toBool(value: Value): Value {
  return isTruthy(value);
}

function toDate(value: Value): Value {
  if (value instanceof Date) return value;
  if (value instanceof ObjectId) return value.getTimestamp();
  if (typeof value === 'string') return parseDate(value).date;
  const type = typeName(value);
  if (type === 'long' || type === 'double' || type === 'decimal') return dateAt(Math.trunc(toNumber(value)));
  throw cannot(value, 'date');
}

function toObjectId(value: Value): Value {
  if (value instanceof ObjectId) return value;
  if (typeof value !== 'string') throw cannot(value, 'objectId');
  if (!/^[0-9a-f]{24}$/i.test(value))
    throw new CommandError(
      241,
      `Failed to parse objectId '${cut(value)}' in $convert: it must be 24 hexadecimal digits`,
    );
  return new ObjectId(value);
}

function toText(value: Value): Value {
  if (value instanceof Binary) throw cannot(value, 'string');
  return textOf(value);
}

const CONVERSIONS: Readonly<Record<string, (value: Value) => Value>> = {
  int: toInt,
  long: toLong,
  double: toDouble,
  decimal: toDecimal,
  bool: toBool,
  date: toDate,
  objectId: toObjectId,
  string: toText,
};

const convert: Operator = (operand, context, name) => {
  const options = named(operand, name, ['input', 'to'], ['onError', 'onNull', 'format', 'byteOrder']);
  const [input, to] = [compileExpression(options.input, context), compileExpression(options.to, context)];
  const onError = 'onError' in options ? compileExpression(options.onError, context) : undefined;
  const onNull = 'onNull' in options ? compileExpression(options.onNull, context) : undefined;
  return (scope) => {
    const value = input(scope);
    const wanted = to(scope);
    if (isNullish(value)) return onNull ? onNull(scope) : null;
    if (isNullish(wanted)) return null;
    const type = isDocument(wanted) ? wanted.type : wanted;
    const alias =
      typeof type === 'string'
        ? type
        : Object.entries(TYPE_NUMBERS).find(([, number]) => number === toNumber(type))?.[0];
    const change = alias !== undefined && Object.hasOwn(CONVERSIONS, alias) ? CONVERSIONS[alias] : undefined;
    if (alias === 'binData' || (value instanceof Binary && alias !== 'bool'))
      throw unsupported('Converting from or to binary data');
    const known = change || (alias !== undefined && (alias === 'missing' || Object.hasOwn(TYPE_NUMBERS, alias)));
    if (!known) throw new CommandError(2, `Unknown type name: ${cut(type)}`);
    try {
      if (!change) throw cannot(value, alias ?? '');
      return change(value);
    } catch (error) {
      if (onError && error instanceof CommandError && error.code === 241) return onError(scope);
      throw error;
    }
  };
};

function conversion(type: string): Operator {
  const change = CONVERSIONS[type];
  return positional(1, 1, (value) => (isNullish(value) || !change ? null : change(value)));
}

/** Expressions of types. */
export const TYPES: Readonly<Record<string, Operator>> = {
  $type: positional(1, 1, typeName),
  $isNumber: positional(1, 1, isNumber),
  $convert: convert,
  $toInt: conversion('int'),
  $toLong: conversion('long'),
  $toDouble: conversion('double'),
  $toDecimal: conversion('decimal'),
  $toBool: conversion('bool'),
  $toDate: conversion('date'),
  $toObjectId: conversion('objectId'),
  $toString: conversion('string'),
};
