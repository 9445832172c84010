import { SourceMap } from 'node:module';

/** Something that a review found. An `error` refuses the release, a `warning` is shown to whoever installs, an `info` to the author. */
export interface Finding {
  /** Short stable name. */
  rule: string;
  severity: 'error' | 'warning' | 'info';
  /** The author's own file where the source map leads there. */
  file: string;
  /** From 1. */
  line?: number;
  message: string;
  fix: string;
}

/** A text file of a package, by which a match becomes a place. */
export interface TextFile {
  path: string;
  text: string;
  /** The place of an offset in the author's file. */
  place(offset: number): { file: string; line: number };
}

/** No more of one rule in one file: a hostile file could otherwise have millions. */
const mostMatches = 50;
/** Larger files are refused unread, and a larger source map leads nowhere. Bytes. */
export const readable = { text: 8 * 1_048_576, map: 4 * 1_048_576 } as const;

const textual = /\.(js|json|map|md|txt|svg)$|^LICENSE$/;

/** Whether a file of a package is text. */
export function isText(path: string): boolean {
  return textual.test(path);
}

/** The text files of a package that are small enough to read. Places in `plugin.js` are led back through its source map. */
export function textFiles(files: ReadonlyMap<string, Buffer>): TextFile[] {
  return [...files]
    .filter(([path, content]) => isText(path) && content.length <= readable.text)
    .map(([path, content]) => {
      const text = content.toString('utf8');
      let starts: number[] | undefined;
      let map: SourceMap | undefined;
      const place = (offset: number) => {
        if (!starts) {
          starts = lineStarts(text);
          if (path === 'plugin.js') map = sourceMap(files.get('plugin.js.map'));
        }
        const line = lineAt(starts, offset);
        const column = offset - (starts[line - 1] ?? 0);
        return origin(map, line, column) ?? { file: path, line };
      };
      return { path, text, place };
    });
}

/** The first matches of a form in a text. */
export function matchesOf(text: string, form: RegExp): RegExpExecArray[] {
  return [...text.matchAll(form).take(mostMatches)];
}

function sourceMap(content: Buffer | undefined): SourceMap | undefined {
  if (!content || content.length > readable.map) return undefined;
  try {
    return new SourceMap(JSON.parse(content.toString('utf8')));
  } catch {
    // A map that is no JSON is a finding of its own (`listing.ts`); lines then count in plugin.js.
    return undefined;
  }
}

function origin(map: SourceMap | undefined, line: number, column: number): { file: string; line: number } | undefined {
  const entry = map?.findEntry(line - 1, column);
  if (!entry || !('originalSource' in entry) || !entry.originalSource) return undefined;
  return { file: String(entry.originalSource).slice(0, 200), line: entry.originalLine + 1 };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** Binary search: a bundle has many lines and a review many matches. */
function lineAt(starts: number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low + 1;
}
