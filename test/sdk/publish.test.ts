import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { createClient } from '../../sdk/client/index.ts';
import type { RunningHost } from '../helpers/host.ts';
import { sideloadHost } from '../helpers/sideload.ts';
import { patchbay, startPatchbay } from './patchbay.ts';
import { folderWith, pluginTs, pluginWith, removeFolders } from './plugin-folder.ts';

/** Other suites of the same host have publishers of their own. */
const ownTs = pluginTs.replaceAll('@acme/demo', '@press/demo');

describe('patchbay against a host', function () {
  this.timeout(240_000);
  let host: RunningHost;
  let folder: string;
  const run = (...args: string[]) => patchbay(folder, [...args, '--json'], { env: { PATCHBAY_URL: host.url } });

  before(async () => {
    host = await sideloadHost();
    folder = folderWith({ 'plugin.ts': ownTs, 'README.md': '# Demo', LICENSE: 'MIT' });
  });
  after(removeFolders);

  it('refuses a wrong password in words, and signs in with the right one', async () => {
    const env = { PATCHBAY_URL: host.url };
    const args = ['login', '--email', host.admin.email, '--password-stdin', '--json'];
    const wrong = await patchbay(folder, args, { env, input: 'wrong password' });
    expect(wrong.code).to.equal(1);
    expect(wrong.json.error.code).to.equal('F40001');
    const right = await patchbay(folder, args, { env, input: `${host.admin.password}\n` });
    expect(right.json).to.deep.equal({ ok: true, url: host.url, label: host.admin.email });
    expect((await run('whoami')).json).to.include({ ok: true, email: host.admin.email });
  });

  it('publishes, says so again without doing it again, and lists the release', async () => {
    const { json: key } = await run('keygen', '--out', 'key.pem');
    const publisher = { name: '@press', public_key: key.public_key };
    const made = await host.request('POST', '/registry/publishers', { body: publisher });
    expect(made.status, made.text).to.equal(201);
    const unsigned = await run('publish');
    expect(unsigned.json.error.message).to.contain('patchbay sign');
    const first = await run('publish', '--key', 'key.pem');
    expect(first.json, first.out).to.include({ ok: true, name: '@press/demo', version: '1.0.0', is_new: true });
    const again = await run('publish', '--key', 'key.pem');
    expect(again.json).to.include({ ok: true, is_new: false, digest: first.json.digest });
    const { json } = await run('versions', '@press/demo');
    expect(json.versions).to.have.length(1);
    expect(json.versions[0]).to.include({ version: '1.0.0', integrity: first.json.digest });
  });

  it('downloads the very bytes that were published', async () => {
    const packed = await run('pack', '--key', 'key.pem');
    const client = createClient({ url: host.url });
    const bytes = await client.download(
      `/registry/plugins/${encodeURIComponent('@press/demo')}/versions/1.0.0/tarball`,
    );
    expect(bytes.length).to.equal(packed.json.bytes);
  });

  it('yanks with a reason', async () => {
    const yanked = await run('yank', '@press/demo@1.0.0', '--reason', 'leaks memory');
    expect(yanked.json, yanked.out).to.include({ ok: true, reason: 'leaks memory' });
  });

  it('loads a plugin straight from its folder, and again after a change', async () => {
    const other = folderWith({ 'plugin.ts': ownTs.replaceAll('@press/demo', '@press/draft') });
    const env = { PATCHBAY_URL: host.url, PATCHBAY_HOME: join(folder, '.home') };
    const first = await patchbay(other, ['dev', '--once', '--json'], { env });
    expect(first.code, first.out).to.equal(0);
    const action = async (id: string) => {
      const answer = await host.request('POST', `/plugins/${id}/actions/greet`, { body: { input: {} } });
      return answer.body.content.output;
    };
    expect(await action(first.json.id)).to.deep.equal({ text: 'Hello' });
    writeFileSync(join(other, 'plugin.ts'), ownTs.replaceAll('@press/demo', '@press/draft').replace('Hello', 'Servus'));
    const refused = await patchbay(other, ['dev', '--once', '--json'], { env });
    expect(refused.json.error.message).to.contain('--replace');
    const second = await patchbay(other, ['dev', '--once', '--replace', '--json'], { env });
    expect(second.json.id, 'settings and accounts of the same installation stay').to.equal(first.json.id);
    expect(await action(second.json.id)).to.deep.equal({ text: 'Servus' });
    const nothing = await patchbay(other, ['dev', '--once', '--replace', '--json'], { env });
    expect(nothing.json, 'a save that changed nothing').to.include({ ok: true, id: first.json.id });
  });

  describe('a plugin that is being written', () => {
    const name = '@press/work';
    const source = (line: string) =>
      pluginWith(
        `ctx.log.info('counting', { n: 1 });
    await ctx.store.set('at', [Date.now(), Math.random()]);
    ${line}`,
        "permissions: [{ name: 'storage', reason: 'x' }, { name: 'schedule', reason: 'x' }]",
      ).replaceAll('@acme/demo', name);
    const bug = "throw new RangeError('too far at ' + new Date().toISOString() + crypto.randomUUID());";
    let work: string;
    let env: Record<string, string>;
    const command = (...args: string[]) => patchbay(work, [...args, '--json'], { env });
    /** Calls the action where it is installed; a machine that is too busy asks to try again. */
    const call = async () => {
      for (let tries = 1; ; tries++) {
        const ran = await command('run', 'action', 'greet', '--host');
        if (!ran.json.error?.message.includes('too busy') || tries === 10) return ran;
      }
    };

    before(async () => {
      work = folderWith({ 'plugin.ts': source('return { n: 1 };') });
      env = { PATCHBAY_URL: host.url, PATCHBAY_HOME: join(folder, '.home') };
      const args = ['login', '--email', host.admin.email, '--password-stdin'];
      expect((await patchbay(work, args, { env, input: host.admin.password })).code).to.equal(0);
    });

    it('is loaded again after each save, and shows its calls, stacks and permissions', async () => {
      const dev = startPatchbay(work, ['dev'], env);
      try {
        await dev.until(`${name}@1.0.0 is loaded`);
        await dev.until('watching');
        const ran = await call();
        expect(ran.json, ran.out).to.deep.include({ ok: true, output: { n: 1 } });
        await dev.until(ran.json.invocation_id);
        expect(await dev.until('  info ')).to.contain('counting {"n":1}');
        await dev.until('permissions: storage used 1×, schedule not used yet');
        writeFileSync(join(work, 'plugin.ts'), source('return { n: '));
        await dev.until(/plugin\.ts:\d+/);
        writeFileSync(join(work, 'plugin.ts'), source(bug));
        await dev.until(`${name}@1.0.0 is loaded`);
        expect((await call()).json.error.message).to.contain('too far');
        await dev.until('✗ actions.greet');
        await dev.until('RangeError: too far');
        expect(await dev.until('    at ')).to.match(/plugin\.ts:7:/);
      } finally {
        expect(await dev.stop()).to.equal(0);
      }
    });

    it('tells what it logs, and goes on telling', async () => {
      const { json } = await command('logs', '--level', 'info');
      expect(new Set(json.logs.map(({ message }: { message: string }) => message))).to.deep.equal(
        new Set(['counting']),
      );
      const follow = startPatchbay(work, ['logs', name, '--follow'], env);
      try {
        await follow.until('following');
        await call();
        await follow.until(/actions\.greet info {2}counting/);
      } finally {
        expect(await follow.stop()).to.equal(0);
      }
      expect((await command('logs', '--since', 'yesterday')).code).to.equal(2);
      expect((await command('logs', '@press/none')).json.error.code).to.equal('F42302');
    });

    it('replays a failed call without host and vendor, keeps it as a test, and differs when a line does', async () => {
      const failed = await call();
      const { invocation_id: id } = failed.json.error;
      const replayed = await command('replay', id, '--save-test', '--out', 'call.json');
      expect(replayed.json, replayed.out).to.include({ ok: true, is_same: true, invocation: id });
      expect(replayed.json.outcome.error).to.include({ name: 'RangeError' });
      expect(failed.json.error.message).to.contain(replayed.json.outcome.error.message);
      expect(replayed.json.host_calls.map(({ op }: { op: string }) => op)).to.deep.equal(['store']);
      const tested = await patchbay(work, ['test'], { env });
      expect(tested.code, tested.out).to.equal(1);
      expect(tested.out).to.contain('too far at');

      const gone = { PATCHBAY_URL: 'http://127.0.0.1:9' };
      const offline = await patchbay(work, ['replay', 'call.json', '--json'], { env: gone });
      expect(offline.json, offline.out).to.include({ ok: true, is_same: true });
      writeFileSync(join(work, 'plugin.ts'), source("await ctx.store.get('at'); return { n: 2 };"));
      const mended = await patchbay(work, ['replay', 'call.json', '--json'], { env: gone });
      expect(mended.code).to.equal(1);
      expect(mended.json).to.include({ ok: false, is_same: false });
      expect(mended.json.differences[0]).to.deep.include({ n: 2, expected: null });
      writeFileSync(join(work, 'plugin.ts'), source('return { n: 2 };'));
      expect((await patchbay(work, ['test'], { env })).code, 'the kept test passes once the bug is gone').to.equal(0);
      expect((await command('replay', 'inv_0000000000000000000')).json.error.code).to.equal('F40004');
    });
  });

  it('throws what the host says as an ApiError', async () => {
    const client = createClient({ url: host.url, language: 'zh-Hant' });
    const error = await client.request('GET', '/plugins').catch((thrown: unknown) => thrown);
    expect(error).to.include({ name: 'ApiError', code: 'F40001', status: 401 });
    expect((error as Error).message).to.match(/[一-龥]/);
    expect(error).to.have.property('request_id').that.is.a('string');
  });

  it('signs out, and then nobody is signed in', async () => {
    expect((await run('logout')).json).to.include({ ok: true });
    const nobody = await run('whoami');
    expect(nobody.code).to.equal(1);
    expect(nobody.json.error.message).to.contain('patchbay login');
  });
});
