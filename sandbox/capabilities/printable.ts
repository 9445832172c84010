/**
 * A stranger's text without what would steer the terminal or the page that shows it: control characters but tab and line
 * feed, line separators, and the marks that reorder what follows them (so that a line reads as another).
 */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  return text.replace(/[\0-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, ' ').toWellFormed();
}
