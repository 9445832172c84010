import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { closeBrowser, openWindow } from '../console/browser.ts';
import { type RunningHost, startHost } from '../helpers/host.ts';
import { eventually } from '../helpers/processes.ts';
import { type GitHubMock, payloads, startGitHub } from '../vendors/github.ts';

/** What is used of `oidc-provider`, which comes without types. */
interface ProviderClass {
  new (
    issuer: string,
    options: object,
  ): {
    callback(): (request: IncomingMessage, response: ServerResponse) => void;
    on(event: string, listener: (context: { body: { access_token: string } }) => void): void;
  };
}
const module: string = 'oidc-provider';
const { default: Provider } = (await import(module)) as { default: ProviderClass };

const issues = 5_000;
const changed = 300;
const deleted = 40;

/**
 * The whole way with GitHub: a person connects in a real browser by a real authorization server, 5,000 issues are
 * synced, and what changes and goes at GitHub is found. The mock stands behind GitHub's own OpenAPI document.
 */
describe('GitHub, from the first click on', function () {
  this.timeout(600_000);
  let host: RunningHost;
  let vendor: GitHubMock;
  let site: Server;
  /** of the host, as browsers and the vendor know it */
  let origin: string;
  let id: string;

  before(async () => {
    vendor = await startGitHub({ repositories: 1, issues, pull_requests: 3 });
    host = await startHost({ env: { PATCHBAY_EGRESS_ALLOW: '127.0.0.0/8' } });
    const { permissions_asked } = await content('GET', '/plugins/marketplace/%40patchbay%2Fgithub');
    const plugin = await content('POST', '/plugins', {
      name: '@patchbay/github',
      permissions: permissions_asked.map(({ name }: { name: string }) => name),
    });
    const web_url = await startSite();
    await content('POST', `/plugins/${plugin.id}/configuration`, { configuration: { api_url: vendor.url, web_url } });
    await content('PUT', '/integrations/types/github/oauth-client', { client_id: 'app', client_secret: 'app-secret' });
  });
  afterEach(() => {
    expect(vendor.violations).to.deep.equal([]);
  });
  after(async () => {
    await closeBrowser();
    site?.closeAllConnections();
    site?.close();
    await host?.remove();
    await vendor?.stop();
  });

  async function content(method: string, path: string, body?: unknown) {
    const answer = await host.request(method, path, body === undefined ? {} : { body });
    expect(answer.body.code, answer.text).to.equal('S10000');
    return answer.body.content;
  }

  /** github.com as an authorization server: PKCE is required, and redirect URIs are compared whole. */
  async function startSite(): Promise<string> {
    const { redirect_uri } = await content('GET', '/integrations/types/github/oauth-client');
    origin = new URL(redirect_uri).origin;
    site = createServer((request, response) => provider.callback()(request, response));
    await new Promise<void>((done) => site.listen(0, '127.0.0.1', done));
    const url = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
    const provider = new Provider(url, {
      clients: [
        {
          client_id: 'app',
          client_secret: 'app-secret',
          redirect_uris: [redirect_uri],
          token_endpoint_auth_method: 'client_secret_post',
          response_types: ['code'],
          grant_types: ['authorization_code'],
        },
      ],
      scopes: ['openid', 'repo', 'read:org', 'admin:repo_hook'],
      pkce: { required: () => true },
      routes: { authorization: '/login/oauth/authorize', token: '/login/oauth/access_token' },
      findAccount: (_: unknown, sub: string) => ({ accountId: sub, claims: () => ({ sub }) }),
    });
    provider.on('grant.success', ({ body }) => vendor.tokens.add(body.access_token));
    return url;
  }

  interface Synced {
    status: string;
    counts: { read: number; created: number; updated: number; deleted: number; failed: number };
    errors: { message: string }[];
  }
  async function sync(sync_type: string): Promise<Synced> {
    const started = await content('POST', `/integrations/${id}/sync`, { sync_type });
    let now: Synced | undefined;
    await eventually(
      `the ${sync_type} sync ends`,
      async () => {
        now = (await content('GET', `/integrations/${id}/sync/${started.id}`)) as Synced;
        return !['queued', 'running'].includes(now.status);
      },
      300_000,
    );
    return now as Synced;
  }
  const total = async (query = '') => (await content('GET', `/records/issue?size=1${query}`)).total as number;

  it('is connected by a person in a browser, who signs in and agrees there', async () => {
    const begun = await content('POST', '/integrations/oauth/initiate', { integration_type: 'github' });
    const { page } = await openWindow();
    await page.goto(begun.authorization_url);
    await page.fill('input[name=login]', 'octo');
    await page.fill('input[name=password]', 'anything');
    await page.click('button[type=submit]');
    await page.waitForSelector('button[type=submit]');
    await page.click('button[type=submit]');
    await page.waitForURL(/status=/);
    const landed = new URL(page.url());
    expect(landed.origin).to.equal(origin);
    expect(landed.searchParams.get('status'), landed.href).to.equal('connected');
    id = landed.searchParams.get('integration_id') as string;
    const made = await content('GET', `/integrations/${id}`);
    expect(made).to.include({ status: 'active', integration_type: 'github' });
    expect(made.auth_config).to.include({ account: 'octo', token_encrypted: true });
  });

  it('syncs 5,000 issues over pages', async () => {
    const first = await sync('full');
    expect(first.status, JSON.stringify(first.errors)).to.equal('succeeded');
    expect(await total()).to.equal(issues);
  });

  it('finds 300 that changed by an incremental sync, and leaves 40 that are gone', async () => {
    for (let number = 1; number <= changed; number += 1) vendor.touch(number, { title: `Changed ${number}` });
    vendor.issues.splice(1_000, deleted);
    const done = await sync('incremental');
    expect(done.status, JSON.stringify(done.errors)).to.equal('succeeded');
    expect(done.counts.updated).to.equal(changed);
    expect(await total()).to.equal(issues);
  });

  it('deletes nothing in a full sync whose page 7 of 50 fails', async () => {
    let page = 0;
    vendor.before = ({ operation }) => {
      if (operation !== 'issues/list-for-repo') return undefined;
      page += 1;
      if (page < 7) return undefined;
      const body = { message: 'Server Error', documentation_url: 'https://docs.github.com/rest' };
      return { status: 500, body, documented_as: 404 };
    };
    const failed = await sync('full');
    vendor.before = undefined;
    expect(failed.status).to.equal('partial');
    expect(failed.counts.deleted).to.equal(0);
    expect(await total()).to.equal(issues);
  });

  it('finds the 40 by a full sync, and what goes afterwards by a delta sync, with an event each', async () => {
    const full = await sync('full');
    expect(full.counts.deleted).to.equal(deleted);
    expect(await total()).to.equal(issues - deleted);
    vendor.issues.splice(2_000, 2);
    vendor.touch(700, { title: 'Once more' });
    const delta = await sync('delta');
    expect(delta.counts).to.include({ deleted: 2, updated: 1, created: 0 });
    const told = await content('GET', '/events?type=record.deleted');
    expect(told.total).to.equal(2);
  });

  it('is told of one change at once by a webhook', async () => {
    await eventually('GitHub was asked for a webhook', () => vendor.hooks.length > 0, 30_000);
    const { config, secret } = vendor.hooks[0] as { config: { url: string }; secret: string };
    const url = config.url.replace(/^https?:\/\/[^/]+/, host.url);
    const before = await total();
    const [payload] = payloads('issues', 'opened');
    const { title } = (payload as { issue: { title: string } }).issue;
    const since = new Date().toISOString();
    expect((await vendor.deliver(url, 'issues', secret, { action: 'opened' })).status).to.be.within(200, 202);
    await eventually('the issue is a record', async () => (await total()) === before + 1, 30_000);
    const { records } = await content('GET', `/records/issue?since=${since}`);
    expect(records.map(({ data }: { data: { title: string } }) => data.title)).to.deep.equal([title]);
  });
});
