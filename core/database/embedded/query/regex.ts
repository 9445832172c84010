import type { BSONRegExp } from 'bson';
import { CommandError, cut } from '../errors.ts';
import { translatePattern } from './translate-pattern.ts';

/**
 * Compiles a regular expression as MongoDB reads it: PCRE with the options i, m, s, x, u (manual:
 * reference/operator/query/regex). What JavaScript writes or reads differently is translated; atomic groups, possessive
 * repeats, conditionals and recursion are refused.
 *
 * @throws CommandError 51091 when the pattern is invalid, 51108 for a bad option, 238 for what cannot be translated
 */
export function compileRegex({ pattern, options }: { pattern: string; options: string }): RegExp {
  const flags = new Set(options);
  for (const flag of flags) {
    if (!'imsxu'.includes(flag)) throw new CommandError(51108, `invalid flag in regex options: ${cut(flag)}`);
  }
  // Every text is UTF-8 here, as these two say.
  const stated = pattern.replace(/^(\(\*UTF8?\))+/, '');
  const inline = /^\(\?([imsx]+)\)/.exec(stated);
  for (const flag of inline?.[1] ?? '') flags.add(flag);
  const source = translatePattern(stated.slice(inline?.[0].length ?? 0), {
    extended: flags.has('x'),
    multiline: flags.has('m'),
    dotAll: flags.has('s'),
  });
  // Lines are told apart by the translation: JavaScript knows more ends of a line than PCRE.
  const wanted = [...flags].filter((flag) => 'is'.includes(flag)).join('');
  try {
    return new RegExp(source, `${wanted}u`);
  } catch (error) {
    // Unicode mode refuses a brace that stands for itself, which PCRE accepts; without it these escapes would be letters.
    if (!/\\[pPu]/.test(source)) {
      try {
        return new RegExp(source, wanted);
      } catch {
        // The first error says what is wrong.
      }
    }
    throw new CommandError(51091, `Regular expression is invalid: ${cut((error as Error).message)}`);
  }
}

/** The text that every match must start with, when the expression is anchored and plain; for index bounds. */
export function literalPrefix({ pattern, options }: BSONRegExp): string {
  if (options.replace(/[su]/g, '') !== '' || !pattern.startsWith('^') || pattern.includes('|')) return '';
  const match = /^\^((?:[^\\^$.*+?()[\]{}|]|\\[-./_@:#=!<>&%~,'" ])*)([*?{]?)/.exec(pattern);
  const literal = (match?.[1] ?? '').replace(/\\(.)/g, '$1');
  // The last character is optional when a repeat follows it.
  return match?.[2] ? [...literal].slice(0, -1).join('') : literal;
}
