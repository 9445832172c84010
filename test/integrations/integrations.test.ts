import { join } from 'node:path';
import { EJSON } from 'bson';
import { expect } from 'chai';
import { MongoClient } from 'mongodb';
import { socketOf, uriOf } from '../../core/database/embedded/address.ts';
import { type RunningHost, startHost } from '../helpers/host.ts';
import { eventually } from '../helpers/processes.ts';
import { type DemoVendor, demoEnv, demoManifest, installDemo, startDemoVendor } from './demo-vendor.ts';

describe('Integrations over real HTTP', function () {
  this.timeout(180_000);
  let host: RunningHost;
  let vendor: DemoVendor;
  let id: string;

  before(async () => {
    vendor = await startDemoVendor();
    host = await startHost({ env: demoEnv });
    await installDemo(host, demoManifest(vendor));
  });
  after(async () => {
    vendor.close();
    await host.remove();
  });

  it('connects with a token, asks the plugin who we are, and never shows the credential', async () => {
    const made = await host.request('POST', '/integrations', {
      body: {
        integration_type: 'demo',
        name: 'Main',
        configuration: { repository: 'a/b', seal: 'a secret setting' },
        auth_config: { auth_type: 'api_key', access_token: 'good-token-0123456789' },
        sync_settings: { sync_interval: 'hourly', auto_sync: true },
        last_sync_at: '2026-01-01T00:00:00Z',
      },
    });
    expect(made.status, made.text).to.equal(201);
    const integration = made.body.content;
    id = integration.id;
    expect(integration).to.include({
      status: 'active',
      integration_type: 'demo',
      service_type: 'custom',
      last_sync_at: null,
    });
    expect(integration.auth_config).to.deep.equal({
      auth_type: 'api_key',
      token_encrypted: true,
      scopes: [],
      expires_at: null,
      account: 'demo-user',
    });
    expect(integration.configuration).to.deep.equal({ repository: 'a/b', seal: '••••' });
    const read = await host.request('GET', `/integrations/${id}`);
    expect(read.text).not.to.contain('good-token').and.not.to.contain('a secret setting');
  });

  it('runs an action with the credential that the host adds', async () => {
    const answer = await host.request('POST', `/integrations/${id}/actions/whoami`, { body: { input: {} } });
    expect(answer.body.content.output, answer.text).to.deep.equal({
      status: 200,
      body: { login: 'demo-user' },
      means: 'ok',
    });
    const { invocation_id } = answer.body.content;
    const { entries } = (await host.request('GET', `/audit?action=credential.used&target=${id}&size=100`)).body.content;
    const ofThis = entries.filter(
      (one: { after: { invocation_id: string } }) => one.after.invocation_id === invocation_id,
    );
    expect(ofThis).to.have.length(1);
    expect(ofThis[0]).to.have.nested.property('actor.label', '@tests/demo');
    expect(ofThis[0].after).to.have.nested.property('handler', 'actions.whoami');
  });

  it('tests the connection, and says what is wrong with a bad one', async () => {
    expect((await host.request('POST', `/integrations/${id}/test`)).body.content).to.include({
      ok: true,
      account: 'demo-user',
    });
    const bad = await host.request('POST', '/integrations', {
      body: { integration_type: 'demo', name: 'Bad', auth_config: { access_token: 'wrong-token' } },
    });
    expect(bad.body.content.status).to.equal('error');
    expect(bad.body.content.sync_error_message).to.contain('401');
  });

  it('takes what older clients send', async () => {
    const made = await host.request('POST', '/api/integrations', {
      body: {
        service_name: 'demo',
        service_type: 'custom',
        credentials: { accessToken: 'good-token-0123456789' },
        config: {},
        rateLimitPerHour: 500,
      },
    });
    expect(made.status, made.text).to.equal(201);
    expect(made.body.content).to.include({ integration_type: 'demo', status: 'active', rate_limit_per_hour: 500 });
    const byCategory = await host.request('POST', '/api/integrations', {
      body: {
        name: 'By category',
        type: 'Testing',
        provider: 'demo',
        scopes: ['a'],
        config: { clientId: 'x', clientSecret: 'y' },
      },
    });
    expect(byCategory.body.content, byCategory.text).to.include({ integration_type: 'demo', status: 'pending_setup' });
    const listed = await host.request('GET', '/api/integrations?service_type=custom&status=active');
    expect(listed.body.content.total).to.equal(2);
  });

  it('names the field that is wrong', async () => {
    const cases: [object, string, string][] = [
      [{ integration_type: 'demo', configuration: { repository: 5 } }, 'F42304', '/configuration/repository'],
      [{ integration_type: 'demo', auth_config: { auth_type: 'basic' } }, 'F40022', '/auth_config/auth_type'],
      [
        { integration_type: 'demo', auth_config: { auth_type: 'api_key', password: 'x' } },
        'F40022',
        '/auth_config/password',
      ],
      [
        { integration_type: 'demo', sync_settings: { sync_interval: 'often' } },
        'F40022',
        '/sync_settings/sync_interval',
      ],
      [{ integration_type: 'demo', sync_settings: { streams: ['thing'] } }, 'F40022', '/sync_settings/streams/0'],
      [{ integration_type: 'demo', metadata: { 'a.b': 1 } }, 'F40022', '/metadata/a.b'],
      [{ integration_type: 'demo', nonsense: 1 }, 'F40022', '/nonsense'],
      [{}, 'F40022', '/integration_type'],
      [{ integration_type: 'demo', logo_url: 'javascript:alert(1)' }, 'F40022', '/logo_url'],
      [{ integration_type: 'demo', auth_config: { toString: 'x' } }, 'F40022', '/auth_config/toString'],
      [{ integration_type: 'demo', auth_config: { access_token: '' } }, 'F40022', '/auth_config/access_token'],
      ...[
        { expires_at: 'soon' },
        { expires_at: 1e20 },
        { expires_at: {} },
        { expires_in: 1e300 },
        { scopes: [{}] },
        { scope: 5 },
      ].map((wrong): [object, string, string] => [
        { integration_type: 'demo', auth_config: { access_token: 'good-token-0123456789', ...wrong } },
        'F40022',
        `/auth_config/${Object.keys(wrong)[0]}`,
      ]),
    ];
    for (const [body, code, pointer] of cases) {
      const answer = await host.request('POST', '/integrations', { body });
      expect(answer.body.code, answer.text).to.equal(code);
      expect(answer.body.content.errors[0].pointer).to.equal(pointer);
    }
    const unknown = await host.request('POST', '/integrations', { body: { integration_type: 'dmeo' } });
    expect(unknown.body.code).to.equal('F42302');
    expect(unknown.body.content.nearest).to.equal('demo');
  });

  it('keeps a masked secret when it is written back, and voids nothing that did not move', async () => {
    const changed = await host.request('PATCH', `/integrations/${id}`, {
      body: { configuration: { seal: '••••', repository: 'c/d' }, name: 'Renamed' },
    });
    expect(changed.body.content, changed.text).to.include({ name: 'Renamed', status: 'active' });
    expect(changed.body.content.configuration).to.deep.equal({ repository: 'c/d', seal: '••••' });
  });

  it('changes a part of a credential, keeps the rest of it, and waits for the rest where that is missing', async () => {
    const auth_config = { access_token: 'good-token-0123456789', expires_at: '2099-01-01T00:00:00.000Z', scope: 'a b' };
    const made = await host.request('POST', '/integrations', {
      body: { integration_type: 'demo', auth_config: { auth_type: 'oauth2', refresh_token: null, ...auth_config } },
    });
    const at = `/integrations/${made.body.content.id}`;
    const kept = { auth_type: 'oauth2', scopes: ['a', 'b'], expires_at: auth_config.expires_at, account: 'demo-user' };
    for (const part of [{ auth_type: 'oauth2' }, { ...kept, token_encrypted: true }, { refresh_token: 'r' }]) {
      const changed = await host.request('PATCH', at, { body: { auth_config: part } });
      expect(changed.body.content, changed.text).to.include({ status: 'active' });
      expect(changed.body.content.auth_config).to.deep.equal({ ...kept, token_encrypted: true });
    }
    await host.request('PATCH', at, { body: { auth_config: { auth_type: 'api_key', access_token: 'bad' } } });
    expect((await host.request('GET', at)).body.content.status).to.equal('error');
    const other = await host.request('PATCH', at, { body: { auth_config: { auth_type: 'oauth2' }, status: 'active' } });
    expect(other.body.content.status, 'no token').to.equal('pending_setup');
    await host.request('DELETE', at);
  });

  it('switches off and on, and refuses to act while off', async () => {
    const off = await host.request('PUT', `/integrations/${id}/status`, { body: { status: 'inactive' } });
    expect(off.body.content.status).to.equal('inactive');
    expect((await host.request('POST', `/integrations/${id}/actions/whoami`, { body: {} })).status).to.equal(409);
    expect((await host.request('POST', `/integrations/${id}/sync`, { body: {} })).body.code).to.equal('F42305');
    await host.request('PUT', `/integrations/${id}/status`, { body: { status: 'active' } });
    expect((await host.request('POST', `/integrations/${id}/actions/whoami`, { body: {} })).status).to.equal(200);
  });

  it('keeps a log of what happened', async () => {
    const { logs } = (await host.request('GET', `/integrations/${id}/logs?size=100`)).body.content;
    const actions = logs.map((line: { action: string }) => line.action);
    expect(actions).to.include.members(['created', 'connected', 'action_run', 'tested', 'status_changed']);
    expect((await host.request('GET', `/integrations/${id}/rate-limit`)).body.content).to.include({ allowed: true });
  });

  it('shows types and what a form needs', async () => {
    const types = (await host.request('GET', '/integrations/types?size=100')).body.content.types;
    expect(types.map((one: { type: string }) => one.type)).to.include('demo');
    const schema = (await host.request('GET', '/integrations/types/demo/schema')).body.content;
    expect(schema.auth.map((one: { type: string }) => one.type)).to.deep.equal(['api_key', 'oauth2']);
    expect(schema.sync.streams[0]).to.include({ name: 'things' });
    expect((await host.request('GET', '/integrations/types/demmo/schema')).body.content.nearest).to.equal('demo');
  });

  it('runs a batch with a result each', async () => {
    const answer = await host.request('POST', '/integrations/batch', {
      body: {
        operations: [
          { op: 'create', integration_type: 'demo', name: 'One' },
          { op: 'update', id, name: 'Two' },
          { op: 'delete', id: 'int_nobody' },
          { op: 'create', integration_type: 'demo', nonsense: true },
        ],
      },
    });
    const { results } = answer.body.content;
    expect(
      results.map((one: { code: string }) => one.code),
      answer.text,
    ).to.deep.equal(['S10000', 'S10000', 'F42303', 'F40022']);
  });

  it('makes the vendor’s webhook with a secret that the plugin never holds', async () => {
    let call: { body: string } | undefined;
    for (let tries = 0; tries < 100 && !call; tries += 1) {
      call = vendor.seen.find(({ line, body }) => line === 'POST /echo' && body.includes(id));
      if (!call) await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const told = JSON.parse(call?.body ?? '{}') as { url: string; secret: string };
    expect(told.url).to.contain(`/hooks/${id}/push/`);
    expect(told.secret).to.match(/^[\w-]{43}$/);
  });

  it('removes an integration for good', async () => {
    expect((await host.request('DELETE', `/integrations/${id}`)).status).to.equal(200);
    expect((await host.request('GET', `/integrations/${id}`)).body.code).to.equal('F42303');
    expect(vendor.seen.some(({ line }) => line === 'DELETE /echo')).to.equal(true);
  });

  it('uninstalls its plugin so that nothing of it is left, here or at the vendor, but what history tells', async () => {
    const made = await host.request('POST', '/integrations', {
      body: {
        integration_type: 'demo',
        name: 'Last',
        configuration: { seal: 'a sealed setting' },
        auth_config: { auth_type: 'api_key', access_token: 'good-token-0123456789' },
        sync_settings: { sync_interval: 'hourly', auto_sync: true },
      },
    });
    const last = made.body.content.id as string;
    const of = (await host.request('GET', '/plugins')).body.content.plugins as { id: string; name: string }[];
    const plugin = of.find(({ name }) => name === '@tests/demo')?.id ?? '';
    const settings = { configuration: { repository: 'a/b', seal: 'another sealed setting' } };
    expect((await host.request('POST', `/plugins/${plugin}/configuration`, { body: settings })).status).to.equal(201);
    await eventually('the vendor was asked for a webhook', async () =>
      vendor.seen.some(({ line, body }) => line === 'POST /echo' && body.includes(last)),
    );
    const client = await new MongoClient(uriOf(socketOf(join(host.data, 'database')))).connect();
    try {
      // The answer to the subscription is stored a moment after the vendor gave it.
      await eventually(
        'the webhook is noted',
        async () => (await client.db().collection('hooks').countDocuments({ integration_id: last })) > 0,
      );
      const held = await whereTold(client, [plugin, last]);
      expect([...held.keys()], 'there is something to remove').to.include.members(['integrations', 'configurations']);
      const before = vendor.seen.length;
      expect((await host.request('DELETE', `/plugins/${plugin}`)).body.code, 'while it is used').to.equal('F40009');
      expect((await host.request('DELETE', `/plugins/${plugin}?force=true`)).status).to.equal(200);
      const left = await whereTold(client, [plugin, last]);
      for (const history of ['audit_entries', 'events', 'invocations', 'jobs']) left.delete(history);
      expect(Object.fromEntries(left)).to.deep.equal({});
      const jobs = await client.db().collection('jobs').find({}).toArray();
      const waiting = jobs.filter(({ state }) => !['done', 'dead', 'succeeded', 'cancelled'].includes(state));
      expect(waiting.filter((job) => EJSON.stringify(job).includes(plugin))).to.deep.equal([]);
      expect(vendor.seen.slice(before).map(({ line }) => line)).to.include('DELETE /echo');
    } finally {
      await client.close();
    }
  });
});

/** In which collections a document mentions one of these, and how many do. */
async function whereTold(client: MongoClient, ids: readonly string[]): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (const { name } of await client.db().listCollections().toArray()) {
    const all = await client.db().collection(name).find({}).toArray();
    const count = all.filter((document) => ids.some((id) => EJSON.stringify(document).includes(id))).length;
    if (count > 0) found.set(name, count);
  }
  return found;
}
