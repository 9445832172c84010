import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { createClient } from '../../sdk/client/index.ts';
import { type RunningHost, startHost } from '../helpers/host.ts';
import { patchbay } from './patchbay.ts';
import { folderWith, pluginTs, removeFolders } from './plugin-folder.ts';

describe('patchbay against a host', function () {
  this.timeout(60_000);
  let host: RunningHost;
  let folder: string;
  const run = (...args: string[]) => patchbay(folder, [...args, '--json'], { env: { PATCHBAY_URL: host.url } });

  before(async () => {
    host = await startHost({ env: { PATCHBAY_ALLOW_SIDELOAD: 'true' } });
    folder = folderWith({ 'plugin.ts': pluginTs, 'README.md': '# Demo', LICENSE: 'MIT' });
  });
  after(async () => {
    await host.remove();
    removeFolders();
  });

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
    const publisher = { name: '@acme', public_key: key.public_key };
    const made = await host.request('POST', '/registry/publishers', { body: publisher });
    expect(made.status, made.text).to.equal(201);
    const unsigned = await run('publish');
    expect(unsigned.json.error.message).to.contain('patchbay sign');
    const first = await run('publish', '--key', 'key.pem');
    expect(first.json, first.out).to.include({ ok: true, name: '@acme/demo', version: '1.0.0', is_new: true });
    const again = await run('publish', '--key', 'key.pem');
    expect(again.json).to.include({ ok: true, is_new: false, digest: first.json.digest });
    const { json } = await run('versions', '@acme/demo');
    expect(json.versions).to.have.length(1);
    expect(json.versions[0]).to.include({ version: '1.0.0', integrity: first.json.digest });
  });

  it('downloads the very bytes that were published', async () => {
    const packed = await run('pack', '--key', 'key.pem');
    const client = createClient({ url: host.url });
    const bytes = await client.download(`/registry/plugins/${encodeURIComponent('@acme/demo')}/versions/1.0.0/tarball`);
    expect(bytes.length).to.equal(packed.json.bytes);
  });

  it('yanks with a reason', async () => {
    const yanked = await run('yank', '@acme/demo@1.0.0', '--reason', 'leaks memory');
    expect(yanked.json, yanked.out).to.include({ ok: true, reason: 'leaks memory' });
  });

  it('loads a plugin straight from its folder, and again after a change', async () => {
    const other = folderWith({ 'plugin.ts': pluginTs.replaceAll('@acme/demo', '@acme/draft') });
    const env = { PATCHBAY_URL: host.url, PATCHBAY_HOME: join(folder, '.home') };
    const first = await patchbay(other, ['dev', '--once', '--json'], { env });
    expect(first.code, first.out).to.equal(0);
    const action = async (id: string) => {
      const answer = await host.request('POST', `/plugins/${id}/actions/greet`, { body: { input: {} } });
      return answer.body.content.output;
    };
    expect(await action(first.json.id)).to.deep.equal({ text: 'Hello' });
    writeFileSync(
      join(other, 'plugin.ts'),
      pluginTs.replaceAll('@acme/demo', '@acme/draft').replace('Hello', 'Servus'),
    );
    const refused = await patchbay(other, ['dev', '--once', '--json'], { env });
    expect(refused.json.error.message).to.contain('--replace');
    const second = await patchbay(other, ['dev', '--once', '--replace', '--json'], { env });
    expect(await action(second.json.id)).to.deep.equal({ text: 'Servus' });
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
