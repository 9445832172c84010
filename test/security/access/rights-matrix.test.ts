import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { allRoutes } from '../../../core/app.ts';
import type { Route } from '../../../core/http/route.ts';
import { type RunningHost, startHost } from '../../helpers/host.ts';

/**
 * Every route × everybody who may ask, compared with rights-matrix.txt: what a changed rule changes shows there as a
 * diff, and a new route without a line fails. With SHOW=1 the table as it is now is printed.
 *
 * A cell: `401` not signed in, `403` not allowed, `404` hidden (what another workspace owns), `in` let in (whatever the
 * operation then said to a request that means nothing).
 */
const columns = ['nobody', 'viewer', 'developer', 'admin', 'owner', 'stranger', 'no-scope', 'all-scopes'] as const;
type Column = (typeof columns)[number];

const table = new Map(
  readFileSync(join(import.meta.dirname, 'rights-matrix.txt'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [method = '', path = '', ...cells] = line.trim().split(/\s+/);
      return [`${method} ${path}`, cells.join(' ')] as [string, string];
    }),
);

/** The lines of rights-matrix.txt, by path. */
function asTable(cells: Map<string, string>): string {
  const rows = [...cells].map(([name, row]) => ({ route: name.split(' '), row: row.split(' ') }));
  return rows
    .sort(({ route: [a, b = ''] }, { route: [c, d = ''] }) => b.localeCompare(d) || String(a).localeCompare(String(c)))
    .map(({ route: [method = '', path = ''], row }) => {
      const name = `${method.padEnd(6)} ${path}`.padEnd(68);
      return `${name}${row.map((one) => one.padEnd(7)).join('')}`.trimEnd();
    })
    .join('\n');
}

describe('who may call what', function () {
  this.timeout(240_000);
  let host: RunningHost;
  const credentials = new Map<Column, string | null>([['nobody', null]]);
  /** ids of real things in the first workspace: what a stranger asks for */
  const real: Record<string, string> = {};

  before(async () => {
    host = await startHost({ env: { PATCHBAY_SIGNUP: 'open' } });
    const token = await host.login(host.admin.email, host.admin.password);
    const make = async (path: string, body: object) => {
      const made = await host.request('POST', `/api/v1${path}`, { token, body });
      expect(made.status, made.text).to.be.oneOf([200, 201, 202]);
      return made.body.content;
    };
    for (const role of ['viewer', 'developer', 'admin', 'owner'] as const) {
      const invitation = await make('/invitations', { email: `the-${role}@example.com`, role });
      const joined = await host.request('POST', `/invitations/${invitation.token}/accept`, {
        token: null,
        body: { password: 'a fine long password' },
      });
      expect(joined.status, joined.text).to.equal(201);
      credentials.set(role, joined.body.content.access_token);
      if (role === 'viewer') real.user_id = joined.body.content.user.id;
    }
    const stranger = await host.request('POST', '/auth/register', {
      token: null,
      body: { email: 'the-stranger@example.com', password: 'a fine long password' },
    });
    credentials.set('stranger', stranger.body.content.access_token);
    const none = await make('/api-keys', { name: 'none', scopes: ['records:read'] });
    const all = await make('/api-keys', { name: 'all', scopes: ['admin'] });
    credentials.set('no-scope', none.key).set('all-scopes', all.key);
    real['/api-keys/{id}'] = none.id;
    real['/projects/{id}'] = (await make('/projects', { name: 'Real' })).id;
    real['/invitations/{id}'] = (await make('/invitations', { email: 'open@example.com', role: 'viewer' })).id;
    real['/webhooks/{id}'] = (
      await make('/webhooks', { name: 'Real', url: 'https://example.com/hook', events: ['project.created'] })
    ).id;
    real['/plugins/{id}'] = (await make('/plugins', { name: '@patchbay/hello', permissions: ['storage'] })).id;
    const greeted = await make(`/plugins/${real['/plugins/{id}']}/actions/greet`, { input: { name: 'Grace' } });
    real['/invocations/{id}'] = greeted.invocation_id;
    real['/events/{id}'] = (await make('/webhooks/events/project.created', { id: 'p', name: 'P' })).event_id;
    await make('/plugins', { name: '@patchbay/github', permissions: ['network', 'events:emit'] });
    real['/integrations/{id}'] = (await make('/integrations', { integration_type: 'github', name: 'Real' })).id;
    real['/workspaces/{id}'] = (await host.request('GET', '/auth/me', { token })).body.content.workspace_id;
  });
  after(() => host.remove());

  /** The path as this caller asks for it: strangers ask for what is really there, the others for nothing. */
  function pathFor(route: Route, column: Column): string {
    const owner = Object.keys(real).find((pattern) => route.path.startsWith(pattern));
    return route.path.replaceAll(/\{(\w+)\??\}/g, (_, name: string) => {
      if (name === 'user_id' && column === 'stranger') return real.user_id ?? 'none';
      if (name === 'id' && owner && (column === 'stranger' || owner === '/workspaces/{id}'))
        return real[owner] ?? 'none';
      return name === 'token' ? 'A'.repeat(43) : 'none';
    });
  }

  async function cell(route: Route, column: Column): Promise<string> {
    const credential = credentials.get(column);
    // What belongs to others is asked for with a body where one is taken, so that the question gets as far as it can.
    const empty = column === 'stranger' && route.body !== undefined;
    const stop = new AbortController();
    const answer = await fetch(`${host.url}/api/v1${pathFor(route, column)}`, {
      method: route.method,
      redirect: 'manual',
      signal: stop.signal,
      headers: {
        ...(credential ? { authorization: `Bearer ${credential}` } : {}),
        ...(empty ? { 'content-type': 'application/json' } : {}),
      },
      ...(empty ? { body: '{}' } : {}),
    });
    const { status } = answer;
    // Streams of events never end by themselves.
    const code = answer.headers.get('content-type')?.includes('json')
      ? ((await answer.json()) as { code?: string }).code
      : undefined;
    stop.abort();
    if (code === 'F40001') return '401';
    if (code === 'F40003') return '403';
    expect(status, `${route.method} ${route.path} as ${column}`).to.be.lessThan(500);
    if (
      column === 'stranger' &&
      ['F40004', 'F42301', 'F42302', 'F42303'].includes(code ?? '') &&
      route.path.includes('{')
    )
      return '404';
    return 'in';
  }

  async function signInAgain(some: readonly Column[]): Promise<void> {
    for (const column of some) {
      if (!['viewer', 'developer', 'admin', 'owner', 'stranger'].includes(column)) continue;
      credentials.set(column, await host.login(`the-${column}@example.com`, 'a fine long password'));
    }
  }

  /** These end the session or the account's ways in; they are asked last, each by a session of its own. */
  const own = (route: Route) => /^\/auth\/(logout|sessions|password|totp)/.test(route.path);

  it('is as the table says', async () => {
    const routes = [...allRoutes].sort(
      (a, b) =>
        Number(own(a)) - Number(own(b)) || (a.path < b.path ? -1 : a.path > b.path ? 1 : a.method < b.method ? -1 : 1),
    );
    const now = new Map<string, string>();
    for (const route of routes) {
      // Together, but where the session may end.
      const together = own(route) ? 1 : columns.length;
      const cells: string[] = [];
      for (let from = 0; from < columns.length; from += together) {
        const some = columns.slice(from, from + together);
        cells.push(...(await Promise.all(some.map((column) => cell(route, column)))));
        if (own(route)) await signInAgain(some);
      }
      now.set(`${route.method} ${route.path}`, cells.join(' '));
    }
    if (process.env.SHOW) process.stdout.write(`${asTable(now)}\n`);
    const wrong = [...now]
      .filter(([name, cells]) => table.get(name) !== cells)
      .map(([name, cells]) => `${name}: the table says ${table.get(name) ?? 'nothing'}, it is ${cells}`);
    const gone = [...table.keys()]
      .filter((name) => !now.has(name))
      .map((name) => `${name}: in the table, but no route`);
    expect([...wrong, ...gone], 'change rights-matrix.txt when this is meant').to.deep.equal([]);
  });
});
