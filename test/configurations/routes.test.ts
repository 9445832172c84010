import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type RunningHost, startHost } from '../helpers/host.ts';
import { eventually } from '../helpers/processes.ts';

const canary = 'canary-5c1f0e7a9b3d2468';
const manifest = {
  manifest_version: 1,
  name: '@mine/settings',
  version: '1.0.0',
  display_name: 'Settings',
  engines: { patchbay: '>=1.0.0' },
  configuration: {
    type: 'object',
    properties: {
      region: { type: 'string', default: 'eu' },
      server: { type: 'object', properties: { port: { type: 'integer', default: 443 }, host: { type: 'string' } } },
      words: { type: 'object', additionalProperties: { type: 'string' } },
      api_key: { type: 'string', format: 'secret', minLength: 8 },
    },
  },
  actions: { show: { title: 'Show' }, slow: { title: 'Slow', timeout_ms: 20_000 } },
};
const handlers = `{ actions: {
  async show(ctx) { ctx.log.info('shown', ctx.config); return ctx.config; },
  async slow(ctx) {
    const first = await ctx.crypto.hmac('sha256', 'api_key', 'x', 'hex');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    return { region: ctx.config.region, same: first === (await ctx.crypto.hmac('sha256', 'api_key', 'x', 'hex')) };
  },
} }`;

describe('settings over HTTP', function overHttp() {
  this.timeout(120_000);
  let host: RunningHost;
  let path: string;
  let projects: string[];

  before(async () => {
    host = await startHost({ env: { PATCHBAY_ALLOW_SIDELOAD: 'true', LOG_LEVEL: 'debug' } });
    const bundle = `export default { manifest: ${JSON.stringify(manifest)}, handlers: ${handlers} };`;
    const made = await host.request('POST', '/plugins', { body: { name: manifest.name, manifest, bundle } });
    expect(made.status, made.text).to.equal(201);
    path = `/plugins/${made.body.content.id}`;
    await host.request('PATCH', path, { body: { is_recording: true } });
    projects = [];
    for (const name of ['One', 'Two', 'Three'])
      projects.push((await host.request('POST', '/projects', { body: { name } })).body.content.id);
  });
  after(() => host.remove());

  const at = (project_id?: string) => `${path}/configuration${project_id ? `?project_id=${project_id}` : ''}`;
  const show = async (project_id: string | undefined, action = 'show') =>
    host.request('POST', `${path}/actions/${action}`, { body: { input: {}, ...(project_id && { project_id }) } });

  it('take the level from the query or the body, and an answer’s own null', async () => {
    const [one] = projects as [string];
    const made = await host.request('POST', at(), { body: { project_id: null, configuration: { region: 'us' } } });
    expect(made.status, made.text).to.equal(201);
    expect(made.body.content).to.include({ project_id: null, revision: 1, is_active: true });
    const own = await host.request('POST', at(one), { body: { configuration: { server: {} } } });
    expect(own.body.content).to.include({ project_id: one });
    expect(own.body.content.effective).to.deep.equal({ region: 'us', server: { port: 443 } });
    expect(own.body.content.origins).to.deep.equal({ region: 'workspace', server: 'project' });
    expect((await show(one)).body.content.output).to.deep.equal({ region: 'us', server: { port: 443 } });
  });

  it('of ten that make the first one let exactly one through', async () => {
    const two = projects[1];
    const all = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        host.request('POST', at(two), { body: { configuration: { region: `r${i}` } } }),
      ),
    );
    expect(all.map(({ body }) => body.code).sort()).to.deep.equal(['F40009', ...Array(8).fill('F40009'), 'S10000']);
  });

  it('refuse a stale revision in If-Match and in the body, for writing, restoring and removing', async () => {
    const two = projects[1];
    const stale = { headers: { 'if-match': '"7"' } };
    for (const answer of [
      await host.request('PUT', at(two), { body: { configuration: {} }, ...stale }),
      await host.request('PUT', at(two), { body: { configuration: {}, revision: 7 } }),
      await host.request('POST', `${path}/configuration/restore?project_id=${two}`, {
        body: { revision: 1 },
        ...stale,
      }),
      await host.request('DELETE', at(two), stale),
    ]) {
      expect(answer.body.code, answer.text).to.equal('F40009');
      expect(answer.body.content.revision).to.equal(1);
    }
    const taken = await host.request('PUT', at(two), { body: { is_active: true }, headers: { 'if-match': '"1"' } });
    expect(taken.headers.get('etag')).to.equal('"2"');
    expect(taken.body.content.configuration).to.have.property('region');
  });

  it('show the workspace’s value again when a project’s is removed, and let the project keep its silence on is_active', async () => {
    const [one] = projects as [string];
    await host.request('PUT', at(one), { body: { configuration: { region: 'asia' } } });
    expect((await show(one)).body.content.output.region).to.equal('asia');
    await host.request('PUT', at(one), { body: { configuration: {} } });
    expect((await show(one)).body.content.output.region).to.equal('us');
    await host.request('PUT', at(), { body: { is_active: false } });
    expect((await show(one)).body.code, 'the workspace switched it off, and this project said nothing').to.equal(
      'F40009',
    );
    await host.request('PUT', at(one), { body: { is_active: true } });
    expect((await show(one)).status).to.equal(200);
    await host.request('PUT', at(), { body: { is_active: true } });
  });

  it('refuse keys that reach a prototype, take any other, and bound their size', async () => {
    const [one] = projects as [string];
    const words = { 名字: '值', 'a.b': '$c', $d: '', 'e/f~g': '😀', toString: 'x' };
    const taken = await host.request('PUT', at(one), { body: { configuration: { words } } });
    expect(taken.body.content.effective.words).to.deep.equal(words);
    expect((await show(one)).body.content.output.words).to.deep.equal(words);
    const raw = await host.request('PUT', at(one), {
      bytes: Buffer.from('{"configuration":{"words":{"__proto__":"x"}}}'),
      headers: { 'content-type': 'application/json' },
    });
    expect(raw.status).to.equal(422);
    const large = await host.request('PUT', at(one), {
      body: { configuration: { words: { a: 'x'.repeat(300_000) } } },
    });
    expect(large.body.content.errors[0]).to.include({ pointer: '/configuration', keyword: 'bytes' });
  });

  it('answer in the caller’s language', async () => {
    const [one] = projects as [string];
    for (const [language, message] of [
      ['zh-CN', '必须是文本，而不是整数'],
      ['zh-TW', '必須是文字，而不是整數'],
    ]) {
      const wrong = await host.request('PUT', at(one), {
        body: { configuration: { api_key: 5 } },
        headers: { 'accept-language': language as string },
      });
      expect(wrong.body.content.errors[0]).to.include({ pointer: '/configuration/api_key', message });
    }
  });

  it('keep a masked secret, the workspace’s too, and refuse a mask over nothing', async () => {
    const three = projects[2];
    const nothing = await host.request('PUT', at(three), { body: { configuration: { api_key: '••••' } } });
    expect(nothing.body.content.errors[0]).to.include({ pointer: '/configuration/api_key', keyword: 'masked' });
    await host.request('PUT', at(), { body: { configuration: { region: 'us', api_key: canary } } });
    const inherited = await host.request('PUT', at(three), { body: { configuration: { api_key: '••••' } } });
    expect(inherited.body.content.configuration).to.deep.equal({});
    expect(inherited.body.content.origins.api_key).to.equal('workspace');
  });

  it('are not found in a project of nobody, and read but not written by a viewer', async () => {
    expect((await host.request('GET', at('prj_nobody'))).body.code).to.equal('F40004');
    expect((await host.request('PUT', at('prj_nobody'), { body: { configuration: {} } })).body.code).to.equal('F40004');
    const elsewhere = (await host.request('POST', '/workspaces', { body: { name: 'Elsewhere' } })).body.content.id;
    const headers = { 'x-workspace-id': elsewhere };
    const theirs = await host.request('POST', '/projects', { body: { name: 'Theirs' }, headers });
    expect(theirs.status, theirs.text).to.equal(201);
    expect((await host.request('GET', at(theirs.body.content.id))).body.code).to.equal('F40004');
    expect((await host.request('PUT', at(theirs.body.content.id), { body: { configuration: {} } })).body.code).to.equal(
      'F40004',
    );
    expect((await host.request('GET', at(), { headers })).body.code, 'nor the plugin itself').to.equal('F42302');
    const { token } = (
      await host.request('POST', '/invitations', { body: { email: 'viewer@example.com', role: 'viewer' } })
    ).body.content;
    const joined = await host.request('POST', `/invitations/${token}/accept`, {
      token: null,
      body: { password: 'a fine long password' },
    });
    const viewer = { token: joined.body.content.access_token as string };
    expect((await host.request('GET', at(), viewer)).body.content.configuration.api_key).to.equal('••••');
    expect((await host.request('PUT', at(), { ...viewer, body: { configuration: {} } })).body.code).to.equal('F40003');
  });

  it('show in their history what changed, without secrets, and leave with their project', async () => {
    const three = projects[2] as string;
    await host.request('PUT', at(three), { body: { configuration: { region: 'a', api_key: `${canary}-2` } } });
    await host.request('PUT', at(three), { body: { configuration: { region: 'b' } } });
    const { revisions } = (await host.request('GET', `${path}/configuration/history?project_id=${three}`)).body.content;
    expect(revisions[0].diff).to.deep.equal([
      { name: 'api_key', from: '••••' },
      { name: 'region', from: 'a', to: 'b' },
    ]);
    expect((await host.request('DELETE', `/projects/${three}`)).status).to.equal(200);
  });

  it('do not change under a call in flight, secrets neither', async () => {
    const [one] = projects as [string];
    await host.request('PUT', at(one), { body: { configuration: { region: 'before' } } });
    const running = show(one, 'slow');
    await new Promise((resolve) => setTimeout(resolve, 300));
    await host.request('PUT', at(one), { body: { configuration: { region: 'after', api_key: `${canary}-3` } } });
    expect((await running).body.content.output).to.deep.equal({ region: 'before', same: true });
    expect((await show(one)).body.content.output.region).to.equal('after');
  });

  it('leave a secret nowhere in the clear: answers, log, audit, events, recordings, exports, backup, database files', async () => {
    const [one] = projects as [string];
    const ran = (await show(one, 'slow')).body.content;
    const answers: string[] = [];
    for (const asked of [
      ...[at(), at(one), `${path}/configuration/history`, `${path}/configuration/history?project_id=${one}`],
      ...['/audit', '/events', `${path}/logs`, `${path}/invocations`, `/projects/${one}/settings`],
      ...[`/invocations/${ran.invocation_id}`, `/invocations/${ran.invocation_id}/recording`],
    ]) {
      const answer = await host.request('GET', asked);
      expect(answer.status, `${asked} ${answer.text}`).to.equal(200);
      answers.push(answer.text);
    }
    const refused = await host.request('PUT', at(one), { body: { configuration: { api_key: [canary] } } });
    answers.push(refused.text, host.output());
    const copies = copiesOf(host.data);
    await host.stop();
    const files = filesIn(host.data);
    expect(files.length).to.be.greaterThan(1);
    for (const [what, some] of [
      ['database', files],
      ['backup', copies.backup],
      ['export', copies.export],
    ] as const)
      expect(
        some.some((file) => file.includes('"region":"after"')),
        `what is no secret is found in the ${what}`,
      ).to.equal(true);
    const haystacks = [...answers.map((text) => Buffer.from(text)), ...files, ...copies.backup, ...copies.export];
    for (const [form, needle] of formsOf(canary))
      expect(haystacks.filter((hay) => hay.includes(needle)).length, form).to.equal(0);
    await host.restart();
    await eventually('it serves again', async () => (await host.request('GET', at())).status === 200);
  });
});

/** Every file that `patchbay-host backup` and `export` write of a data folder while its host serves, and what they print. */
function copiesOf(data: string): Record<'backup' | 'export', Buffer[]> {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-copies-'));
  const copy = (command: string) => {
    const to = join(folder, command);
    const { status, stdout, stderr } = spawnSync(process.execPath, ['core/cli/main.ts', command, to], {
      cwd: join(import.meta.dirname, '../..'),
      env: { PATH: process.env.PATH, PATCHBAY_DATA: data },
    });
    expect(status, String(stderr)).to.equal(0);
    return [stdout, stderr];
  };
  const printed = { backup: copy('backup'), export: copy('export') };
  const backup = [readFileSync(join(folder, 'backup')), ...printed.backup];
  const exported = [...filesIn(join(folder, 'export')), ...printed.export];
  rmSync(folder, { recursive: true, force: true });
  return { backup, export: exported };
}

function filesIn(folder: string): Buffer[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)));
}

/** A text as it might lie about: plain, hex, UTF-16, and the three alignments of base64. */
function formsOf(text: string): [string, Buffer][] {
  const base64 = [0, 1, 2].map((shift): [string, Buffer] => {
    const whole = Buffer.from(' '.repeat(shift) + text).toString('base64');
    return [`base64 shifted by ${shift}`, Buffer.from(whole.slice(shift === 0 ? 0 : shift + 1, -4))];
  });
  const utf16 = Buffer.from(text, 'utf16le');
  return [
    ['text', Buffer.from(text)],
    ['hex', Buffer.from(Buffer.from(text).toString('hex'))],
    ['UTF-16 LE', utf16],
    ['UTF-16 BE', Buffer.from(utf16).swap16()],
    ...base64,
  ];
}
