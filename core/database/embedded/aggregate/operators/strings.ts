import { BSONRegExp, BSONSymbol } from 'bson';
import { CommandError } from '../../errors.ts';
import { compileRegex } from '../../query/regex.ts';
import { bytewise } from '../../values/compare.ts';
import type { Value } from '../../values/document.ts';
import { isNumber, toInteger, typeName } from '../../values/types.ts';
import { isNullish, MANY, nullable, positional, withNamed } from '../arguments.ts';
import type { Operator } from '../expression.ts';
import { textOf } from './types.ts';

function string(value: Value, name: string, code: number): string {
  if (typeof value === 'string') return value;
  if (value instanceof BSONSymbol) return value.value;
  throw new CommandError(code, `${name} requires a string, found: ${typeName(value)}`);
}

/** What `$toLower`, `$substr` and their like accept besides strings: null as '', numbers and dates as their text. */
function loose(value: Value, name: string): string {
  if (isNullish(value)) return '';
  if (typeof value === 'string') return value;
  if (isNumber(value) || value instanceof Date) return textOf(value);
  throw new CommandError(16007, `can't convert from BSON type ${typeName(value)} to String, in ${name}`);
}

/** Changes the case of ASCII letters only, as MongoDB does. */
function ascii(value: string, pattern: RegExp, change: (letters: string) => string): string {
  return value.replace(pattern, change);
}

function indexOf(unit: 'bytes' | 'points') {
  return (text: Value, part: Value, start: Value = 0, end?: Value): Value => {
    const name = unit === 'bytes' ? '$indexOfBytes' : '$indexOfCP';
    const codes = unit === 'bytes' ? ([40091, 40092] as const) : ([40093, 40094] as const);
    if (isNullish(text)) return null;
    const [whole, wanted] = [string(text, name, codes[0]), string(part, name, codes[1])];
    const units = unit === 'bytes' ? [...Buffer.from(whole)].map(String) : [...whole];
    const parts = unit === 'bytes' ? [...Buffer.from(wanted)].map(String) : [...wanted];
    const from = toInteger(start, name, 40096);
    const last = end === undefined ? units.length : toInteger(end, name, 40096);
    const to = Math.min(last, units.length);
    if (from < 0) throw new CommandError(40097, `${name} requires a nonnegative start index, found: ${from}`);
    if (last < 0) throw new CommandError(40097, `${name} requires a nonnegative ending index, found: ${last}`);
    for (let i = from; i + parts.length <= to; i++) if (parts.every((one, j) => units[i + j] === one)) return i;
    return -1;
  };
}

function substringOfBytes(text: Value, start: Value, length: Value): Value {
  const bytes = Buffer.from(loose(text, '$substrBytes'));
  const [from, count] = [toInteger(start, '$substrBytes', 16034), toInteger(length, '$substrBytes', 16035)];
  if (from < 0) throw new CommandError(50752, '$substrBytes: starting index must be non-negative');
  const part = bytes.subarray(from, count < 0 ? undefined : from + count);
  const continues = (byte: number | undefined) => byte !== undefined && (byte & 0xc0) === 0x80;
  if (continues(part[0]))
    throw new CommandError(28656, '$substrBytes:  Invalid range, starting index is a UTF-8 continuation byte.');
  if (count >= 0 && continues(bytes[from + count])) {
    throw new CommandError(28657, '$substrBytes:  Invalid range, ending index is in the middle of a UTF-8 character.');
  }
  return part.toString();
}

/** What is trimmed when nothing else is said (manual: reference/operator/aggregation/trim, "Whitespace Characters"). */
const WHITESPACE = /[\0\t-\r \u00a0\u1680\u2000-\u200a]/;

function trim(sides: 'both' | 'left' | 'right', name: string): Operator {
  return withNamed(['input'], ['chars'], ({ input, chars }) => {
    if (isNullish(input) || chars === null) return null;
    const units = [...string(input, name, 50699)];
    const set = chars === undefined ? undefined : new Set(string(chars, name, 50700));
    const strip = (unit: string | undefined) => unit !== undefined && (set ? set.has(unit) : WHITESPACE.test(unit));
    let [from, to] = [0, units.length];
    if (sides !== 'right') while (from < to && strip(units[from])) from++;
    if (sides !== 'left') while (to > from && strip(units[to - 1])) to--;
    return units.slice(from, to).join('');
  });
}

function regexOf(regex: Value, options: Value, name: string): RegExp | undefined {
  if (isNullish(regex)) return undefined;
  if (regex instanceof BSONRegExp) {
    if (regex.options && options)
      throw new CommandError(51107, `${name}: found regex option(s) specified in both 'regex' and 'option' fields`);
    return compileRegex({
      pattern: regex.pattern,
      options: regex.options || (isNullish(options) ? '' : string(options, name, 51106)),
    });
  }
  return compileRegex({
    pattern: string(regex, name, 51105),
    options: isNullish(options) ? '' : string(options, name, 51106),
  });
}

/** What `regexOf` gives. @throws CommandError 51111 for a pattern that is none, which a filter calls 51091 */
function compiledRegex(regex: Value, options: Value, name: string): RegExp | undefined {
  try {
    return regexOf(regex, options, name);
  } catch (error) {
    if (error instanceof CommandError && error.code === 51091)
      throw new CommandError(51111, `${name}: ${error.message}`);
    throw error;
  }
}

function found(match: RegExpExecArray): Value {
  return {
    match: match[0],
    idx: [...match.input.slice(0, match.index)].length,
    captures: match.slice(1).map((one) => one ?? null),
  };
}

/** All matches; none is looked for at the end of a text that was gone through. */
function allMatches(text: string, regex: RegExp): RegExpExecArray[] {
  const global = new RegExp(regex.source, `${regex.flags}g`);
  const matches: RegExpExecArray[] = [];
  do {
    const match = global.exec(text);
    if (!match) break;
    matches.push(match);
    if (match[0] === '') global.lastIndex += (text.codePointAt(match.index) ?? 0) > 0xffff ? 2 : 1;
  } while (global.lastIndex < text.length);
  return matches;
}

function regexOperator(name: string, none: Value, search: (text: string, regex: RegExp) => Value): Operator {
  return withNamed([], ['input', 'regex', 'options'], ({ input, regex, options }) => {
    const compiled = compiledRegex(regex, options, name);
    if (isNullish(input) || !compiled) return none;
    return search(string(input, name, 51104), compiled);
  });
}

function replace(name: string, all: boolean): Operator {
  return withNamed(['input', 'find', 'replacement'], [], ({ input, find, replacement }) => {
    const values = [input, find, replacement];
    const bad = values.find((value) => !isNullish(value) && typeof value !== 'string');
    if (bad !== undefined) throw new CommandError(51746, `${name} requires strings, found: ${typeName(bad)}`);
    if (values.some(isNullish)) return null;
    const [text, wanted, other] = values as [string, string, string];
    return all ? text.replaceAll(wanted, () => other) : text.replace(wanted, () => other);
  });
}

/** Expressions of strings. */
export const STRINGS: Readonly<Record<string, Operator>> = {
  $concat: nullable(0, MANY, (...values) => values.map((value) => string(value, '$concat', 16702)).join('')),
  $split: nullable(2, 2, (text, separator) => {
    const by = string(separator, '$split', 40086);
    if (by === '') throw new CommandError(40087, '$split requires a non-empty separator');
    return string(text, '$split', 40085).split(by);
  }),
  $toLower: positional(1, 1, (value) => ascii(loose(value, '$toLower'), /[A-Z]+/g, (letters) => letters.toLowerCase())),
  $toUpper: positional(1, 1, (value) => ascii(loose(value, '$toUpper'), /[a-z]+/g, (letters) => letters.toUpperCase())),
  $strcasecmp: positional(2, 2, (a, b) => {
    const upper = (value: Value) => ascii(loose(value, '$strcasecmp'), /[a-z]+/g, (letters) => letters.toUpperCase());
    return Math.sign(bytewise(upper(a), upper(b)));
  }),
  $strLenCP: positional(1, 1, (value) => [...string(value, '$strLenCP', 34471)].length),
  $strLenBytes: positional(1, 1, (value) => Buffer.byteLength(string(value, '$strLenBytes', 34473))),
  $substr: positional(3, 3, substringOfBytes),
  $substrBytes: positional(3, 3, substringOfBytes),
  $substrCP: positional(3, 3, (text, start, length) => {
    const [from, count] = [toInteger(start, '$substrCP', 34450), toInteger(length, '$substrCP', 34452)];
    if (from < 0 || count < 0)
      throw new CommandError(34455, '$substrCP: the starting index and length must be nonnegative');
    return [...loose(text, '$substrCP')].slice(from, from + count).join('');
  }),
  $indexOfBytes: positional(2, 4, indexOf('bytes')),
  $indexOfCP: positional(2, 4, indexOf('points')),
  $trim: trim('both', '$trim'),
  $ltrim: trim('left', '$ltrim'),
  $rtrim: trim('right', '$rtrim'),
  $replaceOne: replace('$replaceOne', false),
  $replaceAll: replace('$replaceAll', true),
  $regexMatch: regexOperator('$regexMatch', false, (text, regex) => regex.test(text)),
  $regexFind: regexOperator('$regexFind', null, (text, regex) => {
    const match = regex.exec(text);
    return match ? found(match) : null;
  }),
  $regexFindAll: regexOperator('$regexFindAll', [], (text, regex) => allMatches(text, regex).map(found)),
};
