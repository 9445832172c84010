import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { extract } from 'tar';
import { folderWith } from './plugin-folder.ts';

const root = join(import.meta.dirname, '../..');

/**
 * An empty folder outside the repository in which the packed SDK is installed, as `npm run build:sdk` and `npm pack` make
 * it. What it depends on is linked and not downloaded.
 *
 * @returns the folder, and the script that `npx patchbay` runs there
 */
export function folderWithPackedSdk(): { folder: string; command: string } {
  const folder = folderWith({ 'package.json': '{ "name": "somewhere", "private": true }' });
  execFileSync(process.execPath, [join(root, 'scripts/build-sdk.ts')], { stdio: 'pipe' });
  const packed = execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
    cwd: join(root, 'sdk'),
    encoding: 'utf8',
  });
  const [{ filename }] = JSON.parse(packed);
  const installed = join(folder, 'node_modules/@patchbay/sdk');
  mkdirSync(installed, { recursive: true });
  extract({ file: join(folder, filename), cwd: installed, strip: 1, sync: true });
  const { dependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  for (const name of Object.keys(dependencies)) {
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  }
  return { folder, command: join(installed, 'bin/patchbay.js') };
}
