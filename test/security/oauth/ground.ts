import { rmSync } from 'node:fs';
import { type RunningHost, startHost } from '../../helpers/host.ts';
import {
  type DemoVendor,
  demoEnv,
  demoManifest,
  installDemo,
  startDemoVendor,
} from '../../integrations/demo-vendor.ts';

export interface Begun {
  authorization_url: string;
  auth_url: string;
  state: string;
}

/** A host with an OAuth app, and the vendor that it connects to. */
export interface Ground {
  host: RunningHost;
  vendor: DemoVendor;
  /** begins a connection as a program does */
  begin(body?: object): Promise<{ begun: Begun; url: URL }>;
  /** begins one in a browser: also the cookie that it was given */
  beginInBrowser(): Promise<{ state: string; set_cookie: string; cookie: string }>;
  /** what the vendor makes the browser do afterwards */
  back(query: Record<string, string>, path?: string, headers?: Record<string, string>): Promise<Response>;
  /** connects an account to the end; its id */
  connect(): Promise<string>;
}

let ground: Promise<Ground> | undefined;

/** One ground for all points of RFC 9700, because each asks little of it; it ends with the run. */
export function oauthGround(): Promise<Ground> {
  ground ??= makeGround().then((made) => {
    process.once('exit', () => {
      made.host.process.kill('SIGKILL');
      rmSync(made.host.data, { recursive: true, force: true });
    });
    return made;
  });
  return ground;
}

async function makeGround(): Promise<Ground> {
  const vendor = await startDemoVendor();
  const host = await startHost({ env: demoEnv });
  await installDemo(host, demoManifest(vendor));
  await host.request('PUT', '/integrations/types/demo/oauth-client', {
    body: { client_id: 'our-client', client_secret: 'the-client-secret' },
  });
  const made: Ground = {
    host,
    vendor,
    async begin(body = {}) {
      const answer = await host.request('POST', '/integrations/oauth/initiate', {
        body: { service_name: 'demo', ...body },
      });
      if (answer.status !== 200) throw new Error(answer.text);
      const begun = answer.body.content as Begun;
      return { begun, url: new URL(begun.authorization_url) };
    },
    async beginInBrowser() {
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
      const set_cookie = begun.headers.getSetCookie().find((one) => one.startsWith('pb_oauth=')) ?? '';
      return { state, set_cookie, cookie: set_cookie.split(';')[0] ?? '' };
    },
    back: (query, path = '/auth/demo/callback', headers = {}) =>
      fetch(`${host.url}/api/v1${path}?${new URLSearchParams(query)}`, { redirect: 'manual', headers }),
    async connect() {
      const { begun } = await made.begin();
      const answer = await made.back({ code: 'good-code', state: begun.state });
      return targetOf(answer).searchParams.get('integration_id') ?? '';
    },
  };
  return made;
}

/** Where a redirect leads. */
export function targetOf(answer: Response): URL {
  return new URL(answer.headers.get('location') ?? 'http://nowhere.invalid');
}
