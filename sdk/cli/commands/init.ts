import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { Failure } from '../../contract/failure.ts';
import { packageNamePattern } from '../../contract/manifest.ts';
import { type Command, textOption, UsageError } from '../command.ts';
import { templateFiles, templateNames } from '../template.ts';

export const init: Command = {
  options: { name: { type: 'string' }, template: { type: 'string' }, js: { type: 'boolean' } },
  async run(call) {
    const [word] = call.words;
    if (!word) throw new UsageError('Name a folder: patchbay init <folder>');
    const folder = resolve(call.folder, word);
    const plain =
      basename(folder)
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '-')
        .replace(/^-|-$/g, '') || 'plugin';
    const name = textOption(call, 'name', `@my/${plain}`) ?? '';
    if (!new RegExp(packageNamePattern).test(name)) {
      throw new UsageError(`"${name}" is no plugin name; write it as in @acme/hello`);
    }
    const template = templateNames.find((known) => known === textOption(call, 'template', 'action'));
    if (!template) throw new UsageError(`--template is one of ${templateNames.join(', ')}`);
    if (existsSync(folder) && (await readdir(folder)).length > 0) {
      throw new Failure('conflict', { message: `${folder} is not empty; choose a new folder` });
    }
    const files = await templateFiles(template, name, call.options.js === true);
    await mkdir(folder, { recursive: true });
    for (const [path, content] of Object.entries(files)) await writeFile(join(folder, path), content);
    return {
      result: { folder, name, template, files: Object.keys(files) },
      text: `${name} is in ${folder}\n\n  cd ${word}\n  patchbay check\n  patchbay test\n  patchbay pack`,
    };
  },
};
