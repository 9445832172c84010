import { setFlagsFromString } from 'node:v8';

/**
 * A stranger's pattern may take exponential time in V8's usual engine (`^(a+)+$` on 31 characters: 47 s). V8 has a
 * second engine, reached by the flag `l`, that runs in time linear in the input and refuses what it cannot run so.
 * It does not know the flag `u`; what would mean something else without it (`\p{…}`, `\u{…}`, characters beyond the
 * basic plane) is refused here, so that a pattern never changes its meaning silently.
 */
export type LinearPattern = { ok: true; expression: RegExp } | { ok: false; rule: string; fix: string };

const LONGEST = 1_000;

/** Compiles a pattern to run in linear time, or says why it cannot. Never throws. */
export function linearPattern(pattern: string): LinearPattern {
  if (pattern.length > LONGEST) {
    return { ok: false, rule: `a pattern has at most ${LONGEST} characters`, fix: 'shorten it, or use enum' };
  }
  try {
    new RegExp(pattern, 'u');
  } catch (error) {
    return { ok: false, rule: `not a regular expression: ${reason(error)}`, fix: 'write it in ECMAScript syntax' };
  }
  if (/\\[pPu]\{|[\u{10000}-\u{10ffff}]/u.test(pattern)) {
    return {
      ok: false,
      rule: '\\p{…}, \\u{…} and characters beyond the basic plane cannot run in linear time',
      fix: 'name the characters or ranges, as in [a-zA-Z\\u00c0-\\u024f]',
    };
  }
  try {
    return { ok: true, expression: compileLinear(pattern) };
  } catch {
    return {
      ok: false,
      rule: 'it cannot run in linear time (look-ahead, back-references and counts over 16 cannot)',
      fix: 'use maxLength or minLength for counts, and * or + for repetition',
    };
  }
}

/** The flag `l` exists once V8 was told; the host says it on its command line, other processes here. */
function compileLinear(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'l');
  } catch (error) {
    if (!reason(error).includes('flags')) throw error;
    setFlagsFromString('--enable-experimental-regexp-engine');
    return new RegExp(pattern, 'l');
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
