// Builds what a start needs and never makes itself: the first-party packages and the console.
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pack } from '../sdk/package/index.ts';

const root = join(import.meta.dirname, '..');

async function packPlugins(): Promise<void> {
  const folder = join(root, 'plugins');
  for (const name of (await readdir(folder)).sort()) {
    if (!existsSync(join(folder, name, 'plugin.ts'))) continue;
    const { bytes, manifest } = await pack(join(folder, name));
    const dist = join(folder, name, 'dist');
    await rm(dist, { recursive: true, force: true });
    await mkdir(dist, { recursive: true });
    await writeFile(join(dist, `${name}-${manifest.version}.tgz`), bytes);
    console.log(`packed ${manifest.name} ${manifest.version} (${bytes.length} bytes)`);
  }
}

/** Vite is a development dependency; an install without those keeps the console that the folder holds. */
async function buildConsole(): Promise<void> {
  const folder = join(root, 'core/console');
  if (!existsSync(join(root, 'node_modules/vite'))) {
    console.log(
      existsSync(join(folder, 'dist/index.html'))
        ? 'kept the console as built before: vite is not installed'
        : 'no console: vite is not installed (npm ci without --omit=dev builds it)',
    );
    return;
  }
  const { build } = await import('vite');
  await build({ root: folder, configFile: join(folder, 'vite.config.ts'), logLevel: 'warn' });
  console.log('built the console');
}

await packPlugins();
await buildConsole();
