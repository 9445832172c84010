export const languages = ['en', 'zh-Hans', 'zh-Hant'] as const;
export type Language = (typeof languages)[number];

const key = 'patchbay-language';

/** What the reader chose, else the first of the browser's languages that we speak, else English. */
export function currentLanguage(): Language {
  const kept = localStorage.getItem(key);
  const chosen = languages.find((language) => language === kept);
  if (chosen) return chosen;
  for (const wanted of navigator.languages) {
    if (/^zh\b.*\b(tw|hk|mo|hant)\b/i.test(wanted)) return 'zh-Hant';
    if (/^zh\b/i.test(wanted)) return 'zh-Hans';
    if (/^en\b/i.test(wanted)) return 'en';
  }
  return 'en';
}

/** Keeps the choice in this browser. */
export function keepLanguage(language: Language): void {
  localStorage.setItem(key, language);
}
