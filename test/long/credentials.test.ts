import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type RunningHost, startHost } from '../helpers/host.ts';
import { type DemoVendor, demoEnv, demoManifest, installDemo, startDemoVendor } from '../integrations/demo-vendor.ts';

const rounds = Number(process.env.ROUNDS ?? 5);
const callers = 50;

/** Four hosts on one database, 200 callers, and a vendor whose refresh tokens die on use. */
describe('One expired token and 200 callers in four processes', function () {
  this.timeout(300_000);
  let folder: string;
  let database: ChildProcess;
  let vendor: DemoVendor;
  const hosts: RunningHost[] = [];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'patchbay-four-'));
    database = spawn(process.execPath, ['core/cli/main.ts', 'database'], {
      cwd: join(import.meta.dirname, '../..'),
      env: { PATH: process.env.PATH, PATCHBAY_DATA: folder },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const uri = await new Promise<string>((resolve, reject) => {
      let text = '';
      database.stdout?.on('data', (chunk) => {
        text += chunk;
        const found = /mongodb:\/\/\S+/.exec(text);
        if (found) resolve(found[0]);
      });
      database.once('exit', () => reject(new Error(`the database ended: ${text}`)));
    });
    const env = { ...demoEnv, MONGODB_URI: uri, ENCRYPTION_KEY: randomBytes(32).toString('hex') };
    vendor = await startDemoVendor();
    for (let index = 0; index < 4; index += 1) hosts.push(await startHost({ env }));
    // Signed in once each: fifty sign-ins of one person at once are refused.
    for (const host of hosts) await host.request('GET', '/plugins');
    await installDemo(hosts[0] as RunningHost, demoManifest(vendor));
    await hosts[0]?.request('PUT', '/integrations/types/demo/oauth-client', {
      body: { client_id: 'c', client_secret: 'client-secret' },
    });
  });
  after(async () => {
    vendor.close();
    for (const host of hosts) await host.remove();
    database.kill('SIGTERM');
    await new Promise((resolve) => database.once('exit', resolve));
    rmSync(folder, { recursive: true, force: true });
  });

  async function connect(round: number): Promise<string> {
    const refresh_token = `refresh-of-round-${round}`;
    vendor.refresh_tokens.add(refresh_token);
    const access_token = `access-of-round-${round}-0123456789`;
    vendor.tokens.add(access_token);
    const made = await hosts[0]?.request('POST', '/integrations', {
      body: {
        integration_type: 'demo',
        name: `Round ${round}`,
        auth_config: { auth_type: 'oauth2', access_token, refresh_token },
      },
    });
    vendor.tokens.delete(access_token);
    return made?.body.content.id as string;
  }
  const call = (host: RunningHost, id: string) =>
    host.request('POST', `/integrations/${id}/actions/whoami`, { body: {} });

  for (let round = 1; round <= rounds; round += 1)
    it(`round ${round}: one refresh at the vendor, and no failure`, async () => {
      const id = await connect(round);
      const before = vendor.refreshes;
      const answers = await Promise.all(hosts.flatMap((host) => Array.from({ length: callers }, () => call(host, id))));
      for (const answer of answers) expect(answer.body.content.output, answer.text).to.deep.include({ status: 200 });
      expect(vendor.refreshes - before).to.equal(1);
    });

  it('is renewed by another host when one is killed in the middle of the refresh', async () => {
    const id = await connect(rounds + 1);
    const [first, second] = hosts as [RunningHost, RunningHost];
    let killed: Promise<void> | undefined;
    vendor.before = async (request) => {
      if (request.url !== '/token' || killed) return false;
      // The vendor has not rotated yet: the answer that the dead host waits for never comes.
      killed = first.kill();
      await killed;
      return true;
    };
    await call(first, id).catch(() => undefined);
    expect(killed).not.to.equal(undefined);
    const answer = await call(second, id);
    vendor.before = undefined;
    await first.restart();
    expect(answer.body.content.output, answer.text).to.deep.include({ status: 200 });
  });
});
