/** A run of lines of a comparison: kept, taken out, or new. */
export interface DiffLine {
  kind: 'same' | 'added' | 'removed';
  text: string;
}

/** Cells of the table of common subsequences that one comparison may fill: a fraction of a second. */
const mostCells = 4_000_000;
/** Unchanged lines shown around a change. */
const context = 3;
/** A bundle may be one line of a megabyte; nobody reads it, and an answer cannot hold it. */
const mostOfLine = 400;

/**
 * Compares two texts line by line, by their longest common subsequence.
 *
 * @returns the changed lines with a little around them (a `null` stands for lines left out), and how many changed. Texts
 *   that differ in too many lines for that are shown as taken out and put in whole
 */
export function lineDiff(
  before: string,
  after: string,
): { lines: (DiffLine | null)[]; added: number; removed: number } {
  const old = before === '' ? [] : before.split('\n');
  const now = after === '' ? [] : after.split('\n');
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++;
  const same = (lines: string[]): DiffLine[] => lines.map((text) => ({ kind: 'same', text }));
  const all = [
    ...same(old.slice(0, head)),
    ...between(old.slice(head, old.length - tail), now.slice(head, now.length - tail)),
    ...same(old.slice(old.length - tail)),
  ];
  const count = (kind: DiffLine['kind']) => all.filter((line) => line.kind === kind).length;
  return { lines: nearChanges(all), added: count('added'), removed: count('removed') };
}

function between(old: string[], now: string[]): DiffLine[] {
  const removed = (text: string): DiffLine => ({ kind: 'removed', text });
  const added = (text: string): DiffLine => ({ kind: 'added', text });
  const width = now.length + 1;
  if ((old.length + 1) * width > mostCells) return [...old.map(removed), ...now.map(added)];
  // common[i * width + j]: the longest common subsequence of what follows line i of the old and line j of the new text.
  const common = new Uint32Array((old.length + 1) * width);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i--)
    for (let j = now.length - 1; j >= 0; j--)
      common[i * width + j] = old[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const lines: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      lines.push({ kind: 'same', text: old[i++] ?? '' });
      j++;
    } else if (i < old.length && (j === now.length || at(i + 1, j) >= at(i, j + 1)))
      lines.push(removed(old[i++] ?? ''));
    else lines.push(added(now[j++] ?? ''));
  }
  return lines;
}

function nearChanges(all: DiffLine[]): (DiffLine | null)[] {
  const near = new Set<number>();
  for (const [index, line] of all.entries())
    if (line.kind !== 'same') for (let k = index - context; k <= index + context; k++) near.add(k);
  const shown: (DiffLine | null)[] = [];
  for (const [index, line] of all.entries()) {
    if (near.has(index)) shown.push({ ...line, text: line.text.slice(0, mostOfLine) });
    else if (shown.at(-1) !== null && near.size > 0) shown.push(null);
  }
  return shown;
}
