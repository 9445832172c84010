import { request as plainRequest } from 'node:http';
import { expect } from 'chai';
import { type Ground, oauthGround } from './ground.ts';

/** RFC 9700, section 4.13: what a proxy (or somebody who passes by one) writes into a request never moves the flow. */
describe('Headers of a reverse proxy', function () {
  this.timeout(120_000);
  let ground: Ground;
  before(async () => {
    ground = await oauthGround();
  });

  const forged = {
    host: 'evil.example',
    forwarded: 'host=evil.example;proto=https',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
    'x-forwarded-port': '444',
    'x-forwarded-prefix': '/evil',
    'x-original-url': 'https://evil.example/',
  };

  /** A request whose Host is forged as well, which `fetch` does not allow. */
  async function send(method: string, path: string, body?: string) {
    const { host } = ground;
    const authorization = `Bearer ${await host.login(host.admin.email, host.admin.password)}`;
    return new Promise<{ location: string | undefined; text: string }>((resolve, reject) => {
      const headers = { ...forged, authorization, ...(body && { 'content-type': 'application/json' }) };
      const sent = plainRequest(`${host.url}/api/v1${path}`, { method, headers }, async (answer) => {
        let text = '';
        for await (const chunk of answer) text += chunk;
        resolve({ location: answer.headers.location, text });
      });
      sent.once('error', reject).end(body);
    });
  }

  it('leave the redirect URI as it is registered', async () => {
    const usual = (await ground.begin()).url.searchParams.get('redirect_uri');
    const answer = await send('POST', '/integrations/oauth/initiate', '{"service_name":"demo"}');
    expect(answer.text).not.to.contain('evil.example');
    const url = new URL(JSON.parse(answer.text).content.authorization_url);
    expect(url.searchParams.get('redirect_uri')).to.equal(usual);
  });

  it('do not lead the browser away after the callback', async () => {
    const { begun } = await ground.begin();
    const { location } = await send('GET', `/auth/demo/callback?code=good-code&state=${begun.state}`);
    expect(location).to.contain('status=connected').and.not.to.contain('evil');
  });
});
