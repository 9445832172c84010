import type { Message } from 'esbuild';
import { Failure } from '../contract/failure.ts';

/** One place in the author's code that cannot be built. Lines and columns count from 1. */
export interface BuildFault {
  file: string;
  line: number;
  column: number;
  message: string;
  fix: string;
}

/** What esbuild says, as a failure that names file, line and the way out. */
export function buildFailure(messages: readonly Message[], cause?: unknown): Failure {
  const errors = messages.map(({ text, location, notes, id }): BuildFault => {
    const fix = fixes[id] ?? fixOf(text) ?? notes[0]?.text ?? 'correct this line';
    const place = { file: fileOf(location?.file), line: location?.line ?? 1, column: (location?.column ?? 0) + 1 };
    return { ...place, message: wordsOf(id, text), fix };
  });
  const [first] = errors;
  const message = first ? `${first.file}:${first.line}: ${first.message}. ${first.fix}` : 'The code cannot be built';
  return new Failure('validation_failed', { message, content: { errors }, ...(cause ? { cause } : {}) });
}

const builtIn = 'the sandbox has no Node; use ctx.fetch, ctx.store, ctx.crypto and the web APIs';
const fixes: Record<string, string> = {
  'unsupported-dynamic-import': 'import it at the top of the file, so that it is bundled',
  'unsupported-require-call': 'import it at the top of the file, so that it is bundled',
  'indirect-require': 'import it at the top of the file, so that it is bundled',
  'empty-import-meta': 'leave out import.meta: a plugin has no file of its own',
};

function wordsOf(id: string, text: string): string {
  if (id === 'unsupported-dynamic-import') return 'import() cannot run in the sandbox';
  if (id === 'empty-import-meta') return 'import.meta does not exist in the sandbox';
  if (text.startsWith('Top-level await')) return 'await outside a function cannot run in the sandbox';
  return text.replace(/\.$/, '');
}

function fixOf(text: string): string | undefined {
  if (/Could not resolve "(node:|fs|path|http|https|crypto|os|net|tls|child_process|stream|zlib|util)/.test(text))
    return builtIn;
  if (text.startsWith('Could not resolve')) return 'install it beside the plugin, or correct its name';
  if (text.startsWith('Top-level await')) return 'move it into a handler, or into install';
  return undefined;
}

function fileOf(file: string | undefined): string {
  return !file || file === '<stdin>' ? 'plugin.js' : file;
}
