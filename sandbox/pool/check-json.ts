const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;

/**
 * Looks over JSON text from a sandbox process without parsing it: nesting, number of values, closed brackets and strings.
 * Returns what is wrong, or null. The text may still be no JSON inside its brackets: whoever parses it finds that out,
 * and nobody may pass it on unparsed.
 */
export function checkJson(text: Uint8Array, limits: { nodes: number; depth: number }): string | null {
  let depth = 0;
  let nodes = 1;
  for (let i = 0; i < text.length; i++) {
    const byte = text[i] as number;
    if (byte === QUOTE) {
      for (i++; i < text.length && text[i] !== QUOTE; i++) if (text[i] === BACKSLASH) i++;
      if (i >= text.length) return 'holds a text without an end';
    } else if (byte === COMMA) nodes++;
    else if (byte === 0x5b || byte === 0x7b) {
      nodes++;
      if (++depth > limits.depth) return `is nested deeper than ${limits.depth}`;
    } else if (byte === 0x5d || byte === 0x7d) depth--;
    if (depth < 0) return 'closes more than it opens';
  }
  if (depth !== 0) return 'opens more than it closes';
  return nodes > limits.nodes ? `holds more than ${limits.nodes} values` : null;
}
