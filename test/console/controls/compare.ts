/** What a window tells of an element: its source, from the inmost component on. */
export interface Line {
  what: 'shown' | 'used';
  chain: string[];
  kind: string;
  name: string;
  page: string;
  /** for a hand beside a field that does all of it by itself: steppers of a number, crosses of what was chosen */
  isAside: boolean;
  test: string;
}
/** A control at one place of the console, with whatever uses it. */
export interface Control {
  /** its own source, and where a page uses the part that it belongs to */
  source: string[];
  kind: string;
  names: Set<string>;
  pages: Set<string>;
  usedBy: Set<string>;
}

/** Inputs that the forms of plugins are made of: wherever one stands it is the same control. */
const inputs = /^schema-form\/(widgets|secret-widget|json-field)\.tsx/;

/** The element itself, and for a part that many pages share, which use of it this is. */
function sourceOf([inmost = '', ...around]: string[]): string[] {
  if (inmost.startsWith('pages/') || inputs.test(inmost)) return [inmost];
  const use = around.find((tag) => tag.startsWith('pages/') && !/ (Page|PageView|Tabs\.Panel|Tabs|Paper)$/.test(tag));
  return use === undefined ? [inmost] : [inmost, use];
}

/** Every control that was shown or used, by its place in the source. */
export function controlsOf(lines: Line[]): Control[] {
  const all = new Map<string, Control>();
  for (const line of lines) {
    if (line.isAside) continue;
    const source = sourceOf(line.chain);
    const id = `${source.join(' < ')} | ${line.kind}`;
    const control = all.get(id) ?? {
      ...{ source, kind: line.kind },
      ...{ names: new Set<string>(), pages: new Set<string>(), usedBy: new Set<string>() },
    };
    all.set(id, control);
    if (line.name) control.names.add(line.name);
    control.pages.add(line.page.replace(/\b[a-z]{2,4}_[A-Za-z0-9]{10,}/g, ':id'));
    if (line.what === 'used') control.usedBy.add(line.test);
  }
  return [...all.values()].sort((one, other) => (one.source.join() < other.source.join() ? -1 : 1));
}

/** The controls in the source that no window ever showed. */
export function neverShown(inSource: string[], lines: Line[]): string[] {
  const shown = new Set(lines.flatMap(({ chain }) => chain));
  return inSource.filter((tag) => !shown.has(tag));
}
