import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { checkPackage, type Finding } from '../../check/check-package.ts';
import { toScript, unpack } from '../../package/index.ts';
import { type Call, type Command, textOption, UsageError } from '../command.ts';
import { declareUsed } from '../declare-used.ts';
import { readPlugin } from '../plugin-source.ts';

export const check: Command = {
  options: { against: { type: 'string' }, fix: { type: 'boolean' } },
  async run(call) {
    const fixed = call.options.fix === true ? await fix(call) : undefined;
    const plugin = await readPlugin(call);
    await toScript(plugin.files.get('plugin.js') ?? '');
    const against = textOption(call, 'against');
    const previous = against ? (await unpack(await readFile(resolve(call.folder, against)))).manifest : undefined;
    const findings = checkPackage({ ...plugin, previous });
    const errors = findings.filter(({ severity }) => severity === 'error').length;
    const { name, version } = plugin.manifest;
    const verdict =
      errors > 0 ? `${errors} error${errors === 1 ? '' : 's'}: it would be refused` : 'it can be published';
    return {
      ok: errors === 0,
      result: { name, version, findings, ...fixed },
      text: [
        ...(fixed?.declared ?? []).map((line) => `declared ${line}`),
        ...(fixed?.left ?? []).map((line) => `left     ${line}`),
        ...findings.map(lineOf),
        `${name}@${version}: ${verdict}`,
      ].join('\n'),
    };
  },
};

/** Only a folder can be mended: a package is what was packed. */
async function fix(call: Call): Promise<{ declared: string[]; left: string[] }> {
  const folder = resolve(call.folder, call.words[0] ?? '.');
  if (!(await stat(folder)).isDirectory()) throw new UsageError('--fix mends a folder; pack it again afterwards');
  return declareUsed(folder);
}

function lineOf({ severity, file, line, message, fix, rule }: Finding): string {
  return `${severity.padEnd(7)} ${file}${line ? `:${line}` : ''}: ${message} (${rule})\n        → ${fix}`;
}
