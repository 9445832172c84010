import { relative } from 'node:path';
import { type Plugin, parseSync } from 'vite';

const consoleFolder = new URL('../../../core/console/', import.meta.url).pathname;

interface Node {
  type: string;
  start: number;
  end: number;
  [field: string]: unknown;
}

/** Every element that a component draws, with where in the source that is: `pages/plugin.tsx:42 Button`. */
function elementsIn(file: string, code: string): { at: number; tag: string }[] {
  const found: { at: number; tag: string }[] = [];
  const look = (value: unknown): void => {
    if (Array.isArray(value)) for (const one of value) look(one);
    if (value === null || typeof value !== 'object' || !('type' in value)) return;
    const node = value as Node;
    if (node.type === 'JSXOpeningElement') {
      const name = node.name as Node;
      const last = (node.typeArguments as Node | null) ?? name;
      const line = code.slice(0, node.start).split('\n').length;
      found.push({ at: last.end, tag: `${relative(consoleFolder, file)}:${line} ${code.slice(name.start, name.end)}` });
    }
    for (const field of Object.values(node)) look(field);
  };
  look(parseSync(file, code, { lang: 'tsx' }).program);
  return found;
}

/**
 * Gives every element of the console a property that says where in the source it stands, so that what a browser shows and
 * what somebody presses there can be told by source. For builds that are looked at by `npm run controls` only.
 */
export const tagControls: Plugin = {
  name: 'tag-controls',
  enforce: 'pre',
  transform(code, id) {
    if (!id.startsWith(consoleFolder) || !id.endsWith('.tsx')) return null;
    let tagged = code;
    for (const { at, tag } of elementsIn(id, code).sort((one, other) => other.at - one.at))
      tagged = `${tagged.slice(0, at)} data-control=${JSON.stringify(tag)}${tagged.slice(at)}`;
    return { code: tagged, map: null };
  },
};

/** All that a file's source draws which somebody could press or fill. */
export const controlsIn = (file: string, code: string): string[] =>
  elementsIn(file, code)
    .map(({ tag }) => tag)
    .filter((tag) => acting.test(tag));

const acting =
  / (Button|ActionIcon|UnstyledButton|Burger|NavLink|Link|Anchor|a|button|Switch|Checkbox|TextInput|PasswordInput|NumberInput|Textarea|JsonInput|NativeSelect|Select|MultiSelect|TagsInput|FileInput|Rating|SegmentedControl|Pagination|Menu\.Item|Tabs\.Tab|form|Confirm|WithReason|Copy|Pager|ShownOnce)$/;
