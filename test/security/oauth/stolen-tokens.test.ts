import { expect } from 'chai';
import { demoManifest, installDemo } from '../../integrations/demo-vendor.ts';
import { type Ground, oauthGround, targetOf } from './ground.ts';

const type = 'revoking';

/** RFC 9700, sections 2.2, 2.3 and 4.10: a token can do little, is each account's own, and is dead once nobody needs it. */
describe('What a stolen token is worth', function () {
  this.timeout(120_000);
  let ground: Ground;
  before(async () => {
    ground = await oauthGround();
    const usual = demoManifest(ground.vendor);
    const revoke = { method: 'POST', url: `${ground.vendor.url}/revoke`, as: 'form', client: 'body' };
    const auth = usual.auth.map((one) => ('token' in one ? { ...one, revoke } : one));
    const integration = { type, category: 'testing', service_type: 'custom' };
    await installDemo(ground.host, { ...usual, name: '@tests/revoking', integration, auth, streams: {}, triggers: {} });
    const body = { client_id: 'our-client', client_secret: 'the-client-secret' };
    await ground.host.request('PUT', `/integrations/types/${type}/oauth-client`, { body });
    ground.vendor.before = (request, response, form) => {
      if (request.url !== '/revoke') return false;
      ground.vendor.refresh_tokens.delete(new URLSearchParams(form).get('token') ?? '');
      response.end();
      return true;
    };
  });
  after(() => {
    ground.vendor.before = undefined;
  });

  const connect = async (scopes?: string[]) => {
    const { begun, url } = await ground.begin({ service_name: type, ...(scopes && { scopes }) });
    const landed = targetOf(await ground.back({ code: 'good-code', state: begun.state }, `/auth/${type}/callback`));
    return { id: landed.searchParams.get('integration_id') ?? '', asked: url.searchParams.get('scope') };
  };
  const tokenOf = async (id: string) => {
    const ran = await ground.host.request('POST', `/integrations/${id}/actions/whoami`, { body: {} });
    expect(ran.body.content.output, ran.text).to.include({ status: 200 });
    return ground.vendor.seen.findLast(({ line }) => line === 'GET /me')?.headers.authorization;
  };

  it('is no more than was asked for, which may be less than the plugin could use', async () => {
    expect((await connect(['read'])).asked).to.equal('read');
    expect((await connect()).asked).to.equal('read write');
  });

  it('is one account: each integration is served with its own token', async () => {
    const [one, two] = [await connect(), await connect()];
    const tokens = [await tokenOf(one.id), await tokenOf(two.id), await tokenOf(one.id)];
    expect(tokens[0]).to.equal(tokens[2]);
    expect(tokens[0]).not.to.equal(tokens[1]);
  });

  it('is nothing once the integration is disconnected or deleted: the vendor is told to forget it', async () => {
    const before = ground.vendor.refresh_tokens.size;
    const [one, two] = [await connect(), await connect()];
    expect(ground.vendor.refresh_tokens.size).to.equal(before + 2);
    const revoked = await ground.host.request('POST', `/integrations/${one.id}/oauth/revoke`);
    expect(revoked.body.code, revoked.text).to.equal('S10000');
    expect(ground.vendor.refresh_tokens.size).to.equal(before + 1);
    const from = ground.vendor.seen.length;
    const later = await ground.host.request('POST', `/integrations/${one.id}/actions/whoami`, { body: {} });
    expect(later.body.code).not.to.equal('S10000');
    expect(ground.vendor.seen).to.have.length(from);
    await ground.host.request('DELETE', `/integrations/${two.id}`);
    expect(ground.vendor.refresh_tokens.size).to.equal(before);
  });
});
