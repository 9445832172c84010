import { createHmac } from 'node:crypto';
import { expect } from 'chai';
import { base64url, CompactSign, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import { siteSecret } from '../../../core/vault/site-secret.ts';
import { withAccess } from '../../access/serve-access.ts';

describe('an access token that was tampered with', () => {
  const host = withAccess();
  let good: string;
  let header: Record<string, unknown>;
  let payload: Record<string, unknown>;
  /** our own signing key: what is refused below is refused although the signature is right */
  let ours: CryptoKey;

  before(async () => {
    good = (await host.login()).access_token;
    const [first = '', second = ''] = good.split('.');
    header = JSON.parse(Buffer.from(first, 'base64url').toString());
    payload = JSON.parse(Buffer.from(second, 'base64url').toString());
    ours = (await importJWK(JSON.parse(await siteSecret('access-token-key-1')), 'EdDSA')) as CryptoKey;
  });

  const part = (value: object) => base64url.encode(JSON.stringify(value));
  const resigned = (changes: object, head: object = {}) =>
    new CompactSign(Buffer.from(JSON.stringify({ ...payload, ...changes })))
      .setProtectedHeader({ ...header, ...head } as { alg: string })
      .sign(ours);
  const refused = async (token: string) => {
    const answer = await host.ask('GET', '/auth/me', { token });
    expect([answer.status, answer.code]).to.deep.equal([401, 'F40001']);
  };

  it('is taken when nothing was changed', async () => {
    expect((await host.ask('GET', '/auth/me', { token: good })).status).to.equal(200);
    expect((await host.ask('GET', '/auth/me', { token: await resigned({}) })).status).to.equal(200);
  });

  for (const alg of ['none', 'None', 'NONE', 'nOnE']) {
    it(`is refused with alg ${alg}, with and without a signature`, async () => {
      const body = `${part({ ...header, alg })}.${part(payload)}`;
      await refused(`${body}.`);
      await refused(`${body}.${good.split('.')[2]}`);
    });
  }

  it('is refused when the public key is used as an HMAC secret', async () => {
    const { keys } = (await host.ask('GET', '/auth/jwks')).content;
    const secrets = [keys[0].x, Buffer.from(keys[0].x, 'base64url'), JSON.stringify(keys[0])];
    for (const secret of secrets) {
      const body = `${part({ ...header, alg: 'HS256' })}.${part(payload)}`;
      await refused(`${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`);
    }
  });

  it('is refused under a key id that names a file, a query or nothing', async () => {
    const kids = [
      '../../../../dev/null',
      '/dev/null',
      "' UNION SELECT 'x",
      '',
      { $ne: '' },
      ['x'],
      '__proto__',
      'constructor',
      null,
    ];
    for (const kid of kids) await refused(await resigned({}, { kid }));
    const empty = `${part({ alg: 'HS256', typ: 'at+jwt', kid: '/dev/null' })}.${part(payload)}`;
    await refused(`${empty}.${createHmac('sha256', '').update(empty).digest('base64url')}`);
  });

  it('is refused with a key of its own in the header (jwk, jku, x5u, x5c)', async () => {
    const { publicKey, privateKey } = await generateKeyPair('EdDSA', { extractable: true });
    const jwk: JWK = await exportJWK(publicKey);
    const heads = [
      { jwk },
      { jku: `${host.url}/api/v1/auth/jwks` },
      { x5u: 'https://evil.example/chain.pem' },
      { x5c: ['MIIB'] },
    ];
    for (const head of heads) {
      for (const kid of [header.kid, 'mine', undefined]) {
        const forged: { alg: string } = Object.assign({ alg: 'EdDSA' }, header, { kid }, head);
        const token = await new SignJWT(payload).setProtectedHeader(forged).sign(privateKey);
        await refused(token);
      }
    }
  });

  it('is refused for another audience or issuer, or without one', async () => {
    for (const aud of ['other', ['other'], '', undefined]) await refused(await resigned({ aud }));
    for (const iss of ['https://evil.example', '', undefined]) await refused(await resigned({ iss }));
  });

  it('is refused when it has expired, is not valid yet, or says nothing about time', async () => {
    const now = Math.floor(Date.now() / 1000);
    await refused(await resigned({ exp: now - 1 }));
    await refused(await resigned({ exp: undefined }));
    await refused(await resigned({ exp: '9999999999' }));
    await refused(await resigned({ nbf: now + 60 }));
    await refused(await resigned({ iat: now - 3600, exp: now + 3600 }));
    await refused(await resigned({ iat: undefined }));
  });

  it('is refused as another type, or with a critical header that we do not know', async () => {
    for (const typ of ['JWT', 'refresh', undefined]) await refused(await resigned({}, { typ }));
    const head = part({ ...header, crit: ['exp'] });
    await refused(`${head}.${good.split('.')[1]}.${good.split('.')[2]}`);
  });

  it('is refused for a person or a session that does not exist', async () => {
    await refused(await resigned({ sub: 'usr_nobody', sid: 'ses_nothing' }));
    await refused(await resigned({ sid: 'ses_nothing' }));
    await refused(await resigned({ sub: { $ne: '' }, sid: { $ne: '' } }));
  });

  it('is refused when any part of it was changed', async () => {
    const [one = '', two = '', three = ''] = good.split('.');
    await refused([one, part({ ...payload, sub: 'usr_other' }), three].join('.'));
    await refused([one, two, `${three.slice(1)}${three[0]}`].join('.'));
    await refused([one, two].join('.'));
    await refused([one, two, three, three].join('.'));
  });
});
