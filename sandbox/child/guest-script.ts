import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '../guest');
const ENTRY = 'runtime.js';
const IMPORT = /^import \{([^}]*)\} from '\.\/([a-z0-9-]+\.js)';\n/gm;
const EXPORT = /^export (async function\*?|function\*?|class|const|let) (?:(\w+)|\{([^}]*)\})/gm;

/**
 * The guest runtime as one classic script whose value is `makeRuntime`. The files in `guest/` are ES modules (so that
 * they read and test as such), but isolated-vm never takes a code cache for modules: each becomes a function here.
 */
export function guestScript(): string {
  const done = new Map<string, string>();
  add(ENTRY, done);
  const body = [...done.values()].join('\n');
  return `(function () {\n'use strict';\nconst modules = Object.create(null);\n${body}\nreturn modules['${ENTRY}'].makeRuntime;\n})()`;
}

function add(file: string, done: Map<string, string>): void {
  if (done.has(file)) return;
  const source = readFileSync(join(FOLDER, file), 'utf8');
  for (const [, , from] of source.matchAll(IMPORT)) if (from) add(from, done);
  const names: string[] = [];
  const text = source
    .replace(IMPORT, (_, list: string, from: string) => `const {${list}} = modules['${from}'];\n`)
    .replace(EXPORT, (_, kind: string, name: string | undefined, list: string | undefined) => {
      if (name) names.push(name);
      for (const each of list?.split(',') ?? []) if (each.trim()) names.push(each.trim());
      return `${kind} ${name ?? `{${list}}`}`;
    });
  done.set(file, `modules['${file}'] = (() => {\n${text}\nreturn { ${names.join(', ')} };\n})();`);
}
