import { expect } from 'chai';
import { demoManifest } from '../../integrations/demo-vendor.ts';
import { type Ground, oauthGround } from './ground.ts';

/** RFC 9700, section 2.6: codes, tokens and secrets travel encrypted, and no other page's script asks our side of the flow. */
describe('OAuth over plain http', function () {
  this.timeout(120_000);
  let ground: Ground;
  before(async () => {
    ground = await oauthGround();
  });

  for (const [field, part] of Object.entries({
    base_url: { base_url: 'http://vendor.example' },
    'authorize/url': { authorize: { url: 'http://vendor.example/authorize', scopes: ['read'], pkce: 'S256' } },
    'token/url': { token: { method: 'POST', url: 'http://vendor.example/token' } },
    'revoke/url': { revoke: { method: 'POST', url: 'http://vendor.example/revoke' } },
    'refresh/url': { refresh: { url: 'http://vendor.example/token', old_token: 'lives' } },
  }))
    it(`is refused for ${field} of a plugin`, async () => {
      const usual = demoManifest(ground.vendor);
      const auth = usual.auth.map((one) => ('token' in one ? { ...one, ...part } : one));
      const answer = await ground.host.request('POST', '/plugins', {
        body: { name: '@tests/plain', manifest: { ...usual, name: '@tests/plain', auth }, bundle: 'export default {}' },
      });
      expect(answer.status, answer.text).to.equal(422);
      expect(answer.text).to.contain(`/auth/1/${field}`).and.to.contain('https://');
    });

  it('is not opened to the scripts of other origins at the callback', async () => {
    const { begun } = await ground.begin();
    const origin = { origin: 'https://evil.example' };
    const answer = await ground.back({ code: 'good-code', state: begun.state }, undefined, origin);
    expect(answer.headers.get('access-control-allow-origin')).to.equal(null);
  });
});
