import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { oneScript } from '../one-script.ts';

const FOLDER = join(import.meta.dirname, '../guest');
const ENTRY = 'runtime.js';

/**
 * The guest runtime as one classic script whose value is `makeRuntime`. The files in `guest/` are ES modules (so that
 * they read and test as such), but isolated-vm never takes a code cache for modules.
 */
export function guestScript(): string {
  const statements = oneScript(ENTRY, {
    read: (file) => readFileSync(join(FOLDER, file), 'utf8'),
    resolve: (_from, name) => name.slice('./'.length),
    outside: (name) => {
      throw new Error(`the guest runtime cannot import ${name}`);
    },
  });
  return `(function () {\n'use strict';\n${statements}\nreturn modules['${ENTRY}'].makeRuntime;\n})()`;
}
