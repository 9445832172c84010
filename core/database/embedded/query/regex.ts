import type { BSONRegExp } from 'bson';
import { CommandError, cut, unsupported } from '../errors.ts';

/**
 * Compiles a regular expression as MongoDB reads it: PCRE with the options i, m, s, x, u
 * (manual: reference/operator/query/regex). What JavaScript writes differently is translated: an inline `(?i)` at the
 * start, `\A`, `\z`, `\Z`, `\h`, and `$`, which also matches before a last newline. Atomic groups, possessive repeats and
 * conditionals are refused.
 *
 * @throws CommandError 51091 when the pattern is invalid, 51108 for a bad option, 238 for what cannot be translated
 */
export function compileRegex({ pattern, options }: { pattern: string; options: string }): RegExp {
  const flags = new Set(options);
  for (const flag of flags) {
    if (!'imsxu'.includes(flag)) throw new CommandError(51108, `invalid flag in regex options: ${cut(flag)}`);
  }
  const inline = /^\(\?([imsx]+)\)/.exec(pattern);
  for (const flag of inline?.[1] ?? '') flags.add(flag);
  const source = translate(pattern.slice(inline?.[0].length ?? 0), flags.has('x'), flags.has('m'));
  const wanted = [...flags].filter((flag) => 'ims'.includes(flag)).join('');
  try {
    return new RegExp(source, `${wanted}u`);
  } catch {
    // Unicode mode refuses escapes such as \- and \' that PCRE accepts.
    try {
      return new RegExp(source, wanted);
    } catch (error) {
      throw new CommandError(51091, `Regular expression is invalid: ${cut((error as Error).message)}`);
    }
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  A: '(?<![\\s\\S])',
  z: '(?![\\s\\S])',
  Z: '(?=\\n?(?![\\s\\S]))',
  h: '[ \\t]',
};

function translate(pattern: string, extended: boolean, multiline: boolean): string {
  let source = '';
  let inClass = false;
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i] as string;
    if (char === '\\') {
      const next = pattern[++i] ?? '';
      source += (!inClass && ESCAPES[next]) || `\\${next}`;
    } else if (inClass) {
      source += char;
      if (char === ']') inClass = false;
    } else if (char === '[') {
      inClass = true;
      source += char;
    } else if (char === '$' && !multiline) source += ESCAPES.Z;
    else if (extended && /\s/.test(char)) continue;
    else if (extended && char === '#') i = endOfLine(pattern, i);
    else if (char === '(' && /^\((\?>|\?\(|\*)/.test(pattern.slice(i, i + 3))) throw beyond('this kind of group');
    else if ('+*?}'.includes(char) && pattern[i + 1] === '+') throw beyond('a possessive repeat');
    else source += char;
  }
  return source;
}

function endOfLine(pattern: string, from: number): number {
  const end = pattern.indexOf('\n', from);
  return end === -1 ? pattern.length : end;
}

function beyond(what: string): CommandError {
  return unsupported(`A regular expression with ${what}`);
}

/** The text that every match must start with, when the expression is anchored and plain; for index bounds. */
export function literalPrefix({ pattern, options }: BSONRegExp): string {
  if (options.replace(/[su]/g, '') !== '' || !pattern.startsWith('^') || pattern.includes('|')) return '';
  const match = /^\^((?:[^\\^$.*+?()[\]{}|]|\\[-./_@:#=!<>&%~,'" ])*)([*?{]?)/.exec(pattern);
  const literal = (match?.[1] ?? '').replace(/\\(.)/g, '$1');
  // The last character is optional when a repeat follows it.
  return match?.[2] ? [...literal].slice(0, -1).join('') : literal;
}
