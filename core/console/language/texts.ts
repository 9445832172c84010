import type { Language } from './current-language.ts';
import { en, type Texts } from './en.ts';

/** The texts of a language; English is always there, another language is fetched when somebody reads it. */
export async function textsOf(language: Language): Promise<Texts> {
  if (language === 'zh-Hans') return (await import('./zh-hans.ts')).zhHans;
  if (language === 'zh-Hant') return (await import('./zh-hant.ts')).zhHant;
  return en;
}
