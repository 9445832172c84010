import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RunningHost } from '../helpers/host.ts';

/** A small vendor of our own: things that change and go, tokens that expire and rotate, an echo for what was sent. */
export interface DemoVendor {
  url: string;
  things: Map<string, { id: string; title: string; updated_at: string }>;
  /** access tokens that are let in */
  tokens: Set<string>;
  refresh_tokens: Set<string>;
  /** `<method> <path>` of each request */
  seen: { at: number; line: string; headers: IncomingMessage['headers']; body: string }[];
  refreshes: number;
  /** answers instead of the usual when it returns true */
  before?:
    | ((request: IncomingMessage, response: ServerResponse, body: string) => boolean | Promise<boolean>)
    | undefined;
  put(id: string, title?: string): void;
  /** ends as a killed process does, with every connection, and comes back at the same address */
  crash(): Promise<void>;
  close(): void;
}

let clock = Date.UTC(2026, 0, 1);

export async function startDemoVendor(): Promise<DemoVendor> {
  const vendor: DemoVendor = {
    url: '',
    things: new Map(),
    tokens: new Set(['good-token-0123456789']),
    refresh_tokens: new Set(),
    seen: [],
    refreshes: 0,
    put(id, title = `Thing ${id}`) {
      clock += 1000;
      vendor.things.set(id, { id, title, updated_at: new Date(clock).toISOString() });
    },
    async crash() {
      const { port } = server.address() as AddressInfo;
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const url = new URL(request.url ?? '/', vendor.url);
    vendor.seen.push({ at: Date.now(), line: `${request.method} ${url.pathname}`, headers: request.headers, body });
    if (await vendor.before?.(request, response, body)) return;
    const json = (status: number, value: unknown, headers: Record<string, string> = {}) =>
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
    if (url.pathname === '/token') return void json(...token(vendor, new URLSearchParams(body)));
    if (url.pathname === '/echo')
      return void json(
        200,
        { url: request.url, headers: request.headers, body },
        { 'x-echo': String(request.headers.authorization) },
      );
    const given = String(request.headers.authorization ?? '').replace('Bearer ', '');
    if (!vendor.tokens.has(given)) return void json(401, { error: 'bad token' });
    if (url.pathname === '/me') return void json(200, { login: 'demo-user' });
    if (url.pathname === '/things') {
      const size = 20;
      const since = url.searchParams.get('since') ?? '';
      const after = url.searchParams.get('after') ?? '';
      const rows = [...vendor.things.values()]
        .filter((one) => one.updated_at >= since && `${one.updated_at} ${one.id}` > after)
        .sort((a, b) => (`${a.updated_at} ${a.id}` < `${b.updated_at} ${b.id}` ? -1 : 1));
      const last = rows[size - 1];
      return void json(200, {
        things: rows.slice(0, size),
        next: rows.length > size && last ? `${last.updated_at} ${last.id}` : null,
      });
    }
    return void json(404, { error: 'not found' });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  vendor.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return vendor;
}

function token(vendor: DemoVendor, form: URLSearchParams): [number, unknown] {
  const given = form.get('refresh_token') ?? '';
  if (form.get('grant_type') === 'refresh_token') {
    // A used refresh token is dead, and so is its access token: what strict vendors do.
    if (!vendor.refresh_tokens.delete(given)) return [400, { error: 'invalid_grant' }];
    vendor.refreshes += 1;
  } else if (form.get('code') !== 'good-code') return [400, { error: 'invalid_grant' }];
  const access = `access-${randomUUID()}`;
  const refresh = `refresh-${randomUUID()}`;
  vendor.tokens.add(access);
  vendor.refresh_tokens.add(refresh);
  return [200, { access_token: access, refresh_token: refresh, expires_in: 3600, scope: 'read write' }];
}

/** The plugin for that vendor, as plain data and code. */
export function demoManifest(vendor: DemoVendor, more: Record<string, unknown> = {}) {
  const base = {
    base_url: vendor.url,
    hosts: [vendor.url],
    inject: [{ in: 'header', name: 'Authorization', value: 'Bearer {credential.access_token}' }],
  };
  return {
    manifest_version: 1,
    name: '@tests/demo',
    version: '1.0.0',
    display_name: 'Demo',
    integration: { type: 'demo', category: 'testing', service_type: 'custom' },
    permissions: [
      { name: 'network', hosts: [vendor.url], private: true, reason: 'test' },
      { name: 'storage', reason: 'test' },
      { name: 'events:emit', types: ['demo.pushed'], reason: 'test' },
    ],
    configuration: {
      type: 'object',
      additionalProperties: false,
      properties: { repository: { type: 'string' }, seal: { type: 'string', format: 'secret' } },
    },
    app: { client_id: { type: 'string' }, client_secret: { type: 'string', format: 'secret' } },
    auth: [
      { name: 'key', type: 'api_key', fields: { access_token: { type: 'string', format: 'secret' } }, ...base },
      {
        name: 'oauth',
        type: 'oauth2',
        ...base,
        authorize: { url: `${vendor.url}/authorize`, scopes: ['read', 'write'], pkce: 'S256' },
        token: { method: 'POST', url: `${vendor.url}/token`, as: 'form', client: 'body' },
        refresh: { old_token: 'dies_on_use' },
      },
    ],
    actions: {
      whoami: { title: 'Who', idempotent: true },
      echo: { title: 'Echo', input: { type: 'object' } },
    },
    streams: {
      things: {
        title: 'Things',
        primary_key: ['/id'],
        version: '/updated_at',
        modes: ['full', 'incremental'],
        cursor: { field: '/updated_at' },
        deletes: 'missing',
      },
    },
    triggers: {
      push: {
        title: 'Push',
        address: 'integration',
        verify: {
          scheme: 'hmac',
          algorithm: 'sha256',
          key: '{hook.secret}',
          message: '{request.body}',
          signature: { header: 'X-Signature', prefix: 'sha256=', encoding: 'hex' },
        },
        dedupe: [{ header: 'X-Delivery' }],
        emits: ['demo.pushed'],
        writes: ['things'],
        subscription: { by: 'handler', secret: 'made' },
      },
    },
    events: {
      'demo.pushed': {
        title: 'Pushed',
        schema: { type: 'object', properties: { text: { type: 'string' }, headers: { type: 'object' } } },
        sample: { text: 'x', headers: {} },
      },
    },
    ...more,
  };
}

export const demoBundle = `
const things = async function* (ctx, pull) {
  let after = pull.cursor?.after ?? '';
  const since = pull.cursor?.since ?? pull.since;
  for (;;) {
    const query = { after };
    if (pull.mode === 'incremental' && since) query.since = since;
    const answer = await ctx.fetch('/things', { query });
    if (!answer.ok) throw new Error('the vendor answered ' + answer.status);
    const page = answer.json();
    const { things, next } = page instanceof Promise ? await page : page;
    after = next ?? after;
    yield { upserts: things.map((raw) => ({ raw })), cursor: next ? { after, since } : { after: '', since: null } };
    if (!next) return;
  }
};
export default {
  manifest: MANIFEST,
  handlers: {
    connect: async (ctx) => {
      const answer = await ctx.fetch('/me');
      if (!answer.ok) throw new Error('the vendor answered ' + answer.status);
      return { account: (await answer.json()).login };
    },
    test: async (ctx) => ({ account: (await (await ctx.fetch('/me')).json()).login }),
    actions: {
      whoami: async (ctx) => {
        const answer = await ctx.fetch('/me');
        return { status: answer.status, body: await answer.json(), means: answer.means };
      },
      echo: async (ctx, input) => {
        try {
          const answer = await ctx.fetch(input.url ?? '/echo', input.init ?? {});
          return { status: answer.status, url: answer.url, headers: Object.fromEntries(Object.entries(answer.headers)), text: await answer.text() };
        } catch (error) {
          return { error: { name: error.name, message: error.message, code: error.code, all: JSON.stringify(error, Object.getOwnPropertyNames(error)) } };
        }
      },
    },
    streams: { things },
    triggers: {
      push: {
        receive: async (ctx, request) => ({
          events: [{ type: 'demo.pushed', data: { text: request.text, headers: request.headers } }],
          upserts: request.body.thing ? { things: [{ raw: request.body.thing }] } : {},
        }),
        subscribe: async (ctx, hook) => {
          const answer = await ctx.fetch('/echo', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(hook) });
          return { id: 'sub-1', data: { answer: await answer.text() } };
        },
        unsubscribe: async (ctx) => { await ctx.fetch('/echo', { method: 'DELETE' }); },
      },
    },
  },
};
`;

/** Sideloads the plugin into a host and answers its id. */
export async function installDemo(host: RunningHost, manifest: Record<string, unknown>): Promise<string> {
  const bundle = demoBundle.replace('MANIFEST', JSON.stringify(manifest));
  const installed = await host.request('POST', '/plugins', {
    body: {
      name: manifest.name,
      manifest,
      bundle,
      permissions: (manifest.permissions as { name: string }[]).map(({ name }) => name),
      is_enabled: true,
    },
  });
  if (installed.body.code !== 'S10000') throw new Error(`the demo plugin was not installed: ${installed.text}`);
  return installed.body.content.id as string;
}

/** What a host needs to run the demo: sideloading, and loopback opened for egress. */
export const demoEnv = { PATCHBAY_ALLOW_SIDELOAD: 'true', PATCHBAY_EGRESS_ALLOW: '127.0.0.0/8' };
