/** A sentence of the host cut at its places, with what it says in another language. */
interface Pattern {
  /** what stands before, between and behind the places */
  fixed: string[];
  places: string[];
  said: string;
}

/** Longer ones are a plugin's or a vendor's own words. */
const longest = 2000;
/** A sentence may hold a reason that is a sentence, which may hold another. */
const deepest = 3;

const quotes = { 'zh-Hans': ['“', '”'], 'zh-Hant': ['「', '」'] } as const;
const chinese = /^[\u3000-\u9fff\uff00-\uffef“”「」]$/;

/**
 * Makes the function that says a sentence of the host in Chinese. The host stores and answers such sentences in English
 * (reasons, log lines, findings, details of failures); one that it has no words for, and whatever a plugin or a vendor
 * says, stays as it is.
 *
 * Patterns are found by their fixed parts, never by a regular expression: the text may be a stranger's.
 */
export function sayIn(language: keyof typeof quotes, sentences: Readonly<Record<string, string>>) {
  const patterns = Object.entries(sentences).map(([english, said]) => read(english, said));
  // Of two that fit, the one that says more itself.
  patterns.sort((one, other) => other.fixed.join('').length - one.fixed.join('').length);

  const find = (text: string, depth: number): string | null => {
    if (text.length > longest || depth > deepest) return null;
    for (const { fixed, places, said } of patterns) {
      const values = valuesIn(text, fixed);
      if (!values) continue;
      return said.replaceAll(/( ?)\{(\w+)\}( ?)/g, (_, before: string, place: string, after: string) => {
        const given = values[places.indexOf(place)] ?? '';
        const value = find(given, depth + 1) ?? quoted(given, quotes[language]);
        // Chinese characters and quotation marks stand without a space between them.
        return (
          (chinese.test(value.at(0) ?? '') ? '' : before) + value + (chinese.test(value.at(-1) ?? '') ? '' : after)
        );
      });
    }
    return null;
  };

  return (text: string): string => {
    // An answer says first in Chinese what kind of failure it is, then in English what happened (`Failure.messageIn`).
    const colon = text.indexOf('：');
    const isAnswer = colon > 0 && chinese.test(text[colon - 1] ?? '');
    return find(isAnswer ? text.slice(colon + 1) : text, 0) ?? text;
  };
}

function read(english: string, said: string): Pattern {
  const pieces = english.split(/\{(\w+)\}/);
  return { fixed: pieces.filter((_, at) => at % 2 === 0), places: pieces.filter((_, at) => at % 2 === 1), said };
}

/** What stands at the places, or null where the text is another sentence. Each value is as short as can be. */
function valuesIn(text: string, fixed: string[]): string[] | null {
  const [first = '', ...others] = fixed;
  if (!text.startsWith(first)) return null;
  if (others.length === 0) return text === first ? [] : null;
  const values: string[] = [];
  let at = first.length;
  for (const [count, part] of others.entries()) {
    const isLast = count === others.length - 1;
    const found = isLast ? (text.endsWith(part) ? text.length - part.length : -1) : text.indexOf(part, at + 1);
    if (found <= at) return null;
    values.push(text.slice(at, found));
    at = found + part.length;
  }
  return values;
}

function quoted(value: string, [open, close]: readonly [string, string]): string {
  return /^"[^"]+"$/.test(value) ? open + value.slice(1, -1) + close : value;
}
