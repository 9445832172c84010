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
    const env = { MONGODB_URI: served.uri, ENCRYPTION_KEY: '5a'.repeat(32), PATCHBAY_URL: 'http://patchbay.test' };
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

  it('a session that was signed out of', async () => {
    const { credential } = await joinAs('leaving@example.com');
    await expectRefused(credential, 'F40001', () => one.request('POST', '/auth/logout', { token: credential }));
  });
});
