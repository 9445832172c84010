import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { checkPackage } from '../../sdk/check/check-package.ts';
import { templateFiles } from '../../sdk/cli/template.ts';
import { errorReference, manifestReference } from '../../sdk/docs/write-references.ts';
import { pack } from '../../sdk/package/index.ts';
import { type RunningHost, startHost } from '../helpers/host.ts';
import { patchbay } from './patchbay.ts';
import { folderWith, removeFolders } from './plugin-folder.ts';

const sdk = join(import.meta.dirname, '../../sdk');

interface Block {
  language: string;
  file: string | undefined;
  text: string;
}

/** The code blocks of a document, in order. */
function blocksOf(path: string): Block[] {
  const text = readFileSync(join(sdk, path), 'utf8');
  return [...text.matchAll(/^```(\w+)(?: (\S+))?\n([\s\S]*?)^```$/gm)].map(([, language = '', file, code = '']) => ({
    language,
    file,
    text: code,
  }));
}

/** Arguments of a command line, with quotes as a shell reads them. */
function argumentsOf(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

/** Plays a document: files are written, commands run, and each line that the document shows must come. */
async function play(path: string, folder: string, env: Record<string, string>): Promise<number> {
  let where = folder;
  let commands = 0;
  for (const { language, file, text } of blocksOf(path)) {
    if (language === 'ts' && file) writeFileSync(join(where, file), text);
    if (language !== 'console') continue;
    for (const part of text.split(/^\$ patchbay /m).slice(1)) {
      const [line = '', ...shown] = part.trimEnd().split('\n');
      const ran = await patchbay(where, argumentsOf(line), { env });
      expect(ran.code, `patchbay ${line}\n${ran.out}${ran.err}`).to.equal(0);
      for (const said of shown) expect(ran.out, `patchbay ${line}`).to.contain(said.trim());
      const made = /^ {2}cd (\S+)$/m.exec(ran.out)?.[1];
      if (made) where = join(where, made);
      commands++;
    }
  }
  return commands;
}

describe('The documents of the SDK', function () {
  this.timeout(120_000);
  let host: RunningHost;
  before(async () => {
    host = await startHost();
  });
  after(async () => {
    await host.remove();
    removeFolders();
  });

  it('README: a first plugin, from init to published, as it is written', async () => {
    const folder = folderWith({});
    const env = {
      PATCHBAY_URL: host.url,
      PATCHBAY_PASSWORD: host.admin.password,
      PATCHBAY_HOME: join(folder, '.home'),
    };
    expect(await play('README.md', folder, env)).to.equal(7);
    const found = await host.request('GET', '/plugins/marketplace?search=weather');
    expect(found.text).to.contain('@acme/weather');
  });

  it('testing.md: every test in it passes', async () => {
    const folder = folderWith(await templateFiles('action', '@acme/x', false));
    await play('docs/testing.md', folder, {});
    const tested = await patchbay(folder, ['test']);
    expect(tested.code, tested.out).to.equal(0);
    expect(tested.out).to.contain('greets').and.to.contain('records once').and.to.contain('fails as vendors do');
  });

  const recipes = blocksOf('docs/cookbook.md').filter(({ language }) => language === 'ts');
  for (const [i, { text }] of recipes.entries()) {
    it(`cookbook.md: recipe ${i + 1} packs and passes the review`, async () => {
      const packed = await pack(folderWith({ 'plugin.ts': text }));
      expect(checkPackage(packed).filter(({ severity }) => severity === 'error')).to.deep.equal([]);
    });
  }

  it('have a block for every recipe, and none that nobody runs', () => {
    expect(recipes).to.have.length(4);
    for (const path of ['README.md', 'docs/testing.md', 'docs/cookbook.md']) {
      for (const { language, file } of blocksOf(path)) {
        expect(language === 'console' || (language === 'ts' && file !== undefined), `${path}: ${language}`).to.equal(
          true,
        );
      }
    }
  });

  it('manifest.md and errors.md are what the code says (node sdk/docs/write-references.ts writes them)', () => {
    expect(readFileSync(join(sdk, 'docs/errors.md'), 'utf8')).to.equal(errorReference());
    expect(readFileSync(join(sdk, 'docs/manifest.md'), 'utf8')).to.equal(manifestReference());
  });
});
