import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { type RunningHost, startHost } from '../helpers/host.ts';

const root = join(import.meta.dirname, '../..');

describe('patchbay-host', function () {
  this.timeout(120_000);
  let host: RunningHost;
  let folder: string;
  before(async () => {
    host = await startHost();
    folder = mkdtempSync(join(tmpdir(), 'patchbay-commands-'));
  });
  after(async () => {
    await host.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const run = (...args: string[]) => runWith({}, ...args);
  /** Runs `patchbay-host <args>` as a person does. Not with spawnSync: this process has to see its own connections end. */
  async function runWith({ input = '', env = {} }: { input?: string; env?: object }, ...args: string[]) {
    const main = ['--enable-experimental-regexp-engine', '--disable-warning=ExperimentalWarning', 'core/cli/main.ts'];
    const child = spawn(process.execPath, [...main, ...args], {
      cwd: root,
      env: { PATH: process.env.PATH, PATCHBAY_DATA: host.data, PATCHBAY_URL: host.url, LOG_LEVEL: 'error', ...env },
    });
    child.stdin.end(input);
    const [stdout, stderr, [status]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    return { status: status as number | null, stdout, stderr };
  }
  /** The access token of who has begun to set an authenticator app up: its secret is sealed. */
  let sealed = '';
  /** A wrong code is judged by the secret, which has to be opened for that. */
  async function expectSealedOpens(): Promise<void> {
    const judged = await host.request('POST', '/auth/totp', { token: sealed, body: { code: '000000' } });
    expect(judged.body.code, judged.text).to.equal('F40022');
  }

  it('help lists every command, and an unknown one ends with 2', async () => {
    const [help, unknown] = await Promise.all([run('help'), run('backpu')]);
    expect(help.status).to.equal(0);
    for (const name of [
      'start',
      'database',
      'migrate',
      'generate-key',
      'rotate-key',
      'create-admin',
      'site-role',
      'backup',
      'restore',
      'export',
      'doctor',
    ]) {
      expect(help.stdout).to.include(name);
    }
    expect(unknown.status).to.equal(2);
    expect(unknown.stderr).to.include('"backpu"');
  });

  it('a command that is called wrongly says how to call it, with 2', async () => {
    const names = ['backup', 'restore', 'export'];
    for (const [index, wrong] of (await Promise.all(names.map((name) => run(name)))).entries()) {
      expect(wrong.status).to.equal(2);
      expect(wrong.stderr).to.include(`patchbay-host ${names[index]} <`);
    }
  });

  it('generate-key prints a key that ENCRYPTION_KEY takes, another each time', async () => {
    const [one, two] = (await Promise.all([run('generate-key'), run('generate-key')])).map(({ stdout }) => stdout);
    expect(one).to.match(/^[0-9a-f]{64}\n$/);
    expect(one).not.to.equal(two);
  });

  it('create-admin prints a link for the host that runs, which makes an admin once', async () => {
    const made = await run('create-admin');
    const token = /\/setup#token=([A-Za-z0-9]{43})\n$/.exec(made.stdout)?.[1];
    const setup = (email: string) =>
      host.request('POST', '/auth/setup', { token: null, body: { token, email, password: 'another long password' } });
    const first = await setup('second@example.com');
    expect(first.body.content.user.site_roles, made.stderr).to.deep.equal(['operator', 'reviewer']);
    expect((await setup('third@example.com')).body.code).to.equal('F40004');
  });

  it('create-admin makes the admin at once when the password comes on standard input', async () => {
    const made = await runWith({ input: 'a piped long password\n' }, 'create-admin', '--email', 'piped@example.com');
    expect(made.status, made.stderr).to.equal(0);
    expect(await host.login('piped@example.com', 'a piped long password')).to.be.a('string');
    expect((await runWith({ input: 'short' }, 'create-admin', '--email', 'piped@example.com')).status).to.equal(2);
    expect((await run('create-admin', '--mail', 'x')).status).to.equal(2);
  });

  it('site-role makes a person a reviewer, whom the running host knows, and keeps the last operator', async () => {
    const operator = await host.login('piped@example.com', 'a piped long password');
    const rolesSeen = async () =>
      (await host.request('GET', '/auth/me', { token: operator })).body.content.user.site_roles;
    expect((await run('site-role', 'piped@example.com', 'reviewer')).stdout).to.equal('piped@example.com: reviewer\n');
    const until = Date.now() + 5000;
    while ((await rolesSeen()).length > 1 && Date.now() < until)
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await rolesSeen()).to.deep.equal(['reviewer']);
    const nobody = await run('site-role', 'nobody@example.com', 'reviewer');
    expect([nobody.status, nobody.stderr]).to.deep.equal([
      1,
      'nobody@example.com has no account here: invite that person first.\n',
    ]);
    expect((await run('site-role', 'piped@example.com', 'king')).status).to.equal(2);
    const entries = (await host.request('GET', '/audit?action=user.site_roles_changed')).body.content.entries;
    expect(entries[0]).to.deep.include({ after: { site_roles: ['reviewer'] } });
  });

  it('rotate-key exchanges the key under a running host, whose secrets still open', async () => {
    sealed = await host.login(host.admin.email, host.admin.password);
    await host.request('POST', '/auth/totp', { token: sealed, body: {} });
    const rotated = await run('rotate-key');
    expect(rotated.status, rotated.stderr).to.equal(0);
    expect(rotated.stdout).to.match(/Done: [1-9]\d* secrets were wrapped again/);
    expect(readFileSync(join(host.data, 'encryption.key'), 'utf8')).to.match(/^[0-9a-f]{64}\n$/);
    await expectSealedOpens();
    const alone = await runWith({ env: { ENCRYPTION_KEY: 'ab'.repeat(32) } }, 'rotate-key');
    expect(alone.status).to.equal(2);
    expect(alone.stderr).to.include('generate-key');
  });

  it('backup copies a database that is being served, restore puts it back as it was, and only its own key starts it', async () => {
    const kept = await host.request('POST', '/projects', { body: { name: 'in the backup' } });
    const file = join(folder, 'copy.db');
    expect((await run('backup', file)).status).to.equal(0);
    expect((await run('backup', file)).stderr).to.include('exists already');
    const later = await host.request('POST', '/projects', { body: { name: 'after the backup' } });
    const refused = await run('restore', file);
    expect(refused.status, refused.stdout + refused.stderr).to.equal(1);
    await host.stop();
    const restored = await run('restore', file);
    expect(restored.status, restored.stderr).to.equal(0);
    const wrongKey = { ENCRYPTION_KEY: 'ab'.repeat(32) };
    const wrong = await runWith({ env: wrongKey }, 'start');
    expect([wrong.status, wrong.stderr]).to.deep.equal([1, wrong.stderr]);
    expect(wrong.stderr).to.match(/^Patchbay cannot start: ENCRYPTION_KEY is not the key of this database\. [^\n]+\n$/);
    const doctor = await runWith({ env: wrongKey }, 'doctor');
    expect([doctor.status, doctor.stderr]).to.deep.equal([1, '']);
    expect(doctor.stdout).to.include('wrong: ENCRYPTION_KEY is not the key of this database');
    const key = join(host.data, 'encryption.key');
    renameSync(key, `${key}.away`);
    const missing = await run('start');
    renameSync(`${key}.away`, key);
    expect([
      missing.status,
      missing.stderr.includes('holds sealed secrets, but ENCRYPTION_KEY is not set'),
    ]).to.deep.equal([1, true]);
    await host.restart();
    await expectSealedOpens();
    expect((await host.request('GET', `/projects/${kept.body.content.id}`)).body.content.name).to.equal(
      'in the backup',
    );
    expect((await host.request('GET', `/projects/${later.body.content.id}`)).body.code).to.equal('F40004');
  });

  it('export writes a file of documents and one of indexes for each collection', async () => {
    const to = join(folder, 'dump');
    const done = await run('export', to);
    expect(done.status, done.stderr).to.equal(0);
    const [database = ''] = readdirSync(to);
    const files = readdirSync(join(to, database));
    expect(files).to.include.members(['projects.bson', 'projects.metadata.json']);
  });

  it('doctor finds every index in agreement with its documents and lists the migrations, also while a host serves', async () => {
    const looked = await run('doctor');
    expect(looked.status, looked.stdout + looked.stderr).to.equal(0);
    expect(looked.stdout)
      .to.include('every index agrees with its documents')
      .and.match(/migration 1 .*: done/)
      .and.match(/^[1-9]\d* secrets need master key [0-9a-f]{12}$/m);
  });

  it('migrate is done already on a database of this version', async () => {
    const done = await run('migrate');
    expect([done.status, done.stdout]).to.deep.equal([0, 'The database is of this version already.\n']);
  });

  it('a data folder without a database is named', async () => {
    const empty = await runWith({ env: { PATCHBAY_DATA: join(folder, 'nothing') } }, 'backup', join(folder, 'x.db'));
    expect([empty.status, existsSync(join(folder, 'x.db'))]).to.deep.equal([1, false]);
    expect(empty.stderr).to.include('There is no database in');
  });
});
