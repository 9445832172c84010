import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { currentLanguage, keepLanguage, type Language } from './current-language.ts';
import type { TextName, Texts } from './en.ts';
import { textsOf } from './texts.ts';

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
  /** Several words in a row: "a, b, and c". */
  list(words: string[]): string;
}

const Context = createContext<Words | null>(null);

/**
 * @param first the texts of `currentLanguage()`; fetched before the first page is drawn, so that none is drawn twice
 */
export function LanguageProvider({ first, children }: { first: Texts; children: ReactNode }) {
  const [{ language, texts }, setState] = useState(() => ({ language: currentLanguage(), texts: first }));
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const setLanguage = useCallback((next: Language) => {
    keepLanguage(next);
    void textsOf(next).then((fetched) => setState({ language: next, texts: fetched }));
  }, []);
  const words = useMemo<Words>(() => {
    const times = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
    const numbers = new Intl.NumberFormat(language);
    const lists = new Intl.ListFormat(language);
    return {
      language,
      setLanguage,
      t: (name, values = {}) =>
        texts[name].replace(/\{(\w+)\}/g, (whole, word: string) => String(values[word] ?? whole)),
      own: (text) => (typeof text === 'string' ? text : (text?.[language] ?? text?.en ?? '')),
      time: (iso) => (iso ? times.format(new Date(iso)) : '–'),
      number: (value) => numbers.format(value),
      list: (several) => lists.format(several),
    };
  }, [language, texts, setLanguage]);
  return <Context value={words}>{children}</Context>;
}

/** The words of the console in the reader's language. */
export function useText(): Words {
  const words = useContext(Context);
  if (!words) throw new Error('useText is used outside LanguageProvider');
  return words;
}
