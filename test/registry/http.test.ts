import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { generateKeys } from '../../sdk/package/index.ts';
import type { RunningHost } from '../helpers/host.ts';
import { sharedHost } from '../helpers/shared-host.ts';
import { packed, png } from './parts.ts';

const keys = generateKeys();
const name = '@registry-http/tool';
const url = encodeURIComponent(name);
const handlers = `{ actions: {
  async go(ctx, { times }) { ctx.log.warn('going', { times }); await ctx.store.set('k', 1); return { went: times }; },
  async stray(ctx) { return (await ctx.fetch('https://api.example.com/', { method: 'POST' })).status; },
} }`;
const manifest = {
  name,
  categories: ['testing'],
  permissions: [
    { name: 'storage', reason: { en: 'keeps', 'zh-Hans': '保存' } },
    { name: 'network', hosts: ['api.example.com'], methods: ['GET', 'POST'], reason: 'asks', optional: true },
  ],
  configuration: {
    type: 'object',
    additionalProperties: false,
    properties: { color: { type: 'string', default: 'red' }, key: { type: 'string', format: 'secret' } },
  },
  actions: {
    go: { title: 'Go', input: { type: 'object', properties: { times: { type: 'integer' } } } },
    stray: { title: 'Stray' },
  },
};

describe('the registry and plugins over HTTP', function overHttp() {
  this.timeout(120_000);
  let host: RunningHost;
  let folder: string;
  let id: string;
  const gzip = { 'content-type': 'application/gzip' };

  before(async () => {
    host = await sharedHost();
    folder = mkdtempSync(join(tmpdir(), 'patchbay-http-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('make a publisher, give it a key, and publish', async () => {
    const made = await host.request('POST', '/registry/publishers', { body: { name: '@registry-http' } });
    expect(made.status).to.equal(201);
    const key = await host.request('POST', '/registry/publishers/@registry-http/keys', {
      body: { public_key: keys.public_key },
    });
    expect(key.body.content.key_id).to.equal(keys.key_id);
    const bytes = await packed(folder, manifest, handlers, keys, { 'screenshots/one.png': png });
    const answer = await host.request('POST', '/registry/plugins', { bytes, headers: gzip });
    expect(answer.status, answer.text).to.equal(201);
    expect(answer.body.content.release).to.include({ name, state: 'published', is_verified: false });
    const again = await host.request('POST', '/registry/plugins', { bytes, headers: gzip });
    expect(again.body.content.is_new).to.equal(false);
  });

  it('refuse a package with the reason, in the envelope', async () => {
    const bad = await host.request('POST', '/registry/plugins', { bytes: Buffer.from('not a package'), headers: gzip });
    expect(bad.body.code).to.equal('F42306');
    expect(bad.body.content.reason).to.be.a('string');
    const nobody = await host.request('POST', '/registry/plugins', {
      bytes: Buffer.from('x'),
      headers: gzip,
      token: null,
    });
    expect(nobody.body.code).to.equal('F40001');
  });

  it('refuse a file that is no export, or only the beginning of one, in words', async () => {
    const response = await fetch(`${host.url}/api/v1/registry/export?names=${url}`, {
      headers: { authorization: `Bearer ${await host.login(host.admin.email, host.admin.password)}` },
    });
    const whole = Buffer.from(await response.arrayBuffer());
    for (const bytes of [
      Buffer.from('junk'),
      whole.subarray(0, whole.length / 2),
      gzipSync('{}\n'),
      gzipSync('junk'),
    ]) {
      const answer = await host.request('POST', '/registry/import', { bytes, headers: gzip });
      expect(answer.body.code, answer.text).to.equal('F40022');
      expect(answer.body.content.errors[0].message).to.match(/^This is no registry export/);
    }
  });

  it('give back the very bytes that were published', async () => {
    const detail = await host.request('GET', `/registry/plugins/${url}/versions/1.0.0`);
    expect(detail.body.content.manifest.name).to.equal(name);
    const response = await fetch(`${host.url}/api/v1/registry/plugins/${url}/versions/1.0.0/tarball`);
    const { integrityOf } = await import('../../sdk/package/index.ts');
    expect(integrityOf(Buffer.from(await response.arrayBuffer()))).to.equal(detail.body.content.integrity);
  });

  it('show the pictures of a release, and nothing else that is in it', async () => {
    const detail = await host.request('GET', `/plugins/marketplace/${url}`);
    expect(detail.body.content.screenshots).to.deep.equal(['screenshots/one.png']);
    const at = `${host.url}/api/v1/registry/plugins/${url}/versions/1.0.0/screenshots`;
    const picture = await fetch(`${at}/one.png`);
    expect(picture.headers.get('content-type')).to.equal('image/png');
    expect(picture.headers.get('x-content-type-options')).to.equal('nosniff');
    expect(png.equals(Buffer.from(await picture.arrayBuffer()))).to.equal(true);
    for (const other of ['two.png', '..%2Fplugin.js', 'one.png%00', '..%2F..%2Fone.png'])
      expect((await fetch(`${at}/${other}`)).status, other).to.be.oneOf([400, 404]);
  });

  it('name the nearest when a plugin does not exist', async () => {
    const answer = await host.request('GET', '/plugins/marketplace/@patchbay%2Fgithbu');
    expect(answer.body.code).to.equal('F42302');
    expect(answer.body.content.nearest).to.equal('@patchbay/github');
  });

  it('install with a narrowed grant, and show it', async () => {
    const wide = await host.request('POST', '/plugins', {
      body: { name, permissions: ['storage', { name: 'network', hosts: ['evil.example.com'] }] },
    });
    expect(wide.body.content.reason).to.equal('permission_not_asked');
    const answer = await host.request('POST', '/plugins', {
      body: {
        name,
        permissions: ['storage', { name: 'network', hosts: ['api.example.com'], methods: ['GET'] }],
        is_verified: true,
      },
    });
    expect(answer.status, answer.text).to.equal(201);
    id = answer.body.content.id;
    expect(answer.body.content).to.include({ name, is_verified: false, status: 'ok', download_count: 1 });
    const report = await host.request('GET', `/plugins/${id}/permissions`);
    expect(report.body.content.granted[1]).to.deep.equal({
      name: 'network',
      hosts: ['api.example.com'],
      methods: ['GET'],
    });
  });

  it('refuse a sideload where it is not allowed', async () => {
    const answer = await host.request('POST', '/plugins', {
      body: { name: '@a/b', manifest: {}, bundle: 'export default {}' },
    });
    expect(answer.body.content.reason).to.equal('sideload');
  });

  it('configure, and hide the secret', async () => {
    const path = `/plugins/${id}/configuration`;
    const wrong = await host.request('PUT', path, { body: { configuration: { colour: 'blue' } } });
    expect(wrong.body.code).to.equal('F42304');
    expect(wrong.body.content.errors[0].pointer).to.equal('/configuration/colour');
    const made = await host.request('POST', path, {
      body: { configuration: { color: 'blue', key: 'very-secret-value' } },
    });
    expect(made.status).to.equal(201);
    expect(made.text).to.not.include('very-secret-value');
    expect((await host.request('POST', path, { body: { configuration: {} } })).body.code).to.equal('F40009');
    const stale = await host.request('PUT', path, { body: { configuration: {} }, headers: { 'if-match': '"9"' } });
    expect(stale.body.content.revision).to.equal(1);
    await host.request('PUT', path, { body: { configuration: { color: 'green', key: '••••' } } });
    const history = await host.request('GET', `${path}/history`);
    expect(history.body.content.revisions.map(({ changed }: { changed: string[] }) => changed)[0]).to.deep.equal([
      'color',
    ]);
    const restored = await host.request('POST', `${path}/restore`, { body: { revision: 1 } });
    expect(restored.body.content).to.deep.include({ revision: 3, configuration: { color: 'blue', key: '••••' } });
  });

  it('run an action, and show the call, its log and its cost', async () => {
    const ran = await host.request('POST', `/plugins/${id}/actions/go`, { body: { input: { times: 3 } } });
    expect(ran.body.content.output, ran.text).to.deep.equal({ went: 3 });
    const { invocation_id } = ran.body.content;
    const detail = await host.request('GET', `/invocations/${invocation_id}`);
    expect(detail.body.content.host_calls.map(({ op }: { op: string }) => op)).to.include('store');
    const logs = await host.request('GET', `/plugins/${id}/logs?level=warn`);
    expect(logs.body.content.logs[0]).to.include({ message: 'going', invocation_id });
    const stray = await host.request('POST', `/plugins/${id}/actions/stray`, { body: {} });
    expect(stray.body.code).to.equal('F42308');
    expect(stray.body.content.error).to.include({ plugin: name, version: '1.0.0' });
    const metrics = await host.request('GET', `/plugins/${id}/metrics`);
    expect(metrics.body.content).to.include({ calls: 2, errors: 1 });
    const report = await host.request('GET', `/plugins/${id}/permissions`);
    const network = report.body.content.used.find((one: { name: string }) => one.name === 'network');
    expect(network.denied).to.equal(1);
  });

  it('keep a recording for replay unless that is switched off', async () => {
    const path = `/plugins/${id}/actions/go`;
    await host.request('PATCH', `/plugins/${id}`, { body: { is_recording: false } });
    const before = await host.request('POST', path, { body: { input: { times: 1 } } });
    const none = await host.request('GET', `/invocations/${before.body.content.invocation_id}/recording`);
    expect(none.body.code).to.equal('F40004');
    await host.request('PATCH', `/plugins/${id}`, { body: { is_recording: true } });
    const ran = await host.request('POST', path, { body: { input: { times: 2 } } });
    const kept = await host.request('GET', `/invocations/${ran.body.content.invocation_id}/recording`);
    expect(kept.body.content).to.deep.include({ handler: 'actions.go', args: [{ times: 2 }] });
    expect(kept.text).to.not.include('very-secret-value');
  });

  it('stream log lines as they come', async () => {
    const token = await host.login(host.admin.email, host.admin.password);
    const abort = new AbortController();
    const response = await fetch(`${host.url}/api/v1/plugins/${id}/logs`, {
      headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' },
      signal: abort.signal,
    });
    expect(response.headers.get('content-type')).to.match(/event-stream/);
    await host.request('POST', `/plugins/${id}/actions/go`, { body: { input: { times: 8 } } });
    let text = '';
    for await (const chunk of response.body as ReadableStream<Uint8Array>) {
      text += new TextDecoder().decode(chunk);
      if (text.includes('"times":8')) break;
    }
    abort.abort();
    expect(text).to.match(/event: log\ndata: .*"going"/);
  });

  it('rate it once each, and only who runs it', async () => {
    const path = `/registry/plugins/${url}/reviews`;
    const written = await host.request('POST', path, { body: { rating: 5, text: 'It goes.' } });
    expect(written.status).to.equal(201);
    expect((await host.request('POST', path, { body: { rating: 4 } })).body.code).to.equal('F40009');
    await host.request('PUT', path, { body: { rating: 3, text: 'It went.' } });
    const detail = await host.request('GET', `/plugins/marketplace/${url}`);
    expect(detail.body.content).to.deep.include({
      review_count: 1,
      rating: 3.42,
      ratings: { 1: 0, 2: 0, 3: 1, 4: 0, 5: 0 },
    });
    const other = `/registry/plugins/${encodeURIComponent('@patchbay/slack')}/reviews`;
    expect((await host.request('POST', other, { body: { rating: 1 } })).body.code).to.equal('F40003');
    expect((await host.request('DELETE', path)).body.code).to.equal('S10000');
  });

  it('tell reviewers, not authors, apart', async () => {
    const base = `/registry/plugins/${url}/versions/1.0.0`;
    const verified = await host.request('POST', `${base}/verify`, { body: { reason: 'read it all' } });
    expect(verified.body.content, verified.text).to.include({ is_verified: true, verified_reason: 'read it all' });
    expect((await host.request('GET', `/plugins/${id}`)).body.content.is_verified).to.equal(true);
    const proof = await host.request('GET', `/registry/log/proof?index=${verified.body.content.log_index}`);
    expect(proof.body.content.entry).to.include({ kind: 'release.published', subject: name });
    expect((await host.request('GET', `${base}/findings`)).body.content.findings).to.be.an('array');
  });

  it('refuse by policy what is not verified', async () => {
    const changed = await host.request('PUT', '/policy', {
      body: { verified_only: true, blocked_publishers: ['@nobody'] },
    });
    expect(changed.body.content.effective).to.deep.include({ verified_only: true, blocked_publishers: ['@nobody'] });
    const bytes = await packed(folder, { ...manifest, name: '@registry-http/unverified' }, handlers, keys);
    await host.request('POST', '/registry/plugins', { bytes, headers: gzip });
    const answer = await host.request('POST', '/plugins', {
      body: { name: '@registry-http/unverified', permissions: ['storage'] },
    });
    expect(answer.body.content.reason).to.equal('no_release');
    await host.request('PUT', '/policy', { body: { verified_only: false, blocked_publishers: [] } });
  });

  it('uninstall, after which nothing answers', async () => {
    expect((await host.request('DELETE', `/plugins/${id}?keep=configuration`)).body.code).to.equal('S10000');
    expect((await host.request('GET', `/plugins/${id}`)).body.code).to.equal('F42302');
    const back = await host.request('POST', '/plugins', { body: { name, permissions: ['storage'] } });
    const settings = await host.request('GET', `/plugins/${back.body.content.id}/configuration`);
    expect(settings.body.content.configuration, 'the settings that were kept').to.deep.equal({
      color: 'blue',
      key: '••••',
    });
    await host.request('DELETE', `/plugins/${back.body.content.id}`);
  });
});
