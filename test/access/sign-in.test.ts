import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import { totpCode, totpStep } from '../../core/access/totp.ts';
import { withAccess } from './serve-access.ts';

describe('signing in', () => {
  const host = withAccess();

  it('gives an access token that says who one is', async () => {
    const { access_token } = await host.login();
    const me = await host.ask('GET', '/auth/me', { token: access_token });
    expect(me.status).to.equal(200);
    expect(me.content.user.email).to.equal(host.owner.email);
    expect(me.content.role).to.equal('owner');
    expect(me.content.user.site_roles).to.deep.equal(['operator', 'reviewer']);
  });

  it('says the same of an unknown account as of a wrong password', async () => {
    const wrong = await host.ask('POST', '/auth/login', {
      body: { email: host.owner.email, password: 'not the password' },
    });
    const unknown = await host.ask('POST', '/auth/login', {
      body: { email: 'nobody@example.com', password: 'not the password' },
    });
    expect([wrong.status, wrong.code, wrong.msg, wrong.content]).to.deep.equal([
      unknown.status,
      unknown.code,
      unknown.msg,
      unknown.content,
    ]);
    expect(wrong.code).to.equal('F40001');
  });

  it('takes the setup link once', async () => {
    const again = await host.ask('POST', '/auth/setup', {
      body: { token: 'a'.repeat(43), email: 'thief@example.com', password: 'a fine long password' },
    });
    expect(again.code).to.equal('F40004');
  });

  it('ends with logout, for the access token too', async () => {
    const { access_token } = await host.login();
    expect((await host.ask('POST', '/auth/logout', { token: access_token })).status).to.equal(200);
    expect((await host.ask('GET', '/auth/me', { token: access_token })).code).to.equal('F40001');
  });

  it('ends elsewhere when the password changes, and goes on here', async () => {
    const password = 'another long password';
    const here = await host.member('changer@example.com', 'viewer');
    const there = (await host.login({ email: 'changer@example.com', password })).access_token;
    const changed = await host.ask('PUT', '/auth/password', {
      token: here,
      body: { current_password: password, password: 'a third long password' },
    });
    expect(changed.status).to.equal(200);
    expect((await host.ask('GET', '/auth/me', { token: here })).status).to.equal(200);
    expect((await host.ask('GET', '/auth/me', { token: there })).code).to.equal('F40001');
    expect((await host.ask('POST', '/auth/login', { body: { email: 'changer@example.com', password } })).code).to.equal(
      'F40001',
    );
  });

  it('by cookie keeps tokens out of the page and asks for the CSRF token where something changes', async () => {
    const answer = await host.ask('POST', '/auth/login', { body: { ...host.owner, session: true } });
    expect(answer.content).not.to.have.any.keys('access_token', 'refresh_token');
    const lines = answer.headers.getSetCookie();
    expect(lines[0])
      .to.match(/^pb_session=.*HttpOnly/)
      .and.include('SameSite=Strict');
    const cookie = lines.map((line) => line.split(';')[0]).join('; ');
    const csrf = /pb_csrf=([^;]+)/.exec(cookie)?.[1] ?? '';
    expect((await host.ask('GET', '/auth/me', { headers: { cookie } })).status).to.equal(200);
    const project = { body: { name: 'By cookie' } };
    expect((await host.ask('POST', '/projects', { ...project, headers: { cookie } })).code).to.equal('F40003');
    expect(
      (await host.ask('POST', '/projects', { ...project, headers: { cookie, 'x-csrf-token': `${csrf.slice(1)}x` } }))
        .code,
    ).to.equal('F40003');
    const foreign = { cookie, 'x-csrf-token': csrf, origin: 'https://evil.example' };
    expect((await host.ask('POST', '/projects', { ...project, headers: foreign })).code).to.equal('F40003');
    expect(
      (await host.ask('POST', '/projects', { ...project, headers: { cookie, 'x-csrf-token': csrf } })).status,
    ).to.equal(201);
  });

  it('by cookie is for the workspace that was chosen in that browser, as long as one is a member there', async () => {
    const session = await host.cookie();
    const made = await host.ask('POST', '/workspaces', {
      body: { name: 'Second' },
      token: (await host.login()).access_token,
    });
    const first = (await host.ask('GET', '/auth/me', { headers: { cookie: session } })).content.workspace_id;
    const seen = async (chosen: string, headers = {}) =>
      (await host.ask('GET', '/auth/me', { headers: { cookie: `${session}; pb_workspace=${chosen}`, ...headers } }))
        .content.workspace_id;
    expect(await seen(made.content.id)).to.equal(made.content.id);
    expect(await seen(made.content.id, { 'x-workspace-id': first })).to.equal(first);
    for (const other of ['wsp_of_others', 'no id', '']) expect(await seen(other), other).to.equal(first);
  });

  it('by cookie takes the chosen workspace for no right: not of a stranger, not of who was taken out, not for a key', async () => {
    const { access_token: owner } = await host.login();
    const first = (await host.ask('GET', '/auth/me', { token: owner })).content.workspace_id;
    const made = { name: 'Secret plans' };
    const { id } = (await host.ask('POST', '/workspaces', { token: owner, body: made })).content;
    const there = { 'x-workspace-id': id };
    const guest = { email: 'guest@example.com', password: 'another long password' };
    const guest_token = await host.member(guest.email, 'viewer');
    const cookie = `${await host.cookie(guest)}; pb_workspace=${id}`;
    const csrf = /pb_csrf=([^;]+)/.exec(cookie)?.[1] ?? '';
    const ask = (method: string, path: string, headers = {}) =>
      host.ask(method, path, { headers: { cookie, ...headers }, ...(method === 'POST' && { body: { name: 'x' } }) });
    const isOutside = async (when: string) => {
      const me = await ask('GET', '/auth/me');
      expect(me.content.workspace_id, when).to.equal(first);
      expect(JSON.stringify(me.content), when).to.not.include('Secret plans');
      for (const path of [`/workspaces/${id}`, `/workspaces/${id}/members`])
        expect((await ask('GET', path)).code, when + path).to.equal('F40004');
      expect((await ask('GET', '/projects', there)).code, when).to.equal('F40004');
    };
    await isOutside('a stranger');

    const body = { email: guest.email, role: 'admin' };
    const { token } = (await host.ask('POST', '/invitations', { token: owner, headers: there, body })).content;
    const joined = await host.ask('POST', `/invitations/${token}/accept`, { token: guest_token, body: {} });
    expect(joined.content.workspace_id).to.equal(id);
    expect((await ask('GET', '/auth/me')).content).to.include({ workspace_id: id, role: 'admin' });
    expect((await ask('POST', '/projects', { 'x-csrf-token': csrf })).status).to.equal(201);
    expect((await ask('POST', '/projects')).code, 'without the token of a page').to.equal('F40003');
    expect((await ask('POST', '/projects', { 'x-csrf-token': csrf, 'x-workspace-id': first })).code).to.equal('F40003');
    const scopes = ['integrations:read'];
    const { key } = (await host.ask('POST', '/api-keys', { token: owner, body: { name: 'k', scopes } })).content;
    const seesIt = async (headers = {}) =>
      (await ask('GET', '/projects', headers)).content.projects.some(({ name }: { name: string }) => name === 'x');
    expect(await seesIt()).to.equal(true);
    expect(await seesIt({ 'x-api-key': key }), 'a key has its own workspace').to.equal(false);
    expect(await seesIt({ authorization: `Bearer ${guest_token}` }), 'a token means the first').to.equal(false);

    const { user } = (await ask('GET', '/auth/me')).content;
    const out = await host.ask('DELETE', `/workspaces/${id}/members/${user.id}`, { token: owner, headers: there });
    expect(out.status).to.equal(200);
    for (let tries = 0; tries < 100 && (await ask('GET', '/auth/me')).content.workspace_id === id; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 20));
    await isOutside('taken out');
    expect((await ask('POST', '/projects', { 'x-csrf-token': csrf })).code, 'a viewer again').to.equal('F40003');
  });

  it('takes under HTTPS only cookies that no other host of the domain can set', () => {
    const read = `
      import { readChosenWorkspace, readSessionCookie, sessionCookies } from './core/access/session-cookie.ts';
      const id = 'ses_1.' + 'a'.repeat(43);
      console.log(JSON.stringify([
        ...['', '__Host-'].map((prefix) => readChosenWorkspace(prefix + 'pb_workspace=wsp_1')),
        ...['', '__Host-'].map((prefix) => readSessionCookie(prefix + 'pb_session=' + id)?.session_id ?? null),
        sessionCookies({ session_id: 'ses_1', secret: 'a' }, 60).every((line) => line.includes('; Secure')),
      ]));`;
    const args = ['--input-type=module', '--disable-warning=ExperimentalWarning', '-e', read];
    const run = (PATCHBAY_URL: string) =>
      JSON.parse(execFileSync(process.execPath, args, { env: { PATH: process.env.PATH, PATCHBAY_URL } }).toString());
    expect(run('https://patchbay.example')).to.deep.equal([null, 'wsp_1', null, 'ses_1', true]);
    expect(run('http://patchbay.example')).to.deep.equal(['wsp_1', 'wsp_1', 'ses_1', null, false]);
  });

  it('with an authenticator app asks for its code, and takes each code once', async () => {
    const token = await host.member('careful@example.com', 'viewer');
    const account = { email: 'careful@example.com', password: 'another long password' };
    const begun = await host.ask('POST', '/auth/totp', { token, body: {} });
    const { secret } = begun.content;
    const step = totpStep(Date.now());
    const confirmed = await host.ask('POST', '/auth/totp', { token, body: { code: totpCode(secret, step - 1) } });
    expect(confirmed.content.recovery_codes).to.have.length(10);
    const without = await host.ask('POST', '/auth/login', { body: account });
    expect(without.content).to.deep.equal({ reason: 'totp_required' });
    const code = totpCode(secret, step);
    expect((await host.ask('POST', '/auth/login', { body: { ...account, totp: code } })).status).to.equal(200);
    expect((await host.ask('POST', '/auth/login', { body: { ...account, totp: code } })).content.reason).to.equal(
      'totp_wrong',
    );
    const recovery = { ...account, totp: confirmed.content.recovery_codes[3] };
    expect((await host.ask('POST', '/auth/login', { body: recovery })).status).to.equal(200);
    expect((await host.ask('POST', '/auth/login', { body: recovery })).status).to.equal(401);
  });

  it('from a device waits for a person, and answers the approval once', async () => {
    const begun = await host.ask('POST', '/auth/device', { body: { client_name: 'patchbay on laptop' } });
    const { device_code, user_code } = begun.content;
    expect((await host.ask('POST', '/auth/device/token', { body: { device_code } })).content.status).to.equal(
      'pending',
    );
    expect((await host.ask('POST', '/auth/device/token', { body: { device_code } })).code).to.equal('F40029');
    const { access_token } = await host.login();
    const seen = await host.ask('POST', '/auth/device/approval', { token: access_token, body: { user_code } });
    expect(seen.content).to.include({ client_name: 'patchbay on laptop', status: 'pending' });
    await host.ask('POST', '/auth/device/approval', {
      token: access_token,
      body: { user_code: user_code.toLowerCase(), approve: true },
    });
    const done = await host.ask('POST', '/auth/device/token', { body: { device_code } });
    expect(done.content.signed_in.user.email).to.equal(host.owner.email);
    expect((await host.ask('POST', '/auth/device/token', { body: { device_code } })).code).to.equal('F40004');
  });
});
