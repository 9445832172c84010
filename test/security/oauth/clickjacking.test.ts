import { expect } from 'chai';
import { type Ground, oauthGround } from './ground.ts';

/** RFC 9700, sections 4.16 and 4.17: no page that a person says yes on is shown in a frame, or speaks to another window. */
describe('A frame around our pages', function () {
  this.timeout(60_000);
  let ground: Ground;
  before(async () => {
    ground = await oauthGround();
  });

  for (const path of ['/', '/integrations', '/api/v1/auth/demo/callback?state=x', '/docs/problems'])
    it(`is refused for ${path}`, async () => {
      const { headers } = await fetch(`${ground.host.url}${path}`, { redirect: 'manual' });
      const policy = headers.get('content-security-policy') ?? '';
      expect(headers.get('cross-origin-opener-policy'), 'a window that opened it has no hold on it').to.equal(
        'same-origin',
      );
      expect(/frame-ancestors 'none'/.test(policy) || headers.get('x-frame-options') === 'DENY', path).to.equal(true);
    });
});
