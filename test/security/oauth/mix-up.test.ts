import { expect } from 'chai';
import { type Ground, oauthGround, targetOf } from './ground.ts';

/** RFC 9700, section 4.4 (with RFC 9207): a code of one server is never sent to another. */
describe('A mix-up of authorization servers', function () {
  this.timeout(60_000);
  let ground: Ground;
  before(async () => {
    ground = await oauthGround();
  });
  const exchanges = () => ground.vendor.seen.filter(({ line }) => line === 'POST /token').length;

  for (const iss of ['https://evil.example', 'http://127.0.0.1', 'not an address', ''])
    it(`is noticed by the issuer ${JSON.stringify(iss)}`, async () => {
      const { begun } = await ground.begin();
      const before = exchanges();
      const answer = await ground.back({ code: 'good-code', state: begun.state, iss });
      expect(targetOf(answer).searchParams.get('status')).to.equal('error');
      expect(exchanges()).to.equal(before);
    });

  it('is noticed by the address that the state comes back to', async () => {
    const { begun } = await ground.begin();
    const before = exchanges();
    const answer = await ground.back({ code: 'good-code', state: begun.state }, '/auth/github/callback');
    expect(answer.status).to.equal(400);
    expect(exchanges()).to.equal(before);
  });

  it('is not what the right issuer says', async () => {
    const { begun, url } = await ground.begin();
    const answer = await ground.back({ code: 'good-code', state: begun.state, iss: url.origin });
    expect(targetOf(answer).searchParams.get('status')).to.equal('connected');
  });
});
