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
import { CommandError } from '../errors.ts';
import { type Document, setField, type Value } from './document.ts';
import { dateAt } from './far-date.ts';

/**
 * Reads BSON bytes (https://bsonspec.org/spec.html) into a document.
 *
 * Why not `deserialize` of bson: it returns 1.0 and 1 alike, so that a document read and written again would change its
 * types, and it makes DBRef objects of documents that have `$ref`. Here int64 is a bigint, and a double that JavaScript
 * cannot tell from an int32 stays a `Double`.
 *
 * @param bytes - memory that holds the document
 * @param start - offset of the document in it
 * @throws CommandError 22 (InvalidBSON) when the bytes are not a well-formed document
 */
export function decode(bytes: Buffer, start = 0): Document {
  const length = start + 5 > bytes.length ? -1 : bytes.readInt32LE(start);
  if (length < 5 || start + length > bytes.length || bytes[start + length - 1] !== 0) throw malformed('its length');
  return readDocument(bytes, start + 4, start + length - 1, 0);
}

/**
 * Reads some fields of stored bytes, which `decode` has accepted before: a filter that refuses a document need not have the
 * rest of it.
 */
export function decodeFields(bytes: Buffer, names: ReadonlySet<string>): Document {
  const end = bytes.readInt32LE(0) - 1;
  const document: Document = {};
  cursor.at = 4;
  while (cursor.at < end) {
    const type = bytes[cursor.at++] ?? 0;
    const name = readName(bytes, end);
    if (names.has(name)) setField(document, name, readValue(bytes, type, end, 0));
    else skipValue(bytes, type, end);
  }
  return document;
}

/** How long a value of each type is, where all are alike; the others say their length. */
const LENGTHS: Readonly<Record<number, number>> = {
  1: 8,
  6: 0,
  7: 12,
  8: 1,
  9: 8,
  10: 0,
  16: 4,
  17: 8,
  18: 8,
  19: 16,
  127: 0,
  255: 0,
};

function skipValue(bytes: Buffer, type: number, end: number): void {
  const length = LENGTHS[type];
  if (length !== undefined) cursor.at += length;
  else if (type === 0x02) cursor.at += 4 + bytes.readInt32LE(cursor.at);
  else if (type === 0x03 || type === 0x04) cursor.at += bytes.readInt32LE(cursor.at);
  else readValue(bytes, type, end, 0);
}

/** The deepest nesting of what is sent: documents of the 100 levels that MongoDB stores, within a command. */
export const MAX_DEPTH = 200;

function malformed(where: string): CommandError {
  return new CommandError(22, `Invalid BSON: ${where} does not fit`);
}

/** @throws CommandError 22 for options that BSON does not have */
function readRegex(pattern: string, options: string): BSONRegExp {
  if (!/^[ilmsux]*$/.test(options)) throw malformed('the options of a regular expression');
  return new BSONRegExp(pattern, options);
}

/** Where the reader stands. One object for all: decoding is synchronous, and the hottest path of the engine. */
const cursor = { at: 0 };

function readDocument(bytes: Buffer, from: number, end: number, depth: number): Document {
  if (depth > MAX_DEPTH) throw new CommandError(15, `Invalid BSON: nested deeper than ${MAX_DEPTH} levels`);
  const document: Document = {};
  cursor.at = from;
  while (cursor.at < end) {
    const type = bytes[cursor.at++] ?? 0;
    const name = readName(bytes, end);
    const value = readValue(bytes, type, end, depth);
    if (name === '__proto__') setField(document, name, value);
    else document[name] = value;
  }
  if (cursor.at !== end) throw malformed('a field');
  return document;
}

function readArray(bytes: Buffer, from: number, end: number, depth: number): Value[] {
  if (depth > MAX_DEPTH) throw new CommandError(15, `Invalid BSON: nested deeper than ${MAX_DEPTH} levels`);
  const array: Value[] = [];
  cursor.at = from;
  while (cursor.at < end) {
    const type = bytes[cursor.at++] ?? 0;
    while (bytes[cursor.at] !== 0) if (++cursor.at >= end) throw malformed('an array index');
    cursor.at++;
    array.push(readValue(bytes, type, end, depth));
  }
  if (cursor.at !== end) throw malformed('an array');
  return array;
}

function readName(bytes: Buffer, end: number): string {
  const from = cursor.at;
  let at = from;
  let byte = bytes[at];
  let ascii = true;
  while (byte !== 0) {
    if (byte === undefined || at >= end) throw malformed('a field name');
    if (byte > 127) ascii = false;
    byte = bytes[++at];
  }
  cursor.at = at + 1;
  if (!ascii) return bytes.toString('utf8', from, at);
  if (at - from > 16) return bytes.toString('latin1', from, at);
  let name = '';
  for (let i = from; i < at; i++) name += String.fromCharCode(bytes[i] as number);
  return name;
}

function readString(bytes: Buffer, end: number): string {
  const length = take(bytes, 4, end).readInt32LE(cursor.at - 4);
  const from = cursor.at;
  if (length < 1 || from + length > end || bytes[from + length - 1] !== 0) throw malformed('a string');
  cursor.at = from + length;
  return bytes.toString('utf8', from, from + length - 1);
}

function take(bytes: Buffer, length: number, end: number): Buffer {
  cursor.at += length;
  if (length < 0 || cursor.at > end) throw malformed('a value');
  return bytes;
}

function nested(bytes: Buffer, end: number): { from: number; to: number } {
  const from = cursor.at;
  const length = take(bytes, 4, end).readInt32LE(from);
  const to = from + length - 1;
  if (length < 5 || to >= end || bytes[to] !== 0) throw malformed('an embedded document');
  return { from: from + 4, to };
}

function readValue(bytes: Buffer, type: number, end: number, depth: number): Value {
  switch (type) {
    case 0x01: {
      const value = take(bytes, 8, end).readDoubleLE(cursor.at - 8);
      // Also -0, which JavaScript would write back as the int32 0.
      return Number.isInteger(value) && (value | 0) === value ? new Double(value) : value;
    }
    case 0x02:
      return readString(bytes, end);
    case 0x03: {
      const { from, to } = nested(bytes, end);
      const document = readDocument(bytes, from, to, depth + 1);
      cursor.at = to + 1;
      return document;
    }
    case 0x04: {
      const { from, to } = nested(bytes, end);
      const array = readArray(bytes, from, to, depth + 1);
      cursor.at = to + 1;
      return array;
    }
    case 0x05: {
      const length = take(bytes, 5, end).readInt32LE(cursor.at - 5);
      const subtype = bytes[cursor.at - 1] ?? 0;
      const from = cursor.at;
      take(bytes, length, end);
      return new Binary(Buffer.from(bytes.subarray(from, from + length)), subtype);
    }
    case 0x06:
    case 0x0a:
      return null;
    case 0x07:
      take(bytes, 12, end);
      return new ObjectId(Uint8Array.prototype.slice.call(bytes, cursor.at - 12, cursor.at));
    case 0x08:
      take(bytes, 1, end);
      return bytes[cursor.at - 1] === 1;
    case 0x09:
      return dateAt(take(bytes, 8, end).readBigInt64LE(cursor.at - 8));
    case 0x0b:
      return readRegex(readName(bytes, end), readName(bytes, end));
    case 0x0c: {
      const collection = readString(bytes, end);
      take(bytes, 12, end);
      return new DBRef(collection, new ObjectId(Uint8Array.prototype.slice.call(bytes, cursor.at - 12, cursor.at)));
    }
    case 0x0d:
      return new Code(readString(bytes, end));
    case 0x0e:
      return new BSONSymbol(readString(bytes, end));
    case 0x0f: {
      take(bytes, 4, end);
      const code = readString(bytes, end);
      const { from, to } = nested(bytes, end);
      const scope = readDocument(bytes, from, to, depth + 1);
      cursor.at = to + 1;
      return new Code(code, scope);
    }
    case 0x10:
      return take(bytes, 4, end).readInt32LE(cursor.at - 4);
    case 0x11:
      return new Timestamp(take(bytes, 8, end).readBigUInt64LE(cursor.at - 8));
    case 0x12:
      return take(bytes, 8, end).readBigInt64LE(cursor.at - 8);
    case 0x13:
      take(bytes, 16, end);
      return new Decimal128(Uint8Array.prototype.slice.call(bytes, cursor.at - 16, cursor.at));
    case 0xff:
      return new MinKey();
    case 0x7f:
      return new MaxKey();
    default:
      throw new CommandError(22, `Invalid BSON: unknown type 0x${type.toString(16)}`);
  }
}
