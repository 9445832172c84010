import type { Language } from './current-language.ts';
import { en, type Texts } from './en.ts';

/** All that a page needs to speak a language. */
export interface Tongue {
  texts: Texts;
  /** What a sentence of the host says in it; what the host has no words for stays as it is. */
  say(sentence: string): string;
}

/** The words of a language; English is always there, another language is fetched when somebody reads it. */
export async function tongueOf(language: Language): Promise<Tongue> {
  if (language === 'en') return { texts: en, say: (sentence) => sentence };
  const { sayIn } = await import('../host-says/say.ts');
  if (language === 'zh-Hans') {
    const [{ zhHans }, { zhHans: sentences }] = await Promise.all([
      import('./zh-hans.ts'),
      import('../host-says/zh-hans.ts'),
    ]);
    return { texts: zhHans, say: sayIn(language, sentences) };
  }
  const [{ zhHant }, { zhHant: sentences }] = await Promise.all([
    import('./zh-hant.ts'),
    import('../host-says/zh-hant.ts'),
  ]);
  return { texts: zhHant, say: sayIn(language, sentences) };
}
