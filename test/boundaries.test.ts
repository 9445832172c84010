import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';

const root = join(import.meta.dirname, '..');

/** What the linter says of one file with one import, put at a place of the tree for that moment. */
function lint(place: string, source: string): string {
  const path = join(root, dirname(place), `boundary-${process.pid}.ts`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `import { thing } from '${source}';\nexport const used = thing;\n`);
  try {
    const run = spawnSync(
      process.execPath,
      ['node_modules/@biomejs/biome/bin/biome', 'lint', '--only=style/noRestrictedImports', path],
      {
        cwd: root,
        encoding: 'utf8',
      },
    );
    return run.stdout + run.stderr;
  } finally {
    rmSync(path);
  }
}

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

describe('boundaries', () => {
  for (const [place, source] of refused) {
    it(`the linter refuses ${source} in ${dirname(place)}/`, () => {
      expect(lint(place, source)).to.include('noRestrictedImports');
    });
  }
  for (const [place, source] of taken) {
    it(`the linter takes ${source} in ${dirname(place)}/`, () => {
      expect(lint(place, source)).to.include('Checked 1 file').and.not.include('noRestrictedImports');
    });
  }
});
