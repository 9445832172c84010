import { expect } from 'chai';
import { type Ground, oauthGround, targetOf } from './ground.ts';

/** RFC 9700, section 4.7: nobody makes somebody else's browser finish his own authorisation. */
describe('A forged callback', function () {
  this.timeout(60_000);
  let ground: Ground;
  before(async () => {
    ground = await oauthGround();
  });

  it('has no state that we made', async () => {
    for (const state of ['', 'x', 'A'.repeat(43), `${'A'.repeat(42)}'`])
      expect((await ground.back({ code: 'good-code', state })).status).to.equal(400);
    expect((await ground.back({ code: 'good-code' })).status).to.equal(400);
  });

  it('is refused in another browser, and does not use the state up', async () => {
    const { state, set_cookie, cookie } = await ground.beginInBrowser();
    expect(set_cookie)
      .to.match(/HttpOnly/)
      .and.to.match(/SameSite=Lax/);
    expect((await ground.back({ code: 'good-code', state })).status).to.equal(400);
    const other = { cookie: `pb_oauth=${'A'.repeat(43)}` };
    expect((await ground.back({ code: 'good-code', state }, undefined, other)).status).to.equal(400);
    const right = await ground.back({ code: 'good-code', state }, undefined, { cookie });
    expect(targetOf(right).searchParams.get('status')).to.equal('connected');
  });

  it('finds every state unguessable and its own', async () => {
    const states = await Promise.all(Array.from({ length: 5 }, async () => (await ground.begin()).begun.state));
    expect(new Set(states).size).to.equal(5);
    for (const state of states) expect(state).to.match(/^[\w-]{43}$/);
  });
});
