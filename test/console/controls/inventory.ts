// npm run controls [-- FILE…]: which of the console's controls the tests use, and which they don't.
// Builds the console so that every element says where in the source it stands, runs the console's tests (or the files
// named) with that, tells what was shown but not used and what was never shown, and builds the console as it was.
import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'vite';
import { controlsOf, type Line, neverShown } from './compare.ts';
import { controlsIn, tagControls } from './tag.ts';

const root = join(import.meta.dirname, '../../..');
const folder = join(root, 'core/console');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { from: { type: 'string' }, all: { type: 'boolean' } },
});
const tests = positionals.length > 0 ? positionals : globSync('test/{console/*,long/console-*}.test.ts', { cwd: root });
const file = values.from ?? join(mkdtempSync(join(tmpdir(), 'patchbay-controls-')), 'lines.jsonl');
const buildWith = (plugins: (typeof tagControls)[]) =>
  build({ root: folder, configFile: join(folder, 'vite.config.ts'), logLevel: 'warn', plugins });

if (!values.from) {
  await buildWith([tagControls]);
  try {
    spawnSync(
      process.execPath,
      [
        ...['node_modules/mocha/bin/mocha.js', '--reporter', 'spec', '--timeout', '600000'],
        ...['--require', './test/console/controls/watch.ts', ...tests],
      ],
      { cwd: root, stdio: 'inherit', env: { ...process.env, PATCHBAY_CONTROLS: file } },
    );
  } finally {
    await buildWith([]);
  }
}

const lines: Line[] = readFileSync(file, 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line));
const controls = controlsOf(lines);
const inSource = globSync('{pages,parts,schema-form,markdown,navigation}/**/*.tsx', { cwd: folder })
  .sort()
  .flatMap((path) => controlsIn(join(folder, path), readFileSync(join(folder, path), 'utf8')));
const unused = controls.filter(({ usedBy }) => usedBy.size === 0);
const tell = (title: string, found: string[]) => console.log(`\n${title}: ${found.length}\n${found.join('\n')}`);
if (values.all)
  tell(
    'used',
    controls
      .filter(({ usedBy }) => usedBy.size > 0)
      .map(
        ({ source, kind, names, usedBy }) =>
          `${source[0]} (${kind}, ${[...names].slice(0, 2)}): ${[...usedBy].join(' | ')}`,
      ),
  );
tell(
  'shown, and used by no test',
  unused.map(
    ({ source, kind, names, pages }) =>
      `${source.join(' < ')} (${kind}): ${[...names].slice(0, 3).join(', ')} at ${[...pages].slice(0, 2).join(' ')}`,
  ),
);
tell('in the source, and never shown', neverShown(inSource, lines));
console.log(`\n${controls.length} controls shown, ${controls.length - unused.length} of them used (${file})`);
