/** What stands where a secret stood. */
const blank = Buffer.from('••••').toString('latin1');
/** Shorter secrets would blank half of any text; they are protected by never being echoed by sane vendors. */
const shortest = 6;
/** A piece at the edge of an answer that is long enough to be the beginning or end of a secret. */
const shortestPiece = 6;

/**
 * Makes a function that removes secrets from what a vendor answered, in every spelling in which servers echo what they
 * were sent: as it is, percent-encoded (once and twice), form-encoded, JSON- and HTML-escaped, hex, base64 in each of
 * its three alignments (so also inside a longer base64 text), and cut at the beginning or end of the answer.
 */
export function blankSecrets(secrets: readonly string[]): { text(text: string): string; bytes(bytes: Buffer): Buffer } {
  const whole = [...new Set(secrets.flatMap(linesOf).filter((secret) => secret.length >= shortest))];
  const forms = [...new Set(whole.flatMap(formsOf))].sort((a, b) => b.length - a.length);
  const pattern = forms.length === 0 ? null : new RegExp(forms.map(escaped).join('|'), 'gi');
  const pieces = whole.map(latin1);

  const latin = (text: string): string => {
    if (!pattern) return text;
    return withoutEdges(text.replace(pattern, blank), pieces);
  };
  return {
    text: (text) => Buffer.from(latin(Buffer.from(text).toString('latin1')), 'latin1').toString(),
    bytes(bytes) {
      if (!pattern) return bytes;
      const before = bytes.toString('latin1');
      const after = latin(before);
      return after === before ? bytes : Buffer.from(after, 'latin1');
    },
  };
}

/** A PEM key echoed with other line ends is still the key: each long line counts by itself. */
function linesOf(secret: string): string[] {
  const lines = secret.split(/\r?\n/).filter((line) => line.length >= 24 && !line.startsWith('-----'));
  return lines.length > 1 ? [secret, ...lines] : [secret];
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const percent = encodeURIComponent(secret);
  const form = new URLSearchParams([['', secret]]).toString().slice(1);
  const json = JSON.stringify(secret).slice(1, -1);
  const html = secret.replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`);
  const named = secret
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
  const every = [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  const unicode = [...secret].map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
  return [
    secret,
    [...secret].reverse().join(''),
    percent,
    encodeURIComponent(percent),
    form,
    every,
    unicode,
    json,
    json.replaceAll('/', '\\/'),
    html,
    named,
    bytes.toString('hex'),
    ...aligned(bytes),
  ].map(latin1);
}

/**
 * The part of a base64 text that does not depend on what stands before and after the secret in it, for each of the
 * three places where a byte can begin in a group of three. In both alphabets.
 */
function aligned(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    const from = Math.ceil((offset * 8) / 6);
    const to = Math.floor(((offset + bytes.length) * 8) / 6);
    const core = encoded.slice(from, to);
    return core.length < shortest ? [] : [core, core.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

/** Blanks the end of a secret at the very beginning, and the beginning of one at the very end: a cut echo. */
function withoutEdges(text: string, secrets: string[]): string {
  let out = text;
  for (const secret of secrets) {
    for (let length = secret.length - 1; length >= shortestPiece; length -= 1) {
      if (out.startsWith(secret.slice(-length))) out = blank + out.slice(length);
      if (out.endsWith(secret.slice(0, length))) out = out.slice(0, -length) + blank;
    }
  }
  return out;
}

function latin1(text: string): string {
  return Buffer.from(text).toString('latin1');
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
