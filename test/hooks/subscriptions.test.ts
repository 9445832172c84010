import { createHmac, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { database } from '../../core/cli/database.ts';
import { connectDatabase } from '../../core/database/connect.ts';
import { newId } from '../../core/database/id.ts';
import { Hook, HookRequest } from '../../core/hooks/model.ts';
import { enqueue } from '../../core/jobs/enqueue.ts';
import { log } from '../../core/log.ts';
import { type RunningHost, startHost } from '../helpers/host.ts';

/** A vendor whose webhooks end, and which makes their secrets up. */
interface Vendor {
  url: string;
  server: Server;
  webhooks: Map<string, { url: string; secret: string }>;
  lines: string[];
  reports: string[];
}

async function startVendor(): Promise<Vendor> {
  const vendor: Vendor = { url: '', webhooks: new Map(), lines: [], reports: [], server: createServer() };
  vendor.server.on('request', async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    vendor.lines.push(`${request.method} ${request.url?.replace(/\/w\d+/, '/w')}`);
    const id = request.url?.split('/')[2] ?? '';
    const json = (status: number, value: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    if (request.url === '/report') {
      vendor.reports.push(body);
      return void json(200, {});
    }
    if (request.method === 'POST') {
      const made = { url: JSON.parse(body).url as string, secret: `vendor-${randomBytes(12).toString('hex')}` };
      const id = `w${vendor.lines.length}`;
      vendor.webhooks.set(id, made);
      return void json(201, { webhook: { id, ...made } });
    }
    const known = vendor.webhooks.get(id);
    if (request.method === 'DELETE') vendor.webhooks.delete(id);
    return void json(known ? 200 : 404, {});
  });
  await new Promise<void>((resolve) => vendor.server.listen(0, '127.0.0.1', resolve));
  vendor.url = `http://127.0.0.1:${(vendor.server.address() as AddressInfo).port}`;
  return vendor;
}

function plugin(vendor: Vendor) {
  const verify = {
    scheme: 'hmac',
    algorithm: 'sha256',
    key: '{hook.secret}',
    message: '{request.body}',
    signature: { header: 'X-Signature', encoding: 'hex' },
  };
  const manifest = {
    ...{ manifest_version: 1, name: '@tests/subs', version: '1.0.0', display_name: 'Subs' },
    integration: { type: 'subs', category: 'testing', service_type: 'custom' },
    permissions: [
      { name: 'network', hosts: [vendor.url], private: true, reason: 'test' },
      { name: 'events:emit', types: ['subs.changed'], reason: 'test' },
    ],
    configuration: { type: 'object', properties: { account: { type: 'string' } } },
    app: { client_id: { type: 'string' }, client_secret: { type: 'string', format: 'secret' } },
    auth: [
      {
        ...{ name: 'key', type: 'api_key', base_url: vendor.url, hosts: [vendor.url] },
        fields: { access_token: { type: 'string', format: 'secret' } },
        inject: [{ in: 'header', name: 'Authorization', value: 'Bearer {credential.access_token}' }],
      },
    ],
    triggers: {
      changed: {
        ...{ title: 'Changed', address: 'integration', verify, emits: ['subs.changed'] },
        subscription: {
          ...{ by: 'handler', secret_at: '/webhook/secret' },
          ...{ life_s: 3600, renew_before_s: 600, check_every_s: 600 },
        },
      },
      batch: {
        ...{ title: 'Batch', address: 'app', verify: { ...verify, key: '{app.client_secret}' } },
        ...{ emits: ['subs.changed'], route: { to: 'account', each: '', by: { body: '/account' } } },
      },
    },
    events: { 'subs.changed': { title: 'Changed', schema: { type: 'object' }, sample: {} } },
  };
  const bundle = `
    const told = (request) => ({ events: [{ type: request.body.type ?? 'subs.changed', data: { body: request.body } }] });
    export default { manifest: ${JSON.stringify(manifest)}, handlers: {
      connect: async (ctx) => ({ account: ctx.config.account, metadata: { account: ctx.config.account } }),
      triggers: {
        changed: {
          receive: async (ctx, request) => told(request),
          subscribe: async (ctx, { url }) => {
            const answer = await ctx.fetch('/webhooks', { method: 'POST', body: JSON.stringify({ url }) });
            const text = await answer.text();
            await ctx.fetch('/report', { method: 'POST', body: text });
            return { id: JSON.parse(text).webhook.id };
          },
          renew: async (ctx, { id }) => { await ctx.fetch('/webhooks/' + id, { method: 'PUT' }); return { id }; },
          check: async (ctx, { id }) => (await ctx.fetch('/webhooks/' + id)).status === 200,
          unsubscribe: async (ctx, { id }) => { await ctx.fetch('/webhooks/' + id, { method: 'DELETE' }); },
        },
        batch: { receive: async (ctx, request) => told(request) },
      },
    } };`;
  return { name: manifest.name, manifest, bundle, permissions: ['network', 'events:emit'], is_enabled: true };
}

describe('Webhooks at a vendor', function () {
  this.timeout(240_000);
  let folder: string;
  let engine: Awaited<ReturnType<typeof database>>;
  let connection: Awaited<ReturnType<typeof connectDatabase>>;
  let host: RunningHost;
  let vendor: Vendor;
  let id: string;
  let other: string;

  const content = async (method: string, path: string, body?: unknown) => {
    const answer = await host.request(method, path, body === undefined ? {} : { body });
    expect(answer.body.code, answer.text).to.equal('S10000');
    return answer.body.content;
  };
  const until = async <T>(what: () => Promise<T | false> | T | false): Promise<T> => {
    for (;;) {
      const found = await what();
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const connect = async (account: string) =>
    (
      await content('POST', '/integrations', {
        ...{ integration_type: 'subs', name: account, configuration: { account } },
        auth_config: { auth_type: 'api_key', access_token: 'token-0123456789' },
      })
    ).id as string;
  const changed = async () =>
    (await content('GET', `/integrations/${id}/hooks`)).hooks.find(
      (one: { trigger: string }) => one.trigger === 'changed',
    );
  /** What the clock would do. */
  const due = async (change: object) => {
    await Hook.updateOne({ integration_id: id, trigger: 'changed' }, { $set: change });
    await enqueue({ id: newId('job'), kind: 'hook.due', workspace_id: 'site', data: null });
  };
  const post = (path: string, body: string, secret: string) =>
    fetch(host.url + path, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-signature': createHmac('sha256', secret).update(body).digest('hex'),
      },
      body,
    });
  const events = async () =>
    (await content('GET', '/events?type=subs.changed&size=100')).events as { data: { body: any } }[];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'patchbay-subs-'));
    engine = await database({ data: folder });
    connection = await connectDatabase({ uri: engine.uri, data: folder, log });
    vendor = await startVendor();
    host = await startHost({
      env: {
        ...{ MONGODB_URI: engine.uri, ENCRYPTION_KEY: randomBytes(32).toString('hex') },
        ...{ PATCHBAY_ALLOW_SIDELOAD: 'true', PATCHBAY_EGRESS_ALLOW: '127.0.0.0/8' },
      },
    });
    await content('POST', '/plugins', plugin(vendor));
    const client = { client_id: 'app', client_secret: 'the secret of the app' };
    await content('PUT', '/integrations/types/subs/oauth-client', client);
    id = await connect('first');
    other = await connect('second');
  });
  after(async () => {
    await host?.remove();
    vendor.server.closeAllConnections();
    vendor.server.close();
    await connection.close();
    await engine.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('are made when an integration is connected; the secret that the vendor made up is kept here and never shown to the plugin', async () => {
    await until(async () => (await changed()).is_subscribed && vendor.webhooks.size === 2);
    const made = [...vendor.webhooks.values()];
    expect(made.map(({ url }) => url)).to.include((await changed()).url);
    for (const { secret } of made) for (const report of vendor.reports) expect(report).not.to.contain(secret);
    expect(JSON.parse(vendor.reports[0] as string).webhook).to.have.keys('id', 'url');
    for (const { url, secret } of made) {
      const path = new URL(url).pathname;
      expect((await post(path, '{"n":1}', secret)).status).to.equal(200);
      expect((await post(path, '{"n":1}', 'another secret')).status).to.equal(401);
    }
    expect(Date.parse((await changed()).expires_at)).to.be.within(Date.now() + 3_400_000, Date.now() + 3_600_000);
  });

  it('are renewed before they end', async () => {
    const soon = new Date(Date.now() + 300_000);
    await due({ expires_at: soon, renew_at: new Date() });
    await until(async () => Date.parse((await changed()).expires_at) > soon.getTime());
    expect(vendor.lines.filter((line) => line === 'PUT /webhooks/w')).to.have.length(1);
  });

  it('are made anew when the vendor lost them, however soon after the first time', async () => {
    vendor.webhooks.delete(
      JSON.parse((await Hook.findOne({ integration_id: id, trigger: 'changed' }))?.subscription_text ?? '').id,
    );
    const before = vendor.lines.filter((line) => line === 'POST /webhooks').length;
    await due({ check_at: new Date() });
    await until(() => vendor.lines.filter((line) => line === 'POST /webhooks').length > before);
    await until(async () => (await changed()).is_subscribed);
    const { url } = await changed();
    const made = [...vendor.webhooks.values()].findLast((one) => one.url === url);
    expect((await post(new URL(url).pathname, '{"n":2}', made?.secret as string)).status).to.equal(200);
  });

  it('are made anew when they ended without a renewal', async () => {
    const before = vendor.lines.filter((line) => line === 'POST /webhooks').length;
    await due({ expires_at: new Date(Date.now() - 1000), renew_at: new Date() });
    await until(() => vendor.lines.filter((line) => line === 'POST /webhooks').length > before);
    await until(async () => Date.parse((await changed()).expires_at ?? 0) > Date.now());
  });

  it('that bring things of several accounts give each integration its own, and no other’s', async () => {
    const body = JSON.stringify([
      { account: 'first', n: 1 },
      { account: 'second', n: 2 },
      { account: 'nobody', n: 3 },
      { account: 'first', n: 4 },
    ]);
    expect((await post('/api/v1/hooks/apps/subs/batch', body, 'the secret of the app')).status).to.equal(200);
    const told = await until(async () => {
      const batches = (await events()).map(({ data }) => data.body).filter(Array.isArray);
      return batches.length === 2 && batches;
    });
    const numbers = told.map((batch) => batch.map(({ n }: { n: number }) => n)).sort();
    expect(numbers).to.deep.equal([[1, 4], [2]]);
  });

  it('cannot make a plugin tell what is not its own', async () => {
    const { url } = await changed();
    const made = [...vendor.webhooks.values()].findLast((one) => one.url === url);
    expect((await post(new URL(url).pathname, '{"type":"plugin.installed"}', made?.secret as string)).status).to.equal(
      200,
    );
    const job = await until(async () =>
      (await content('GET', '/jobs?kind=hook.run')).jobs.find(
        (one: { error: { message: string } | null }) => one.error,
      ),
    );
    expect(job.error.message).to.contain('may not emit "plugin.installed"');
  });

  it('that are forged are not written down, however many', async () => {
    const before = await HookRequest.countDocuments();
    const path = new URL((await changed()).url).pathname;
    const answers = await Promise.all(
      Array.from({ length: 100 }, async () => (await post(path, '{}', 'forged')).status),
    );
    expect(new Set(answers)).to.deep.equal(new Set([401]));
    expect(await HookRequest.countDocuments()).to.equal(before);
  });

  it('are removed when the integration is deleted, and its address is gone', async () => {
    const { url } = await changed();
    const before = vendor.lines.filter((line) => line === 'DELETE /webhooks/w').length;
    await content('DELETE', `/integrations/${id}`);
    expect(vendor.lines.filter((line) => line === 'DELETE /webhooks/w')).to.have.length(before + 1);
    expect((await post(new URL(url).pathname, '{}', 'x')).status).to.equal(404);
    expect((await content('GET', `/integrations/${other}/hooks`)).hooks[0].is_subscribed).to.equal(true);
  });
});
