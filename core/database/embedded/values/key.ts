import {
  type Binary,
  type BSONRegExp,
  BSONSymbol,
  type Code,
  type DBRef,
  Decimal128,
  Double,
  type ObjectId,
  type Timestamp,
} from 'bson';
import { RANK, rankOf } from './compare.ts';
import { compareDecimals, exactly, partOfStep } from './decimal.ts';
import type { Value } from './document.ts';

/**
 * The index key of some values: bytes whose order under memcmp is MongoDB's order of the values, field by field.
 * Equal values of different number types give equal keys. The parts are self-delimiting, so that a prefix of a key is
 * the key of a prefix. A descending field has its bytes inverted.
 *
 * A number is the double at or below it and how far above that it is, in 2^-63 of the step to the next double, which
 * tells any two int64 and Decimal128 apart. Decimal128 that no double comes near, above the largest or between 0 and the
 * smallest, are told apart by exponent and digits. What an index finds is compared again as a document.
 */
export function encodeKey(values: Value[], descending: boolean[] = []): Buffer {
  writer.at = 0;
  for (let i = 0; i < values.length; i++) {
    const from = writer.at;
    writeValue(values[i]);
    if (descending[i]) for (let at = from; at < writer.at; at++) writer.bytes[at] = ~(writer.bytes[at] as number);
  }
  const key = Buffer.allocUnsafe(writer.at);
  writer.bytes.copy(key, 0, 0, writer.at);
  return key;
}

/** Stands for the empty array, which an index holds as MongoDB's `undefined`. */
export const EMPTY_ARRAY: unique symbol = Symbol('empty array');

/** One growing buffer for all keys: they are made synchronously, several for every write. */
const writer = { bytes: Buffer.allocUnsafeSlow(4096), at: 0 };

function room(length: number): void {
  if (writer.at + length <= writer.bytes.length) return;
  const larger = Buffer.allocUnsafeSlow(Math.max(writer.bytes.length * 2, writer.at + length));
  writer.bytes.copy(larger, 0, 0, writer.at);
  writer.bytes = larger;
}

function byte(value: number): void {
  room(1);
  writer.bytes[writer.at++] = value;
}

function append(bytes: Uint8Array): void {
  room(bytes.length);
  writer.bytes.set(bytes, writer.at);
  writer.at += bytes.length;
}

/** UTF-8 with a zero inside as 00 FF and a zero, zero at the end. */
function text(value: string): void {
  room(value.length * 3 + 2);
  if (!value.includes('\0')) writer.at += writer.bytes.write(value, writer.at);
  else for (const octet of Buffer.from(value)) append(Buffer.from(octet === 0 ? [0, 255] : [octet]));
  byte(0);
  byte(0);
}

function uint64(value: bigint): void {
  room(8);
  writer.at = writer.bytes.writeBigUInt64BE(BigInt.asUintN(64, value), writer.at);
}

function writeValue(value: Value): void {
  const rank = rankOf(value);
  byte(rank);
  writeBody(rank, value);
}

function writeBody(rank: number, value: Value): void {
  switch (rank) {
    case RANK.number:
      writeNumber(value);
      return;
    case RANK.string:
      text(value instanceof BSONSymbol ? value.value : (value as string));
      return;
    case RANK.document:
      writeFields(value as object);
      return;
    case RANK.array:
      for (const element of value as Value[]) writeValue(element);
      byte(0);
      return;
    case RANK.binary: {
      const binary = value as Binary;
      room(5);
      writer.at = writer.bytes.writeUInt32BE(binary.position, writer.at);
      byte(binary.sub_type);
      append(binary.value());
      return;
    }
    case RANK.objectId:
      append((value as ObjectId).id);
      return;
    case RANK.boolean:
      byte(value ? 1 : 0);
      return;
    case RANK.date: {
      const time = (value as Date).getTime();
      // The latest of all dates is one more as a double than as an int64.
      uint64(Number.isNaN(time) ? 0n : time === 2 ** 63 ? -1n : BigInt(time) + (1n << 63n));
      return;
    }
    case RANK.timestamp:
      uint64((value as Timestamp).toBigInt());
      return;
    case RANK.regex:
      text((value as BSONRegExp).pattern);
      text((value as BSONRegExp).options);
      return;
    case RANK.pointer:
      text(JSON.stringify(value as DBRef));
      return;
    case RANK.code:
      text((value as Code).code);
      return;
    case RANK.codeWithScope:
      text((value as Code).code);
      writeFields((value as Code).scope ?? {});
  }
}

function writeFields(document: object): void {
  for (const [name, value] of Object.entries(document)) {
    const rank = rankOf(value);
    byte(rank);
    text(name);
    writeBody(rank, value);
  }
  byte(0);
}

/** The double at or below the number, with its bits turned so that memcmp orders them, then how far above it is. */
function writeNumber(value: Value): void {
  if (value instanceof Decimal128) writeDecimal(value);
  else if (typeof value === 'bigint') {
    let floor = Number(value);
    if (BigInt(floor) > value) floor = below(floor);
    writeDouble(floor, partOfStep(value, floor, above(floor)));
  } else writeDouble(value instanceof Double ? value.value : (value as number), 0n);
}

function writeDouble(double: number, above: bigint): void {
  room(26);
  if (Number.isNaN(double)) writer.bytes.fill(0, writer.at, writer.at + 8);
  else {
    writer.bytes.writeDoubleBE(double === 0 ? 0 : double, writer.at);
    if (double < 0) for (let i = 0; i < 8; i++) writer.bytes[writer.at + i] = ~(writer.bytes[writer.at + i] as number);
    else writer.bytes[writer.at] = (writer.bytes[writer.at] as number) | 0x80;
  }
  writer.at += 8;
  byte(above === 0n ? 0 : 1);
  if (above !== 0n) uint64(above);
}

function writeDecimal(value: Decimal128): void {
  let floor = Number(value.toString());
  const exact = Number.isNaN(floor) ? undefined : exactly(value);
  if (!exact || 'infinite' in exact) {
    writeDouble(floor, 0n);
    return;
  }
  const negative = exact.coefficient < 0n;
  if (isBeyond(value, Number.MAX_VALUE)) {
    writeDouble(negative ? Number.NEGATIVE_INFINITY : Number.MAX_VALUE, 0n);
    writer.at--;
    writeDigits(2, exact);
    return;
  }
  if (exact.coefficient !== 0n && !isBeyond(value, 0, Number.MIN_VALUE)) {
    writeDouble(negative ? -Number.MIN_VALUE : 0, 0n);
    writer.at--;
    writeDigits(1, exact);
    return;
  }
  if (compareDecimals(floor, value) > 0) floor = below(floor);
  writeDouble(floor, partOfStep(value, floor, above(floor)));
}

/** Whether a finite decimal is further from zero than a double, or at least as far as `least`. */
function isBeyond(value: Decimal128, most: number, least?: number): boolean {
  if (least !== undefined) return compareDecimals(value, least) >= 0 || compareDecimals(value, -least) <= 0;
  return compareDecimals(value, most) > 0 || compareDecimals(value, -most) < 0;
}

/** The place of a decimal among those with the same double below: its exponent and 34 digits, turned for negative ones. */
function writeDigits(mark: number, { coefficient, exponent }: { coefficient: bigint; exponent: number }): void {
  byte(mark);
  const from = writer.at;
  const size = coefficient < 0n ? -coefficient : coefficient;
  const digits = String(size).length;
  const padded = size * 10n ** BigInt(34 - digits);
  uint64(BigInt(exponent + digits + 10_000));
  uint64(padded >> 64n);
  uint64(padded);
  if (coefficient < 0n) for (let i = from; i < writer.at; i++) writer.bytes[i] = ~(writer.bytes[i] as number);
}

const view = new DataView(new ArrayBuffer(8));

/** The next double below. */
function below(double: number): number {
  return -above(-double);
}

/** The next double above. */
function above(double: number): number {
  if (double === 0) return Number.MIN_VALUE;
  view.setFloat64(0, double);
  view.setBigInt64(0, view.getBigInt64(0) + (double > 0 ? 1n : -1n));
  return view.getFloat64(0);
}
