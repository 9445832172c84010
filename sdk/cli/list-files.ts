import { sha256 } from '../package/index.ts';

/** The files of a package, as a program and as a person read them. */
export function listFiles(files: ReadonlyMap<string, Buffer>) {
  const entries = [...files].map(([path, content]) => ({ path, bytes: content.length, sha256: sha256(content) }));
  const width = Math.max(...entries.map(({ bytes }) => String(bytes).length));
  const text = entries.map(({ path, bytes }) => `  ${String(bytes).padStart(width)}  ${path}`).join('\n');
  return { entries, text };
}
