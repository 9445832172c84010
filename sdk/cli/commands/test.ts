import { spawn } from 'node:child_process';
import { glob } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Failure } from '../../contract/failure.ts';
import type { Command } from '../command.ts';

export const test: Command = {
  async run(call) {
    const folder = resolve(call.folder, call.words[0] ?? '.');
    const files: string[] = [];
    const skip = (path: string) => path.includes('node_modules');
    for await (const path of glob('**/*.test.{ts,js,mjs}', { cwd: folder })) if (!skip(path)) files.push(path);
    if (files.length === 0) {
      const message = `There are no tests in ${folder}; name them as in plugin.test.ts`;
      throw new Failure('not_found', { message });
    }
    const hook = pathToFileURL(join(import.meta.dirname, `../resolve-sdk${extname(import.meta.filename)}`)).href;
    const args = [
      '--disable-warning=ExperimentalWarning',
      '--import',
      hook,
      '--test',
      '--test-reporter=spec',
      ...files.sort(),
    ];
    const { code, output } = await spawned(args, folder, call.tell);
    return { ok: code === 0, result: { files: files.sort(), output }, text: output };
  },
};

/** Node's own runner, so that an author needs no other. Its report is shown when it is complete. */
function spawned(args: string[], cwd: string, tell: (line: string) => void): Promise<{ code: number; output: string }> {
  tell(`running ${args.filter((arg) => /\.test\./.test(arg)).join(', ')}`);
  return new Promise((resolved, rejected) => {
    const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    const parts: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => parts.push(part));
    child.stderr.on('data', (part: Buffer) => parts.push(part));
    child.on('error', rejected);
    child.on('close', (code) => resolved({ code: code ?? 1, output: Buffer.concat(parts).toString().trimEnd() }));
  });
}
