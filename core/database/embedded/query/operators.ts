import { Binary, BSONRegExp, BSONSymbol } from 'bson';
import { CommandError } from '../errors.ts';
import { compare, equal, RANK, rankOf, type StringOrder } from '../values/compare.ts';
import { isDecimalNaN } from '../values/decimal.ts';
import { type Document, isDocument, type Value } from '../values/document.ts';
import { encodeKey } from '../values/key.ts';
import { isNumber, isTruthy, toInteger, toNumber, typeName, typeNamesOf } from '../values/types.ts';
import { compileRegex } from './regex.ts';

/** What a filter or expression is compiled with: the order of strings, the values of `let`, the time of the command. */
export type Context = { strings?: StringOrder; variables?: Record<string, Value>; now?: Date };

/**
 * A test of the value that a path leads to:
 * `single` of one value (tried on an array and, unless `whole`, on each of its elements; turned round by `not`),
 * `element` of any element of an array, or the opposite of several tests together.
 */
export type FieldTest =
  | { single: (value: Value) => boolean; whole?: boolean; not?: boolean }
  | { element: (value: Value) => boolean }
  | { negated: FieldTest[] };

type Compile = (operand: Value, context: Context, operators: Document) => FieldTest;

/** The test for equality with a value; a regular expression also matches strings. */
export function equality(operand: Value, context: Context): FieldTest {
  if (operand instanceof BSONRegExp) return regex(operand);
  return { single: (value) => equal(value, operand, context.strings) };
}

function regex(operand: BSONRegExp): FieldTest {
  const expression = compileRegex(operand);
  return {
    single: (value) => {
      if (typeof value === 'string') return expression.test(value);
      if (value instanceof BSONSymbol) return expression.test(value.value);
      return value instanceof BSONRegExp && equal(value, operand);
    },
  };
}

/** `$gt` and its like compare within one type only (manual: "Comparison/Sort Order", type bracketing). */
function comparison(accept: (difference: number) => boolean): Compile {
  return (operand, { strings }) => {
    if (operand instanceof BSONRegExp) throw new CommandError(2, "Can't have RegEx as arg to predicate over field.");
    const rank = rankOf(operand);
    const everyType = rank === RANK.minKey || rank === RANK.maxKey;
    if (rank === RANK.number && isDecimalNaN(operand)) {
      return { single: (value) => accept(0) && isNumber(value) && isDecimalNaN(value) };
    }
    return {
      single: (value) => {
        if (!everyType && rankOf(value) !== rank) return false;
        if (rank === RANK.number && isDecimalNaN(value)) return false;
        return accept(compare(value, operand, strings));
      },
    };
  };
}

function oneOf(operator: string, operand: Value, context: Context): (value: Value) => boolean {
  if (!Array.isArray(operand)) throw new CommandError(2, `${operator} needs an array`);
  const bad = operand.find((item) => isDocument(item) && Object.keys(item)[0]?.startsWith('$') && !('$ref' in item));
  if (bad) throw new CommandError(2, `cannot nest $ under ${operator}`);
  const tests = operand.map((item) => equality(item, context) as { single: (value: Value) => boolean });
  if (tests.length < 16 || context.strings) return (value) => tests.some((test) => test.single(value));
  const simple = operand.filter(isSimple).map((item) => encodeKey([item]).toString('latin1'));
  const known = new Set(simple);
  const others = tests.filter((_, i) => !isSimple(operand[i]));
  return (value) =>
    (isSimple(value) && known.has(encodeKey([value]).toString('latin1'))) || others.some((test) => test.single(value));
}

/** Whether a value's index key is small and exact, so that a long `$in` can be a set of keys. */
function isSimple(value: Value): boolean {
  const rank = rankOf(value);
  if (rank === RANK.string) return (value as string).length < 256;
  return rank === RANK.objectId || rank === RANK.null || rank === RANK.number || rank === RANK.date;
}

function mod(operand: Value): FieldTest {
  if (!Array.isArray(operand)) throw new CommandError(2, 'malformed mod, needs to be an array');
  if (operand.length < 2) throw new CommandError(2, 'malformed mod, not enough elements');
  if (operand.length > 2) throw new CommandError(2, 'malformed mod, too many elements');
  const [divisor, remainder] = operand.map((item, i) => {
    const number = Math.trunc(toNumber(item));
    if (!Number.isFinite(number))
      throw new CommandError(2, `malformed mod, ${i ? 'remainder' : 'divisor'} not a number`);
    return BigInt(number);
  }) as [bigint, bigint];
  if (divisor === 0n) throw new CommandError(2, 'divisor cannot be 0');
  return {
    single: (value) => {
      if (!isNumber(value)) return false;
      const number = typeof value === 'bigint' ? value : Math.trunc(toNumber(value));
      if (typeof number === 'number' && !Number.isFinite(number)) return false;
      return BigInt(number) % divisor === remainder;
    },
  };
}

function type(operand: Value): FieldTest {
  const names = new Set(typeNamesOf(operand));
  return { single: (value) => names.has(typeName(value)) };
}

function size(operand: Value): FieldTest {
  const wanted = toInteger(operand, 'Failed to parse $size. Its operand');
  if (wanted < 0)
    throw new CommandError(2, `Failed to parse $size. Expected a non-negative number in: $size: ${wanted}`);
  return { single: (value) => Array.isArray(value) && value.length === wanted, whole: true };
}

function exists(operand: Value): FieldTest {
  return { single: (value) => value !== undefined, whole: true, not: !isTruthy(operand) };
}

function regexWithOptions(operand: Value, _: Context, operators: Document): FieldTest {
  const given = operators.$options;
  if (given !== undefined && typeof given !== 'string') throw new CommandError(2, '$options has to be a string');
  if (operand instanceof BSONRegExp) {
    if (operand.options && given) throw new CommandError(51074, 'options set in both $regex and $options');
    return checkedRegex(operand.pattern, given || operand.options);
  }
  if (typeof operand !== 'string') throw new CommandError(2, '$regex has to be a string');
  if (operand.includes('\0')) throw new CommandError(51091, 'Regular expression cannot contain an embedded null byte');
  return checkedRegex(operand, given ?? '');
}

/** The options are checked before BSONRegExp sorts them, for its error does not say which one is bad. */
function checkedRegex(pattern: string, options: string): FieldTest {
  compileRegex({ pattern, options });
  return regex(new BSONRegExp(pattern, options));
}

function bits(operator: string, accept: (value: bigint, mask: bigint) => boolean): Compile {
  return (operand) => {
    const mask = bitMask(operator, operand);
    return {
      single: (value) => {
        if (value instanceof Binary) return accept(littleEndian(value), mask);
        const number = typeof value === 'bigint' ? value : toNumber(value);
        if (typeof number === 'number' && !Number.isSafeInteger(number)) return false;
        return accept(BigInt(number), mask);
      },
    };
  };
}

function bitMask(operator: string, operand: Value): bigint {
  if (operand instanceof Binary) return littleEndian(operand);
  if (Array.isArray(operand)) {
    return operand.reduce<bigint>((mask, item) => {
      const position = toInteger(item, `Failed to parse bit position. ${operator} takes positions that`);
      if (position < 0) throw new CommandError(2, 'Failed to parse bit position. Expected a non-negative number');
      return mask | (1n << BigInt(position));
    }, 0n);
  }
  const number = toInteger(operand, `${operator} takes an Array, a number, or a BinData; a number`);
  if (number < 0) throw new CommandError(2, `Expected a non-negative number in: ${operator}: ${number}`);
  return BigInt(number);
}

function littleEndian(binary: Binary): bigint {
  return BigInt(`0x0${Buffer.from(binary.value()).reverse().toString('hex')}`);
}

/** The operators of a field that this engine has, besides `$elemMatch`, `$not` and `$all`, which are in `match.ts`. */
export const FIELD_OPERATORS: Readonly<Record<string, Compile>> = {
  $eq: (operand, { strings }) => ({ single: (value) => equal(value, operand, strings) }),
  $ne: (operand, { strings }) => {
    if (operand instanceof BSONRegExp) throw new CommandError(2, "Can't have regex as arg to $ne.");
    return { single: (value) => equal(value, operand, strings), not: true };
  },
  $gt: comparison((difference) => difference > 0),
  $gte: comparison((difference) => difference >= 0),
  $lt: comparison((difference) => difference < 0),
  $lte: comparison((difference) => difference <= 0),
  $in: (operand, context) => ({ single: oneOf('$in', operand, context) }),
  $nin: (operand, context) => ({ single: oneOf('$nin', operand, context), not: true }),
  $exists: exists,
  $type: type,
  $size: size,
  $mod: mod,
  $regex: regexWithOptions,
  $options: (_operand, _context, operators) => {
    if (!('$regex' in operators)) throw new CommandError(2, '$options needs a $regex');
    return { single: () => true };
  },
  $comment: () => ({ single: () => true }),
  $bitsAllSet: bits('$bitsAllSet', (value, mask) => (value & mask) === mask),
  $bitsAllClear: bits('$bitsAllClear', (value, mask) => (value & mask) === 0n),
  $bitsAnySet: bits('$bitsAnySet', (value, mask) => (value & mask) !== 0n),
  $bitsAnyClear: bits('$bitsAnyClear', (value, mask) => (value & mask) !== mask),
};

/** Operators of a field that MongoDB has and this engine refuses. */
export const REFUSED_FIELD_OPERATORS = [
  '$geoWithin',
  '$geoIntersects',
  '$near',
  '$nearSphere',
  '$within',
  '$geoNear',
  '$maxDistance',
  '$minDistance',
  '$box',
  '$center',
  '$centerSphere',
  '$polygon',
  '$geometry',
];
