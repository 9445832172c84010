import { ApiError } from '../client/index.ts';
import { Failure } from '../contract/failure.ts';
import { UsageError } from './command.ts';

interface Described {
  exit: 1 | 2;
  text: string;
  code: string;
  message: string;
  errors?: unknown[];
  /** The call that failed, where it was one. */
  invocation_id?: string;
}

/** An error as a person and as a program read it: what, where, how to mend it; a stack only for our own mistakes. */
export function describeError(error: unknown): Described {
  if (error instanceof UsageError) return { exit: 2, text: error.message, code: 'usage', message: error.message };
  if (error instanceof Failure) return withList(error.code, error.message, error.content);
  if (error instanceof ApiError) return withList(error.code || 'unreachable', error.message, error.content);
  if (error instanceof Error && 'code' in error && 'path' in error) {
    const message = `${error.path}: ${words[String(error.code)] ?? error.message}`;
    return { exit: 1, text: message, code: String(error.code), message };
  }
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? error.stack : undefined;
  return { exit: 1, text: `This is a mistake in patchbay itself:\n${stack ?? message}`, code: 'internal', message };
}

const words: Record<string, string> = {
  ENOENT: 'there is no such file',
  EACCES: 'it may not be read or written',
  EISDIR: 'it is a folder, a file was expected',
  EEXIST: 'it exists already',
};

function withList(code: string, message: string, content: unknown): Described {
  const call: unknown = Object(Object(content).error).invocation_id;
  if (typeof call === 'string') {
    const text = `${message}\n"patchbay replay ${call}" runs it again here`;
    return { exit: 1, text, code, message, invocation_id: call };
  }
  const listed = Object(content).errors ?? Object(content).findings;
  const errors = Array.isArray(listed) ? listed : [];
  const lines = errors.map((entry) => `  - ${lineOf(Object(entry))}`);
  return { exit: 1, text: [message, ...lines].join('\n'), code, message, ...(errors.length > 0 ? { errors } : {}) };
}

/** One entry: a problem of a manifest, a fault of a build, a finding of a review, or a broken rule of a request. */
function lineOf({ file, line, pointer, message, fix, expected }: Record<string, unknown>): string {
  const place = file ? `${file}${line ? `:${line}` : ''}: ` : expected || !pointer ? '' : `${pointer} `;
  const end = fix && !String(message).endsWith(`${fix}.`) && !expected ? ` → ${fix}` : '';
  return `${place}${message}${end}`;
}
