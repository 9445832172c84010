/// <reference path="./oidc-provider.d.ts" />
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

/** A vendor whose sign-in is a real authorization server, with an API that lets in whoever it gave a token. */
export interface SignInVendor {
  url: string;
  client: { client_id: string; client_secret: string };
  /** lets in as `token-user` without a sign-in */
  token: string;
  /** the titles that it keeps; an action adds to them */
  notes: string[];
  /** While set, the second page of notes is not answered before it is fulfilled. */
  gate: Promise<void> | null;
  /** bodies of the webhooks that were delivered to `/received` */
  received: { headers: IncomingMessage['headers']; body: string }[];
  close(): void;
}

const pageSize = 5;

/** @param redirect_uri where its client is sent back to */
export async function startSignInVendor(redirect_uri: string): Promise<SignInVendor> {
  const vendor: SignInVendor = {
    url: '',
    client: { client_id: 'patchbay', client_secret: 'a secret of the app at the vendor' },
    token: 'a token that the vendor made',
    notes: Array.from({ length: 8 }, (_, index) => `Note ${index + 1}`),
    gate: null,
    received: [],
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  vendor.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(vendor.url, {
    clients: [
      {
        ...vendor.client,
        redirect_uris: [redirect_uri],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'client_secret_post',
        id_token_signed_response_alg: 'ES256',
      },
    ],
    cookies: { keys: ['a key of the test'] },
    features: { devInteractions: { enabled: false } },
    scopes: ['openid', 'offline_access'],
    interactions: { url: (_ctx: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    findAccount: (_ctx: unknown, accountId: string) => ({ accountId, claims: () => ({ sub: accountId }) }),
    issueRefreshToken: () => true,
    jwks: { keys: [await signingKey()] },
    ttl: {
      AccessToken: 3600,
      AuthorizationCode: 60,
      Grant: 3600,
      IdToken: 60,
      Interaction: 600,
      RefreshToken: 3600,
      Session: 600,
    },
  });
  const authorize = provider.callback();
  server.on('request', (request, response) => {
    void answer(vendor, provider, request, response).then((isAnswered) => {
      if (!isAnswered) authorize(request, response);
    });
  });
  return vendor;
}

async function answer(
  vendor: SignInVendor,
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const url = new URL(request.url ?? '/', vendor.url);
  if (url.pathname.startsWith('/interaction/')) {
    await interact(provider, request, response);
    return true;
  }
  if (url.pathname === '/received') {
    vendor.received.push({ headers: request.headers, body: await read(request) });
    response.end('ok');
    return true;
  }
  if (!url.pathname.startsWith('/api/')) return false;
  const given = String(request.headers.authorization).replace('Bearer ', '');
  const token = given === vendor.token ? { accountId: 'token-user' } : await provider.AccessToken.find(given);
  const json = (status: number, value: unknown) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  if (!token) json(401, { error: 'no token of ours' });
  else if (url.pathname === '/api/me') json(200, { login: token.accountId });
  else if (request.method === 'POST') {
    vendor.notes.push(JSON.parse(await read(request)).title);
    json(201, { number: vendor.notes.length });
  } else {
    const from = Number(url.searchParams.get('from') ?? 0);
    if (from > 0) await vendor.gate;
    const page = vendor.notes
      .slice(from, from + pageSize)
      .map((title, index) => ({ id: String(from + index + 1), title }));
    json(200, { notes: page, next: from + pageSize < vendor.notes.length ? from + pageSize : null });
  }
  return true;
}

/** The sign-in page: who one is, and that one agrees. Both steps of the protocol in one form. */
async function interact(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { prompt, params } = await provider.interactionDetails(request, response);
  if (request.method === 'GET') {
    const fields = prompt.name === 'login' ? '<label>Login <input name="login" required></label>' : '';
    const button = prompt.name === 'login' ? 'Sign in' : 'Allow';
    response
      .writeHead(200, { 'content-type': 'text/html' })
      .end(`<!doctype html><title>Vendor</title><form method="post">${fields}<button>${button}</button></form>`);
    return;
  }
  const body = new URLSearchParams(await read(request));
  if (prompt.name === 'login') {
    await provider.interactionFinished(request, response, { login: { accountId: body.get('login') } });
    return;
  }
  const accountId = String(
    ((await provider.interactionDetails(request, response)) as unknown as { session: { accountId: string } }).session
      .accountId,
  );
  const grant = new provider.Grant({ accountId, clientId: params.client_id ?? '' });
  grant.addOIDCScope(params.scope ?? 'openid');
  await provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
}

async function read(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += chunk;
  return body;
}

async function signingKey(): Promise<object> {
  const { exportJWK, generateKeyPair } = await import('jose');
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  return { ...(await exportJWK(privateKey)), use: 'sig', alg: 'ES256' };
}
