import { expect } from 'chai';
import { type RunningHost, startHost } from '../helpers/host.ts';
import { type GitHubMock, startGitHub } from '../vendors/github.ts';

/** Asks again until the answer fits; the suite's own timeout ends it. */
async function until<T>(ask: () => Promise<T> | T, fits: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await ask();
    if (fits(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe('The GitHub plugin on a real host', function () {
  this.timeout(240_000);
  let host: RunningHost;
  let vendor: GitHubMock;
  let integration: string;
  const content = async (method: string, path: string, body?: unknown) => {
    const answer = await host.request(method, path, body === undefined ? {} : { body });
    expect(answer.body.code, answer.text).to.equal('S10000');
    return answer.body.content;
  };
  const events = async (type: string) => (await content('GET', `/events?type=${type}`)).events;
  /** Where GitHub was told to call, and the secret that it was told to sign with. */
  const hook = () => {
    const { config, secret } = vendor.hooks[0] as { config: { url: string }; secret: string };
    return { url: config.url.replace(/^https?:\/\/[^/]+/, host.url), secret };
  };

  before(async () => {
    vendor = await startGitHub({ repositories: 1, issues: 12, pull_requests: 4 });
    host = await startHost({ env: { PATCHBAY_EGRESS_ALLOW: '127.0.0.0/8' } });
    const { permissions_asked } = await content('GET', '/plugins/marketplace/%40patchbay%2Fgithub');
    const { id } = await content('POST', '/plugins', {
      name: '@patchbay/github',
      permissions: permissions_asked.map(({ name }: { name: string }) => name),
    });
    await content('POST', `/plugins/${id}/configuration`, { configuration: { api_url: vendor.url } });
    const made = await content('POST', '/integrations', {
      integration_type: 'github',
      name: 'Ours',
      configuration: {},
      auth_config: { auth_type: 'bearer', access_token: vendor.token },
    });
    integration = made.id;
  });
  afterEach(() => {
    expect(vendor.violations).to.deep.equal([]);
  });
  after(async () => {
    await host?.remove();
    await vendor?.stop();
  });

  it('syncs repositories, issues and pull requests into records of the unified models', async () => {
    const { id } = await content('POST', `/integrations/${integration}/sync`, { sync_type: 'full' });
    const sync = await until(
      () => content('GET', `/integrations/${integration}/sync/${id}`),
      ({ status }) => !['queued', 'running'].includes(status),
    );
    expect(sync.status, JSON.stringify(sync.errors)).to.equal('succeeded');
    expect((await content('GET', '/records/repository')).total).to.equal(1);
    expect((await content('GET', '/records/issue')).total).to.equal(12);
    expect((await content('GET', '/records/pull_request')).total).to.equal(4);
  });

  it('keeps no token that GitHub shows among ordinary data', async () => {
    const answer = await host.request('GET', `/integrations/${integration}/records?stream=repositories`);
    expect(answer.text).to.include('octo/repo-1').and.not.include('ABLCLONETOKEN');
  });

  it('makes the webhook of the repository, with a secret that only GitHub and the host know', async () => {
    await until(
      () => vendor.hooks.length,
      (count) => count === 1,
    );
    const { url, secret } = hook();
    expect(new URL(url).pathname).to.match(new RegExp(`/hooks/${integration}/events/`));
    expect(secret.length).to.be.greaterThan(30);
  });

  it('answers GitHub’s ping and makes no event of it', async () => {
    const { url, secret } = hook();
    const answer = await vendor.deliver(url, 'ping', secret);
    expect(answer.status).to.equal(200);
    expect(await answer.text()).to.equal('pong');
  });

  it('turns a real push into an event, once, however often it is delivered', async () => {
    const { url, secret } = hook();
    for (const _again of [1, 2, 3]) {
      const answer = await vendor.deliver(url, 'push', secret, { delivery: 'one-and-the-same', example: 4 });
      expect(answer.status).to.be.within(200, 202);
    }
    await vendor.deliver(url, 'issues', secret, { action: 'opened' });
    // The issue came after the pushes: when it is there, all of them were worked off.
    await until(
      () => events('github.issues'),
      (found) => found.length === 1,
    );
    // The issue is a record at once, below the repository that the hook belongs to.
    expect((await content('GET', '/records/issue')).total).to.equal(13);
    const pushes = await events('github.push');
    expect(pushes).to.have.length(1);
    expect(pushes[0].data).to.include({ repository: 'Codertocat/Hello-World', branch: 'master' });
  });

  it('refuses what GitHub did not sign, and what was changed after it was signed', async () => {
    const { url, secret } = hook();
    const before = (await events('github.push')).length;
    expect((await vendor.deliver(url, 'push', 'another secret')).status).to.be.within(400, 404);
    expect((await vendor.deliver(url, 'push', secret, { sign: '{}' })).status).to.be.within(400, 404);
    expect((await vendor.deliver(url.replace(/[^/]+$/, 'x'.repeat(32)), 'push', secret)).status).to.be.within(400, 404);
    expect(await events('github.push')).to.have.length(before);
  });
});
