import { expect } from 'chai';
import { type Ground, oauthGround, targetOf } from './ground.ts';

/** RFC 9700, section 4.6: a token that somebody puts into the redirect is never the one that is used. */
describe('An injected access token', function () {
  this.timeout(120_000);
  let ground: Ground;
  before(async () => {
    ground = await oauthGround();
    ground.vendor.tokens.add('stolen-token-of-somebody');
  });
  after(() => {
    ground.vendor.tokens.delete('stolen-token-of-somebody');
  });

  const injected = { access_token: 'stolen-token-of-somebody', token_type: 'bearer', expires_in: '3600' };

  it('beside a code is passed over: only the token address gives tokens', async () => {
    const { begun } = await ground.begin();
    const from = ground.vendor.seen.length;
    const landed = targetOf(await ground.back({ ...injected, code: 'good-code', state: begun.state }));
    const id = landed.searchParams.get('integration_id');
    if (id !== null) {
      const ran = await ground.host.request('POST', `/integrations/${id}/actions/whoami`, { body: {} });
      expect(ran.body.content.output).to.include({ status: 200 });
    }
    const used = ground.vendor.seen.slice(from).map(({ headers, body }) => `${headers.authorization} ${body}`);
    expect(used.join('\n')).not.to.contain('stolen-token');
  });

  it('in the form of a callback by POST is passed over as well', async () => {
    const { begun } = await ground.begin();
    const from = ground.vendor.seen.length;
    await fetch(`${ground.host.url}/api/v1/auth/demo/callback`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ ...injected, state: begun.state }),
    });
    const used = ground.vendor.seen.slice(from).map(({ headers, body }) => `${headers.authorization} ${body}`);
    expect(used.join('\n')).not.to.contain('stolen-token');
  });
});
