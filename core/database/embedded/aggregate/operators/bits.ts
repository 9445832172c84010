import { Timestamp } from 'bson';
import { CommandError } from '../../errors.ts';
import type { Value } from '../../values/document.ts';
import { typeName } from '../../values/types.ts';
import { nullable } from '../arguments.ts';
import type { Operator } from '../expression.ts';

/** Combines the bits of int32s and int64s; an int64 among them makes the result one. `empty` is what no argument gives. */
function bitwise(name: string, empty: bigint, combine: (a: bigint, b: bigint) => bigint): Operator {
  return nullable(0, 10_000, (...values) => {
    const types = values.map(typeName);
    const bad = types.find((type) => type !== 'int' && type !== 'long');
    if (bad) throw new CommandError(14, `${name} only supports int and long operands, not ${bad}`);
    const result = values.map((value) => BigInt(value as number | bigint)).reduce(combine, empty);
    return types.includes('long') ? result : Number(BigInt.asIntN(32, result));
  });
}

function complement(value: Value): Value {
  const type = typeName(value);
  if (type === 'long') return ~(value as bigint);
  if (type === 'int') return ~(value as number);
  throw new CommandError(14, `$bitNot only supports int and long, not ${type}`);
}

/** Half of a timestamp: its seconds, or the number within them. */
function timestampPart(name: string, read: (timestamp: Timestamp) => number): Operator {
  return nullable(1, 1, (value) => {
    if (!(value instanceof Timestamp))
      throw new CommandError(5687301, `Argument to ${name} must be a timestamp, but is ${typeName(value)}`);
    return BigInt(read(value));
  });
}

/** Expressions of bits, and of the two halves of a timestamp. */
export const BITS: Readonly<Record<string, Operator>> = {
  $bitAnd: bitwise('$bitAnd', -1n, (a, b) => a & b),
  $bitOr: bitwise('$bitOr', 0n, (a, b) => a | b),
  $bitXor: bitwise('$bitXor', 0n, (a, b) => a ^ b),
  $bitNot: nullable(1, 1, complement),
  $tsSecond: timestampPart('$tsSecond', (timestamp) => timestamp.t),
  $tsIncrement: timestampPart('$tsIncrement', (timestamp) => timestamp.i),
};
