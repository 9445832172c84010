import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'chai';
import { type RunningHost, startHost } from '../helpers/host.ts';
import { killDuringWrites } from '../helpers/kill-during-writes.ts';
import { descendants, eventually, isAlive } from '../helpers/processes.ts';

const root = join(import.meta.dirname, '../..');

describe('the life of a host', function () {
  this.timeout(90_000);
  let host: RunningHost;
  before(async () => {
    host = await startHost();
  });
  after(() => host.remove());

  it('says plainly what it made and where', () => {
    expect(host.output())
      .to.include('Patchbay is ready on')
      .and.include(`embedded, in ${host.data}`)
      .and.include('encryption.key (made now');
  });

  it('gives the first admin a one-time link when none is configured, and nobody else an account when sign-up is closed', async () => {
    const nobody = { PATCHBAY_ADMIN_EMAIL: '', PATCHBAY_ADMIN_PASSWORD: '' };
    const fresh = await startHost({ env: { ...nobody, PATCHBAY_SIGNUP: 'closed' } });
    try {
      const token = /#token=(\S+)/.exec(fresh.output())?.[1] ?? '';
      const setup = () =>
        fresh.request('POST', '/auth/setup', {
          body: { token, email: 'first@example.com', password: 'quite a long password' },
          token: null,
        });
      expect((await setup()).body.code).to.equal('S10000');
      expect((await setup()).body.code).to.not.equal('S10000');
      const first = await fresh.login('first@example.com', 'quite a long password');
      const made = await fresh.request('POST', '/invitations', {
        body: { email: 'late@example.com', role: 'viewer' },
        token: first,
      });
      const account = { email: 'late@example.com', password: 'quite a long password' };
      for (const body of [account, { ...account, invitation: made.body.content.token }]) {
        const refused = await fresh.request('POST', '/auth/register', { body, token: null });
        expect([refused.status, refused.body.code], refused.text).to.deep.equal([403, 'F40003']);
      }
    } finally {
      await fresh.remove();
    }
  });

  it('kill -9 in the middle of writes: no sandbox process is left, and everything acknowledged is there again', async () => {
    await killDuringWrites(host, 1);
  });

  it('SIGTERM ends it within ten seconds, with code 0, after what was in flight has been answered', async () => {
    const inFlight = Array.from({ length: 5 }, (_, i) =>
      host.request('POST', '/projects', { body: { name: `last ${i}` } }),
    );
    await Promise.race(inFlight);
    const pids = descendants(host.process.pid ?? 0);
    const began = Date.now();
    const code = await host.stop();
    expect(code).to.equal(0);
    expect(host.output(), 'what was still under way').to.not.include('MongoNotConnectedError');
    expect(Date.now() - began).to.be.below(10_000);
    for (const { body } of await Promise.all(inFlight)) expect(body.code).to.be.oneOf(['S10000', 'F50403']);
    await eventually('its processes ended', () => pids.every((pid) => !isAlive(pid)));
    await host.restart();
  });

  it('a second host on the same data folder is refused with a sentence', () => {
    const run = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', 'core/main.ts'], {
      cwd: root,
      encoding: 'utf8',
      timeout: 30_000,
      env: { PATH: process.env.PATH, PORT: '0', PATCHBAY_DATA: host.data },
    });
    expect(run.status).to.not.equal(0);
    expect(run.stdout + run.stderr).to.match(/data folder|in use|already/i);
  });

  it('a wrong environment is refused at once, every mistake named, without a stack', () => {
    const run = spawnSync(process.execPath, ['core/main.ts'], {
      cwd: root,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, PORT: 'eighty', ENCRYPTION_KEY: 'short' },
    });
    expect(run.status).to.equal(2);
    expect(run.stderr).to.include('PORT').and.include('ENCRYPTION_KEY').and.not.include('    at ');
  });
});
