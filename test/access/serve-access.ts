import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Koa from 'koa';
import { authenticate } from '../../core/access/authenticate.ts';
import { authorise } from '../../core/access/authorise.ts';
import { dropAllCached, dropCached } from '../../core/access/cache.ts';
import { firstStart } from '../../core/access/first-start.ts';
import { followAccess } from '../../core/access/follow-access.ts';
import { takeTurn } from '../../core/access/limits/take-turn.ts';
import { accessRoutes } from '../../core/access/routes.ts';
import { auditRoutes } from '../../core/audit/routes.ts';
import { connectDatabase, type Database } from '../../core/database/connect.ts';
import { followNews, type NewsLoop } from '../../core/database/news.ts';
import { request } from '../../core/http/request.ts';
import { base, bySpecificity, pathPattern } from '../../core/http/router.ts';
import { serve } from '../../core/http/serve.ts';
import { log } from '../../core/log.ts';
import { startVault } from '../../core/vault/start-vault.ts';

export interface Asking {
  body?: unknown;
  /** access token or API key */
  token?: string | undefined;
  headers?: Record<string, string>;
}

export interface Answered {
  status: number;
  code: string;
  msg: string;
  content: any;
  headers: Headers;
}

/** Access and audit behind real HTTP and a real database, without the rest of the host. */
export class AccessHost {
  url = '';
  folder = '';
  owner = { email: 'owner@example.com', password: 'a fine long password' };
  #database: Database | undefined;
  #server: Server | undefined;
  #news: NewsLoop | undefined;

  async start(): Promise<void> {
    this.folder = mkdtempSync(join(tmpdir(), 'patchbay-access-'));
    this.#database = await connectDatabase({ uri: process.env.MONGODB_URI ?? null, data: this.folder, log });
    await startVault([], this.folder);
    const { setup_token } = await firstStart();
    this.#news = followNews({ everyMs: 250 });
    this.#news.on((workspace_id) => (workspace_id === null ? dropAllCached() : dropCached(workspace_id)));
    const app = new Koa();
    app.use(request({ trust_proxy: true }));
    const toHandler = serve({ authenticate, authorise, follow: followAccess, takeTurn });
    const routes = [...new Set([...accessRoutes, ...auditRoutes])].sort(bySpecificity).map((route) => {
      const pattern = pathPattern(base + route.path);
      return { route, pattern, handle: toHandler(route, pattern) };
    });
    app.use((ctx, next) => {
      const found = routes.find(({ route, pattern }) => route.method === ctx.method && pattern.test(ctx.path));
      return found ? found.handle(ctx, next) : next();
    });
    this.#server = createServer(app.callback());
    await new Promise<void>((resolve) => this.#server?.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    await this.ask('POST', '/auth/setup', { body: { token: setup_token, ...this.owner } });
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (server) await new Promise((resolve) => server.close(resolve).closeAllConnections());
    this.#news?.stop();
    await this.#database?.close();
    dropAllCached();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async ask(method: string, path: string, { body, token, headers }: Asking = {}): Promise<Answered> {
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const { code, msg, content } = text.startsWith('{"code"')
      ? JSON.parse(text)
      : { code: '', msg: text, content: null };
    return { status: response.status, code, msg, content, headers: response.headers };
  }

  /** Signs in; the owner unless another is named. */
  async login({ email, password } = this.owner): Promise<{ access_token: string; refresh_token: string }> {
    const answer = await this.ask('POST', '/auth/login', { body: { email, password } });
    if (answer.status !== 200) throw new Error(`login: ${answer.code} ${answer.msg}`);
    return answer.content;
  }

  /** Signs a browser in; its cookies as it would send them. */
  async cookie({ email, password } = this.owner): Promise<string> {
    const answer = await this.ask('POST', '/auth/login', { body: { email, password, session: true } });
    if (answer.status !== 200) throw new Error(`login: ${answer.code} ${answer.msg}`);
    const lines = answer.headers.getSetCookie();
    return lines.map((line) => line.split(';')[0]).join('; ');
  }

  /** Invites a person into the owner's workspace and signs them in: their access token. */
  async member(email: string, role: string): Promise<string> {
    const { access_token } = await this.login();
    const invitation = await this.ask('POST', '/invitations', { token: access_token, body: { email, role } });
    const joined = await this.ask('POST', `/invitations/${invitation.content.token}/accept`, {
      body: { password: 'another long password' },
    });
    if (joined.status !== 201) throw new Error(`member: ${joined.code} ${joined.msg}`);
    return joined.content.access_token;
  }
}

/** Mocha hooks: one `AccessHost` for a suite. */
export function withAccess(): AccessHost {
  const host = new AccessHost();
  before(() => host.start());
  after(() => host.stop());
  return host;
}
