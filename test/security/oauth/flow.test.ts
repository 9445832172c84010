import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { type RunningHost, startHost } from '../../helpers/host.ts';
import {
  type DemoVendor,
  demoEnv,
  demoManifest,
  installDemo,
  startDemoVendor,
} from '../../integrations/demo-vendor.ts';

/** The points of RFC 9700 (OAuth 2.0 Security Best Current Practice) that are a client's, each tried over real HTTP. */
describe('OAuth connections', function () {
  this.timeout(60_000);
  let host: RunningHost;
  let vendor: DemoVendor;

  before(async () => {
    vendor = await startDemoVendor();
    host = await startHost({ env: demoEnv });
    await installDemo(host, demoManifest(vendor));
    await host.request('PUT', '/integrations/types/demo/oauth-client', {
      body: { client_id: 'our-client', client_secret: 'the-client-secret' },
    });
  });
  after(async () => {
    vendor.close();
    await host.remove();
  });

  interface Begun {
    authorization_url: string;
    auth_url: string;
    state: string;
  }
  const begin = async (body: object = {}): Promise<{ begun: Begun; url: URL }> => {
    const answer = await host.request('POST', '/integrations/oauth/initiate', {
      body: { service_name: 'demo', ...body },
    });
    expect(answer.status, answer.text).to.equal(200);
    const begun = answer.body.content as Begun;
    return { begun, url: new URL(begun.authorization_url) };
  };
  const back = (query: Record<string, string>, path = '/auth/demo/callback', headers: Record<string, string> = {}) =>
    fetch(`${host.url}/api/v1${path}?${new URLSearchParams(query)}`, { redirect: 'manual', headers });

  it('asks with PKCE S256, a redirect URI of the platform’s own, and an unguessable state', async () => {
    const { begun, url } = await begin();
    expect(begun.auth_url).to.equal(begun.authorization_url);
    expect(url.origin + url.pathname).to.equal(`${vendor.url}/authorize`);
    const query = Object.fromEntries(url.searchParams);
    expect(query).to.include({
      response_type: 'code',
      client_id: 'our-client',
      scope: 'read write',
      code_challenge_method: 'S256',
    });
    expect(query.redirect_uri).to.match(/\/api\/v1\/auth\/demo\/callback$/);
    expect(query.state).to.match(/^[\w-]{43}$/);
    expect(query.code_challenge).to.match(/^[\w-]{43}$/);
    expect(begun.authorization_url).not.to.contain('the-client-secret');
  });

  it('exchanges the code with the verifier, connects the account, and leads back to the console', async () => {
    const { begun, url } = await begin();
    const answer = await back({ code: 'good-code', state: begun.state });
    expect(answer.status).to.equal(303);
    const target = new URL(answer.headers.get('location') ?? '');
    expect(target.searchParams.get('status')).to.equal('connected');
    expect(target.href).not.to.contain('good-code');
    expect(answer.headers.get('referrer-policy')).to.equal('no-referrer');
    const call = vendor.seen.findLast(({ line }) => line === 'POST /token');
    const form = new URLSearchParams(call?.body);
    expect(form.get('client_secret')).to.equal('the-client-secret');
    expect(form.get('redirect_uri')).to.equal(url.searchParams.get('redirect_uri'));
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    expect(challenge).to.equal(url.searchParams.get('code_challenge'));
    const made = (await host.request('GET', `/integrations/${target.searchParams.get('integration_id')}`)).body.content;
    expect(made).to.include({ status: 'active', integration_type: 'demo' });
    expect(made.auth_config).to.deep.include({ auth_type: 'oauth2', account: 'demo-user', scopes: ['read', 'write'] });
  });

  it('takes a state once', async () => {
    const { begun } = await begin();
    expect((await back({ code: 'good-code', state: begun.state })).status).to.equal(303);
    const again = await back({ code: 'good-code', state: begun.state });
    expect(again.status).to.equal(400);
    expect(((await again.json()) as { code: string }).code).to.equal('F40000');
  });

  it('takes no state that it did not make, and none that is missing', async () => {
    for (const state of ['', 'x', 'A'.repeat(43), `${'A'.repeat(42)}'`]) {
      const answer = await back({ code: 'good-code', state });
      expect(answer.status).to.equal(400);
    }
    expect((await back({ code: 'good-code' })).status).to.equal(400);
  });

  it('refuses an issuer that is another server’s (mix-up, RFC 9207)', async () => {
    const { begun } = await begin();
    const asked = vendor.seen.length;
    const answer = await back({ code: 'good-code', state: begun.state, iss: 'https://evil.example' });
    expect(new URL(answer.headers.get('location') ?? '').searchParams.get('status')).to.equal('error');
    expect(vendor.seen.slice(asked).filter(({ line }) => line === 'POST /token')).to.deep.equal([]);
  });

  it('refuses a state that comes back to another platform’s address', async () => {
    const { begun } = await begin();
    expect((await back({ code: 'good-code', state: begun.state }, '/auth/github/callback')).status).to.equal(400);
  });

  it('refuses another browser than the one that began', async () => {
    const login = await fetch(`${host.url}/api/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...host.admin, session: true }),
    });
    const cookies = login.headers.getSetCookie().map((one) => one.split(';')[0] as string);
    const csrf = cookies.find((one) => one.startsWith('pb_csrf='))?.slice('pb_csrf='.length) ?? '';
    const begun = await fetch(`${host.url}/api/v1/integrations/oauth/initiate`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: cookies.join('; '), 'x-csrf-token': csrf },
      body: JSON.stringify({ integration_type: 'demo' }),
    });
    const { state } = ((await begun.json()) as { content: Begun }).content;
    const [bound] = begun.headers.getSetCookie().filter((one) => one.startsWith('pb_oauth='));
    expect(bound)
      .to.match(/HttpOnly/)
      .and.to.match(/SameSite=Lax/);
    expect((await back({ code: 'good-code', state })).status).to.equal(400);
    expect(
      (await back({ code: 'good-code', state }, undefined, { cookie: `pb_oauth=${'A'.repeat(43)}` })).status,
    ).to.equal(400);
    // The thief has not used it up: the right browser still can.
    expect(
      (await back({ code: 'good-code', state }, undefined, { cookie: bound?.split(';')[0] as string })).status,
    ).to.equal(303);
  });

  it('leads nowhere but to our console and the workspace’s allowlist', async () => {
    const answer = await host.request('POST', '/integrations/oauth/initiate', {
      body: { service_name: 'demo', redirectUri: 'https://evil.example/steal' },
    });
    expect(answer.body.code).to.equal('F40022');
    expect(answer.body.content.errors[0].pointer).to.equal('/redirect_uri');
  });

  it('says in words what the vendor said, and makes nothing', async () => {
    const { begun } = await begin();
    const before = (await host.request('GET', '/integrations')).body.content.total;
    const answer = await back({ error: 'access_denied', error_description: 'The user said no', state: begun.state });
    expect(new URL(answer.headers.get('location') ?? '').searchParams.get('error')).to.contain('The user said no');
    const bad = await begin();
    const refused = await back({ code: 'wrong-code', state: bad.begun.state });
    expect(new URL(refused.headers.get('location') ?? '').searchParams.get('error')).to.contain('invalid_grant');
    expect((await host.request('GET', '/integrations')).body.content.total).to.equal(before);
  });

  it('survives a restart between the way out and the way back', async () => {
    const { begun } = await begin();
    await host.stop();
    await host.restart();
    const answer = await back({ code: 'good-code', state: begun.state });
    expect(new URL(answer.headers.get('location') ?? '').searchParams.get('status')).to.equal('connected');
  });

  it('refreshes once for many callers, and renews an expired token unasked', async () => {
    const { begun } = await begin();
    const answer = await back({ code: 'good-code', state: begun.state });
    const id = new URL(answer.headers.get('location') ?? '').searchParams.get('integration_id');
    vendor.tokens.clear();
    const before = vendor.refreshes;
    const calls = await Promise.all(
      Array.from({ length: 12 }, () => host.request('POST', `/integrations/${id}/actions/whoami`, { body: {} })),
    );
    for (const call of calls) expect(call.body.content.output, call.text).to.deep.include({ status: 200 });
    expect(vendor.refreshes - before).to.equal(1);
    expect((await host.request('POST', `/integrations/${id}/refresh-token`)).body.code).to.equal('S10000');
    expect(vendor.refreshes - before).to.equal(2);
  });

  it('asks to reconnect when the vendor is done with us, and stays the same integration afterwards', async () => {
    const { begun } = await begin();
    const answer = await back({ code: 'good-code', state: begun.state });
    const id = new URL(answer.headers.get('location') ?? '').searchParams.get('integration_id') as string;
    vendor.tokens.clear();
    vendor.refresh_tokens.clear();
    const call = await host.request('POST', `/integrations/${id}/actions/whoami`, { body: {} });
    expect(call.body.code).to.equal('F42308');
    expect((await host.request('GET', `/integrations/${id}`)).body.content.status).to.equal('error');
    const told = (await host.request('GET', '/events?type=integration.auth_expired')).body.content;
    expect(told.events[0].data).to.include({ integration_id: id });
    const anew = await host.request('POST', `/integrations/${id}/oauth/initiate`, { body: {} });
    const landed = await back({ code: 'good-code', state: anew.body.content.state });
    expect(new URL(landed.headers.get('location') ?? '').searchParams.get('integration_id')).to.equal(id);
    expect((await host.request('GET', `/integrations/${id}`)).body.content.status).to.equal('active');
  });
});
