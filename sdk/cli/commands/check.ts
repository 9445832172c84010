import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { checkPackage, type Finding } from '../../check/check-package.ts';
import { toScript, unpack } from '../../package/index.ts';
import { type Command, textOption } from '../command.ts';
import { readPlugin } from '../plugin-source.ts';

export const check: Command = {
  options: { against: { type: 'string' } },
  async run(call) {
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
      result: { name, version, findings },
      text: [...findings.map(lineOf), `${name}@${version}: ${verdict}`].join('\n'),
    };
  },
};

function lineOf({ severity, file, line, message, fix, rule }: Finding): string {
  return `${severity.padEnd(7)} ${file}${line ? `:${line}` : ''}: ${message} (${rule})\n        → ${fix}`;
}
