import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { runCommand } from '../../sdk/cli/run-command.ts';

const main = join(import.meta.dirname, '../../sdk/cli/main.ts');

interface Ran {
  code: number;
  out: string;
  err: string;
  json: any;
}

interface Going {
  /** Waits until this was printed, after what an earlier wait found. Fails when the command ends without it. */
  until(words: string | RegExp): Promise<string>;
  /** Ctrl-C. @returns the exit code */
  stop(): Promise<number | null>;
}

/** Starts a command that goes on until Ctrl-C. */
export function startPatchbay(folder: string, args: string[], env: Record<string, string>, command = main): Going {
  const child = spawn(process.execPath, [command, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', PATCHBAY_HOME: join(folder, '.home'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  let hear = () => {};
  const ended = once(child, 'close').then(([code]) => code as number | null);
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      hear();
    });
  }
  return {
    async until(words) {
      for (;;) {
        const at = typeof words === 'string' ? printed.indexOf(words) : printed.search(words);
        if (at >= 0) {
          const found = printed.slice(at);
          printed = found.slice(found.indexOf('\n') + 1);
          return found.slice(0, found.indexOf('\n') < 0 ? undefined : found.indexOf('\n'));
        }
        const heard = new Promise<'heard'>((resolve) => {
          hear = () => resolve('heard');
        });
        const first = await Promise.race([heard, ended]);
        if (first !== 'heard' && !printed.includes(String(words))) {
          throw new Error(`patchbay ${args.join(' ')} ended (${first}) without ${words}:\n${printed}`);
        }
      }
    },
    stop() {
      child.kill('SIGINT');
      return ended;
    },
  };
}

interface More {
  env?: Record<string, string>;
  /** What comes on standard input. */
  input?: string;
  /** The script of the command; the repository's own unless given. */
  command?: string;
}

/**
 * Runs a command in a folder, with a home of its own. In this process, where starting one proves nothing more: it costs
 * ten times what most commands do.
 */
export async function patchbay(folder: string, args: string[], more: More = {}): Promise<Ran> {
  if (more.command !== undefined || more.input !== undefined) return patchbayProcess(folder, args, more);
  const kept = { ...process.env };
  for (const name of Object.keys(process.env)) if (name.startsWith('PATCHBAY_')) delete process.env[name];
  Object.assign(process.env, { PATCHBAY_HOME: join(folder, '.home'), ...more.env });
  const said = { out: '', err: '' };
  const say = (to: 'out' | 'err') => (line: string) => {
    said[to] += `${line}\n`;
  };
  try {
    const code = await runCommand(args, folder, { out: say('out'), err: say('err') });
    const { out, err } = said;
    return { code, out, err, json: args.includes('--json') ? JSON.parse(out) : undefined };
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in kept)) delete process.env[name];
    Object.assign(process.env, kept);
  }
}

/** Runs the command line as an author does, as a process. */
export function patchbayProcess(folder: string, args: string[], more: More = {}): Promise<Ran> {
  const env = { PATH: process.env.PATH ?? '', PATCHBAY_HOME: join(folder, '.home'), ...more.env };
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [more.command ?? main, ...args],
      { cwd: folder, env },
      (error, out, err) => {
        const code = error ? Number(error.code) : 0;
        resolve({ code, out, err, json: args.includes('--json') ? JSON.parse(out) : undefined });
      },
    );
    child.stdin?.end(more.input ?? '');
  });
}
