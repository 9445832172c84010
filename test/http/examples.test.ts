import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Answer, type RunningHost, startHost } from '../helpers/host.ts';

/** One request of examples.http: what older clients send, as they send it. */
interface Example {
  line: string;
  method: string;
  path: string;
  body: any;
}

const examples: Example[] = readFileSync(join(import.meta.dirname, 'examples.http'), 'utf8')
  .split('\n')
  .reduce<Example[]>((found, line) => {
    const [, method, path] = /^([A-Z]+) (\S+)$/.exec(line) ?? [];
    if (method && path) found.push({ line, method, path, body: undefined });
    else if (line.startsWith('{')) (found.at(-1) as Example).body = JSON.parse(line);
    return found;
  }, []);

/** A plugin of a type that the examples name; its vendor cannot be reached from here. */
function pluginOf(type: string, category: string, service_type: string, more: Record<string, unknown> = {}) {
  const site = `https://${type.replaceAll('_', '-')}.example.com`;
  const manifest = {
    manifest_version: 1,
    name: `@examples/${type.replaceAll('_', '-')}`,
    version: '1.2.0',
    display_name: type,
    integration: { type, category, service_type },
    permissions: [{ name: 'network', hosts: [site], reason: 'It calls its vendor.' }],
    app: { client_id: { type: 'string' }, client_secret: { type: 'string', format: 'secret' } },
    auth: [
      {
        name: 'oauth',
        type: 'oauth2',
        base_url: site,
        hosts: [site],
        inject: [{ in: 'header', name: 'Authorization', value: 'Bearer {credential.access_token}' }],
        authorize: {
          url: `${site}/authorize`,
          scopes: ['read_contacts', 'write_leads'].map((scope) => ({ scope, optional: true })),
          pkce: 'S256',
        },
        token: { method: 'POST', url: `${site}/token`, as: 'form', client: 'body' },
        refresh: { old_token: 'lives' },
      },
    ],
    ...more,
  };
  return { manifest, bundle: `export default { manifest: ${JSON.stringify(manifest)}, handlers: {} };` };
}

describe('Every request of older clients', function () {
  this.timeout(60_000);
  let host: RunningHost;
  const known: Record<string, string> = {};
  const sent = new Set<Example>();

  before(async () => {
    host = await startHost({ env: { PATCHBAY_ALLOW_SIDELOAD: 'true' } });
    const types = { fitbit: ['wearable', 'health'], meta_ads: ['ads', 'marketing'], salesforce: ['crm', 'crm'] };
    for (const [type, [category = '', service_type = '']] of Object.entries(types)) {
      const { manifest, bundle } = pluginOf(type, category, service_type);
      const body = { name: manifest.name, manifest, bundle, permissions: ['network'] };
      expect((await host.request('POST', '/plugins', { body })).body.code).to.equal('S10000');
      const app = await host.request('PUT', `/integrations/types/${type}/oauth-client`, {
        body: { client_id: `${type}-app`, client_secret: 'app-secret' },
      });
      expect(app.body.code, app.text).to.equal('S10000');
    }
    const github = { name: '@patchbay/github', permissions: ['network', 'events:emit'] };
    expect((await host.request('POST', '/plugins', { body: github })).body.code).to.equal('S10000');
    known.project123 = (await host.request('POST', '/projects', { body: { name: 'Older' } })).body.content.id;
    const [workspace] = (await host.request('GET', '/workspaces')).body.content.workspaces;
    const allowed = { redirect_uris: ['https://yourapp.com/oauth/callback'] };
    expect((await host.request('PATCH', `/workspaces/${workspace.id}`, { body: allowed })).status).to.equal(200);
  });
  after(() => host.remove());

  /** Sends the one example with this line whose body holds `having`, with today's ids in place of its own. */
  async function send(line: string, having = ''): Promise<Answer> {
    const fits = examples.filter((one) => one.line === line && JSON.stringify(one.body ?? {}).includes(having));
    const [example] = fits;
    if (!example || fits.length > 1) throw new Error(`examples.http has ${fits.length} of "${line}" with "${having}"`);
    sent.add(example);
    const today = (text: string) =>
      text.replaceAll(/project123|\{\w+\}/g, (word) => known[word.replaceAll(/[{}]/g, '')] ?? word);
    const body = example.body === undefined ? undefined : JSON.parse(today(JSON.stringify(example.body)));
    return host.request(example.method, today(example.path), body === undefined ? {} : { body });
  }

  it('lists, makes and tries a webhook', async () => {
    const made = await send('POST /api/v1/webhooks');
    expect(made.status, made.text).to.equal(201);
    expect(made.body.content).to.include({ project_id: known.project123, is_active: true, timeout_seconds: 30 });
    expect(made.body.content.events).to.deep.equal(['deployment.completed', 'deployment.failed']);
    known.webhook_id = made.body.content.id;
    expect((await send('GET /api/v1/webhooks?project_id=project123')).body.content.total).to.equal(1);
    // No receiver is within reach: the answer says so.
    const tried = await send('POST /api/v1/webhooks/{webhook_id}/test');
    expect([tried.status, tried.body.code], tried.text).to.deep.equal([502, 'F42307']);
  });

  it('says what is wrong with a manifest that is none of ours', async () => {
    const answer = await send('POST /api/v1/plugins');
    expect([answer.status, answer.body.code], answer.text).to.deep.equal([422, 'F42306']);
    const pointers = answer.body.content.errors.map((error: { pointer: string }) => error.pointer);
    expect(pointers).to.include.members(['/manifest_version', '/entry', '/dependencies']);
  });

  it('connects GitHub with a token, and syncs it', async () => {
    const made = await send('POST /api/v1/integrations');
    expect(made.status, made.text).to.equal(201);
    expect(made.body.content).to.include({ integration_type: 'github', project_id: known.project123 });
    expect(made.body.content.configuration).to.include({ repository: 'example/project', branch: 'main' });
    expect(made.body.content.sync_settings).to.include({ sync_interval: 'hourly', auto_sync: true });
    expect(made.text).not.to.contain('github_token');
    known.integration_id = made.body.content.id;
    const sync = await send('POST /api/v1/integrations/{integration_id}/sync');
    // GitHub cannot be reached from here: either the connection is known to be broken by now, or the sync begins.
    expect([`${sync.status} ${sync.body.code}`], sync.text).to.be.deep.oneOf([['202 S10000'], ['409 F42305']]);
  });

  it('finds the marketplace', async () => {
    for (const line of [
      'GET /api/v1/plugins/marketplace?category=code_analysis&page=1&size=20',
      'GET /api/integrations/marketplace',
    ]) {
      const answer = await send(line);
      expect(answer.body.content, line).to.include.keys('plugins', 'total', 'page', 'size', 'facets');
    }
  });

  it('tells its health and its platforms', async () => {
    expect((await send('GET /api/v1/health')).body).to.deep.include({ code: 'S10000', msg: 'healthy' });
    expect((await send('GET /api/v1/health/ready')).body.code).to.equal('S10000');
    const { platforms } = (await send('GET /api/v1/auth/platforms')).body.content;
    expect(platforms.map(({ platform }: { platform: string }) => platform)).to.include.members(['fitbit', 'github']);
    const { auth_url } = (await send('GET /api/v1/auth/fitbit/url')).body.content;
    expect(new URL(auth_url).searchParams.get('client_id')).to.equal('fitbit-app');
  });

  it('makes integrations by the older names, and lists, pauses and reconnects them', async () => {
    const ads = await send('POST /api/integrations', 'meta_ads');
    expect(ads.status, ads.text).to.equal(201);
    expect(ads.body.content).to.include({ integration_type: 'meta_ads', service_type: 'marketing', status: 'active' });
    known.id = ads.body.content.id;
    expect((await send('GET /api/integrations?service_type=marketing&status=active')).body.content.total).to.equal(1);
    const begun = await send('POST /api/integrations/oauth/initiate');
    expect(begun.body.content, begun.text).to.include.keys('authorization_url', 'auth_url', 'state');
    const again = await send('POST /api/integrations/{id}/oauth/initiate');
    expect(again.body.content, again.text).to.include.keys('authorization_url', 'auth_url', 'state');
    // It came without a refresh token.
    const refreshed = await send('POST /api/integrations/{id}/refresh-token');
    expect([refreshed.status, refreshed.body.code], refreshed.text).to.deep.equal([409, 'F40009']);
    expect((await send('PUT /api/integrations/{id}/status')).body.content.status).to.equal('inactive');
  });

  it('takes an OAuth app among the settings, and keeps to the plugin’s own addresses', async () => {
    const made = await send('POST /api/integrations', 'Salesforce');
    expect(made.status, made.text).to.equal(201);
    expect(made.body.content).to.include({ integration_type: 'salesforce', status: 'pending_setup' });
    expect(made.body.content.configuration).to.deep.equal({});
    expect(made.text).not.to.contain('your_client_secret');
    const { id } = made.body.content;
    const begun = await host.request('POST', `/integrations/${id}/oauth/initiate`, { body: {} });
    const url = new URL(begun.body.content.authorization_url);
    expect([url.host, url.searchParams.get('client_id')]).to.deep.equal(['salesforce.example.com', 'your_client_id']);
    const { logs } = (await host.request('GET', `/integrations/${id}/logs`)).body.content;
    expect(JSON.stringify(logs)).to.contain('authorizationUrl, tokenUrl: sent, and not used');
  });

  it('makes webhooks and keys below /integrations', async () => {
    const hook = await send('POST /api/integrations/webhooks');
    expect(hook.status, hook.text).to.equal(201);
    expect(hook.body.content.events).to.deep.equal(['post.published', 'post.failed']);
    expect(hook.body.content.retry_config).to.include({ max_retries: 3, backoff_multiplier: 2 });
    const key = await send('POST /api/integrations/api-keys');
    expect(key.status, key.text).to.equal(201);
    expect(key.body.content).to.include({ rate_limit_per_hour: 1000, rate_limit_per_day: 10_000 });
    known.id = hook.body.content.id;
    const retried = await send('POST /api/integrations/webhooks/{id}/deliveries/{deliveryId}/retry');
    expect([retried.status, retried.body.code], retried.text).to.deep.equal([404, 'F40004']);
  });

  it('is sent here, every one', () => {
    expect(examples.filter((one) => !sent.has(one)).map(({ line }) => line)).to.deep.equal([]);
  });
});
