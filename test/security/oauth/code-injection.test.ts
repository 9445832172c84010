import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { type Ground, oauthGround } from './ground.ts';

/** RFC 9700, sections 2.1.1 and 4.5: a stolen code is worth nothing without the verifier, which never leaves the host. */
describe('An injected code', function () {
  this.timeout(60_000);
  let ground: Ground;
  before(async () => {
    ground = await oauthGround();
  });

  it('meets the verifier of the flow that it is brought to, not of its own', async () => {
    const [mine, theirs] = [await ground.begin(), await ground.begin()];
    await ground.back({ code: 'good-code', state: theirs.begun.state });
    const sent = new URLSearchParams(ground.vendor.seen.findLast(({ line }) => line === 'POST /token')?.body);
    const challenge = createHash('sha256')
      .update(sent.get('code_verifier') ?? '')
      .digest('base64url');
    expect(challenge).to.equal(theirs.url.searchParams.get('code_challenge'));
    expect(challenge).not.to.equal(mine.url.searchParams.get('code_challenge'));
  });

  it('finds no verifier that the browser or the caller ever saw', async () => {
    const { begun } = await ground.begin();
    await ground.back({ code: 'good-code', state: begun.state });
    const sent = new URLSearchParams(ground.vendor.seen.findLast(({ line }) => line === 'POST /token')?.body);
    const verifier = sent.get('code_verifier') ?? '';
    expect(verifier).to.match(/^[\w.~-]{43,128}$/);
    expect(JSON.stringify(begun)).not.to.contain(verifier);
  });
});
