/** Markdown as a tree. There is no node for HTML: what looks like a tag stays text. */
export type Inline =
  | { kind: 'text' | 'code'; text: string }
  | { kind: 'strong' | 'em'; inside: Inline[] }
  | { kind: 'link'; href: string; inside: Inline[] };
export type Block =
  | { kind: 'heading'; level: number; inside: Inline[] }
  | { kind: 'paragraph'; inside: Inline[] }
  | { kind: 'code'; text: string }
  | { kind: 'list'; ordered: boolean; items: Inline[][] }
  | { kind: 'quote'; blocks: Block[] }
  | { kind: 'table'; head: Inline[][]; rows: Inline[][][] }
  | { kind: 'rule' };

const longest = 200_000;

/**
 * Reads the Markdown that strangers write (READMEs, changelogs): headings, paragraphs, lists, quotes, tables, fenced and
 * inline code, emphasis, links. Each line is looked at once, so that no text can stall the page.
 */
export function parseMarkdown(text: string, depth = 0): Block[] {
  const lines = text.slice(0, longest).replaceAll('\r\n', '\n').split('\n');
  const blocks: Block[] = [];
  let at = 0;
  const line = (): string => lines[at] ?? '';
  while (at < lines.length) {
    const heading = /^(#{1,6}) (.*)$/.exec(line());
    if (line().trim() === '') {
      at += 1;
    } else if (/^(```|~~~)/.test(line())) {
      const fence = line().slice(0, 3);
      const body: string[] = [];
      for (at += 1; at < lines.length && !line().startsWith(fence); at++) body.push(line());
      at += 1;
      blocks.push({ kind: 'code', text: body.join('\n') });
    } else if (heading) {
      blocks.push({ kind: 'heading', level: heading[1]?.length ?? 1, inside: parseInline(heading[2] ?? '') });
      at += 1;
    } else if (/^ {0,3}([-*_])( ?\1){2,} *$/.test(line())) {
      blocks.push({ kind: 'rule' });
      at += 1;
    } else if (line().startsWith('>') && depth < 4) {
      const inner: string[] = [];
      for (; at < lines.length && line().startsWith('>'); at++) inner.push(line().slice(1).replace(/^ /, ''));
      blocks.push({ kind: 'quote', blocks: parseMarkdown(inner.join('\n'), depth + 1) });
    } else if (item(line())) {
      const ordered = /^\s*\d/.test(line());
      const items: string[] = [];
      for (; at < lines.length && line().trim() !== ''; at++) {
        const text = item(line());
        if (text !== null) items.push(text);
        else items.push(`${items.pop() ?? ''} ${line().trim()}`);
      }
      blocks.push({ kind: 'list', ordered, items: items.map((one) => parseInline(one)) });
    } else if (line().startsWith('|') && /^\|[\s:|-]+\|\s*$/.test(lines[at + 1] ?? '')) {
      const head = cells(line());
      const rows: Inline[][][] = [];
      for (at += 2; at < lines.length && line().startsWith('|'); at++) rows.push(cells(line()));
      blocks.push({ kind: 'table', head, rows });
    } else {
      const body: string[] = [];
      for (; at < lines.length && line().trim() !== '' && !(body.length > 0 && begins(line())); at++) body.push(line());
      blocks.push({ kind: 'paragraph', inside: parseInline(body.join(' ')) });
    }
  }
  return blocks;
}

function item(line: string): string | null {
  return /^\s{0,6}(?:[-*+]|\d{1,4}[.)]) (.*)$/.exec(line)?.[1] ?? null;
}
function begins(line: string): boolean {
  return /^(#{1,6} |```|~~~|>)/.test(line) || item(line) !== null;
}
function cells(line: string): Inline[][] {
  return line
    .replace(/^\||\|\s*$/g, '')
    .split('|')
    .map((cell) => parseInline(cell.trim()));
}

/** Reads emphasis, code and links of one run of text. An image becomes a link: nothing remote is loaded unasked. */
export function parseInline(text: string, depth = 0): Inline[] {
  const out: Inline[] = [];
  let plain = '';
  let at = 0;
  const push = (node: Inline): void => {
    if (plain) out.push({ kind: 'text', text: plain });
    plain = '';
    out.push(node);
  };
  while (at < text.length) {
    const rest = text.slice(at, at + 2_000);
    const code = /^`([^`]+)`/.exec(rest);
    const link = /^!?\[([^\]]*)\]\(([^()\s]+)\)/.exec(rest);
    const strong = /^\*\*([^*]+)\*\*/.exec(rest);
    const em = /^\*([^*\s][^*]*)\*/.exec(rest);
    if (code) push({ kind: 'code', text: code[1] ?? '' });
    else if (link && depth < 3) {
      const inside = parseInline(link[1] || link[2] || '', depth + 1);
      const href = safeLink(link[2] ?? '');
      if (href) push({ kind: 'link', href, inside });
      else for (const node of inside) push(node);
    } else if (strong && depth < 3) push({ kind: 'strong', inside: parseInline(strong[1] ?? '', depth + 1) });
    else if (em && depth < 3) push({ kind: 'em', inside: parseInline(em[1] ?? '', depth + 1) });
    else plain += text[at];
    at += (code ?? (depth < 3 ? (link ?? strong ?? em) : null))?.[0].length ?? 1;
  }
  if (plain) out.push({ kind: 'text', text: plain });
  return out;
}

/** The address when it is a web or mail address, else null: `javascript:` and its like never become a link. */
export function safeLink(href: string): string | null {
  const url = URL.parse(href);
  return url && ['https:', 'http:', 'mailto:'].includes(url.protocol) ? url.href : null;
}
