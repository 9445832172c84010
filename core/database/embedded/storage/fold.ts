import { unsupported } from '../errors.ts';
import type { StringOrder } from '../values/compare.ts';
import { type Document, isDocument, type Value } from '../values/document.ts';

/** Scripts in which this file knows which characters a collation may take for each other: Latin, Greek, Cyrillic, Han. */
const KNOWN = /^[\t\n\r\u0020-\u036f\u0370-\u052f\u1e00-\u1fff\u2010-\u2027\u20a0-\u20bf\u4e00-\u9fff]*$/u;

/**
 * Turns values so that what a collation takes for equal becomes the same: the keys of a unique index with a collation,
 * where "Ada" and "ada" may be one. JavaScript has no sort keys of ICU, so every character is replaced by the first of its
 * relatives that the collation itself says is equal.
 *
 * @param kind - `numeric`: digits are compared as numbers; `loose`: below strength 3, where whole letters are alike
 * @throws CommandError 238 for a string in another script when the collation is loose
 */
export function foldBy(
  order: NonNullable<StringOrder>,
  { numeric, loose }: { numeric: boolean; loose: boolean },
): (value: Value) => Value {
  const known = new Map<string, string>();
  const character = (char: string): string => {
    let found = known.get(char);
    if (found === undefined) {
      found = relatives(char).find((other) => order(char, other) === 0) ?? char;
      known.set(char, found);
    }
    return found;
  };
  const text = (value: string): string => {
    const decomposed = value.normalize('NFD');
    if (loose && !KNOWN.test(decomposed)) throw unsupported('This script in a unique index with a loose collation');
    const folded = [...decomposed].map(character).join('');
    return numeric ? folded.replace(/\d+/g, (digits) => digits.replace(/^0+(?=\d)/, '')) : folded;
  };
  const fold = (value: Value): Value => {
    if (typeof value === 'string') return text(value);
    if (Array.isArray(value)) return value.map(fold);
    if (!isDocument(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, fold(inner)])) as Document;
  };
  return fold;
}

/** What a character may be equal to, the plainest first: nothing, its small letter, what it is made of. */
function relatives(char: string): string[] {
  const small = char.toLowerCase();
  const spelled = char.toUpperCase().toLowerCase();
  const plain = small.normalize('NFKD');
  const special = SPECIAL[small];
  return ['', ...(special ? [special] : []), spelled, plain.replace(/\p{M}/gu, ''), plain, small];
}

/** Letters that Unicode does not take apart and collations may. */
const SPECIAL: Readonly<Record<string, string>> = {
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ħ: 'h',
  ı: 'i',
  ł: 'l',
  ŧ: 't',
  þ: 'th',
  ς: 'σ',
};
