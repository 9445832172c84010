import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { type RunningHost, startHost } from '../helpers/host.ts';
import { demoEnv } from './demo-vendor.ts';

const secret_of: Record<string, string> = { 'request-1': 'request-secret', 'account-1': 'account-secret' };

/** A vendor of OAuth 1.0a that checks each signature by itself, and opens two sites. */
function startOldVendor(): Promise<{ url: string; server: Server; seen: string[]; confirms: string }> {
  const seen: string[] = [];
  const vendor = { url: '', seen, confirms: 'true', server: null as unknown as Server };
  const enc = (text: string) =>
    encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
  const check = (request: IncomingMessage): Record<string, string> | null => {
    const header = String(request.headers.authorization ?? '');
    const fields = Object.fromEntries(
      [...header.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, decodeURIComponent(value as string)]),
    ) as Record<string, string>;
    const { oauth_signature, ...rest } = fields;
    const url = new URL(request.url ?? '/', vendor.url);
    const all = [...Object.entries(rest), ...url.searchParams]
      .map(([name, value]) => `${enc(name)}=${enc(value)}`)
      .sort()
      .join('&');
    const base = [request.method ?? '', enc(url.origin + url.pathname), enc(all)].join('&');
    const key = `${enc('app-secret')}&${enc(secret_of[fields.oauth_token ?? ''] ?? '')}`;
    return createHmac('sha1', key).update(base).digest('base64') === oauth_signature ? fields : null;
  };
  vendor.server = createServer((request, response) => {
    const fields = check(request);
    const path = new URL(request.url ?? '/', vendor.url).pathname;
    seen.push(path);
    const form = (status: number, values: Record<string, string>) =>
      response.writeHead(status, { 'content-type': 'text/plain' }).end(String(new URLSearchParams(values)));
    if (!fields) return void form(401, { error: 'bad signature' });
    if (path === '/request') {
      if (!fields.oauth_callback?.includes('/auth/old/callback?state=')) return void form(400, { error: 'callback' });
      return void form(200, {
        oauth_token: 'request-1',
        oauth_token_secret: 'request-secret',
        ...(vendor.confirms ? { oauth_callback_confirmed: vendor.confirms } : {}),
      });
    }
    if (path === '/access') {
      if (fields.oauth_verifier !== 'good-verifier') return void form(401, { error: 'bad verifier' });
      return void form(200, { oauth_token: 'account-1', oauth_token_secret: 'account-secret' });
    }
    if (fields.oauth_token !== 'account-1') return void form(401, { error: 'no token' });
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify(
        path === '/sites'
          ? [
              { id: 's1', name: 'North' },
              { id: 's2', name: 'South' },
            ]
          : { path },
      ),
    );
  });
  return new Promise((done) =>
    vendor.server.listen(0, '127.0.0.1', () => {
      vendor.url = `http://127.0.0.1:${(vendor.server.address() as AddressInfo).port}`;
      done(vendor);
    }),
  );
}

describe('Connecting by OAuth 1.0a, with an account to choose', function () {
  this.timeout(180_000);
  let host: RunningHost;
  let vendor: Awaited<ReturnType<typeof startOldVendor>>;
  let id: string;

  before(async () => {
    vendor = await startOldVendor();
    host = await startHost({ env: demoEnv });
    const manifest = {
      manifest_version: 1,
      name: '@tests/old',
      version: '1.0.0',
      display_name: 'Old',
      integration: { type: 'old', category: 'testing', service_type: 'custom' },
      permissions: [{ name: 'network', hosts: [vendor.url], private: true, reason: 'test' }],
      app: { client_id: { type: 'string' }, client_secret: { type: 'string', format: 'secret' } },
      learn: { site_id: { from: 'connect', pattern: '^s\\d$' } },
      auth: [
        {
          name: 'account',
          type: 'oauth1',
          base_url: vendor.url,
          hosts: [vendor.url],
          sign: { scheme: 'oauth1', method: 'HMAC-SHA1' },
          request: { method: 'POST', url: `${vendor.url}/request` },
          authorize: {
            url: `${vendor.url}/authorize`,
            params: { expiration: 'never' },
            scopes: ['read'],
            pkce: 'none',
          },
          token: { method: 'POST', url: `${vendor.url}/access` },
        },
      ],
      actions: {
        look: { title: 'Look', input: { type: 'object' }, output: { type: 'object', required: ['path'] } },
        slow: { title: 'Slow', idempotent: true },
        long: { title: 'Long', input: { type: 'object' } },
      },
    };
    const bundle = `export default { manifest: ${JSON.stringify(manifest)}, handlers: {
      connect: async (ctx) => ({ choose: (await (await ctx.fetch('/sites')).json()).map(({ id, name }) => ({ id, title: name, metadata: { site_id: id } })) }),
      actions: {
        look: async (ctx, input) => input.broken ? { nothing: true } : (await ctx.fetch('/' + ctx.integration.metadata.site_id + '/look', { query: { 'a b': "it's" } })).json(),
        long: async (ctx, { s = 0 }, state) => {
          const account = (await (await ctx.fetch('/sites')).json())[0].id;
          return state ? { began: state, account } : { [Symbol.for('patchbay.again')]: { after_s: s, state: account } };
        },
        slow: async (ctx) => { await new Promise((done) => setTimeout(done, 300)); return { text: 'x'.repeat(9000) }; },
      },
    } };`;
    const installed = await host.request('POST', '/plugins', {
      body: { name: manifest.name, manifest, bundle, permissions: ['network'] },
    });
    expect(installed.status, installed.text).to.equal(201);
    await host.request('PUT', '/integrations/types/old/oauth-client', {
      body: { client_id: 'app', client_secret: 'app-secret' },
    });
  });
  after(async () => {
    vendor.server.closeAllConnections();
    vendor.server.close();
    await host.remove();
  });

  const begin = async () => {
    const answer = await host.request('POST', '/integrations/oauth/initiate', { body: { service_name: 'old' } });
    return { answer, state: answer.body.content.state as string };
  };
  const back = (query: Record<string, string>) =>
    fetch(`${host.url}/api/v1/auth/old/callback?${new URLSearchParams(query)}`, { redirect: 'manual' });
  const target = (response: Response) => new URL(response.headers.get('location') ?? 'http://none');

  it('asks the vendor for a temporary token, and sends the browser there with it', async () => {
    const { answer } = await begin();
    expect(answer.status, answer.text).to.equal(200);
    const url = new URL(answer.body.content.authorization_url);
    expect(Object.fromEntries(url.searchParams)).to.deep.equal({
      expiration: 'never',
      oauth_token: 'request-1',
      scope: 'read',
    });
  });

  it('refuses a vendor that does not confirm the callback, and says so', async () => {
    vendor.confirms = '';
    const { answer } = await begin();
    vendor.confirms = 'true';
    expect(answer.status).to.equal(503);
    expect(answer.text).to.contain('oauth_callback_confirmed');
  });

  it('takes no verifier for another temporary token, and no wrong verifier', async () => {
    const first = await begin();
    const other = target(await back({ state: first.state, oauth_token: 'request-2', oauth_verifier: 'good-verifier' }));
    expect(other.searchParams.get('error')).to.contain('another authorisation');
    const second = await begin();
    const wrong = target(await back({ state: second.state, oauth_token: 'request-1', oauth_verifier: 'guess' }));
    expect(wrong.searchParams.get('error')).to.contain('bad verifier');
    const third = await begin();
    expect(target(await back({ state: third.state, denied: 'request-1' })).searchParams.get('error')).to.contain(
      'denied',
    );
  });

  it('offers what the account opens, and works only when one was chosen', async () => {
    const { state } = await begin();
    const finished = target(await back({ state, oauth_token: 'request-1', oauth_verifier: 'good-verifier' }));
    expect(finished.searchParams.get('status')).to.equal('choose');
    id = finished.searchParams.get('integration_id') as string;
    const waiting = (await host.request('GET', `/integrations/${id}`)).body.content;
    expect(waiting).to.deep.include({
      status: 'pending_setup',
      choice: null,
      choices: [
        { id: 's1', title: 'North' },
        { id: 's2', title: 'South' },
      ],
    });
    const early = await host.request('POST', `/integrations/${id}/actions/look`, { body: {} });
    expect(early.status).to.equal(409);
    expect(early.text).to.contain('North (s1), South (s2)');
    const wrong = await host.request('PATCH', `/integrations/${id}`, { body: { choice: 's3' } });
    expect(wrong.status).to.equal(422);
    expect(wrong.body.content.errors[0]).to.include({ pointer: '/choice' });
    const chosen = await host.request('PATCH', `/integrations/${id}`, { body: { choice: 's2' } });
    expect(chosen.body.content).to.deep.include({ status: 'active', choice: 's2', choices: null });
    expect(chosen.body.content.auth_config.account).to.equal('South');
    const ran = await host.request('POST', `/integrations/${id}/actions/look`, { body: {} });
    expect(ran.body.content.output).to.deep.equal({ path: '/s2/look' });
    expect(JSON.stringify(chosen.body)).not.to.contain('account-secret');
  });

  it('keeps the choice when the account is connected anew', async () => {
    const answer = await host.request('POST', `/integrations/${id}/oauth/initiate`);
    const { state } = answer.body.content as { state: string };
    const finished = target(await back({ state, oauth_token: 'request-1', oauth_verifier: 'good-verifier' }));
    expect(finished.searchParams.get('status')).to.equal('connected');
    expect(finished.searchParams.get('integration_id')).to.equal(id);
    expect((await host.request('GET', `/integrations/${id}`)).body.content).to.include({
      status: 'active',
      choice: 's2',
    });
  });

  const later = async (action: string, input: object) => {
    const taken = await host.request('POST', `/integrations/${id}/actions/${action}`, {
      body: { input },
      headers: { Prefer: 'respond-async, wait=10' },
    });
    expect(taken.status, taken.text).to.equal(202);
    expect(taken.headers.get('preference-applied')).to.equal('respond-async');
    const invocation = taken.body.content.invocation_id as string;
    const seen: string[] = [];
    for (;;) {
      const asked = await host.request('GET', `/invocations/${invocation}`);
      expect(asked.status, asked.text).to.equal(200);
      seen.push(asked.body.content.status);
      if (!['queued', 'running'].includes(asked.body.content.status)) return { invocation: asked.body.content, seen };
      await sleep(20);
    }
  };

  it('runs an action without the caller waiting, and keeps its whole output', async () => {
    const { invocation, seen } = await later('slow', {});
    expect(invocation).to.include({ status: 'succeeded', handler: 'actions.slow', integration_id: id });
    expect(invocation.output.text).to.have.length(9000);
    expect(seen.slice(0, -1).every((one) => one === 'queued' || one === 'running')).to.equal(true);
    expect(seen.length).to.be.greaterThan(1);
  });

  it('says of such an action what went wrong, and refuses at once what can be refused', async () => {
    const { invocation } = await later('look', { broken: true });
    expect(invocation.status).to.equal('failed');
    expect(invocation.error.message).to.contain('path');
    const unknown = await host.request('POST', `/integrations/${id}/actions/lok`, {
      body: {},
      headers: { Prefer: 'respond-async' },
    });
    expect(unknown.status).to.equal(404);
    expect(unknown.text).to.contain('look');
  });

  it('goes on with the account’s credential when an action asks to be called again, and ends with the account', async () => {
    const { invocation } = await later('long', {});
    expect(invocation).to.deep.include({ status: 'succeeded', part: 1, continues: null });
    expect(invocation.output.account).to.be.a('string').and.to.equal(invocation.output.began);
    const taken = await host.request('POST', `/integrations/${id}/actions/long`, { body: { input: { s: 3_600 } } });
    expect(taken.status, taken.text).to.equal(202);
    expect(taken.headers.get('preference-applied')).to.equal(null);
    const waits = () => host.request('GET', `/invocations/${taken.body.content.invocation_id}`);
    expect((await waits()).body.content.status).to.equal('queued');
    expect((await host.request('DELETE', `/integrations/${id}`)).status).to.equal(200);
    const cut = (await waits()).body.content;
    expect(cut).to.deep.include({ status: 'failed' });
    expect(cut.error).to.deep.include({ type: 'cancelled' });
  });
});
