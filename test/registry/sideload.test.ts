import { expect } from 'chai';
import { type RunningHost, startHost } from '../helpers/host.ts';

const manifest = {
  manifest_version: 1,
  name: '@mine/draft',
  version: '0.1.0',
  display_name: 'Draft',
  engines: { patchbay: '>=1.0.0' },
  actions: { ping: { title: 'Ping' } },
};
const bundle = (inside: object) =>
  `export default { manifest: ${JSON.stringify(inside)}, handlers: { actions: { async ping() { return { pong: true }; } } } };`;

describe('sideloading, where the host allows it', function sideloading() {
  this.timeout(60_000);
  let host: RunningHost;
  before(async () => {
    host = await startHost({ env: { PATCHBAY_ALLOW_SIDELOAD: 'true' } });
  });
  after(() => host.remove());

  it('runs a manifest with the source of its module, never verified', async () => {
    const answer = await host.request('POST', '/plugins', {
      body: { name: manifest.name, manifest, bundle: bundle(manifest), is_verified: true },
    });
    expect(answer.status, answer.text).to.equal(201);
    expect(answer.body.content).to.include({ is_verified: false, source: 'sideload', version: '0.1.0' });
    const ran = await host.request('POST', `/plugins/${answer.body.content.id}/actions/ping`, { body: {} });
    expect(ran.body.content.output).to.deep.equal({ pong: true });
  });

  it('refuses a module that says other things of itself than the manifest', async () => {
    const other = { ...manifest, name: '@mine/other' };
    const answer = await host.request('POST', '/plugins', {
      body: { name: other.name, manifest: other, bundle: bundle(manifest) },
    });
    expect(answer.body.content.reason).to.equal('manifest_differs');
  });

  it('refuses a module with imports, and one that runs away while it is loaded', async () => {
    const imports = await host.request('POST', '/plugins', {
      body: {
        name: 'x',
        manifest: { ...manifest, name: '@mine/imports' },
        bundle: "import fs from 'node:fs'; export default fs;",
      },
    });
    expect(imports.status).to.equal(422);
    const loops = await host.request('POST', '/plugins', {
      body: { name: 'x', manifest: { ...manifest, name: '@mine/loops' }, bundle: 'for (;;) {}; export default 1;' },
    });
    expect(loops.body.code, loops.text).to.equal('F42306');
    expect((await host.request('GET', '/plugins')).body.content.total).to.equal(1);
  });

  it('is refused for a workspace whose policy forbids it', async () => {
    await host.request('PUT', '/policy', { body: { allow_sideload: false } });
    const answer = await host.request('POST', '/plugins', { body: { name: 'x', manifest, bundle: bundle(manifest) } });
    expect(answer.body.content.reason).to.equal('sideload');
  });
});
