import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { signDelivery } from '../../core/webhooks/sign-delivery.ts';
import { newKey } from './signing.ts';

type IsGenuine = (headers: Record<string, string>, body: Buffer, secret: string, now?: number) => boolean;

describe('the receiver’s check in core/webhooks/README.md', () => {
  let isGenuine: IsGenuine;
  before(async () => {
    const text = await readFile(join(import.meta.dirname, '../../core/webhooks/README.md'), 'utf8');
    const [, code] = /<!-- sample[^>]*-->\n```js\n(.*?)```/s.exec(text) ?? [];
    ({ isGenuine } = await import(`data:text/javascript,${encodeURIComponent(code ?? '')}`));
  });

  const now = 1_790_000_000;
  const body = Buffer.from('{"message":"測試"}');
  for (const secret of [`whsec_${Buffer.alloc(24, 7).toString('base64')}`, 'a secret of one’s own']) {
    it(`takes what is signed with ${secret.slice(0, 8)}… and nothing else`, () => {
      const headers = signDelivery({ id: 'evt_1', timestamp: now, body }, [newKey(secret), newKey('an older one')]);
      expect(isGenuine(headers, body, secret, now)).to.equal(true);
      expect(isGenuine(headers, body, 'an older one', now)).to.equal(true);
      expect(isGenuine(headers, body, 'another', now)).to.equal(false);
      expect(isGenuine(headers, Buffer.from('{}'), secret, now)).to.equal(false);
      expect(isGenuine({ ...headers, 'webhook-id': 'evt_2' }, body, secret, now)).to.equal(false);
      expect(isGenuine(headers, body, secret, now + 301)).to.equal(false);
      expect(isGenuine({ ...headers, 'webhook-timestamp': 'soon' }, body, secret, now)).to.equal(false);
      expect(isGenuine({ ...headers, 'webhook-signature': 'v1,AAAA' }, body, secret, now)).to.equal(false);
    });
  }
});
