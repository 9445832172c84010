import { unsupported } from '../errors.ts';

/** Options of a pattern that change how it is read. */
export type Reading = { extended: boolean; multiline: boolean; dotAll: boolean };

/** What PCRE takes for a line's end, and for blank space, as the inside of a character class. */
const LINE_ENDS = '\\n\\v\\f\\r\\x85\\u2028\\u2029';
const BLANKS = '\\t-\\r ';

/** Escapes outside a class that JavaScript has not, or reads otherwise. */
const ESCAPES: Readonly<Record<string, string>> = {
  A: '(?<![\\s\\S])',
  z: '(?![\\s\\S])',
  Z: '(?=\\n?(?![\\s\\S]))',
  h: '[ \\t]',
  H: '[^ \\t]',
  s: `[${BLANKS}]`,
  S: `[^${BLANKS}]`,
  v: `[${LINE_ENDS}]`,
  V: `[^${LINE_ENDS}]`,
  R: `(?:\\r\\n|[${LINE_ENDS}])`,
  N: '[^\\n]',
  a: '\\x07',
  e: '\\x1b',
};

/** The same inside a class, where only what is a set of characters can stand. */
const CLASS_ESCAPES: Readonly<Record<string, string>> = {
  h: ' \\t',
  s: BLANKS,
  v: LINE_ENDS,
  a: '\\x07',
  e: '\\x1b',
};

/** The named sets of POSIX, which stand inside a class (manual of PCRE: pcre2pattern, "POSIX character classes"). */
const POSIX: Readonly<Record<string, string>> = {
  alpha: 'a-zA-Z',
  digit: '0-9',
  alnum: 'a-zA-Z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: BLANKS,
  blank: ' \\t',
  punct: '!-\\/:-@\\[-`{-~',
  xdigit: '0-9a-fA-F',
  word: '\\w',
  cntrl: '\\x00-\\x1f\\x7f',
  print: ' -~',
  graph: '!-~',
};

/** Characters that Unicode mode lets be escaped, and which mean something without. */
const SYNTAX = '^$\\.*+?()[]{}|/';

type Piece = { text: string; length: number };

/** @throws CommandError 238 for what JavaScript cannot say */
export function translatePattern(pattern: string, reading: Reading): string {
  let source = '';
  for (let i = 0; i < pattern.length; ) {
    const { text, length } = pieceAt(pattern, i, reading);
    source += text;
    i += length;
  }
  return source;
}

function pieceAt(pattern: string, at: number, { extended, multiline, dotAll }: Reading): Piece {
  const char = pattern[at] as string;
  const rest = pattern.slice(at, at + 200);
  if (char === '\\') return escapeAt(pattern, at);
  if (char === '[') return classAt(pattern, at);
  if (char === '$') return { text: multiline ? '(?![^\\n])' : (ESCAPES.Z as string), length: 1 };
  if (char === '^' && multiline) return { text: '(?:(?<![\\s\\S])|(?<=\\n)(?=[\\s\\S]))', length: 1 };
  if (char === '.' && !dotAll) return { text: '[^\\n]', length: 1 };
  if (extended && /\s/.test(char)) return { text: '', length: 1 };
  if (extended && char === '#') return { text: '', length: upTo(pattern, '\n', at) };
  if (rest.startsWith('(?#')) return { text: '', length: upTo(pattern, ')', at) };
  const named = /^\(\?P([<=])/.exec(rest);
  if (named?.[1] === '<') return { text: '(?<', length: 4 };
  const reference = /^\(\?P=(\w+)\)/.exec(rest);
  if (reference) return { text: `\\k<${reference[1]}>`, length: reference[0].length };
  if (/^\((\?>|\?\(|\?\||\?[R&+\d]|\?P>|\?[a-zA-Z]*m[a-zA-Z-]*[:)]|\*)/.test(rest)) throw beyond('this kind of group');
  if ('+*?}'.includes(char) && pattern[at + 1] === '+') throw beyond('a possessive repeat');
  return { text: char, length: 1 };
}

function upTo(pattern: string, end: string, from: number): number {
  const at = pattern.indexOf(end, from);
  return (at === -1 ? pattern.length : at + 1) - from;
}

function escapeAt(pattern: string, at: number): Piece {
  const next = pattern[at + 1] ?? '';
  if (next === 'Q') return quotedAt(pattern, at);
  const common = commonEscape(pattern.slice(at, at + 60));
  if (common) return common;
  if (Object.hasOwn(ESCAPES, next)) return { text: ESCAPES[next] as string, length: 2 };
  return { text: plainEscape(next, SYNTAX), length: 2 };
}

/** `\Q…\E`: what is between stands for itself. */
function quotedAt(pattern: string, at: number): Piece {
  const end = pattern.indexOf('\\E', at + 2);
  const inner = pattern.slice(at + 2, end === -1 ? undefined : end);
  const text = [...inner].map((char) => (SYNTAX.includes(char) ? `\\${char}` : char)).join('');
  return { text, length: (end === -1 ? pattern.length : end + 2) - at };
}

/** Escapes that are alike inside and outside a class: characters by number, and properties. */
function commonEscape(rest: string): Piece | undefined {
  const number = /^\\x\{([0-9a-fA-F]+)\}/.exec(rest);
  if (number) return { text: `\\u{${number[1]}}`, length: number[0].length };
  const property = /^\\([pP])(?:\{(\^?)([\w &]+)\}|([A-Z]))/.exec(rest);
  if (!property) return undefined;
  const [whole, kind, not, name, letter] = property;
  const wanted = not ? (kind === 'p' ? 'P' : 'p') : kind;
  for (const written of [name ?? letter, `Script=${name}`]) {
    const text = `\\${wanted}{${written}}`;
    if (isPattern(text)) return { text, length: whole.length };
  }
  throw beyond(`the property ${name ?? letter}`);
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}

/** An escaped sign stands for itself; a letter that JavaScript would take for itself means something in PCRE. */
function plainEscape(next: string, syntax: string): string {
  if (/[CEGKLUXgklou]/.test(next) && next !== 'k') throw beyond(`\\${next}`);
  return /\w/.test(next) || next === '' || syntax.includes(next) ? `\\${next}` : next;
}

function classAt(pattern: string, at: number): Piece {
  let i = at + 1;
  let text = '[';
  if (pattern[i] === '^') text += pattern[i++];
  // A bracket that comes first is one of the class.
  if (pattern[i] === ']') {
    text += '\\]';
    i++;
  }
  while (i < pattern.length && pattern[i] !== ']') {
    const { text: part, length } = classPieceAt(pattern, i);
    text += part;
    i += length;
  }
  return { text: i < pattern.length ? `${text}]` : text, length: i + 1 - at };
}

function classPieceAt(pattern: string, at: number): Piece {
  const rest = pattern.slice(at, at + 60);
  const posix = /^\[:(\^?)(\w+):\]/.exec(rest);
  if (posix) {
    const set = posix[1] ? undefined : POSIX[posix[2] as string];
    if (set === undefined) throw beyond(`the set ${posix[0]}`);
    return { text: set, length: posix[0].length };
  }
  if (rest[0] === '[') return { text: '\\[', length: 1 };
  if (rest[0] !== '\\') return { text: rest[0] as string, length: 1 };
  const next = rest[1] ?? '';
  if (/[HSVRNQ]/.test(next)) throw beyond(`\\${next} in a class`);
  const common = commonEscape(rest);
  if (common) return common;
  if (Object.hasOwn(CLASS_ESCAPES, next)) return { text: CLASS_ESCAPES[next] as string, length: 2 };
  return { text: plainEscape(next, `${SYNTAX}-`), length: 2 };
}

function beyond(what: string): Error {
  return unsupported(`A regular expression with ${what}`);
}
