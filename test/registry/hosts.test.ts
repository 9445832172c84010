import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ask, type RunningHost, startHost } from '../helpers/host.ts';
import { keys, packed } from './parts.ts';

const manifest = {
  name: '@acme/shared',
  permissions: [{ name: 'storage', reason: 'counts' }],
  actions: { ping: { title: 'Ping', output: { type: 'object', properties: { pong: { type: 'string' } } } } },
};
const handlers = `{ actions: { async ping() { return { pong: 'shared' }; } } }`;

/** Until something is so, or half a minute is over. */
async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 150; tries += 1) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('it did not come about');
}

describe('a package published on one host', function hosts() {
  this.timeout(90_000);
  let folder: string;
  let home: RunningHost;
  let remote: RunningHost;
  let exported: Uint8Array;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'patchbay-hosts-'));
    home = await startHost();
    await home.request('POST', '/registry/publishers', { body: { name: '@acme', public_key: keys.public_key } });
    const bytes = await packed(folder, manifest, handlers);
    const answer = await home.request('POST', '/registry/plugins', {
      bytes,
      headers: { 'content-type': 'application/gzip' },
    });
    expect(answer.status, answer.text).to.equal(201);
  });

  after(async () => {
    await remote?.remove();
    await home?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const run = async (host: RunningHost) => {
    const installed = await host.request('POST', '/plugins', {
      body: { name: '@acme/shared', permissions: ['storage'] },
    });
    expect(installed.status, installed.text).to.equal(201);
    const path = `/plugins/${installed.body.content.id}/actions/ping`;
    return (await host.request('POST', path, { body: { input: {} } })).body.content.output;
  };

  it('is found, inspected, installed and run there over HTTP', async () => {
    const found = await home.request('GET', '/plugins/marketplace?search=shared');
    expect(found.body.content.plugins.map(({ name }: { name: string }) => name)).to.include('@acme/shared');
    const detail = await home.request('GET', '/plugins/marketplace/@acme%2Fshared');
    expect(detail.body.content.risk.points.length).to.be.greaterThan(0);
    expect(await run(home)).to.deep.equal({ pong: 'shared' });
  });

  it('is found, inspected, installed and run on another that has only PATCHBAY_REGISTRY_URL', async () => {
    remote = await startHost({ env: { PATCHBAY_REGISTRY_URL: home.url, PATCHBAY_EGRESS_ALLOW: '127.0.0.0/8' } });
    const listing = await until(async () => {
      const found = await remote.request('GET', '/plugins/marketplace?search=shared');
      return found.body.content.plugins[0] as { name: string; origin: string } | undefined;
    });
    expect(listing).to.include({ name: '@acme/shared', origin: home.url });
    expect((await remote.request('GET', '/plugins/marketplace/@acme%2Fshared')).body.content.readme).to.match(
      /Test plugin/,
    );
    expect(await run(remote)).to.deep.equal({ pong: 'shared' });
  });

  it('is withdrawn on the other host, too, when its publisher yanks it', async () => {
    const path = '/registry/plugins/@acme%2Fshared/versions/1.0.0';
    const yanked = await home.request('POST', `${path}/yank`, { body: { reason: 'has a hole' } });
    expect(yanked.body.content.state).to.equal('yanked');
    const state = await until(async () => {
      const seen = await remote.request('GET', path);
      return seen.body.content.state === 'yanked' ? 'yanked' : undefined;
    });
    expect(state).to.equal('yanked');
    const [plugin] = (await remote.request('GET', '/plugins')).body.content.plugins;
    const ping = await remote.request('POST', `/plugins/${plugin.id}/actions/ping`, { body: { input: {} } });
    expect(ping.body.content.output, 'who runs it goes on').to.deep.equal({ pong: 'shared' });
  });

  it('stops on the other host, too, when it is blocked on the first', async () => {
    const block = await home.request('POST', '/registry/plugins/@acme%2Fshared/block', {
      body: { reason: 'is a trap' },
    });
    expect(block.body.code).to.equal('S10000');
    const [plugin] = (await remote.request('GET', '/plugins')).body.content.plugins;
    await until(async () => {
      const ping = await remote.request('POST', `/plugins/${plugin.id}/actions/ping`, { body: { input: {} } });
      return ping.status === 409 ? true : undefined;
    });
    expect((await remote.request('GET', `/plugins/${plugin.id}`)).body.content.status_reason).to.equal('is a trap');
    await home.request('DELETE', '/registry/plugins/@acme%2Fshared/block');
  });

  it('is installed and run on a third from an export file, without any network', async () => {
    const bytes = await packed(folder, { ...manifest, version: '1.1.0' }, handlers);
    await home.request('POST', '/registry/plugins', { bytes, headers: { 'content-type': 'application/gzip' } });
    const token = await home.login(home.admin.email, home.admin.password);
    const response = await fetch(`${home.url}/api/v1/registry/export?names=@acme/shared`, {
      headers: { authorization: `Bearer ${token}` },
    });
    exported = new Uint8Array(await response.arrayBuffer());
    await home.stop();
    await remote.remove();
    remote = await startHost();
    const imported = await remote.request('POST', '/registry/import', {
      bytes: exported,
      headers: { 'content-type': 'application/gzip' },
    });
    expect(imported.body.content, imported.text).to.deep.include({
      publishers: ['@acme'],
      releases: ['@acme/shared@1.0.0', '@acme/shared@1.1.0'],
      left_out: [],
    });
    expect(await run(remote)).to.deep.equal({ pong: 'shared' });
  });

  it('is refused from an export file in which anything was changed', async () => {
    const { gunzipSync, gzipSync } = await import('node:zlib');
    const text = gunzipSync(exported).toString('utf8');
    const token = await remote.login(remote.admin.email, remote.admin.password);
    const send = (changed: string) =>
      ask(remote.url, 'POST', '/registry/import', {
        bytes: gzipSync(changed),
        token,
        headers: { 'content-type': 'application/gzip' },
      });
    const forged = await send(text.replace('"size":', '"size":1'));
    expect(forged.body.code, 'a checkpoint that nobody signed').to.equal('F40022');
    const swapped = await send(
      text.replaceAll('A test plugin', 'x').replaceAll('A plugin of the tests', 'A better plugin'),
    );
    expect(swapped.body.content.releases).to.deep.equal([]);
    expect(swapped.body.content.left_out).to.have.length(2);
  });
});
