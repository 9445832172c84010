import { createHmac, type KeyObject } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose';
import { type RunningHost, startHost } from '../../helpers/host.ts';

const issuer = 'https://id.example.com/';
const audience = 'patchbay-api';

describe('an access token of an outside issuer', function () {
  this.timeout(180_000);
  let host: RunningHost;
  let server: Server;
  let rsa: CryptoKey | KeyObject;
  let pem: string;
  let other: CryptoKey | KeyObject;

  before(async () => {
    const pair = await generateKeyPair('RS256', { extractable: true });
    rsa = pair.privateKey;
    pem = await exportSPKI(pair.publicKey);
    other = (await generateKeyPair('RS256')).privateKey;
    const keys = JSON.stringify({ keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'k1', use: 'sig' }] });
    server = createServer((_, answer) => answer.setHeader('content-type', 'application/json').end(keys));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    host = await startHost({
      env: {
        PATCHBAY_JWKS_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`,
        PATCHBAY_JWT_ISSUER: issuer,
        PATCHBAY_JWT_AUDIENCE: audience,
        PATCHBAY_EGRESS_ALLOW: '127.0.0.0/8',
      },
    });
  });
  after(async () => {
    await host?.remove();
    server.closeAllConnections();
    server.close();
  });

  const sign = (claims: object = {}, key = rsa, header: { alg: string; kid?: string } = { alg: 'RS256', kid: 'k1' }) =>
    new SignJWT({
      email: 'Admin@example.com',
      email_verified: true,
      sub: 'auth0|1',
      iss: issuer,
      aud: audience,
      exp: Math.floor(Date.now() / 1000) + 60,
      ...claims,
    })
      .setProtectedHeader(header)
      .sign(key);
  const ask = async (token: string) => {
    const { status, body } = await host.request('GET', '/auth/me', { token });
    return status === 200 ? body.content.user.email : body.code;
  };

  it('stands for the person with its verified address, and from then on for its subject', async () => {
    expect(await ask(await sign({ email_verified: false }))).to.equal('F40001');
    expect(await ask(await sign())).to.equal('admin@example.com');
    expect(await ask(await sign({ email: undefined, email_verified: undefined }))).to.equal('admin@example.com');
    expect(await ask(await sign({ sub: 'auth0|2' })), 'another subject with the same address').to.equal('F40001');
    expect(await ask(await sign({ sub: 'auth0|3', email: 'nobody@example.com' }))).to.equal('F40001');
  });

  // RFC 9700, section 4.15: a client may have chosen its own id, which is the subject of the tokens it gets for itself.
  it('of a program that calls itself as a person of ours is nobody', async () => {
    const me = (await host.request('GET', '/auth/me')).body.content.user;
    for (const sub of [me.id, me.email, `${issuer} auth0|1`]) {
      const claims = { sub, client_id: sub, email: undefined, email_verified: undefined };
      expect(await ask(await sign(claims)), sub).to.equal('F40001');
    }
  });

  it('is refused when its issuer, audience, time or key is another', async () => {
    const now = Math.floor(Date.now() / 1000);
    for (const claims of [
      { aud: 'other' },
      { aud: undefined },
      { exp: now - 60 },
      { exp: undefined },
      { nbf: now + 600 },
      { iss: 'https://evil.example/' },
      { sub: undefined },
    ]) {
      expect(await ask(await sign(claims)), JSON.stringify(claims)).to.equal('F40001');
    }
    expect(await ask(await sign({}, other))).to.equal('F40001');
    expect(await ask(await sign({}, rsa, { alg: 'RS256', kid: 'k2' }))).to.equal('F40001');
  });

  it('is refused when the public key serves as an HMAC secret, or nothing signs it', async () => {
    const [, payload = ''] = (await sign()).split('.');
    for (const alg of ['HS256', 'none']) {
      const body = `${Buffer.from(JSON.stringify({ alg, kid: 'k1' })).toString('base64url')}.${payload}`;
      const mac = alg === 'none' ? '' : createHmac('sha256', pem).update(body).digest('base64url');
      expect(await ask(`${body}.${mac}`)).to.equal('F40001');
    }
  });
});
