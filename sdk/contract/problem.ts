import { quote } from './quote.ts';

/** One thing wrong in a document that a person wrote: where, what was seen, what was expected, and how to mend it. */
export interface Problem {
  /** Place in the document (RFC 6901). */
  pointer: string;
  /** Short stable name of the broken rule. */
  rule: string;
  /** What was seen, cut and quoted; empty where nothing was. */
  seen: string;
  expected: string;
  fix: string;
  /** All of the above as one sentence. */
  message: string;
}

/** Builds a problem and its sentence. `seen` is the value itself; `undefined` says that nothing was there. */
export function problem(pointer: string, rule: string, seen: unknown, expected: string, fix: string): Problem {
  const shown = seen === undefined ? '' : quote(seen);
  const place = pointer === '' ? 'The document' : pointer;
  const sight = shown === '' ? '' : ` (seen: ${shown})`;
  return { pointer, rule, seen: shown, expected, fix, message: `${place} ${expected}${sight}. ${capital(fix)}.` };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
