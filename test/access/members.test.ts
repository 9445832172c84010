import { expect } from 'chai';
import { withAccess } from './serve-access.ts';

describe('the members of a workspace', () => {
  const host = withAccess();
  let owner: string;
  let workspace: string;
  before(async () => {
    owner = (await host.login()).access_token;
    workspace = (await host.ask('GET', '/auth/me', { token: owner })).content.workspace_id;
  });
  const idOf = async (token: string) => (await host.ask('GET', '/auth/me', { token })).content.user.id;

  it('come by invitation, which is good once and for its own address', async () => {
    const made = (
      await host.ask('POST', '/invitations', { token: owner, body: { email: 'New@Example.com', role: 'developer' } })
    ).content;
    expect(made.email).to.equal('new@example.com');
    const body = { password: 'a new long password' };
    const thief = await host.member('thief@example.com', 'viewer');
    expect((await host.ask('POST', `/invitations/${made.token}/accept`, { token: thief, body: {} })).code).to.equal(
      'F40003',
    );
    const accept = (more: object) =>
      host.ask('POST', `/invitations/${made.token}/accept`, { body: { ...body, ...more } });
    expect((await accept({ email: 'other@example.com' })).code, 'typed another address').to.equal('F40003');
    expect((await accept({ password: 'short' })).content.errors[0]).to.include({ pointer: '/password' });
    const joined = await host.ask('POST', `/invitations/${made.token}/accept`, { body });
    expect(joined.content.workspaces).to.deep.equal([{ id: workspace, name: 'Main', role: 'developer' }]);
    expect((await host.ask('POST', `/invitations/${made.token}/accept`, { body })).code).to.equal('F40004');
    const again = { email: 'NEW@example.com', role: 'viewer' };
    expect((await host.ask('POST', '/invitations', { token: owner, body: again })).code, 'a member').to.equal('F40009');
  });

  it('may register with an invitation, and without one only where PATCHBAY_SIGNUP says open', async () => {
    const account = { email: 'author@example.com', password: 'a new long password' };
    expect((await host.ask('POST', '/auth/register', { body: account })).code).to.equal('F40003');
    const made = await host.ask('POST', `/workspaces/${workspace}/members`, {
      token: owner,
      body: { email: account.email, role: 'developer' },
    });
    expect(made.status).to.equal(202);
    const body = { ...account, invitation: made.content.token };
    const joined = await host.ask('POST', '/auth/register', { body });
    expect(joined.content.workspaces).to.deep.equal([{ id: workspace, name: 'Main', role: 'developer' }]);
  });

  it('see counts against limits, with what they used just now', async () => {
    const before = (await host.ask('GET', '/usage', { token: owner })).content;
    const [own] = before.limits;
    expect(own).to.include({ window_s: 3600, limit: 100_000 });
    expect(own.used + own.remaining).to.equal(own.limit);
    expect(before.counts.members).to.be.greaterThan(1);
  });

  it('cannot give more than they have', async () => {
    const admin = await host.member('admin2@example.com', 'admin');
    expect(
      (await host.ask('POST', '/invitations', { token: admin, body: { email: 'x@example.com', role: 'owner' } })).code,
    ).to.equal('F40003');
    const me = await idOf(admin);
    expect(
      (await host.ask('PATCH', `/workspaces/${workspace}/members/${me}`, { token: admin, body: { role: 'owner' } }))
        .code,
    ).to.equal('F40003');
    const boss = await idOf(owner);
    expect((await host.ask('DELETE', `/workspaces/${workspace}/members/${boss}`, { token: admin })).code).to.equal(
      'F40003',
    );
  });

  it('lose what they could do the moment they are taken out', async () => {
    const token = await host.member('gone@example.com', 'admin');
    expect((await host.ask('GET', '/projects', { token })).status).to.equal(200);
    const removed = await host.ask('DELETE', `/workspaces/${workspace}/members/${await idOf(token)}`, { token: owner });
    expect(removed.status).to.equal(200);
    expect((await host.ask('GET', '/projects', { token })).code).to.equal('F40003');
    expect((await host.ask('GET', '/projects', { token, headers: { 'x-workspace-id': workspace } })).code).to.equal(
      'F40004',
    );
  });

  it('always have an owner among them', async () => {
    const boss = await idOf(owner);
    expect((await host.ask('DELETE', `/workspaces/${workspace}/members/${boss}`, { token: owner })).code).to.equal(
      'F40009',
    );
    expect(
      (await host.ask('PATCH', `/workspaces/${workspace}/members/${boss}`, { token: owner, body: { role: 'admin' } }))
        .code,
    ).to.equal('F40009');
  });

  it('of another workspace are not there', async () => {
    const viewer = await host.member('elsewhere@example.com', 'viewer');
    const other = (await host.ask('POST', '/workspaces', { token: viewer, body: { name: 'Elsewhere' } })).content.id;
    expect((await host.ask('GET', `/workspaces/${other}`, { token: owner })).code).to.equal('F40004');
    expect((await host.ask('GET', `/workspaces/${other}/members`, { token: owner })).code).to.equal('F40004');
    expect((await host.ask('GET', '/projects', { token: owner, headers: { 'x-workspace-id': other } })).code).to.equal(
      'F40004',
    );
    const seen = await host.ask('GET', '/projects', { token: viewer, headers: { 'x-workspace-id': other } });
    expect(seen.content.projects.map((one: { name: string }) => one.name)).to.deep.equal(['Default']);
  });

  it('cannot shut themselves out by an allowlist', async () => {
    const shut = await host.ask('PATCH', `/workspaces/${workspace}`, {
      token: owner,
      body: { ip_allowlist: ['192.0.2.0/24'] },
    });
    expect(shut.content.errors[0].pointer).to.equal('/ip_allowlist');
    const open = await host.ask('PATCH', `/workspaces/${workspace}`, {
      token: owner,
      body: { ip_allowlist: ['127.0.0.0/8', '192.0.2.0/24'] },
    });
    expect(open.status).to.equal(200);
    expect(
      (await host.ask('GET', '/projects', { token: owner, headers: { 'x-forwarded-for': '198.51.100.9' } })).code,
    ).to.equal('F40003');
    expect(
      (await host.ask('GET', '/projects', { token: owner, headers: { 'x-forwarded-for': '192.0.2.9' } })).status,
    ).to.equal(200);
  });

  it('are let into their other workspaces, and out, from where one of them is shut', async () => {
    const cookie = await host.cookie();
    const csrf = /pb_csrf=([^;]+)/.exec(cookie)?.[1] ?? '';
    const outside = { 'x-forwarded-for': '198.51.100.9', cookie };
    const me = async (more = '') =>
      (await host.ask('GET', '/auth/me', { headers: { ...outside, cookie: cookie + more } })) as {
        code: string;
        content: { workspace_id?: string } | null;
      };
    const made = { name: 'From everywhere' };
    const { id } = (await host.ask('POST', '/workspaces', { token: owner, body: made })).content;
    expect((await me()).content?.workspace_id, 'the first that lets one in').to.equal(id);
    expect((await me(`; pb_workspace=${workspace}`)).code, 'the one that was chosen').to.equal('F40003');
    const named = { ...outside, 'x-workspace-id': workspace };
    expect((await host.ask('GET', '/auth/me', { headers: named })).code).to.equal('F40003');
    const chosen = { ...outside, cookie: `${cookie}; pb_workspace=${workspace}`, 'x-csrf-token': csrf };
    expect((await host.ask('POST', '/auth/login', { headers: chosen, body: host.owner })).status).to.equal(200);
    expect((await host.ask('POST', '/auth/logout', { headers: chosen, body: {} })).status).to.equal(200);
    expect((await me()).code, 'the session has ended').to.equal('F40001');
  });
});
