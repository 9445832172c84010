import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { currentLanguage, keepLanguage, type Language } from './current-language.ts';
import { en, type TextName, type Texts } from './en.ts';
import { zhHans } from './zh-hans.ts';
import { zhHant } from './zh-hant.ts';

const texts: Record<Language, Texts> = { en, 'zh-Hans': zhHans, 'zh-Hant': zhHant };

/** A text of a manifest: one string, or one per language. */
export type Localized = string | { en: string; 'zh-Hans'?: string; 'zh-Hant'?: string };

interface Words {
  language: Language;
  setLanguage(language: Language): void;
  /** The console's own text. `{word}` is filled from `values`. */
  t(name: TextName, values?: Record<string, string | number>): string;
  /** A plugin author's text in the reader's language. */
  own(text: Localized | null | undefined): string;
  /** A time as the reader writes it. */
  time(iso: string | null | undefined): string;
  number(value: number): string;
}

const Context = createContext<Words | null>(null);

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setState] = useState<Language>(currentLanguage);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const setLanguage = useCallback((next: Language) => {
    keepLanguage(next);
    setState(next);
  }, []);
  const words = useMemo<Words>(() => {
    const times = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
    const numbers = new Intl.NumberFormat(language);
    return {
      language,
      setLanguage,
      t: (name, values = {}) =>
        texts[language][name].replace(/\{(\w+)\}/g, (whole, word: string) => String(values[word] ?? whole)),
      own: (text) => (typeof text === 'string' ? text : (text?.[language] ?? text?.en ?? '')),
      time: (iso) => (iso ? times.format(new Date(iso)) : '–'),
      number: (value) => numbers.format(value),
    };
  }, [language, setLanguage]);
  return <Context value={words}>{children}</Context>;
}

/** The words of the console in the reader's language. */
export function useText(): Words {
  const words = useContext(Context);
  if (!words) throw new Error('useText is used outside LanguageProvider');
  return words;
}
