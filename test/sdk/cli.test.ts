import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { commands, summaries } from '../../sdk/cli/commands.ts';
import { runCommand } from '../../sdk/cli/run-command.ts';
import { patchbay, patchbayProcess } from './patchbay.ts';
import { folderWith, pluginTs, pluginWith, removeFolders } from './plugin-folder.ts';

describe('patchbay', function () {
  this.timeout(240_000);
  after(removeFolders);

  it('starts a plugin from each template that passes check and packs at once', async () => {
    const folder = folderWith({});
    for (const template of ['action', 'sync', 'trigger', 'oauth2', 'api-key']) {
      const made = await patchbay(folder, ['init', template, '--name', `@acme/${template}`, '--template', template]);
      expect(made.code, made.err).to.equal(0);
      const checked = await patchbay(join(folder, template), ['check', '--json']);
      expect(checked.json, checked.out).to.deep.include({ ok: true, name: `@acme/${template}`, findings: [] });
      if (template !== 'action') continue;
      const tested = await patchbay(join(folder, template), ['test']);
      expect(tested.code, tested.out + tested.err).to.equal(0);
      expect(tested.out).to.contain('has the handler').and.to.contain('fail 0');
    }
  });

  it('starts a plugin in JavaScript', async () => {
    const folder = folderWith({});
    await patchbay(folder, ['init', 'plain', '--js']);
    expect(readdirSync(join(folder, 'plain')))
      .to.include('plugin.js')
      .and.not.include('plugin.ts');
    expect((await patchbay(join(folder, 'plain'), ['check'])).code).to.equal(0);
  });

  it('ends with 1 when a test of the plugin fails', async () => {
    const folder = folderWith({
      'plugin.ts': pluginTs,
      'a.test.js': "import { test } from 'node:test'; test('x', () => { throw new Error('no'); });",
    });
    const tested = await patchbay(folder, ['test']);
    expect(tested.code).to.equal(1);
    expect(tested.out).to.contain('fail 1');
  });

  it('runs a handler in the real sandbox', async () => {
    const folder = folderWith({ 'plugin.ts': pluginTs });
    const ran = await patchbay(folder, ['run', 'action', 'greet', '--json']);
    expect(ran.json, ran.out).to.deep.include({ ok: true, output: { text: 'Hello' } });
    const unknown = await patchbay(folder, ['run', 'action', 'leave']);
    expect(unknown.code).to.equal(2);
    expect(unknown.err).to.contain('it has greet');
  });

  it('packs, lists, signs and verifies', async () => {
    const folder = folderWith({ 'plugin.ts': pluginTs, 'README.md': '# Demo' });
    const key = await patchbay(folder, ['keygen', '--out', 'key.pem', '--json']);
    expect(statSync(join(folder, 'key.pem')).mode & 0o777).to.equal(0o600);
    const packed = await patchbay(folder, ['pack', '--json']);
    expect(packed.json.digest).to.match(/^sha512-/);
    const file = 'acme-demo-1.0.0.tgz';
    expect((await patchbay(folder, ['verify', file, '--key', key.json.public_key, '--json'])).json).to.include({
      ok: false,
      reason: 'it is not signed',
    });
    const signed = await patchbay(folder, ['sign', file, '--key', 'key.pem', '--json']);
    expect(signed.json.key_id).to.equal(key.json.key_id);
    expect((await patchbay(folder, ['verify', file, '--key', key.json.public_key])).code).to.equal(0);
    const listed = await patchbay(folder, ['ls', file, '--json']);
    expect(listed.json.key_id).to.equal(key.json.key_id);
    expect(listed.json.files.map(({ path }: { path: string }) => path)).to.include('signature.json');
    const other = await patchbay(folder, ['keygen', '--json']);
    expect((await patchbay(folder, ['verify', file, '--key', other.json.public_key])).code).to.equal(1);
  });

  it('never overwrites a key', async () => {
    const folder = folderWith({ 'key.pem': 'mine' });
    expect((await patchbay(folder, ['keygen', '--out', 'key.pem'])).code).to.equal(1);
    expect(readFileSync(join(folder, 'key.pem'), 'utf8')).to.equal('mine');
  });

  it('declares in the manifest what the code uses, wherever that is written', async () => {
    const body = "await ctx.store.set('a', 1); return ctx.fetch('https://api.acme.dev/x');";
    const manifest = `{ "manifest_version": 1, "name": "@acme/demo", "version": "1.0.0",
  "permissions": [{ "name": "network", "hosts": ["api.example.com"], "reason": "x" }],
  "actions": { "greet": { "title": "Greet" } } }`;
    const folders = [
      folderWith({ 'plugin.ts': pluginWith(body) }),
      folderWith({
        'manifest.ts': `export const manifest = ${manifest} as const;`,
        'plugin.ts': `import { manifest } from './manifest.ts';\nexport default { manifest, handlers: { actions: { greet: async (ctx: any) => { ${body} } } } };`,
      }),
      folderWith({
        'plugin.json': manifest,
        'plugin.js': `export default { manifest: ${manifest}, handlers: { actions: { greet: async (ctx) => { ${body} } } } };`,
      }),
    ];
    for (const folder of folders) {
      const before = await patchbay(folder, ['check']);
      expect(before.code, before.out).to.equal(1);
      const fixed = await patchbay(folder, ['check', '--fix', '--json']);
      expect(fixed.json, fixed.out).to.deep.include({ ok: true, left: [] });
      expect(fixed.json.declared.join()).to.contain('storage').and.to.contain('api.acme.dev');
      expect((await patchbay(folder, ['check', '--fix', '--json'])).json.declared).to.deep.equal([]);
    }
  });

  it('ends with 1 when something is wrong with the plugin, naming file, line and fix', async () => {
    const folder = folderWith({
      'plugin.ts': pluginTs.replace('async (ctx) => ({ text })', 'async (ctx) => ctx.store.get("a")'),
    });
    const checked = await patchbay(folder, ['check']);
    expect(checked.code).to.equal(1);
    expect(checked.out).to.match(/error {3}plugin\.ts:\d+: ctx\.store\.get needs the permission "storage"/);
    writeFileSync(join(folder, 'plugin.ts'), pluginTs.replace("title: 'Greet'", "titel: 'Greet'"));
    const wrong = await patchbay(folder, ['pack', '--json']);
    expect(wrong.code).to.equal(1);
    expect(wrong.json.error.errors.map(({ pointer }: { pointer: string }) => pointer)).to.include(
      '/actions/greet/titel',
    );
    expect(wrong.out).not.to.contain('    at ');
  });

  const usage: [string[], string][] = [
    [[], 'patchbay <command>'],
    [['pakc'], 'did you mean "pack"'],
    [['pack', '--colour'], '--colour'],
    [['ls'], 'Name the package'],
    [['init'], 'Name a folder'],
    [['init', 'x', '--name', 'Hello'], '@acme/hello'],
    [['init', 'x', '--template', 'nothing'], 'api-key'],
    [['sign', 'x.tgz'], 'keygen'],
    [['yank', '@acme/demo@1.0.0'], '--reason'],
    [['constructor'], 'There is no command'],
    [['help', 'nope'], 'There is no command "nope"'],
  ];
  for (const [args, words] of usage) {
    it(`ends with 2 and says how to call it: patchbay ${args.join(' ')}`, async () => {
      const said: string[] = [];
      const say = (text: string) => void said.push(text);
      expect(await runCommand(args, folderWith({}), { out: say, err: say })).to.equal(2);
      expect(said.join('\n')).to.contain(words);
    });
  }

  it('ends with 1 for files that are not there, hosts that do not answer, and nobody signed in', async () => {
    const folder = folderWith({ 'plugin.ts': pluginTs });
    expect((await patchbay(folder, ['ls', 'none.tgz'])).err).to.contain('none.tgz: there is no such file');
    expect((await patchbay(folder, ['publish'])).err).to.contain('patchbay login');
    const env = { PATCHBAY_TOKEN: 'pb_live_x', PATCHBAY_URL: 'http://127.0.0.1:9' };
    const silent = await patchbay(folder, ['publish', '--json'], { env });
    expect(silent.code).to.equal(1);
    expect(silent.json.error.message).to.contain('does not answer');
  });

  it('gives its process the exit code, and writes to standard output and error', async () => {
    const folder = folderWith({});
    const [done, failed, wrong] = await Promise.all([
      patchbayProcess(folder, ['--version']),
      patchbayProcess(folder, ['ls', 'none.tgz', '--json']),
      patchbayProcess(folder, ['pakc']),
    ]);
    expect([done.code, failed.code, wrong.code]).to.deep.equal([0, 1, 2]);
    expect(done.out).to.match(/^\d+\.\d+\.\d+\n$/);
    expect(failed.json).to.include({ ok: false });
    expect([wrong.out, wrong.err.includes('did you mean "pack"')]).to.deep.equal(['', true]);
  });

  it('helps with every command', async () => {
    const said: string[] = [];
    const output = { out: (text: string) => void said.push(text), err: () => undefined };
    for (const name of Object.keys(commands)) {
      expect(await runCommand(['help', name], '/', output)).to.equal(0);
      expect(said.at(-1)).to.contain(`patchbay ${name} `);
    }
    expect(Object.keys(summaries)).to.have.members(Object.keys(commands));
  });
});
