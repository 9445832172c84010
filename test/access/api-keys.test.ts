import { expect } from 'chai';
import type { CommandStartedEvent } from 'mongodb';
import { isWellFormedKey, newApiKey } from '../../core/access/api-key-text.ts';
import { ApiKey } from '../../core/access/model.ts';
import { connection } from '../../core/database/mongoose.ts';
import { withAccess } from './serve-access.ts';

describe('an API key', () => {
  const host = withAccess();
  let token: string;
  before(async () => {
    token = (await host.login()).access_token;
  });
  const make = async (fields: object = {}) =>
    (await host.ask('POST', '/api-keys', { token, body: { name: 'CI', scopes: ['admin'], ...fields } })).content;
  const ask = (key: string, headers: Record<string, string> = {}) =>
    host.ask('GET', '/projects', { headers: { 'x-api-key': key, ...headers } });

  it('is whole once, masked ever after, and stored as a hash', async () => {
    const made = await make();
    expect(made.key).to.match(/^pb_live_[0-9A-Za-z]{49}$/);
    const again = await host.ask('GET', `/api-keys/${made.id}`, { token });
    expect(again.content).not.to.have.property('key');
    expect(again.content.prefix).to.equal(made.key.slice(0, 14));
    const stored = JSON.stringify(await ApiKey.findById(made.id).lean());
    expect(stored).not.to.include(made.key.slice(14));
  });

  it('is taken in X-API-Key and as bearer, but not in both', async () => {
    const { key } = await make();
    expect((await ask(key)).status).to.equal(200);
    expect((await host.ask('GET', '/projects', { token: key })).status).to.equal(200);
    expect((await ask(key, { authorization: `Bearer ${key}` })).code).to.equal('F40000');
  });

  it('with a slip of the hand is refused by its checksum', () => {
    const key = newApiKey('test');
    expect(isWellFormedKey(key)).to.equal(true);
    for (let at = 8; at < key.length; at += 1) {
      const slipped = key.slice(0, at) + (key[at] === 'x' ? 'y' : 'x') + key.slice(at + 1);
      expect(isWellFormedKey(slipped), `character ${at}`).to.equal(false);
    }
    expect(isWellFormedKey(key.replace('pb_test_', 'pb_live_'))).to.equal(false);
  });

  it('may only what its scopes say', async () => {
    const { key } = await make({ scopes: ['webhooks:read'] });
    expect((await ask(key)).code).to.equal('F40003');
    expect(
      (await host.ask('POST', '/api-keys', { token: key, body: { name: 'more', scopes: ['admin'] } })).code,
    ).to.equal('F40003');
    expect((await host.ask('GET', '/auth/me', { token: key })).code).to.equal('F40003');
  });

  it('of one project sees no other', async () => {
    const other = (await host.ask('POST', '/projects', { token, body: { name: 'Other' } })).content.id;
    const own = (await host.ask('POST', '/projects', { token, body: { name: 'Own' } })).content.id;
    const { key } = await make({ project_id: own });
    expect((await ask(key)).content.projects.map((one: { id: string }) => one.id)).to.deep.equal([own]);
    expect((await host.ask('GET', `/projects/${other}`, { token: key })).code).to.equal('F40004');
    expect((await host.ask('POST', '/projects', { token: key, body: { name: 'Third' } })).code).to.equal('F40003');
    expect(
      (
        await host.ask('POST', '/api-keys', {
          token: key,
          body: { name: 'wider', scopes: ['admin'], project_id: other },
        })
      ).code,
    ).to.equal('F40004');
  });

  it('is refused from an address that is not on its allowlist, and a proxy in front is believed only where it is trusted', async () => {
    const { key } = await make({ ip_allowlist: ['192.0.2.0/24', '2001:db8::/32'] });
    expect((await ask(key)).code).to.equal('F40003');
    expect((await ask(key, { 'x-forwarded-for': '192.0.2.77' })).status).to.equal(200);
    expect((await ask(key, { 'x-forwarded-for': '192.0.2.77, 198.51.100.1' })).code).to.equal('F40003');
    expect((await ask(key, { 'x-forwarded-for': '2001:db8:1::5' })).status).to.equal(200);
    const bad = await host.ask('POST', '/api-keys', {
      token,
      body: { name: 'x', scopes: ['admin'], ip_allowlist: ['10.0.0.0/8', 'home'] },
    });
    expect(bad.content.errors[0].pointer).to.equal('/ip_allowlist/1');
  });

  it('is refused once it has expired, and cannot be made to expire in the past', async () => {
    const { key, id } = await make({ expires_at: new Date(Date.now() + 3_600_000).toISOString() });
    await ApiKey.updateOne({ _id: id }, { $set: { expires_at: new Date(Date.now() - 1) } });
    expect((await ask(key)).code).to.equal('F40001');
    const past = await host.ask('POST', '/api-keys', {
      token,
      body: { name: 'x', scopes: ['admin'], expires_at: '2020-01-01T00:00:00Z' },
    });
    expect(past.code).to.equal('F40022');
  });

  it('is refused at once after it was revoked, also by who had it in memory', async () => {
    const { key, id } = await make();
    expect((await ask(key)).status).to.equal(200);
    expect((await host.ask('DELETE', `/api-keys/${id}`, { token })).status).to.equal(200);
    expect((await ask(key)).code).to.equal('F40001');
  });

  it('is followed by another one on rotation, and both work during the overlap', async () => {
    const old = await make({ scopes: ['integrations:read'], name: 'Deploy' });
    const next = (await host.ask('POST', `/api-keys/${old.id}/rotate`, { token, body: { overlap_seconds: 60 } }))
      .content;
    expect(next).to.include({ name: 'Deploy' });
    expect(next.scopes).to.deep.equal(['integrations:read']);
    expect([(await ask(old.key)).status, (await ask(next.key)).status]).to.deep.equal([200, 200]);
    expect((await host.ask('POST', `/api-keys/${old.id}/rotate`, { token, body: {} })).code).to.equal('F40009');
    const ended = (await host.ask('POST', `/api-keys/${next.id}/rotate`, { token, body: { overlap_seconds: 0 } }))
      .content;
    expect([(await ask(next.key)).status, (await ask(ended.key)).status]).to.deep.equal([401, 200]);
  });

  it('counts its uses, and writes them at most once a minute', async () => {
    const { key, id } = await make();
    let writes = 0;
    const count = ({ commandName, command }: CommandStartedEvent) => {
      if (commandName === 'update' && command.update === 'api_keys') writes += 1;
    };
    connection.getClient().on('commandStarted', count);
    for (let i = 0; i < 4; i += 1) await ask(key);
    connection.getClient().off('commandStarted', count);
    expect(writes).to.equal(1);
    const { usage_count, last_used_at } = (await host.ask('GET', `/api-keys/${id}`, { token })).content;
    expect(usage_count).to.equal(4);
    expect(Date.parse(last_used_at)).to.be.greaterThan(Date.now() - 60_000);
  });

  it('is held to its own hourly limit, which the answers tell', async () => {
    const { key } = await make({ rate_limit_per_hour: 5 });
    const answers = [];
    for (let i = 0; i < 7; i += 1) answers.push(await ask(key));
    expect(answers.map(({ status }) => status)).to.deep.equal([200, 200, 200, 200, 200, 429, 429]);
    expect(answers.slice(0, 5).map(({ headers }) => headers.get('x-ratelimit-remaining'))).to.deep.equal([
      '4',
      '3',
      '2',
      '1',
      '0',
    ]);
    const last = answers[6];
    expect(last?.code).to.equal('F40029');
    expect(Number(last?.headers.get('retry-after'))).to.be.within(3000, 3700);
    expect(last?.headers.get('ratelimit-policy')).to.equal('"default";q=5;w=3600');
    expect(last?.headers.get('ratelimit')).to.match(/^"default";r=0;t=\d+$/);
  });

  it('of one project is nobody in the workspace as a whole, whatever its scopes', async () => {
    const project = (await host.ask('POST', '/projects', { token, body: { name: 'Fenced' } })).content;
    const { key } = await make({ scopes: ['admin'], project_id: project.id });
    expect((await ask(key)).content.projects).to.have.length(1);
    const refused: [string, string, object?][] = [
      ['POST', '/invitations', { email: 'friend@example.com', role: 'admin' }],
      ['PATCH', '/workspaces/wsp_first', { ip_allowlist: [] }],
      ['GET', '/audit'],
    ];
    for (const [method, path, body] of refused)
      expect((await host.ask(method, path, { token: key, body })).code, `${method} ${path}`).to.equal('F40003');
  });

  it('takes an allowlist of plain addresses and CIDRs, and holds to it however an address is written', async () => {
    for (const entry of ['1.2.3', '010.0.0.1', '0x7f.1', '10.0.0.0/33', '10.0.0.0/08', '10.0.0.0/', 'example.com']) {
      const body = { name: 'k', scopes: ['admin'], ip_allowlist: [entry] };
      expect((await host.ask('POST', '/api-keys', { token, body })).code, entry).to.equal('F40022');
    }
    const { key } = await make({
      scopes: ['admin'],
      ip_allowlist: ['192.0.2.0/24', '::ffff:198.51.100.0/120', '2001:db8::/32'],
    });
    const from = async (address: string) =>
      (await host.ask('GET', '/projects', { token: key, headers: { 'x-forwarded-for': address } })).status;
    for (const inside of ['192.0.2.7', '::ffff:192.0.2.7', '192.0.2.7:4711', '198.51.100.9', '[2001:db8::5]:443'])
      expect(await from(inside), inside).to.equal(200);
    for (const outside of ['192.0.3.7', '::ffff:192.0.3.7', '2001:db9::5', 'unknown', '192.0.2.7, 203.0.113.5'])
      expect(await from(outside), outside).to.equal(403);
  });

  it('tells an admin in /usage how much of its limit is left', async () => {
    const { key, id } = await make({ scopes: ['admin'], rate_limit_per_day: 50 });
    await ask(key);
    const { limits } = (await host.ask('GET', '/usage', { token })).content;
    expect(limits.find(({ subject }: { subject: string }) => subject === `key:${id}`)).to.include({
      window_s: 86_400,
      limit: 50,
      used: 1,
    });
  });
});
