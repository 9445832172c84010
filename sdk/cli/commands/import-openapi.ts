import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Failure } from '../../contract/failure.ts';
import { packageNamePattern } from '../../contract/manifest.ts';
import { importOpenapi as makePlugin } from '../../import-openapi/import-openapi.ts';
import { pluginSource } from '../../import-openapi/plugin-source.ts';
import { type Command, textOption, UsageError } from '../command.ts';

export const importOpenapi: Command = {
  options: { name: { type: 'string' }, out: { type: 'string' }, only: { type: 'string' }, server: { type: 'string' } },
  async run(call) {
    const [file] = call.words;
    const name = textOption(call, 'name');
    if (!file || !name || !new RegExp(packageNamePattern).test(name)) {
      throw new UsageError(
        'patchbay import-openapi <file.json> --name @publisher/name [--out folder] [--only tag,operation]',
      );
    }
    const folder = resolve(call.folder, textOption(call, 'out', name.split('/')[1]) ?? '.');
    if (existsSync(folder) && (await readdir(folder)).length > 0) {
      throw new Failure('conflict', { message: `${folder} is not empty; choose a new folder with --out` });
    }
    const only = textOption(call, 'only')
      ?.split(',')
      .map((word) => word.trim());
    const server = textOption(call, 'server');
    const document = parsed(await readFile(resolve(call.folder, file), 'utf8'), file);
    const imported = makePlugin(document, { name, ...(only ? { only } : {}), ...(server ? { server } : {}) });
    await mkdir(folder, { recursive: true });
    for (const [path, content] of Object.entries(pluginSource(imported))) await writeFile(join(folder, path), content);
    const actions = Object.keys(imported.operations).length;
    const streams = Object.keys(imported.streams).length;
    const { left_out, notes } = imported;
    return {
      result: { folder, name, actions, streams, left_out, notes },
      text: [
        `${actions} actions and ${streams} streams in ${folder}`,
        ...notes.map((note) => `  ${note}`),
        ...left_out.map(({ operation, reason }) => `  left out ${operation}: ${reason}`),
      ].join('\n'),
    };
  },
};

function parsed(text: string, file: string): unknown {
  try {
    // Some vendors' documents begin with a byte order mark.
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (cause) {
    const message = `${file} is not JSON; write a YAML document as JSON first (npx yaml --json < ${file})`;
    throw new Failure('malformed', { message, cause });
  }
}
