import type { Check, SchemaError } from '../accepts.ts';
import type { Language } from '../language.ts';
import { sentenceFor } from '../sentence-for.ts';
import { newBudget, TooMuchError } from './budget.ts';
import { fillDefaults } from './fill-defaults.ts';
import { type Broken, judge, mostErrors } from './judge.ts';

export interface StrangerCheckOptions {
  /** Put the schema's `default`s in, in a copy. */
  defaults?: boolean;
}

/**
 * Makes the check of a schema that a stranger brought and `strangerSchema` let in. As `accepts`, but without Ajv: a
 * schema within all limits was measured to compile for four seconds there, and a list of a thousand entries to be
 * checked without end. This one compiles nothing, and ends when its budget is spent.
 */
export function strangerCheck(schema: object, options: StrangerCheckOptions = {}): Check<unknown> {
  const root = schema as Record<string, unknown>;
  return (given, language = 'en') => {
    const budget = newBudget();
    try {
      const value = options.defaults ? fillDefaults(root, given, budget) : given;
      const broken = judge(root, value, budget);
      return broken.length === 0 ? { ok: true, value } : { ok: false, errors: inWords(broken, language) };
    } catch (error) {
      if (!(error instanceof TooMuchError)) throw error;
      return { ok: false, errors: inWords([{ pointer: error.pointer, keyword: 'budget', params: {} }], language) };
    }
  };
}

function inWords(broken: Broken[], language: Language): SchemaError[] {
  const told = new Map<string, SchemaError>();
  for (const { pointer, keyword, params: plain, near } of broken) {
    if (told.size === mostErrors) break;
    const nearest = near?.();
    const params = nearest === undefined ? plain : { ...plain, nearest };
    const message = sentenceFor(keyword, params, language);
    told.set(`${pointer} ${message}`, { pointer, message, keyword, params });
  }
  return [...told.values()];
}
