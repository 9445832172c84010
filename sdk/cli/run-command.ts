import { parseArgs } from 'node:util';
import { nearest } from '../contract/nearest.ts';
import { UsageError } from './command.ts';
import { commands } from './commands.ts';
import { describeError } from './describe-error.ts';
import { helpFor, overview } from './help.ts';

/** Where a command writes; a line at a time. */
export interface Output {
  out(text: string): void;
  err(text: string): void;
}

/** Runs one command in a folder. Answers the exit code: 0 done, 1 failed, 2 called wrongly. Never throws. */
export async function runCommand([name, ...rest]: string[], folder: string, { out, err }: Output): Promise<number> {
  const json = rest.includes('--json');
  try {
    if (name === undefined || name === '--help' || name === 'help') {
      out(rest[0] ? helpFor(rest[0]) : overview());
      return name === undefined ? 2 : 0;
    }
    if (name === '--version') {
      const { default: sdk } = await import('../package.json', { with: { type: 'json' } });
      out(sdk.version);
      return 0;
    }
    const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (!load) {
      const near = nearest(name, Object.keys(commands));
      throw new UsageError(
        `There is no command "${name}"${near ? `; did you mean "${near}"?` : '; see "patchbay help"'}`,
      );
    }
    if (rest.includes('--help')) {
      out(helpFor(name));
      return 0;
    }
    const command = await load();
    const { values, positionals } = parse(rest, command.options ?? {}, name);
    const tell = (line: string) => (json ? undefined : err(line));
    const show = (line: string, data: object) => out(json ? JSON.stringify(data) : line);
    const call = { options: values, words: positionals, folder, tell, show };
    const { ok = true, result, text } = await command.run(call);
    if (json || text) out(json ? JSON.stringify({ ok, ...result }) : text);
    return ok ? 0 : 1;
  } catch (error) {
    const { exit, text, ...described } = describeError(error);
    if (json) out(JSON.stringify({ ok: false, error: described }));
    else err(text);
    return exit;
  }
}

function parse(args: string[], options: NonNullable<Parameters<typeof parseArgs>[0]>['options'], name: string) {
  try {
    const { values, positionals } = parseArgs({
      args,
      options: { ...options, json: { type: 'boolean' } },
      allowPositionals: true,
    });
    return { values: values as Record<string, string | boolean | undefined>, positionals };
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('. ')[0] : String(error);
    throw new UsageError(`${reason}; see "patchbay help ${name}"`);
  }
}
