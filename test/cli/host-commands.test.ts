import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

  const run = (...args: string[]) =>
    spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', 'core/cli/main.ts', ...args], {
      cwd: root,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, PATCHBAY_DATA: host.data, LOG_LEVEL: 'error' },
    });

  it('help lists every command, and an unknown one ends with 2', () => {
    const help = run('help');
    expect(help.status).to.equal(0);
    for (const name of [
      'start',
      'database',
      'migrate',
      'generate-key',
      'rotate-key',
      'create-admin',
      'backup',
      'restore',
      'export',
      'doctor',
    ]) {
      expect(help.stdout).to.include(name);
    }
    const unknown = run('backpu');
    expect(unknown.status).to.equal(2);
    expect(unknown.stderr).to.include('"backpu"');
  });

  it('a command that is called wrongly says how to call it, with 2', () => {
    for (const name of ['backup', 'restore', 'export']) {
      const wrong = run(name);
      expect(wrong.status).to.equal(2);
      expect(wrong.stderr).to.include(`patchbay-host ${name} <`);
    }
  });

  it('generate-key prints a key that ENCRYPTION_KEY takes', () => {
    expect(run('generate-key').stdout.trim()).to.match(/^[0-9a-f]{64}$/);
  });

  it('backup copies a database that is being served, and restore puts it back as it was', async () => {
    const kept = await host.request('POST', '/projects', { body: { name: 'in the backup' } });
    const file = join(folder, 'copy.db');
    expect(run('backup', file).status).to.equal(0);
    expect(run('backup', file).stderr).to.include('exists already');
    const later = await host.request('POST', '/projects', { body: { name: 'after the backup' } });
    const refused = run('restore', file);
    expect(refused.status, refused.stdout + refused.stderr).to.equal(1);
    await host.stop();
    const restored = run('restore', file);
    expect(restored.status, restored.stderr).to.equal(0);
    await host.restart();
    expect((await host.request('GET', `/projects/${kept.body.content.id}`)).body.content.name).to.equal(
      'in the backup',
    );
    expect((await host.request('GET', `/projects/${later.body.content.id}`)).body.code).to.equal('F40004');
  });

  it('export writes a file of documents and one of indexes for each collection', () => {
    const to = join(folder, 'dump');
    const done = run('export', to);
    expect(done.status, done.stderr).to.equal(0);
    const [database = ''] = readdirSync(to);
    const files = readdirSync(join(to, database));
    expect(files).to.include.members(['projects.bson', 'projects.metadata.json']);
  });

  it('doctor finds every index in agreement with its documents and lists the migrations, also while a host serves', () => {
    const looked = run('doctor');
    expect(looked.status, looked.stdout + looked.stderr).to.equal(0);
    expect(looked.stdout)
      .to.include('every index agrees with its documents')
      .and.match(/migration 1 .*: done/);
  });

  it('migrate is done already on a database of this version', () => {
    const done = run('migrate');
    expect([done.status, done.stdout]).to.deep.equal([0, 'The database is of this version already.\n']);
  });

  it('create-admin prints a link that works once', async () => {
    const made = run('create-admin');
    const token = /#token=(\S+)/.exec(made.stdout)?.[1] ?? '';
    expect(token, made.stderr).to.not.equal('');
    const setup = () =>
      host.request('POST', '/auth/setup', {
        token: null,
        body: { token, email: 'second@example.com', password: 'another long password' },
      });
    expect((await setup()).body.code).to.equal('S10000');
    expect((await setup()).body.code).to.not.equal('S10000');
  });

  it('a data folder without a database is named', () => {
    const empty = spawnSync(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', 'core/cli/main.ts', 'backup', join(folder, 'x.db')],
      {
        cwd: root,
        encoding: 'utf8',
        env: { PATH: process.env.PATH, PATCHBAY_DATA: join(folder, 'nothing') },
      },
    );
    expect([empty.status, existsSync(join(folder, 'x.db'))]).to.deep.equal([1, false]);
    expect(empty.stderr).to.include('There is no database in');
  });
});
