import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stripTypes } from '../package/strip-types.ts';

export const templateNames = ['action', 'sync', 'trigger', 'oauth2', 'api-key'] as const;
export type TemplateName = (typeof templateNames)[number];

const folder = join(import.meta.dirname, 'template');
const shared = ['README.md', 'CHANGELOG.md', 'LICENSE', 'icon.svg'];

/** The files of a new plugin, by path. The templates are real plugins named `@my/plugin`, checked like any code of ours. */
export async function templateFiles(
  template: TemplateName,
  name: string,
  js: boolean,
): Promise<Record<string, string>> {
  const read = (...path: string[]) => readFile(join(folder, ...path), 'utf8');
  const source = (await read(`${template}.ts`)).replaceAll('@my/plugin', name);
  const files: Record<string, string> = js ? { 'plugin.js': await stripTypes(source) } : { 'plugin.ts': source };
  for (const path of shared) {
    files[path] = (await read('shared', path))
      .replaceAll('@my/plugin', name)
      .replaceAll('{year}', String(new Date().getFullYear()));
  }
  files['package.json'] = await packageJson(name);
  if (!js) files['tsconfig.json'] = await read('shared', 'tsconfig.json');
  const test = await read('shared', 'plugin.test.ts');
  files[js ? 'plugin.test.js' : 'plugin.test.ts'] = js ? await stripTypes(test) : test;
  return files;
}

/** Makes the folder an ES module for every tool, and names the SDK so that an editor finds its types after `npm install`. */
async function packageJson(name: string): Promise<string> {
  const { default: sdk } = await import('../package.json', { with: { type: 'json' } });
  const file = {
    name: name.slice(1).replace('/', '-'),
    private: true,
    type: 'module',
    scripts: { check: 'patchbay check', test: 'patchbay test', dev: 'patchbay dev', pack: 'patchbay pack' },
    devDependencies: { [sdk.name]: `^${sdk.version}` },
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}
