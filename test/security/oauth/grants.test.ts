import { expect } from 'chai';
import { demoManifest } from '../../integrations/demo-vendor.ts';
import { type Ground, oauthGround } from './ground.ts';

/** RFC 9700, sections 2.1.2 and 2.4: neither the implicit grant nor the resource owner's password. */
describe('Grants that are not used any more', function () {
  this.timeout(60_000);
  let ground: Ground;
  before(async () => {
    ground = await oauthGround();
  });

  it('cannot be declared by a plugin', async () => {
    for (const type of ['password', 'implicit']) {
      const [key, ...rest] = demoManifest(ground.vendor).auth;
      const manifest = { ...demoManifest(ground.vendor), name: '@tests/old-grants', auth: [{ ...key, type }, ...rest] };
      const answer = await ground.host.request('POST', '/plugins', {
        body: { name: manifest.name, manifest, bundle: 'export default {}', permissions: [] },
      });
      expect(answer.status, answer.text).to.equal(422);
      expect(answer.text).to.contain('/auth/0/type');
    }
  });

  it('are not asked for: the answer is always a code', async () => {
    expect((await ground.begin()).url.searchParams.get('response_type')).to.equal('code');
  });

  it('do not take a token from the redirect', async () => {
    const { begun } = await ground.begin();
    const answer = await ground.back({ state: begun.state, access_token: 'injected', token_type: 'bearer' });
    expect(answer.headers.get('location') ?? (await answer.text())).not.to.contain('connected');
  });
});
