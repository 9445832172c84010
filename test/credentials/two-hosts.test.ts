import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { type RunningHost, startHost } from '../helpers/host.ts';
import { type DemoVendor, demoEnv, demoManifest, installDemo, startDemoVendor } from '../integrations/demo-vendor.ts';

/** Two hosts on one database, and one vendor that counts. */
describe('Two hosts with one account', function () {
  this.timeout(90_000);
  const limit = 100;
  const window_ms = 10_000;
  let folder: string;
  let database: ChildProcess;
  let hosts: RunningHost[];
  let vendor: DemoVendor;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'patchbay-two-'));
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
    hosts = [await startHost({ env })];
    hosts.push(await startHost({ env }));
    const rate_limits = [{ name: 'all', per: 'credential', limit, window_s: window_ms / 1000 }];
    await installDemo(hosts[0] as RunningHost, demoManifest(vendor, { rate_limits }));
  });
  after(async () => {
    vendor.close();
    for (const host of hosts ?? []) await host.remove();
    database.kill('SIGTERM');
    await new Promise((resolve) => database.once('exit', resolve));
    rmSync(folder, { recursive: true, force: true });
  });

  const connect = async (auth_config: object): Promise<string> => {
    const made = await (hosts[0] as RunningHost).request('POST', '/integrations', {
      body: { integration_type: 'demo', name: 'Shared', auth_config },
    });
    expect(made.status, made.text).to.equal(201);
    return made.body.content.id as string;
  };

  it('never sends more than the vendor’s limit in any window, and uses nine tenths of it', async () => {
    const id = await connect({ auth_type: 'api_key', access_token: 'good-token-0123456789' });
    vendor.seen.length = 0;
    // A slow vendor: what was let out early arrives together with what is let out in the next window.
    vendor.before = async (request) => {
      if (request.url === '/me') await sleep(Math.random() * 200);
      return false;
    };
    const arrivals = () => vendor.seen.filter(({ line }) => line === 'GET /me').map(({ at }) => at);
    const answers: number[] = [];
    let asked = 0;
    await Promise.all(
      hosts.flatMap((host) =>
        Array.from({ length: 8 }, async () => {
          for (; asked < limit * 2; ) {
            asked += 1;
            answers.push((await host.request('POST', `/integrations/${id}/actions/whoami`, { body: {} })).status);
          }
        }),
      ),
    );
    vendor.before = undefined;
    expect(new Set(answers)).to.deep.equal(new Set([200]));
    const times = arrivals();
    const most = Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + window_ms).length));
    expect(most).to.be.at.most(limit);
    // Two windows, and what this machine takes to send a hundred that nothing holds up.
    const own_pace = (times[limit - 1] as number) - (times[0] as number);
    const used = times.filter((at) => at < (times[0] as number) + window_ms * 2 + own_pace).length;
    expect(used).to.be.at.least(0.9 * 2 * limit);
  });

  it('refreshes an expired, rotating token once for all callers on both', async () => {
    const refresh = 'refresh-from-the-start';
    vendor.refresh_tokens.add(refresh);
    vendor.tokens.add('access-from-the-start');
    const id = await connect({ auth_type: 'oauth2', access_token: 'access-from-the-start', refresh_token: refresh });
    await (hosts[0] as RunningHost).request('PUT', '/integrations/types/demo/oauth-client', {
      body: { client_id: 'c', client_secret: 'client-secret' },
    });
    vendor.tokens.delete('access-from-the-start');
    const before = vendor.refreshes;
    const answers = await Promise.all(
      hosts.flatMap((host) =>
        Array.from({ length: 10 }, () => host.request('POST', `/integrations/${id}/actions/whoami`, { body: {} })),
      ),
    );
    for (const answer of answers) expect(answer.body.content.output, answer.text).to.deep.include({ status: 200 });
    expect(vendor.refreshes - before).to.equal(1);
  });
});
