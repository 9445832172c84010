import { expect } from 'chai';
import { type Ground, oauthGround, targetOf } from './ground.ts';

/** RFC 9700, sections 2.1, 4.1 and 4.11: insufficient redirect URI validation, and the client as open redirector. */
describe('The redirect URI', function () {
  this.timeout(60_000);
  let ground: Ground;
  before(async () => {
    ground = await oauthGround();
  });

  it('is the platform’s own, the same in both requests, whatever the caller asks for', async () => {
    const { begun, url } = await ground.begin({ additional_params: { redirect_uri: 'https://evil.example/' } });
    expect(url.searchParams.getAll('redirect_uri')).to.have.length(1);
    expect(url.searchParams.get('redirect_uri')).to.match(/\/api\/v1\/auth\/demo\/callback$/);
    await ground.back({ code: 'good-code', state: begun.state });
    const sent = new URLSearchParams(ground.vendor.seen.findLast(({ line }) => line === 'POST /token')?.body);
    expect(sent.get('redirect_uri')).to.equal(url.searchParams.get('redirect_uri'));
  });

  for (const address of [
    'https://evil.example/steal',
    'https://evil.example/steal?x=http://localhost',
    'http://127.0.0.1.evil.example/',
    'javascript:alert(1)',
    'data:text/html,x',
    '//evil.example',
  ])
    it(`does not lead the browser to ${address}`, async () => {
      const answer = await ground.host.request('POST', '/integrations/oauth/initiate', {
        body: { service_name: 'demo', redirectUri: address },
      });
      expect(answer.body.code).to.equal('F40022');
      expect(answer.body.content.errors[0].pointer).to.equal('/redirect_uri');
    });

  it('leads to an address of the allowlist only when it is the whole of it', async () => {
    const { host } = ground;
    const me = (await host.request('GET', '/auth/me')).body.content;
    const workspace = me.workspaces[0].id as string;
    const listed = 'https://app.example/connected';
    await host.request('PATCH', `/workspaces/${workspace}`, { body: { redirect_uris: [listed] } });
    const { begun } = await ground.begin({ redirect_uri: listed });
    const landed = targetOf(await ground.back({ code: 'good-code', state: begun.state }));
    expect(landed.origin + landed.pathname).to.equal(listed);
    for (const near of [
      `${listed}/more`,
      `${listed}?a=b`,
      'https://app.example/',
      'https://app.example.evil/connected',
    ]) {
      const answer = await host.request('POST', '/integrations/oauth/initiate', {
        body: { service_name: 'demo', redirect_uri: near },
      });
      expect(answer.status, near).to.equal(422);
    }
  });
});
