import { expect } from 'chai';
import { type Ground, oauthGround, targetOf } from './ground.ts';

/** RFC 9700, sections 4.2 and 4.3: a code or state that travels on by Referer, or stays in the browser's history. */
describe('What stays of a code', function () {
  this.timeout(60_000);
  let ground: Ground;
  before(async () => {
    ground = await oauthGround();
  });

  it('is nothing in the address that the browser ends at, and no Referer', async () => {
    const { begun } = await ground.begin();
    const answer = await ground.back({ code: 'good-code', state: begun.state });
    expect(targetOf(answer).href).not.to.contain('good-code').and.not.to.contain(begun.state);
    expect(answer.headers.get('referrer-policy')).to.equal('no-referrer');
    expect(answer.headers.get('cache-control')).to.contain('no-store');
    expect(await answer.text()).not.to.contain('good-code');
  });

  it('is nothing in an error either', async () => {
    const answer = await ground.back({ code: 'good-code', state: 'A'.repeat(43) });
    expect(await answer.text())
      .not.to.contain('good-code')
      .and.not.to.contain('AAAA');
  });

  it('cannot be sent twice', async () => {
    const { begun } = await ground.begin();
    await ground.back({ code: 'good-code', state: begun.state });
    const asked = ground.vendor.seen.length;
    expect((await ground.back({ code: 'good-code', state: begun.state })).status).to.equal(400);
    expect(ground.vendor.seen).to.have.length(asked);
  });
});
