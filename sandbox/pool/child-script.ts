import { readFileSync } from 'node:fs';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { guestScript } from '../child/guest-script.ts';
import { oneScript } from '../one-script.ts';

const FOLDER = join(dirname(import.meta.dirname), 'child');
/** `.ts` here, `.js` in the published SDK. */
const KIND = extname(import.meta.filename);
/** Also named on the command line, so that a reader of `ps` (and `leftovers.ts`) knows what the process is. */
export const CHILD_ENTRY = join(FOLDER, `process${KIND}`);
const GUEST = join(FOLDER, `guest-script${KIND}`);

let text: string | undefined;

/**
 * The program of a sandbox process as one script, types taken out. Stripping types costs a process about as much as the
 * whole of Node's own start and 20 MB that stay; so the host does it once, and the child needs no file of ours to read.
 */
export function childScript(): string {
  text ??= `'use strict';\n${oneScript(CHILD_ENTRY, { read, resolve, outside })}`;
  return text;
}

function read(path: string): string {
  if (path === GUEST) return `export const guestScript = () => ${JSON.stringify(guestScript())};`;
  const source = readFileSync(path, 'utf8');
  return path.endsWith('.ts') ? withoutTypes(source) : source;
}

function resolve(from: string, name: string): string | null {
  return name.startsWith('.') ? join(dirname(from), name) : null;
}

function outside(name: string): string {
  const path = name.startsWith('node:') ? name : createRequire(import.meta.url).resolve(name);
  return `require(${JSON.stringify(path)})`;
}

/** Node says once per process that this is experimental; whoever runs the host need not hear it. */
function withoutTypes(source: string): string {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emitWarning;
  }
}
