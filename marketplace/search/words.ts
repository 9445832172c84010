import { toSimplified } from './simplified.ts';

/**
 * The words that a text is found by. Latin and other spaced scripts: words, accents taken off. Chinese has no spaces:
 * each pair of neighbours is a word, and a character that stands alone.
 */
export function words(text: string): string[] {
  const found: string[] = [];
  const plain = toSimplified(text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase());
  for (const [run] of plain.matchAll(/\p{Script=Han}+|(?:(?!\p{Script=Han})[\p{L}\p{N}])+/gu)) {
    const characters = /\p{Script=Han}/u.test(run) ? [...run] : [run];
    if (characters.length === 1) found.push(run);
    for (let i = 0; i + 1 < characters.length; i += 1) found.push(`${characters[i]}${characters[i + 1]}`);
  }
  return found;
}
