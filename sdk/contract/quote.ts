/**
 * A value from outside as it may stand in an error: one line, cut, strings in quotes, invisible and
 * direction-changing characters written as escapes so that the reader sees what is really there.
 */
export function quote(value: unknown, longest = 80): string {
  const cut = (text: string) => (text.length > longest ? `${text.slice(0, longest)}…` : text);
  const shown = typeof value === 'string' ? JSON.stringify(cut(value)) : cut(JSON.stringify(value) ?? String(value));
  return shown.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u${character.codePointAt(0)?.toString(16).padStart(4, '0')}`,
  );
}
