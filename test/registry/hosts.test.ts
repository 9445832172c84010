import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ask, type RunningHost, startHost } from '../helpers/host.ts';
import { patchbay } from '../sdk/patchbay.ts';

const manifest = {
  manifest_version: 1,
  name: '@acme/shared',
  display_name: 'Shared',
  description: 'A plugin of the tests',
  license: 'MIT',
  engines: { patchbay: '>=1.0.0' },
  permissions: [{ name: 'storage', reason: 'counts' }],
  actions: { ping: { title: 'Ping', output: { type: 'object', properties: { pong: { type: 'string' } } } } },
};
const file = 'acme-shared-1.0.0.tgz';
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

describe('a package published by the command line on one host', function hosts() {
  this.timeout(180_000);
  let folder: string;
  let home: RunningHost;
  let remote: RunningHost;
  let earlier: Uint8Array;
  let exported: Uint8Array;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'patchbay-hosts-'));
    home = await startHost();
    await author(['login', '--email', home.admin.email, '--password-stdin'], home.admin.password);
    await author(['keygen', '--publisher', '@acme']);
    write('1.0.0');
    await author(['pack']);
    await author(['sign', file, '--key', '.home/keys/acme.pem']);
    expect(await author(['publish', file])).to.include({ name: '@acme/shared', version: '1.0.0', is_new: true });
  });

  after(async () => {
    await remote?.remove();
    await home?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs a command as the author, who knows the first host only. */
  const author = async (args: string[], input?: string) => {
    const ran = await patchbay(folder, [...args, '--json'], {
      env: { PATCHBAY_URL: home.url },
      ...(input !== undefined && { input }),
    });
    expect(ran.json, ran.err || ran.out).to.include({ ok: true });
    return ran.json;
  };
  const write = (version: string) => {
    const whole = JSON.stringify({ ...manifest, version });
    writeFileSync(join(folder, 'plugin.json'), whole);
    writeFileSync(join(folder, 'plugin.js'), `export default { manifest: ${whole}, handlers: ${handlers} };\n`);
    writeFileSync(join(folder, 'README.md'), '# Test plugin\n');
  };
  const exportShared = async () => {
    const token = await home.login(home.admin.email, home.admin.password);
    const response = await fetch(`${home.url}/api/v1/registry/export?names=@acme/shared`, {
      headers: { authorization: `Bearer ${token}` },
    });
    return new Uint8Array(await response.arrayBuffer());
  };
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

  it('is proved to be in the log by its author, offline, and by nobody for another package', async () => {
    const release = await home.request('GET', '/registry/plugins/@acme%2Fshared/versions/1.0.0');
    const proof = await home.request('GET', `/registry/log/proof?index=${release.body.content.log_index}`);
    const logKey = proof.body.content.checkpoint.public_key;
    writeFileSync(join(folder, 'proof.json'), proof.text);
    const verified = await author(['verify', file, '--proof', 'proof.json', '--log-key', logKey]);
    expect(verified.logged).to.deep.equal({
      index: release.body.content.log_index,
      origin: proof.body.content.checkpoint.origin,
      log_size: proof.body.content.checkpoint.size,
    });
    const late = structuredClone(proof.body);
    late.content.entry.leaf = late.content.entry.leaf.replace(/"at":"\d+/, '"at":"1999');
    const other = (await home.request('GET', '/registry/log/proof?index=0')).body;
    for (const [body, reason] of [
      [late, 'the line is not in the log that the registry signed'],
      [other, 'the line of the log is about'],
    ]) {
      writeFileSync(join(folder, 'proof.json'), JSON.stringify(body));
      const { code, json } = await patchbay(folder, ['verify', file, '--proof', 'proof.json', '--json']);
      expect(code).to.equal(1);
      expect(json.reason).to.include(reason);
    }
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
    earlier = await exportShared();
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

  it('counts as unsigned on the other host, too, once its key is revoked on the first', async () => {
    write('1.1.0');
    await author(['publish', '.']);
    exported = await exportShared();
    const listing = async () => (await remote.request('GET', '/plugins/marketplace/@acme%2Fshared')).body.content;
    await until(async () => ((await listing()).version === '1.1.0' ? true : undefined));
    expect((await listing()).is_signed).to.equal(true);
    const [key] = (await home.request('GET', '/registry/publishers/@acme')).body.content.keys;
    await home.request('DELETE', `/registry/publishers/@acme/keys/${key.key_id}`);
    await until(async () => ((await listing()).is_signed ? undefined : true));
  });

  it('is installed and run on a third from an export file, without any network', async () => {
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

  it('stays withdrawn when an export file of earlier is imported', async () => {
    const headers = { 'content-type': 'application/gzip' };
    const again = await remote.request('POST', '/registry/import', { bytes: earlier, headers });
    expect(again.body.content.releases, again.text).to.deep.equal(['@acme/shared@1.0.0']);
    const seen = await remote.request('GET', '/registry/plugins/@acme%2Fshared/versions/1.0.0');
    expect(seen.body.content).to.include({ state: 'yanked', state_reason: 'has a hole' });
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
    for (const [from, to] of [
      ['"origin":"', '"origin":"https://other.example'],
      ['"inclusion":[', '"inclusion":[1,'],
      ['"keys":[', '"keys":[null,'],
      ['"proof":{', '"proof":null,"x":{'],
      ['"readme":"', '"readme":7,"x":"'],
    ] as const) {
      const answer = await send(text.replace(from, to));
      expect(answer.body.code, answer.text).to.equal('F40022');
    }
    const leaf = await send(text.replaceAll('"leaf":"{', '"leaf":"['));
    expect(leaf.body.content.left_out, leaf.text).to.have.length(2);
    const swapped = await send(text.replaceAll('A plugin of the tests', 'A better plugin'));
    expect(swapped.body.content.releases).to.deep.equal([]);
    expect(swapped.body.content.left_out).to.have.length(2);
  });
});
