import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { type Ground, oauthGround, targetOf } from './ground.ts';

/** The whole way of a connection; what may go wrong on it is in the files beside, one for each point of RFC 9700. */
describe('OAuth connections', function () {
  this.timeout(120_000);
  let ground: Ground;
  before(async () => {
    ground = await oauthGround();
  });

  it('exchange the code with the verifier, connect the account, and lead back to the console', async () => {
    const { begun, url } = await ground.begin();
    expect(begun.auth_url).to.equal(begun.authorization_url);
    expect(url.origin + url.pathname).to.equal(`${ground.vendor.url}/authorize`);
    expect(Object.fromEntries(url.searchParams)).to.include({ response_type: 'code', scope: 'read write' });
    expect(begun.authorization_url).not.to.contain('the-client-secret');
    const target = targetOf(await ground.back({ code: 'good-code', state: begun.state }));
    expect(target.searchParams.get('status')).to.equal('connected');
    const form = new URLSearchParams(ground.vendor.seen.findLast(({ line }) => line === 'POST /token')?.body);
    expect(form.get('client_secret')).to.equal('the-client-secret');
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    expect(challenge).to.equal(url.searchParams.get('code_challenge'));
    const at = `/integrations/${target.searchParams.get('integration_id')}`;
    const made = (await ground.host.request('GET', at)).body.content;
    expect(made).to.include({ status: 'active', integration_type: 'demo' });
    expect(made.auth_config).to.deep.include({ auth_type: 'oauth2', account: 'demo-user', scopes: ['read', 'write'] });
  });

  it('say in words what the vendor said, link to the way out, and make nothing', async () => {
    const { host } = ground;
    const { begun } = await ground.begin();
    const before = (await host.request('GET', '/integrations')).body.content.total;
    const said = { error: 'access_denied', error_description: 'The user said no', state: begun.state };
    const refused = targetOf(await ground.back(said));
    expect(refused.searchParams.get('error')).to.contain('The user said no');
    expect(refused.searchParams.get('help')).to.match(/\/docs\/problems#oauth-refused$/);
    const bad = await ground.begin();
    const wrong = targetOf(await ground.back({ code: 'wrong-code', state: bad.begun.state }));
    expect(wrong.searchParams.get('error')).to.contain('invalid_grant');
    expect(wrong.searchParams.get('help')).to.match(/#oauth-token$/);
    expect((await host.request('GET', '/integrations')).body.content.total).to.equal(before);
  });

  it('survive a restart between the way out and the way back', async () => {
    const { begun } = await ground.begin();
    await ground.host.stop();
    await ground.host.restart();
    const target = targetOf(await ground.back({ code: 'good-code', state: begun.state }));
    expect(target.searchParams.get('status')).to.equal('connected');
  });
});
