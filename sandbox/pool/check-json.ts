const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** What a byte outside of a text means: 0 nothing, 1 a text begins, 2 opens, 3 closes, 4 separates. */
const MEANING = new Uint8Array(256);
MEANING[QUOTE] = 1;
MEANING[0x5b] = 2;
MEANING[0x7b] = 2;
MEANING[0x5d] = 3;
MEANING[0x7d] = 3;
MEANING[0x2c] = 4;

/**
 * Looks over JSON text from a sandbox process without parsing it: nesting, number of values, closed brackets and strings.
 * Returns what is wrong, or null. The text may still be no JSON inside its brackets: whoever parses it finds that out,
 * and nobody may pass it on unparsed.
 */
export function checkJson(text: Uint8Array, limits: { nodes: number; depth: number }): string | null {
  const { length } = text;
  let depth = 0;
  let nodes = 1;
  for (let i = 0; i < length; i++) {
    const meaning = MEANING[text[i] as number];
    if (meaning === 0) continue;
    if (meaning === 1) {
      i = endOfText(text, i + 1, length);
      if (i === length) return 'holds a text without an end';
    } else if (meaning === 4) nodes++;
    else if (meaning === 2) {
      nodes++;
      if (++depth > limits.depth) return `is nested deeper than ${limits.depth}`;
    } else if (--depth < 0) return 'closes more than it opens';
  }
  if (depth !== 0) return 'opens more than it closes';
  return nodes > limits.nodes ? `holds more than ${limits.nodes} values` : null;
}

/** Where the quote is that ends a text; `length` when there is none. */
function endOfText(text: Uint8Array, from: number, length: number): number {
  let i = from;
  while (i < length) {
    const byte = text[i];
    if (byte === QUOTE) return i;
    i += byte === BACKSLASH ? 2 : 1;
  }
  return length;
}
