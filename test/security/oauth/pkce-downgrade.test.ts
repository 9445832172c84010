import { expect } from 'chai';
import { type Ground, oauthGround } from './ground.ts';

/** RFC 9700, section 4.8: nobody takes PKCE out of a request, or makes it `plain`. */
describe('A downgrade of PKCE', function () {
  this.timeout(60_000);
  let ground: Ground;
  before(async () => {
    ground = await oauthGround();
  });

  it('is not in what a caller may add to the request', async () => {
    const { url, begun } = await ground.begin({
      additional_params: {
        code_challenge: 'known',
        code_challenge_method: 'plain',
        state: 'known',
        response_type: 'token',
        client_id: 'mine',
        prompt: 'consent',
      },
    });
    const query = Object.fromEntries(url.searchParams);
    expect(query).to.include({ code_challenge_method: 'S256', response_type: 'code', client_id: 'our-client' });
    expect(query).to.include({ state: begun.state, prompt: 'consent' });
    expect(query.code_challenge).to.match(/^[\w-]{43}$/);
  });
});
