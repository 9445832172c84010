import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  DBRef,
  Decimal128,
  Double,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson';
import { isDocument, type Value } from './document.ts';

/** A value as MongoDB's messages show it: `{ a: 1, b: "x" }`. */
export function show(value: Value): string {
  if (typeof value === 'string') return `"${value}"`;
  if (value === undefined || value === null) return 'null';
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return value.length ? `[ ${value.map(show).join(', ')} ]` : '[]';
  if (isDocument(value)) {
    const shown = Object.entries(value).map(([name, inner]) => `${name}: ${show(inner)}`);
    return shown.length ? `{ ${shown.join(', ')} }` : '{}';
  }
  return special(value);
}

function special(value: object): string {
  if (value instanceof ObjectId) return `ObjectId('${value.toHexString()}')`;
  if (value instanceof Date) return `new Date(${value.getTime()})`;
  if (value instanceof Double) return double(value.value);
  if (value instanceof Decimal128) return value.toString();
  if (value instanceof Binary) return binary(value);
  if (value instanceof Timestamp) return `Timestamp(${value.getHighBitsUnsigned()}, ${value.getLowBitsUnsigned()})`;
  if (value instanceof BSONRegExp) return `/${value.pattern}/${value.options}`;
  if (value instanceof BSONSymbol) return `"${value.valueOf()}"`;
  if (value instanceof Code) return `Code(${value.code})`;
  if (value instanceof MinKey) return 'MinKey';
  if (value instanceof MaxKey) return 'MaxKey';
  if (value instanceof DBRef) return `DBRef('${value.collection}',${value.oid.toHexString()})`;
  return String(value);
}

function double(number: number): string {
  if (Number.isNaN(number)) return 'nan';
  if (!Number.isFinite(number)) return number > 0 ? 'inf' : '-inf';
  return Number.isInteger(number) ? `${number}.0` : String(number);
}

function binary(value: Binary): string {
  const hex = value.toString('hex');
  if (value.sub_type === Binary.SUBTYPE_UUID && hex.length === 32)
    return `UUID("${hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')}")`;
  return `BinData(${value.sub_type}, ${hex.toUpperCase()})`;
}
