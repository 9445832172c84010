import { createHmac, createPrivateKey, randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { Webhook } from 'standardwebhooks';
import { signDelivery } from '../../core/webhooks/sign-delivery.ts';
import { keyBytes } from '../../core/webhooks/signing-keys.ts';
import { newKey } from './signing.ts';
import { verify } from './verify.ts';

const now = Math.floor(Date.now() / 1000);

const secrets: Record<string, string> = {
  'a made secret': `whsec_${randomBytes(24).toString('base64')}`,
  'a long secret': `whsec_${randomBytes(64).toString('base64')}`,
  'a secret of the owner': 'webhook_secret',
  'a secret in Chinese': '這是一個祕密，夠長了',
};
const bodies: Record<string, Buffer> = {
  JSON: Buffer.from('{"test": 2432232314}'),
  'an empty body': Buffer.alloc(0),
  'a body in Chinese': Buffer.from('{"message":"測試消息 🎉"}'),
  'bytes that are no text': Buffer.from([0, 255, 128, 10, 13, 46, 254]),
  'a megabyte': randomBytes(2 ** 20),
};

describe('the signature of a delivery', () => {
  it('is that of the Standard Webhooks vectors, v1 and v1a', () => {
    const body = Buffer.from('{"test": 2432232314}');
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    // The private key as `whsk_` text: seed, then public key.
    const raw = Buffer.from(
      '6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==',
      'base64',
    );
    const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), raw.subarray(0, 32)]);
    const private_key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    const message = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1614265330, body };
    const signed = signDelivery(message, [{ secret, hmac_key: keyBytes(secret), private_key }]);
    expect(signed['webhook-signature']).to.equal(
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE= ' +
        'v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==',
    );
  });

  for (const [secretName, secret] of Object.entries(secrets)) {
    for (const [bodyName, body] of Object.entries(bodies)) {
      describe(`over ${bodyName} with ${secretName}`, () => {
        const key = newKey(secret);
        const headers = signDelivery({ id: 'evt_1', timestamp: now, body }, [key]);

        it('is verified by the shared secret and by the public key', () => {
          expect(verify({ headers, body }, { secret }, now)).to.equal(true);
          expect(verify({ headers, body }, { public_key: key.public_key }, now)).to.equal(true);
          const plain = createHmac('sha256', secret).update(body).digest('hex');
          expect(headers['x-webhook-signature']).to.equal(`sha256=${plain}`);
        });

        it('is refused when anything is altered, stale, of another key or missing', () => {
          const refused = [
            { headers, body: Buffer.concat([body, Buffer.from(' ')]) },
            { headers: { ...headers, 'webhook-id': 'evt_2' }, body },
            { headers: { ...headers, 'webhook-timestamp': String(now + 1) }, body },
            {
              headers: {
                ...headers,
                'webhook-signature': headers['webhook-signature']?.replace(
                  /(v1a?,)(.)/g,
                  (_, head, first) => `${head}${first === 'A' ? 'B' : 'A'}`,
                ),
              },
              body,
            },
            {
              headers: { ...headers, 'webhook-signature': headers['webhook-signature']?.replaceAll('v1', 'v2') },
              body,
            },
            { headers: { ...headers, 'webhook-signature': undefined }, body },
          ];
          for (const [index, message] of refused.entries()) {
            expect(verify(message, { secret }, now), `v1, case ${index}`).to.equal(false);
            expect(verify(message, { public_key: key.public_key }, now), `v1a, case ${index}`).to.equal(false);
          }
          const other = newKey(`${secret}x`.replace(/^whsec_.*/, `whsec_${randomBytes(24).toString('base64')}`));
          expect(verify({ headers, body }, { secret: other.secret }, now)).to.equal(false);
          expect(verify({ headers, body }, { public_key: other.public_key }, now)).to.equal(false);
          expect(verify({ headers, body }, { secret }, now + 301)).to.equal(false);
        });
      });
    }
  }

  it('is verified by the standardwebhooks library, and refused when altered', () => {
    for (const secret of Object.values(secrets)) {
      const library = secret.startsWith('whsec_')
        ? new Webhook(secret)
        : new Webhook(new Uint8Array(Buffer.from(secret)), { format: 'raw' });
      const body = Buffer.from('{"message":"測試"}');
      // The library holds the time against its own clock, and the suite may have been loaded minutes ago.
      const headers = signDelivery({ id: 'evt_1', timestamp: Math.floor(Date.now() / 1000), body }, [newKey(secret)]);
      expect(library.verify(body.toString(), headers)).to.deep.equal({ message: '測試' });
      expect(() => library.verify(`${body.toString()} `, headers)).to.throw();
    }
  });

  it('is made by the new and the old secret during a rotation', () => {
    const [fresh, old] = [newKey('new secret'), newKey('old secret')];
    const body = Buffer.from('{}');
    const headers = signDelivery({ id: 'evt_1', timestamp: now, body }, [fresh, old]);
    for (const key of [fresh, old]) {
      expect(verify({ headers, body }, { secret: key.secret }, now)).to.equal(true);
      expect(verify({ headers, body }, { public_key: key.public_key }, now)).to.equal(true);
    }
    expect(headers['webhook-signature']?.split(' ').map((one) => one.split(',')[0])).to.deep.equal([
      'v1',
      'v1',
      'v1a',
      'v1a',
    ]);
  });
});
