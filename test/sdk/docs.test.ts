import { spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { checkPackage } from '../../sdk/check/check-package.ts';
import { templateFiles } from '../../sdk/cli/template.ts';
import { apiReference } from '../../sdk/docs/api-reference.ts';
import { errorReference, manifestReference } from '../../sdk/docs/write-references.ts';
import { pack } from '../../sdk/package/index.ts';
import {
  type CallFailed,
  type PluginUnderTest,
  testPlugin,
  type Vendor,
  type VendorAnswer,
} from '../../sdk/testing/index.ts';
import type { RunningHost } from '../helpers/host.ts';
import { sideloadHost } from '../helpers/sideload.ts';
import { folderWithPackedSdk } from './packed-sdk.ts';
import { patchbay, startPatchbay } from './patchbay.ts';
import { folderWith, removeFolders } from './plugin-folder.ts';

const sdk = join(import.meta.dirname, '../../sdk');
/** The vendor of the cookbook. */
const desk = 'https://api.desk.example/v2/';

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

const busy = /too busy to run|found no time to run/;

interface Stage {
  folder: string;
  env: Record<string, string>;
  /** The script of the `patchbay` command; the repository's own unless given. */
  command?: string;
}

/**
 * Plays a document: files are written, commands run, and each line that the document shows must come. `console dev` goes
 * on until the document takes the development copy away.
 */
async function play(path: string, stage: Stage): Promise<number> {
  let where = stage.folder;
  let commands = 0;
  let dev: ReturnType<typeof startPatchbay> | undefined;
  const { env, command } = stage;
  const run = async (line: string) => {
    const [program, ...args] = argumentsOf(line);
    if (program === 'patchbay') return patchbay(where, args, { env, ...(command ? { command } : {}) });
    const { API_KEY: PATCHBAY_TOKEN = '', ...others } = env;
    const ran = spawnSync(process.execPath, args, { cwd: where, env: { ...others, PATCHBAY_TOKEN }, encoding: 'utf8' });
    return { code: ran.status, out: ran.stdout, err: ran.stderr };
  };
  for (const { language, file, text } of blocksOf(path)) {
    if (language === 'ts' && file) writeFileSync(join(where, file), text);
    if (language !== 'console') continue;
    if (file === 'dev') {
      const [, ...shown] = text
        .trimEnd()
        .split('\n')
        .map((line) => line.trim());
      dev ??= startPatchbay(where, ['dev'], env, command);
      const lines = text.startsWith('$')
        ? shown
        : text
            .trimEnd()
            .split('\n')
            .map((line) => line.trim());
      for (const line of lines) await dev.until(line);
      continue;
    }
    for (const part of text.split(/^\$ /m).slice(1)) {
      const [line = '', ...shown] = part.trimEnd().split('\n');
      if (line.includes('--remove')) expect(await dev?.stop()).to.equal(0);
      let ran = await run(line);
      // A machine that is too busy to give a call its time says so, and asks to try again.
      for (let tries = 1; ran.code !== 0 && busy.test(ran.out + ran.err) && tries < 10; tries++) ran = await run(line);
      expect(ran.code, `${line}\n${ran.out}${ran.err}`).to.equal(0);
      for (const said of shown) expect(ran.out, line).to.contain(said.trim());
      const made = /^ {2}cd (\S+)$/m.exec(ran.out)?.[1];
      if (made) where = join(where, made);
      commands++;
    }
  }
  return commands;
}

describe('The documents of the SDK', function () {
  this.timeout(480_000);
  let host: RunningHost;
  before(async () => {
    host = await sideloadHost();
  });
  after(removeFolders);

  it('README: the packed SDK, outside the repository, from init to an action of the installed plugin', async () => {
    const { folder, command } = folderWithPackedSdk();
    const env = {
      PATCHBAY_URL: host.url,
      PATCHBAY_PASSWORD: host.admin.password,
      PATCHBAY_HOME: join(folder, '.home'),
    };
    const key = await host.request('POST', '/api-keys', {
      body: { name: 'author', scopes: ['plugins:read', 'plugins:write', 'integrations:run'] },
    });
    expect(key.status, key.text).to.equal(201);
    const signIn = { ...env, API_KEY: key.body.content.key };
    expect(await play('README.md', { folder, env: signIn, command })).to.equal(13);
  });

  it('testing.md: every test in it passes', async () => {
    const folder = folderWith(await templateFiles('action', '@acme/x', false));
    await play('docs/testing.md', { folder, env: {} });
    const tested = await patchbay(folder, ['test']);
    expect(tested.code, tested.out).to.equal(0);
    expect(tested.out).to.contain('greets').and.to.contain('records once').and.to.contain('fails as vendors do');
  });

  const recipes = blocksOf('docs/cookbook.md').filter(({ language }) => language === 'ts');
  const ticket = (id: string) => ({ id, updated_at: '2026-01-01T00:00:00Z' });
  /** What each recipe does with a vendor that behaves as it is written for. */
  const played: ((plugin: PluginUnderTest) => Promise<unknown>)[] = [
    async (plugin) => expect(await plugin.call('connect', { token: {} })).to.deep.equal({ account: 'Ana' }),
    async (plugin) => {
      const batches = await plugin.pull('tickets');
      expect(batches.flatMap(({ upserts = [] }) => upserts.map(({ raw }) => raw.id))).to.deep.equal(['T-1', 'T-2']);
      expect(batches.at(-1)?.cursor).to.equal(null);
      const lost = await plugin.pull('tickets', { cursor: `${desk}tickets/lost` }).catch((error: CallFailed) => error);
      expect(lost).to.include({ thrown: 'CursorExpired' });
    },
    async (plugin) =>
      expect((await plugin.receive('tickets', { body: { id: 'T-1' } })).events).to.deep.equal([
        { type: 'desk.ticket_opened', data: { id: 'T-1' } },
      ]),
    async (plugin) => {
      for (const number of [1, 2]) expect(await plugin.action('note')).to.deep.equal({ number });
      const [first, second] = plugin.requests;
      const signed = createHmac('sha256', 'hush').update('Note 2').digest('hex');
      expect([first?.body, second?.body, second?.headers['x-signature']]).to.deep.equal(['Note 1', 'Note 2', signed]);
    },
    async (plugin) => {
      expect(await plugin.action('report')).to.deep.equal({ url: 'https://desk.example/r1.pdf' });
      expect(plugin.waits).to.deep.equal([
        { after_s: 30, state: 'r1' },
        { after_s: 30, state: 'r1' },
      ]);
    },
  ];
  for (const [i, { text }] of recipes.entries()) {
    it(`cookbook.md: recipe ${i + 1} passes the review, and does in the sandbox what it is for`, async () => {
      const packed = await pack(folderWith({ 'plugin.ts': text }));
      expect(checkPackage(packed).filter(({ severity }) => severity === 'error')).to.deep.equal([]);
      let reports = 0;
      const answers: Record<string, () => VendorAnswer> = {
        me: () => ({ body: { name: 'Ana' } }),
        tickets: () => ({ body: { tickets: [ticket('T-1')], next: `${desk}tickets/2` } }),
        'tickets/2': () => ({ body: { tickets: [ticket('T-2')], next: null } }),
        'tickets/lost': () => ({ status: 410 }),
        notes: () => ({ status: 201 }),
        reports: () => ({ body: { id: 'r1' } }),
        'reports/r1': () => ({ body: reports++ === 0 ? {} : { url: 'https://desk.example/r1.pdf' } }),
      };
      const vendor: Vendor = ({ url }) => answers[url.slice(desk.length).replace(/\?.*/, '')]?.();
      const plugin = await testPlugin({ packed, vendor, secrets: { signing_key: 'hush' } });
      try {
        await played[i]?.(plugin);
      } finally {
        await plugin.close();
      }
    });
  }

  it('have a block for every recipe, and none that nobody runs', () => {
    expect(recipes).to.have.length(played.length);
    for (const path of ['README.md', 'docs/testing.md', 'docs/cookbook.md']) {
      for (const { language, file, text } of blocksOf(path)) {
        const isShell = language === 'sh' && /^npm install/.test(text);
        expect(
          isShell || language === 'console' || (language === 'ts' && file !== undefined),
          `${path}: ${language}`,
        ).to.equal(true);
      }
    }
  });

  it('manifest.md, errors.md and api.md are what the code says (npm run docs writes them)', () => {
    expect(readFileSync(join(sdk, 'docs/api.md'), 'utf8')).to.equal(apiReference());
    expect(readFileSync(join(sdk, 'docs/errors.md'), 'utf8')).to.equal(errorReference());
    expect(readFileSync(join(sdk, 'docs/manifest.md'), 'utf8')).to.equal(manifestReference());
  });
});
