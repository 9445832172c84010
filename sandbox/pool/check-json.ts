const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
/** Digits, colon and letters before the brackets mean nothing here, and most bytes outside of a text are of them. */
const FIRST_PLAIN = 0x30;
const LAST_PLAIN = 0x5a;
/** `{` and `}` lie this bit above `[` and `]`. */
const CURLY_BIT = 0x20;
const OPENS = 0x5b;
const CLOSES = 0x5d;

/**
 * Looks over JSON text from a sandbox process without parsing it: nesting, number of values, closed brackets and strings.
 * Returns what is wrong, or null. The text may still be no JSON inside its brackets: whoever parses it finds that out,
 * and nobody may pass it on unparsed.
 */
export function checkJson(text: Uint8Array, limits: { nodes: number; depth: number }): string | null {
  const { length } = text;
  const { depth: deepest } = limits;
  let depth = 0;
  let nodes = 1;
  let i = 0;
  while (i < length) {
    const byte = text[i++] as number;
    if (byte >= FIRST_PLAIN && byte <= LAST_PLAIN) continue;
    if (byte === QUOTE) {
      i = endOfText(text, i, length);
      if (i > length) return 'holds a text without an end';
    } else if (byte === COMMA) nodes++;
    else if ((byte & ~CURLY_BIT) === OPENS) {
      nodes++;
      if (++depth > deepest) return `is nested deeper than ${deepest}`;
    } else if ((byte & ~CURLY_BIT) === CLOSES && --depth < 0) return 'closes more than it opens';
  }
  if (depth !== 0) return 'opens more than it closes';
  return nodes > limits.nodes ? `holds more than ${limits.nodes} values` : null;
}

/** Where it goes on after the quote that ends a text; past `length` when there is none. */
function endOfText(text: Uint8Array, from: number, length: number): number {
  let i = from;
  while (i < length) {
    const byte = text[i++];
    if (byte === QUOTE) return i;
    if (byte === BACKSLASH) i++;
  }
  return length + 1;
}
