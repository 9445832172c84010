import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { type Ground, oauthGround } from './ground.ts';

/** RFC 9700, sections 4.9 and 4.12: an access token goes to its own hosts only, and no redirect carries a secret on. */
describe('Tokens and secrets at other servers', function () {
  this.timeout(60_000);
  let ground: Ground;
  let heard = '';
  let other = '';
  const elsewhere = createServer(async (request, response) => {
    heard += JSON.stringify(request.headers);
    for await (const chunk of request) heard += chunk;
    response.end('{"access_token":"forged","token_type":"bearer"}');
  });
  before(async () => {
    ground = await oauthGround();
    await new Promise<void>((done) => elsewhere.listen(0, '127.0.0.1', done));
    other = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
  });
  after(() => {
    elsewhere.close();
  });
  afterEach(() => {
    ground.vendor.before = undefined;
  });

  for (const status of [302, 307, 308])
    it(`are not sent on by a ${status} of the token address`, async () => {
      const { begun } = await ground.begin();
      ground.vendor.before = (request, response) => {
        if (request.url !== '/token') return false;
        response.writeHead(status, { location: `${other}/token` }).end();
        return true;
      };
      const answer = await ground.back({ code: 'good-code', state: begun.state });
      expect(answer.headers.get('location')).to.contain('status=error');
      expect(heard).to.equal('');
    });

  it('are not sent to a host that the credential is not for', async () => {
    const id = await ground.connect();
    const answer = await ground.host.request('POST', `/integrations/${id}/actions/echo`, {
      body: { input: { url: `${other}/x` } },
    });
    expect(answer.text).to.contain('denied');
    expect(heard).to.equal('');
  });

  it('are left by our own redirects, which are 303 and so never repeat a form', async () => {
    const { begun } = await ground.begin();
    expect((await ground.back({ code: 'good-code', state: begun.state })).status).to.equal(303);
  });
});
