/** A map larger than this is not read: a stranger made it, and reading it takes the host's time. */
const MAX_MAP_BYTES = 4 * 1024 * 1024;
const MAX_FRAMES = 20;
const DIGITS = new Map(
  [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].map((c, i) => [c.charCodeAt(0), i]),
);

/** Column, source, line and column there; per line of the script, ascending. */
type Segment = [column: number, source: number, line: number, sourceColumn: number];
interface ReadMap {
  sources: string[];
  lines: Segment[][];
}

/** Source maps of images, read at the first error of each and kept as long as the image is. */
const read = new WeakMap<object, ReadMap | null>();

/**
 * The plugin's own frames of a stack, as `plugin://name@version/file:line:column`, mapped by the image's source map. A stack
 * is text of a stranger: only lines that name the image's script are taken, and only their numbers and function name.
 */
export function mapStack(
  stack: string | undefined,
  image: { name: string; version: string; source_map?: string },
): string | undefined {
  if (!stack) return undefined;
  const base = `plugin://${image.name}@${image.version}/`;
  const frames: string[] = [];
  for (const line of stack.slice(0, 16_000).split('\n')) {
    const found = /^\s*at (?:(async )?([\w$.<>[\] ]{1,100}) \()?(plugin:\/\/\S+?):(\d{1,7}):(\d{1,7})\)?$/.exec(line);
    if (!found || found[3] !== `${base}plugin.js`) continue;
    const place = locate(image, base, Number(found[4]), Number(found[5]));
    frames.push(found[2] ? `    at ${found[1] ?? ''}${found[2]} (${place})` : `    at ${place}`);
    if (frames.length === MAX_FRAMES) break;
  }
  return frames.length > 0 ? frames.join('\n') : undefined;
}

function locate(image: { source_map?: string }, base: string, line: number, column: number): string {
  const map = mapOf(image);
  const segments = map?.lines[line - 1];
  const segment = segments && lastAtOrBefore(segments, column - 1);
  if (!map || !segment) return `${base}plugin.js:${line}:${column}`;
  return `${base}${map.sources[segment[1]] ?? 'plugin.js'}:${segment[2] + 1}:${segment[3] + 1}`;
}

function lastAtOrBefore(segments: Segment[], column: number): Segment | undefined {
  return segments.findLast((segment) => segment[0] <= column);
}

function mapOf(image: { source_map?: string }): ReadMap | null {
  const known = read.get(image);
  if (known !== undefined) return known;
  const map = readMap(image.source_map);
  read.set(image, map);
  return map;
}

/** Source Map revision 3, without sections. Null when it is none. */
function readMap(text: string | undefined): ReadMap | null {
  if (!text || text.length > MAX_MAP_BYTES) return null;
  let map: { sources?: unknown; mappings?: unknown } | null;
  try {
    map = JSON.parse(text);
  } catch {
    return null;
  }
  if (!Array.isArray(map?.sources) || typeof map.mappings !== 'string') return null;
  return { sources: map.sources.map(cleanSource), lines: decode(map.mappings) };
}

/** A path within the package: no scheme, no root, no way up, no other host's folders. */
function cleanSource(source: unknown): string {
  const parts = String(source)
    .replace(/^[a-z]+:\/*/i, '')
    .split(/[/\\]/);
  const kept = parts.filter((part) => part !== '' && part !== '.' && part !== '..' && /^[\w.@+ -]{1,80}$/.test(part));
  return kept.slice(-6).join('/') || 'plugin.js';
}

function decode(mappings: string): Segment[][] {
  const lines: Segment[][] = [[]];
  let column = 0;
  const state = [0, 0, 0];
  let fields: number[] = [];
  let value = 0;
  let shift = 0;
  const endSegment = () => {
    if (fields.length === 0) return;
    column += fields[0] as number;
    for (let i = 0; i < 3; i++) state[i] = (state[i] as number) + (fields[i + 1] ?? 0);
    if (fields.length >= 4) lines.at(-1)?.push([column, ...(state as [number, number, number])]);
    fields = [];
  };
  for (let i = 0; i < mappings.length; i++) {
    const code = mappings.charCodeAt(i);
    if (code === 0x3b || code === 0x2c) {
      endSegment();
      if (code === 0x3b) {
        lines.push([]);
        column = 0;
      }
      continue;
    }
    const digit = DIGITS.get(code) ?? 0;
    value |= (digit & 31) << shift;
    shift += 5;
    if (digit & 32) continue;
    fields.push(value & 1 ? -(value >>> 1) : value >>> 1);
    value = 0;
    shift = 0;
  }
  endSegment();
  return lines;
}
