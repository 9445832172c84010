/** The places of a text (`{count}`), sorted. */
const places = (text: string): string => (text.match(/\{\w+\}/g) ?? []).sort().join(' ');

/**
 * What a language lacks against English: a text that is missing, empty, or without the same places, and one too many.
 * The build refuses to go on with any.
 */
export function complaintsAbout(
  language: string,
  texts: Readonly<Record<string, string>>,
  english: Readonly<Record<string, string>>,
): string[] {
  const about = (name: string): string | null => {
    const text = texts[name];
    const original = english[name];
    if (original === undefined) return 'is not a text of the console';
    if (text === undefined || text.trim() === '') return 'is missing';
    if (places(text) !== places(original))
      return `has the places ${places(text) || '(none)'} instead of ${places(original) || '(none)'}`;
    return null;
  };
  return [...new Set([...Object.keys(english), ...Object.keys(texts)])].flatMap((name) => {
    const wrong = about(name);
    return wrong ? [`${language}: ${name} ${wrong}`] : [];
  });
}
