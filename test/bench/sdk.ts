// What an author waits for after a save: from the change of the file to the new code answering on the host, as `patchbay dev`
// tells it, beside a bare esbuild rebuild of the same files. ROUNDS=10 makes fewer.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { context } from 'esbuild';
import { templateFiles } from '../../sdk/cli/template.ts';
import { startHost } from '../helpers/host.ts';
import { patchbay, startPatchbay } from '../sdk/patchbay.ts';
import { folderWith, removeFolders } from '../sdk/plugin-folder.ts';

const rounds = Number(process.env.ROUNDS ?? 40);
const most_ms = 1_000;
const folder = folderWith(await templateFiles('action', '@bench/saved', false));
const file = join(folder, 'plugin.ts');
const source = (await templateFiles('action', '@bench/saved', false))['plugin.ts'] ?? '';
const host = await startHost({ env: { PATCHBAY_ALLOW_SIDELOAD: 'true' } });
const env = { PATCHBAY_URL: host.url, PATCHBAY_PASSWORD: host.admin.password };
let isMet = false;
try {
  await patchbay(folder, ['login', '--email', host.admin.email], { env });
  const dev = startPatchbay(folder, ['dev'], env);
  await dev.until('is loaded');
  await dev.until('watching');
  const saves: number[] = [];
  // The first two fill caches and do not count.
  for (let round = -2; round < rounds; round += 1) {
    const saved = performance.now();
    writeFileSync(file, changed(round));
    await dev.until('is loaded');
    if (round >= 0) saves.push(performance.now() - saved);
  }
  await dev.stop();

  const bare = await context({
    entryPoints: [file],
    ...{ bundle: true, format: 'esm', outfile: 'plugin.js', write: false, sourcemap: 'external', logLevel: 'silent' },
    external: ['@patchbay/sdk'],
  });
  const builds: number[] = [];
  for (let round = -2; round < rounds; round += 1) {
    writeFileSync(file, changed(round));
    const began = performance.now();
    await bare.rebuild();
    if (round >= 0) builds.push(performance.now() - began);
  }
  await bare.dispose();

  const [p50, p95, build] = [at(saves, 0.5), at(saves, 0.95), at(builds, 0.5)];
  isMet = p95 < most_ms;
  console.log(
    `reload after a save: p50 ${p50.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms (goal < ${most_ms}) of ${rounds}`,
  );
  console.log(
    `  bare esbuild rebuild p50 ${build.toFixed(1)} ms: a reload takes ${(p50 / build).toFixed(1)} times as long`,
  );
} finally {
  await host.remove();
  removeFolders();
}
process.exit(isMet ? 0 : 1);

/** The template with another word in what it logs: a change that the built code shows. */
function changed(round: number): string {
  return source.replace("'greeting'", `'greeting ${round}'`);
}

function at(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
