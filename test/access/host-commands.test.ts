import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect } from 'chai';
import { type RunningHost, startHost } from '../helpers/host.ts';

/** Runs `patchbay-host <args>` as a person does. */
async function command(
  args: string[],
  env: Record<string, string> = {},
  input = '',
): Promise<{ code: number; out: string; err: string }> {
  const main = join(import.meta.dirname, '../../core/cli/main.ts');
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], {
    env: { PATH: process.env.PATH ?? '', LOG_LEVEL: 'silent', ...env },
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  child.stdin.end(input);
  const [code] = await once(child, 'close');
  return { code, out, err };
}

describe('the host commands around keys and admins', function () {
  this.timeout(180_000);
  let host: RunningHost;
  let env: Record<string, string>;
  before(async () => {
    host = await startHost();
    env = { PATCHBAY_DATA: host.data, PATCHBAY_URL: host.url };
  });
  after(() => host.remove());

  it('generate-key prints a key that ENCRYPTION_KEY takes, another each time', async () => {
    const [one, two] = [await command(['generate-key']), await command(['generate-key'])];
    expect(one.out).to.match(/^[0-9a-f]{64}\n$/);
    expect(one.out).not.to.equal(two.out);
    expect((await command(['generate-key', '--bits'])).code).to.equal(2);
  });

  it('create-admin prints a link for the host that runs, which makes an admin once', async () => {
    const { code, out, err } = await command(['create-admin'], env);
    expect(code, err).to.equal(0);
    const token = /\/setup#token=([A-Za-z0-9]{43})\n$/.exec(out)?.[1];
    const body = { token, email: 'second@example.com', password: 'a fine long password' };
    const made = await host.request('POST', '/auth/setup', { token: null, body });
    expect(made.body.content.user.site_roles).to.deep.equal(['operator', 'reviewer']);
    const again = await host.request('POST', '/auth/setup', {
      token: null,
      body: { ...body, email: 'third@example.com' },
    });
    expect(again.body.code).to.equal('F40004');
  });

  it('create-admin makes the admin at once when the password comes on standard input', async () => {
    const made = await command(['create-admin', '--email', 'piped@example.com'], env, 'a piped long password\n');
    expect(made.code, made.err).to.equal(0);
    expect(await host.login('piped@example.com', 'a piped long password')).to.be.a('string');
    expect((await command(['create-admin', '--email', 'piped@example.com'], env, 'short')).code).to.equal(2);
    expect((await command(['create-admin', '--mail', 'x'], env)).code).to.equal(2);
  });

  it('rotate-key exchanges the key under a running host, whose secrets still open, also after a restart', async () => {
    const token = await host.login(host.admin.email, host.admin.password);
    const begun = await host.request('POST', '/auth/totp', { token, body: {} });
    expect(begun.status).to.equal(200);
    const rotated = await command(['rotate-key'], env);
    expect(rotated.code, rotated.err).to.equal(0);
    expect(rotated.out).to.match(/Done: [1-9]\d* secrets were wrapped again/);
    expect((await host.request('POST', '/auth/totp', { token, body: { code: '000000' } })).body.code).to.equal(
      'F40022',
    );
    await host.stop();
    await host.restart();
    expect((await host.request('POST', '/auth/totp', { token, body: { code: '000000' } })).body.code).to.equal(
      'F40022',
    );
    const alone = await command(['rotate-key'], { ...env, ENCRYPTION_KEY: 'ab'.repeat(32) });
    expect([alone.code, alone.err]).to.deep.equal([2, alone.err]);
    expect(alone.err).to.include('generate-key');
  });
});
