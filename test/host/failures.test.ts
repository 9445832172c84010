import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ask, type RunningHost, startHost } from '../helpers/host.ts';
import { descendants, eventually, isAlive } from '../helpers/processes.ts';

const root = join(import.meta.dirname, '../..');

describe('when a part fails', function () {
  this.timeout(120_000);

  describe('the database’s process is killed', () => {
    let data: string;
    let database: ChildProcess;
    let host: RunningHost;
    before(async () => {
      data = mkdtempSync(join(tmpdir(), 'patchbay-database-'));
      const served = await serveDatabase(data);
      database = served.process;
      host = await startHost({ env: { MONGODB_URI: served.uri } });
    });
    after(async () => {
      database.kill('SIGKILL');
      await host.remove();
      rmSync(data, { recursive: true, force: true });
    });

    it('health and every other path say F50401, and all is well again by itself when it is back', async () => {
      const made = await host.request('POST', '/projects', { body: { name: 'kept' } });
      expect(made.body.code).to.equal('S10000');
      database.kill('SIGKILL');
      await eventually(
        'health says so',
        async () => (await ask(host.url, 'GET', '/health', { token: null })).body.code === 'F50401',
      );
      const health = await ask(host.url, 'GET', '/health', { token: null });
      expect(health.status).to.equal(503);
      expect(health.body.content).to.include({ status: 'unhealthy', database: 'disconnected' });
      expect((await ask(host.url, 'GET', '/health/ready', { token: null })).body.code).to.equal('F50401');
      const other = await host.request('GET', '/projects');
      expect([other.status, other.body.code]).to.deep.equal([503, 'F50401']);
      expect(other.headers.get('retry-after')).to.be.a('string');

      database = (await serveDatabase(data)).process;
      await eventually(
        'healthy again',
        async () => (await ask(host.url, 'GET', '/health', { token: null })).body.code === 'S10000',
        40_000,
      );
      const again = await host.request('GET', `/projects/${made.body.content.id}`);
      expect(again.body.content.name).to.equal('kept');
    });
  });

  describe('sandbox processes are killed', () => {
    let host: RunningHost;
    let plugin: string;
    before(async () => {
      host = await startHost();
      const installed = await host.request('POST', '/plugins', {
        body: { name: '@patchbay/hello', permissions: ['storage'] },
      });
      plugin = `/plugins/${installed.body.content.id}`;
    });
    after(() => host.remove());

    it('health says F50403 while none can be started, the host goes on serving, and calls work again afterwards', async () => {
      const greet = () => host.request('POST', `${plugin}/actions/greet`, { body: { input: { name: 'Ada' } } });
      expect((await greet()).body.code).to.equal('S10000');
      const killing = setInterval(() => {
        for (const pid of descendants(host.process.pid ?? 0)) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
      }, 5);
      try {
        await eventually(
          'health says that the pool is down',
          async () => (await ask(host.url, 'GET', '/health', { token: null })).body.code === 'F50403',
          40_000,
        );
        expect((await greet()).body.code).to.be.oneOf(['F50403', 'F42308']);
        expect((await host.request('GET', '/projects')).body.code).to.equal('S10000');
      } finally {
        clearInterval(killing);
      }
      await eventually(
        'healthy again',
        async () => (await ask(host.url, 'GET', '/health', { token: null })).body.code === 'S10000',
        40_000,
      );
      expect((await greet()).body.content.output).to.deep.equal({ greeting: 'Hello, Ada!' });
    });
  });

  describe('the disk is full', () => {
    let host: RunningHost;
    before(async () => {
      host = await startHost();
    });
    after(() => host.remove());

    it('writes and health say F50401, and when there is room again both are well and nothing is lost', async function () {
      if (spawnSync('prlimit', ['--version']).status !== 0) this.skip();
      const pid = String(host.process.pid);
      let made = 0;
      const write = () => {
        made += 1;
        return host.request('POST', '/projects', { body: { name: `${made} ${'x'.repeat(150)}` } });
      };
      const kept = await write();
      expect(kept.body.code).to.equal('S10000');
      // No file may grow past what it is now: what a full disk does to a database.
      expect(spawnSync('prlimit', ['--pid', pid, '--fsize=1024:unlimited']).status).to.equal(0);
      await eventually('a write is refused', async () => (await write()).body.code === 'F50401', 60_000);
      await eventually(
        'health says so',
        async () => (await ask(host.url, 'GET', '/health', { token: null })).body.code === 'F50401',
      );
      expect(spawnSync('prlimit', ['--pid', pid, '--fsize=unlimited:unlimited']).status).to.equal(0);
      await eventually('writes work again', async () => (await write()).body.code === 'S10000', 60_000);
      await eventually(
        'health is well',
        async () => (await ask(host.url, 'GET', '/health', { token: null })).body.code === 'S10000',
      );
      expect((await host.request('GET', `/projects/${kept.body.content.id}`)).body.code).to.equal('S10000');
    });
  });
});

async function serveDatabase(data: string): Promise<{ process: ChildProcess; uri: string }> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'core/cli/main.ts', 'database'], {
    cwd: root,
    env: { PATH: process.env.PATH, PATCHBAY_DATA: data },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const uri = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => resolve(chunk.toString('utf8').trim()));
    child.once('exit', (code) => reject(new Error(`the database ended with ${code}`)));
  });
  return { process: child, uri };
}
