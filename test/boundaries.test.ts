import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';

const root = join(import.meta.dirname, '..');

/** The place of the file with the import number `n`, in the tree for the moment of the run only. */
const placeOf = (n: number, place: string): string => join(dirname(place), `boundary-${process.pid}-${n}.ts`);

const refused: [place: string, source: string][] = [
  ['sandbox/x.ts', '../sdk/index.ts'],
  ['sandbox/x.ts', '../core/log.ts'],
  ['sandbox/x.ts', 'koa'],
  ['sdk/contract/x.ts', '../../core/log.ts'],
  ['sdk/check/x.ts', '../../sandbox/index.ts'],
  ['sdk/flow/x.ts', 'ajv'],
  ['marketplace/x.ts', '../sandbox/index.ts'],
  ['marketplace/x.ts', '../core/access/login.ts'],
  ['plugins/hello/x.ts', '../../core/log.ts'],
  ['core/http/x.ts', '../access/login.ts'],
  ['core/jobs/x.ts', '../events/emit.ts'],
  ['core/database/x.ts', '../vault/vault.ts'],
  ['core/integrations/x.ts', '../installations/install.ts'],
  ['core/access/x.ts', 'koa'],
  ['core/webhooks/x.ts', 'undici'],
  ['core/installations/x.ts', 'mongoose'],
  ['core/installations/x.ts', 'isolated-vm'],
  ['core/registry/x.ts', 'tar'],
];

const taken: [place: string, source: string][] = [
  ['sdk/testing/x.ts', '../../sandbox/index.ts'],
  ['core/jobs/x.ts', '../events/model.ts'],
  ['core/installations/x.ts', '../integrations/remove.ts'],
  ['core/invocations/x.ts', '../../sandbox/index.ts'],
  ['core/egress/x.ts', 'undici'],
  ['sandbox/x.ts', 'isolated-vm'],
];

/** What the linter says of all of them, in one run: its report of each file with a forbidden import, by the file's place. */
function lint(): Set<string> {
  const files = [...refused, ...taken].map(([place, source], n) => ({ path: placeOf(n, place), source }));
  for (const { path, source } of files) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), `import { thing } from '${source}';\nexport const used = thing;\n`);
  }
  try {
    const biome = ['node_modules/@biomejs/biome/bin/biome', 'lint', '--only=style/noRestrictedImports'];
    const paths = files.map(({ path }) => path);
    const run = spawnSync(process.execPath, [...biome, '--max-diagnostics=none', '--reporter=json', ...paths], {
      cwd: root,
      encoding: 'utf8',
    });
    const report = JSON.parse(run.stdout);
    expect(report.summary).to.include({ unchanged: files.length, diagnosticsNotPrinted: 0 });
    return new Set(report.diagnostics.map((found: { location: { path: string } }) => found.location.path));
  } finally {
    for (const { path } of files) rmSync(join(root, path));
  }
}

describe('boundaries', function () {
  this.timeout(60_000);
  let found: Set<string>;
  before(() => {
    found = lint();
  });

  for (const [n, [place, source]] of refused.entries()) {
    it(`the linter refuses ${source} in ${dirname(place)}/`, () => {
      expect([...found]).to.include(placeOf(n, place));
    });
  }
  for (const [n, [place, source]] of taken.entries()) {
    it(`the linter takes ${source} in ${dirname(place)}/`, () => {
      expect([...found]).to.not.include(placeOf(refused.length + n, place));
    });
  }
});
