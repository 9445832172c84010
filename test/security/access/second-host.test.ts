import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { database } from '../../../core/cli/database.ts';
import { type RunningHost, startHost } from '../../helpers/host.ts';

const withinMs = 1000;

describe('what one host ends, another refuses within a second', function () {
  this.timeout(180_000);
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-two-'));
  let served: Awaited<ReturnType<typeof database>>;
  let one: RunningHost;
  let other: RunningHost;
  let token: string;

  before(async () => {
    served = await database({ data: folder });
    const env = {
      MONGODB_URI: served.uri,
      ENCRYPTION_KEY: '5a'.repeat(32),
      PATCHBAY_URL: 'http://patchbay.test',
      PATCHBAY_ALLOW_SIDELOAD: 'true',
    };
    one = await startHost({ env });
    other = await startHost({ env });
    token = await one.login(one.admin.email, one.admin.password);
  });
  after(async () => {
    await one?.remove();
    await other?.remove();
    await served.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const onOther = async (credential: string) =>
    (await other.request('GET', '/projects', { token: credential })).body.code;

  /** The other host knew the credential before; it must refuse it soon after `end`. */
  async function expectRefused(
    credential: string,
    code: string,
    end: () => Promise<{ status: number; text: string }>,
  ): Promise<void> {
    expect(await onOther(credential)).to.equal('S10000');
    const ended = await end();
    expect(ended.status, ended.text).to.equal(200);
    const deadline = Date.now() + withinMs;
    let seen = await onOther(credential);
    while (seen !== code && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      seen = await onOther(credential);
    }
    expect(seen).to.equal(code);
  }

  async function joinAs(email: string): Promise<{ credential: string; id: string }> {
    const invitation = (await one.request('POST', '/invitations', { token, body: { email, role: 'developer' } })).body
      .content;
    const joined = await one.request('POST', `/invitations/${invitation.token}/accept`, {
      token: null,
      body: { password: 'a fine long password' },
    });
    return { credential: joined.body.content.access_token, id: joined.body.content.user.id };
  }

  it('a revoked API key', async () => {
    const made = (await one.request('POST', '/api/v1/api-keys', { token, body: { name: 'k', scopes: ['admin'] } })).body
      .content;
    await expectRefused(made.key, 'F40001', () => one.request('DELETE', `/api/v1/api-keys/${made.id}`, { token }));
  });

  it('a removed member', async () => {
    const { credential, id } = await joinAs('removed@example.com');
    const workspace = (await one.request('GET', '/auth/me', { token })).body.content.workspace_id;
    await expectRefused(credential, 'F40003', () =>
      one.request('DELETE', `/workspaces/${workspace}/members/${id}`, { token }),
    );
  });

  it('an API key that was exchanged for another at once', async () => {
    const made = (await one.request('POST', '/api/v1/api-keys', { token, body: { name: 'r', scopes: ['admin'] } })).body
      .content;
    await expectRefused(made.key, 'F40001', async () => {
      const body = { overlap_seconds: 0 };
      const { text } = await one.request('POST', `/api/v1/api-keys/${made.id}/rotate`, { token, body });
      return { status: 200, text };
    });
  });

  it('what a grant gave before it was narrowed', async () => {
    const manifest = {
      manifest_version: 1,
      name: '@acme/keeper',
      version: '1.0.0',
      display_name: 'Keeper',
      description: 'Keeps a value',
      engines: { patchbay: '*' },
      permissions: [{ name: 'storage', reason: 'keeps it', optional: true }],
      actions: {
        keep: { title: 'Keep', input: { type: 'object' }, output: { type: 'object' } },
        keep_on: { title: 'Keep on', input: { type: 'object' }, output: { type: 'object' } },
      },
    };
    const bundle = `export default { manifest: ${JSON.stringify(manifest)}, handlers: { actions: {
      async keep(ctx) { await ctx.store.set('kept', 1); return { kept: true }; },
      async keep_on(ctx) {
        for (let times = 0; times < 80; times++) {
          try { await ctx.store.set('kept', times); } catch (error) { return { times, code: error.code, at: Date.now() }; }
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
        return { times: 80 };
      },
    } } };`;
    const body = { name: '@acme/keeper', manifest, bundle, permissions: ['storage'] };
    const installed = await one.request('POST', '/plugins', { token, body });
    expect(installed.status, installed.text).to.equal(201);
    const path = `/plugins/${installed.body.content.id}`;
    const keep = () => other.request('POST', `${path}/actions/keep`, { token, body: { input: {} } });
    const before = await keep();
    expect(before.body.code, before.text).to.equal('S10000');
    const underWay = other.request('POST', `${path}/actions/keep_on`, { token, body: { input: {} } });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const narrowed = await one.request('PATCH', path, { token, body: { permissions: [] } });
    expect(narrowed.status, narrowed.text).to.equal(200);
    const deadline = Date.now() + withinMs;
    let asked = Date.now();
    let seen = await keep();
    while (seen.body.code === 'S10000' && asked < deadline) {
      asked = Date.now();
      seen = await keep();
    }
    expect(seen.body.code, seen.text).to.equal('F42308');
    const ended = await underWay;
    expect(ended.body.content.output, ended.text).to.include({ code: 'denied' });
    expect(ended.body.content.output.at - deadline, 'a call under way feels it too').to.be.below(withinMs);
  });

  it('a session that was signed out of', async () => {
    const { credential } = await joinAs('leaving@example.com');
    await expectRefused(credential, 'F40001', () => one.request('POST', '/auth/logout', { token: credential }));
  });
});
