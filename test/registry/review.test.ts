import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { lineDiff } from '../../marketplace/releases/line-diff.ts';
import { generateKeys, pack } from '../../sdk/package/index.ts';
import { type RunningHost, startHost } from '../helpers/host.ts';

/** A comparison in the way of `diff`, without the unchanged lines. */
const changes = (before: string, after: string): string[] =>
  lineDiff(before, after).lines.flatMap((line) =>
    line && line.kind !== 'same' ? [`${line.kind === 'added' ? '+' : '-'}${line.text}`] : [],
  );

describe('What reviewers look at', function () {
  this.timeout(60_000);
  let host: RunningHost;
  const keys = generateKeys();
  const path = `/registry/plugins/${encodeURIComponent('@acme/notes')}/versions`;

  async function publish(version: string, more: object, code: string): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), 'patchbay-review-'));
    const manifest = {
      ...{ manifest_version: 1, name: '@acme/notes', version, display_name: 'Notes', description: 'Notes.' },
      ...{ license: 'MIT', author: 'Acme', engines: { patchbay: '>=1.0.0' } },
      actions: { note: { title: 'Note', input: { type: 'object' } } },
      ...more,
    };
    writeFileSync(join(folder, 'plugin.json'), JSON.stringify(manifest));
    writeFileSync(
      join(folder, 'plugin.js'),
      `export default {\n  manifest: ${JSON.stringify(manifest)},\n  handlers: { actions: { note: async () => {\n${code}\n  } } },\n};\n`,
    );
    writeFileSync(join(folder, 'README.md'), `# Notes\n\nVersion ${version}.\n`);
    writeFileSync(join(folder, 'LICENSE'), 'MIT');
    const { bytes } = await pack(folder, { privateKey: keys.private_key });
    rmSync(folder, { recursive: true });
    const answer = await host.request('POST', '/registry/plugins', {
      bytes,
      headers: { 'content-type': 'application/gzip' },
    });
    expect(answer.status, answer.text).to.equal(201);
  }

  before(async () => {
    host = await startHost();
    await host.request('POST', '/registry/publishers', { body: { name: '@acme', public_key: keys.public_key } });
    await publish('1.0.0', {}, '    return { said: 1 };');
    await publish('1.1.0', { permissions: [{ name: 'storage', reason: 'Keeps notes' }] }, '    return { said: 2 };');
  });
  after(() => host?.remove());

  it('queues what nobody has verified, newest first, with the count of findings', async () => {
    const queue = await host.request('GET', '/registry/releases?is_verified=false&state=published');
    const all = queue.body.content.releases.map(({ name, version }: { name: string; version: string }) => [
      name,
      version,
    ]);
    expect(all).to.deep.equal([
      ['@acme/notes', '1.1.0'],
      ['@acme/notes', '1.0.0'],
    ]);
    expect(queue.body.content.releases[0].findings_count).to.have.all.keys('error', 'warning', 'info');
    await host.request('POST', `${path}/1.1.0/verify`, { body: { reason: 'Read it' } });
    const after = await host.request('GET', '/registry/releases?is_verified=false&state=published');
    expect(after.body.content.releases.map(({ version }: { version: string }) => version)).to.deep.equal(['1.0.0']);
  });

  it('shows what a release changes against the one before: permissions, and lines of each file', async () => {
    const { from, permissions, files } = (await host.request('GET', `${path}/1.1.0/diff`)).body.content;
    expect(from).to.equal('1.0.0');
    expect(permissions).to.deep.equal({ added: [{ name: 'storage', reason: 'Keeps notes' }], removed: [] });
    const lines = (file: string) =>
      files
        .find((one: { path: string }) => one.path === file)
        .lines.flatMap((line: { kind: string; text: string } | null) =>
          line && line.kind !== 'same' ? [`${line.kind} ${line.text.trim()}`] : [],
        );
    expect(lines('README.md')).to.deep.equal(['removed Version 1.0.0.', 'added Version 1.1.0.']);
    expect(lines('plugin.js')).to.include('removed return { said: 1 };').and.to.include('added return { said: 2 };');
    expect(files.map((one: { path: string }) => one.path)).to.not.include('LICENSE');
    const first = (await host.request('GET', `${path}/1.0.0/diff`)).body.content;
    expect(first.from).to.equal(null);
    expect(first.files.every((one: { change: string }) => one.change === 'added')).to.equal(true);
  });

  it('shows both to the members of the publisher, and to nobody else', async () => {
    await host.request('POST', '/invitations', { body: { email: 'dev@example.com', role: 'developer' } });
    const made = await host.request('POST', '/invitations', { body: { email: 'dev@example.com', role: 'developer' } });
    const joined = await host.request('POST', `/invitations/${made.body.content.token}/accept`, {
      token: null,
      body: { email: 'dev@example.com', password: 'a fine long password' },
    });
    const token = joined.body.content.access_token;
    for (const asked of ['/registry/releases', '/registry/releases?publisher=@acme', `${path}/1.1.0/diff`])
      expect((await host.request('GET', asked, { token })).body.code, asked).to.equal('F40003');
    await host.request('POST', '/registry/publishers/@acme/members', { body: { email: 'dev@example.com' } });
    const own = await host.request('GET', '/registry/releases?publisher=@acme', { token });
    expect(own.body.content.total).to.equal(2);
    expect((await host.request('GET', `${path}/1.1.0/diff`, { token })).status).to.equal(200);
  });

  it('tells sandbox processes and queues in counts', async () => {
    const { content } = (await host.request('GET', '/health/details')).body;
    const processes = Object.values(content.sandbox.processes as Record<string, number>);
    expect(processes.reduce((sum, one) => sum + one)).to.be.greaterThan(0);
    expect(content.queues).to.be.an('array');
  });
});

describe('Comparing texts line by line', () => {
  it('finds the fewest changes', () => {
    expect(changes('a\nb\nc', 'a\nc')).to.deep.equal(['-b']);
    expect(changes('a\nb', 'b\na\nb')).to.deep.equal(['+b']);
    expect(changes('', 'a\nb')).to.deep.equal(['+a', '+b']);
    expect(changes('same', 'same')).to.deep.equal([]);
    expect(changes('a\nb\nc\nd', 'x\nb\ny\nd')).to.deep.equal(['-a', '+x', '-c', '+y']);
  });

  it('leaves out what is far from a change, and cuts lines that nobody reads', () => {
    const many = Array.from({ length: 50 }, (_, index) => `line ${index}`);
    const { lines } = lineDiff(many.join('\n'), [...many, 'z'.repeat(5_000)].join('\n'));
    expect(lines[0]).to.equal(null);
    expect(lines).to.have.length(5);
    expect(lines.at(-1)).to.deep.equal({ kind: 'added', text: 'z'.repeat(400) });
  });

  it('stays quick for texts that differ in everything', () => {
    const text = (word: string) => Array.from({ length: 20_000 }, (_, index) => `${word} ${index}`).join('\n');
    const { added, removed } = lineDiff(text('a'), text('b'));
    expect([added, removed]).to.deep.equal([20_000, 20_000]);
  });
});
