import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const sdk = join(import.meta.dirname, '..');

const modules = [
  { name: '@patchbay/sdk', entry: 'index.ts', about: 'What a plugin imports.' },
  { name: '@patchbay/sdk/testing', entry: 'testing/index.ts', about: 'What its tests import.' },
  { name: '@patchbay/sdk/client', entry: 'client/index.ts', about: 'A typed client of the host, for programs.' },
];

/** One exported thing as its source declares it. */
export interface Documented {
  name: string;
  kind: string;
  /** The declaration without what it does. */
  signature: string;
  /** The docstring without its stars. */
  text: string;
}

/** `docs/api.md`: every function, class and type that the SDK exports, made from its docstring. */
export function apiReference(): string {
  const parts = modules.flatMap(({ name, entry, about }) => [
    `## \`${name}\``,
    '',
    about,
    '',
    ...exportsOf(entry).flatMap(section),
  ]);
  return ['# API of the SDK', '', 'Made from the docstrings of the sources.', '', ...parts].join('\n');
}

/** What an entry file exports, itself or from the files that it names. */
export function exportsOf(entry: string): Documented[] {
  const path = join(sdk, entry);
  const text = readFileSync(path, 'utf8');
  const own = declarationsOf(text);
  const named = [...text.matchAll(/^export (?:type )?\{([^}]+)\} from '(\.[^']+)'/gm)].flatMap(
    ([, names = '', from = '']) => {
      const wanted = names.split(',').map((name) => name.trim().replace(/^type /, ''));
      // The host's own document says those, and better.
      if (from === './api.ts') return [];
      const target = join(dirname(entry), from);
      const found = from.endsWith('index.ts')
        ? exportsOf(target)
        : declarationsOf(readFileSync(join(sdk, target), 'utf8'));
      return found.filter(({ name }) => wanted.includes(name));
    },
  );
  const all = new Map([...own, ...named].map((one) => [one.name, one]));
  return [...all.values()].sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));
}

function declarationsOf(text: string): Documented[] {
  const form =
    /(?:^\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n)?^export (?:async )?(function\*?|class|interface|type|const) (\w+)([\s\S]*?)(?=\n(?:\n|export |\/\*\*|function |async function |interface |type |const |class |$))/gm;
  return [...text.matchAll(form)].map(([whole, doc = '', kind = '', name = '', rest = '']) => {
    const prefix = `${/^export (async )/m.exec(whole)?.[1] ?? ''}${kind} ${name}`;
    return { name, kind: kind.replace('*', ''), signature: signatureOf(kind, prefix, rest), text: plain(doc) };
  });
}

/** A function up to its body, a class up to its first method; a type whole. */
function signatureOf(kind: string, prefix: string, rest: string): string {
  if (kind.startsWith('function')) return prefix + rest.slice(0, bodyStart(rest)).trimEnd();
  if (kind === 'class') return `${prefix}${rest.slice(0, rest.indexOf('{')).trimEnd()}`;
  return prefix + rest;
}

/** Where the body of a function begins: the first brace outside of its parameters and of types. */
function bodyStart(rest: string): number {
  let depth = 0;
  for (let i = 0; i < rest.length; i++) {
    const c = rest[i] ?? '';
    if ('([<'.includes(c)) depth++;
    else if (c === '>' && rest[i - 1] === '=') continue;
    else if (')]>'.includes(c)) depth--;
    else if (c === '{') {
      const isBody = depth === 0 && /[)\w>\]]\s*$/.test(rest.slice(0, i)) && !/:\s*$/.test(rest.slice(0, i));
      if (isBody) return i;
      depth++;
    } else if (c === '}') depth--;
  }
  return rest.length;
}

function plain(doc: string): string {
  return doc
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trimEnd())
    .join('\n')
    .trim();
}

function section({ name, signature, text }: Documented): string[] {
  const [said = '', ...tags] = text.split(/^@(?=example|param|throws|returns)/m);
  const examples = tags.filter((tag) => tag.startsWith('example')).map((tag) => tag.replace(/^example\n?/, '').trim());
  const others = tags
    .filter((tag) => !tag.startsWith('example'))
    .map(
      (tag) =>
        `- ${tag
          .trim()
          .replace(/\s*\n\s*/g, ' ')
          .replace(/^param (\S+)/, '`$1`:')
          .replace(/^(throws|returns)/, '*$1*')}`,
    );
  return [
    `### ${name}`,
    '',
    ...(said.trim() ? [said.trim(), ''] : []),
    ...(others.length > 0 ? [...others, ''] : []),
    '```ts',
    signature,
    '```',
    '',
    ...examples.flatMap((example) => ['Example:', '', '```ts', example, '```', '']),
  ];
}
