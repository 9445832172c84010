import { execFile } from 'node:child_process';
import { join } from 'node:path';

const main = join(import.meta.dirname, '../../sdk/cli/main.ts');

interface Ran {
  code: number;
  out: string;
  err: string;
  json: any;
}

/** Runs the command line as an author would, in a folder, with a home of its own. */
export function patchbay(
  folder: string,
  args: string[],
  more: { env?: Record<string, string>; input?: string } = {},
): Promise<Ran> {
  const env = { PATH: process.env.PATH ?? '', PATCHBAY_HOME: join(folder, '.home'), ...more.env };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [main, ...args], { cwd: folder, env }, (error, out, err) => {
      const code = error ? Number(error.code) : 0;
      resolve({ code, out, err, json: args.includes('--json') ? JSON.parse(out) : undefined });
    });
    child.stdin?.end(more.input ?? '');
  });
}
