/** The languages that the host answers in. */
export type Language = 'en' | 'zh-Hans' | 'zh-Hant';

/** One text in every language; `en` is always there and stands in for a missing one. */
export interface Translated {
  en: string;
  'zh-Hans'?: string;
  'zh-Hant'?: string;
}

/** A text of a manifest: plain, or one per language. */
export type Text = string | Translated;

/**
 * Chooses the answer's language from an `Accept-Language` header: the acceptable one with the greatest weight,
 * the earlier one of equals, `en` when none is known (RFC 9110, section 12.5.4).
 * `zh`, `zh-CN`, `zh-SG` read Simplified; `zh-TW`, `zh-HK`, `zh-MO` Traditional.
 */
export function pickLanguage(header: string | undefined): Language {
  if (header === undefined || header === '') return 'en';
  let best: { language: Language; weight: number } | undefined;
  for (const part of header.slice(0, 1000).split(',')) {
    const [range = '', ...parameters] = part.split(';').map((piece) => piece.trim());
    const language = languageOf(range);
    const weight = weightOf(parameters);
    if (language && weight > 0 && (!best || weight > best.weight)) best = { language, weight };
  }
  return best?.language ?? 'en';
}

/** The text in a language, or in English where it has no other. */
export function textIn(text: Text, language: Language): string {
  return typeof text === 'string' ? text : (text[language] ?? text.en);
}

function languageOf(range: string): Language | undefined {
  const [primary, ...rest] = range.toLowerCase().split('-');
  if (primary === 'en' || primary === '*') return 'en';
  if (primary !== 'zh') return undefined;
  if (rest.includes('hans')) return 'zh-Hans';
  return rest.some((tag) => ['hant', 'tw', 'hk', 'mo'].includes(tag)) ? 'zh-Hant' : 'zh-Hans';
}

function weightOf(parameters: string[]): number {
  const given = parameters.find((parameter) => parameter.startsWith('q='));
  if (!given) return 1;
  const weight = Number(given.slice(2));
  return weight >= 0 && weight <= 1 ? weight : 0;
}
