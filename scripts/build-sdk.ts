// Compiles `@patchbay/sdk` for publishing: JavaScript, types and source maps in sdk/dist, with the sandbox inside.
import { execFileSync } from 'node:child_process';
import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'sdk/dist');

/** What is read as a file at run time, and not imported. */
const copied = ['sandbox/guest', 'sdk/cli/template'];

await rm(dist, { recursive: true, force: true });
execFileSync(
  process.execPath,
  [join(root, 'node_modules/typescript/bin/tsc'), '-p', join(root, 'sdk/tsconfig.build.json')],
  {
    stdio: 'inherit',
  },
);
for (const path of copied) {
  await rm(join(dist, path), { recursive: true, force: true });
  await mkdir(join(dist, path), { recursive: true });
  await cp(join(root, path), join(dist, path), { recursive: true });
}
console.log(`built ${dist}`);
