import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { currentLanguage, keepLanguage, type Language } from './current-language.ts';
import type { TextName } from './en.ts';
import { type Tongue, tongueOf } from './texts.ts';

/** A text of a manifest: one string, or one per language. */
export type Localized = string | { en: string; 'zh-Hans'?: string; 'zh-Hant'?: string };

interface Words {
  language: Language;
  setLanguage(language: Language): void;
  /** The console's own text. `{word}` is filled from `values`. */
  t(name: TextName, values?: Record<string, string | number>): string;
  /** A sentence that the host wrote: a reason, a line of a log, a finding, a failure. */
  say(sentence: string): string;
  /** A plugin author's text in the reader's language. */
  own(text: Localized | null | undefined): string;
  /** A time as the reader writes it. */
  time(iso: string | null | undefined): string;
  /** The same to the second, for what follows closely on each other. */
  moment(iso: string | null | undefined): string;
  /** A time without its year, for the axis of a chart. */
  tick(iso: string): string;
  number(value: number): string;
  /** A share from 0 to 1. */
  percent(share: number): string;
  /** What is said of something: "Installs: 3". */
  pair(what: string, value: string | number): string;
  /** Several words in a row: "a, b, and c". */
  list(words: string[]): string;
}

const Context = createContext<Words | null>(null);

/**
 * @param first the words of `currentLanguage()`; fetched before the first page is drawn, so that none is drawn twice
 */
export function LanguageProvider({ first, children }: { first: Tongue; children: ReactNode }) {
  const [{ language, tongue }, setState] = useState(() => ({ language: currentLanguage(), tongue: first }));
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const setLanguage = useCallback((next: Language) => {
    keepLanguage(next);
    void tongueOf(next).then((fetched) => setState({ language: next, tongue: fetched }));
  }, []);
  const words = useMemo<Words>(() => {
    // Left to itself, Traditional Chinese has two words for the same hour, depending on the style.
    const hours = language === 'en' ? {} : ({ hourCycle: 'h23' } as const);
    const hour = language === 'en' ? 'numeric' : '2-digit';
    const times = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', ...hours });
    const moments = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium', ...hours });
    const ticks = new Intl.DateTimeFormat(language, {
      ...{ month: 'numeric', day: 'numeric', hour, minute: '2-digit' },
      ...hours,
    } as const);
    const numbers = new Intl.NumberFormat(language);
    const percents = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 });
    const lists = new Intl.ListFormat(language);
    return {
      language,
      setLanguage,
      t: (name, values = {}) =>
        tongue.texts[name].replace(/\{(\w+)\}/g, (whole, word: string) => String(values[word] ?? whole)),
      say: tongue.say,
      own: (text) => (typeof text === 'string' ? text : (text?.[language] ?? text?.en ?? '')),
      time: (iso) => (iso ? times.format(new Date(iso)) : '–'),
      moment: (iso) => (iso ? moments.format(new Date(iso)) : '–'),
      tick: (iso) => ticks.format(new Date(iso)),
      number: (value) => numbers.format(value),
      percent: (share) => percents.format(share),
      pair: (what, value) => what + (language === 'en' ? ': ' : '：') + value,
      list: (several) => lists.format(several),
    };
  }, [language, tongue, setLanguage]);
  return <Context value={words}>{children}</Context>;
}

/** The words of the console in the reader's language. */
export function useText(): Words {
  const words = useContext(Context);
  if (!words) throw new Error('useText is used outside LanguageProvider');
  return words;
}
