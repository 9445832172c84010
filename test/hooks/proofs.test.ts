import { createHmac, generateKeyPairSync, type KeyObject, sign as signBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { SignJWT } from 'jose';
import { type RunningHost, startHost } from '../helpers/host.ts';

const body = '{"n":1}';
const ec = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsa = () => generateKeyPairSync('rsa', { modulusLength: 2048 });

describe('Proofs by keys that the vendor publishes, and handshakes', function () {
  this.timeout(240_000);
  let host: RunningHost;
  let server: Server;
  let served = 0;
  const [elliptic, other, pem] = [ec(), ec(), rsa()];
  const address: Record<string, string> = {};
  let secret: string;

  before(async () => {
    server = createServer((request, response) => {
      served += 1;
      if (request.url === '/jwks')
        response.end(
          JSON.stringify({ keys: [{ ...elliptic.publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'ES256' }] }),
        );
      else if (request.url === '/keys/one.pem') response.end(pem.publicKey.export({ type: 'spki', format: 'pem' }));
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    host = await startHost({ env: { PATCHBAY_ALLOW_SIDELOAD: 'true', PATCHBAY_EGRESS_ALLOW: '127.0.0.0/8' } });
    const signature = { header: 'X-Signature', encoding: 'base64' };
    const shared = { address: 'integration', title: 'T' };
    const triggers = {
      jwks: {
        ...shared,
        verify: {
          ...{
            scheme: 'public-key',
            algorithm: 'ecdsa-sha256',
            message: '{request.header.X-Time}.{request.body}',
            signature,
          },
          keys: { jwks: `${url}/jwks`, kid: { header: 'X-Key-Id' } },
        },
      },
      pem: {
        ...shared,
        verify: {
          ...{ scheme: 'public-key', algorithm: 'rsa-sha256', message: '{request.body}', signature },
          keys: { pem_at: { origin: url, path: [{ header: 'X-Key-Path' }] } },
        },
      },
      jwt: {
        ...shared,
        verify: {
          ...{ scheme: 'jwt', token: { header: 'X-Token' }, algorithms: ['ES256'], jwks: `${url}/jwks` },
          max_age_s: 300,
        },
      },
      shaken: {
        ...shared,
        verify: {
          ...{ scheme: 'hmac', algorithm: 'sha512', key: '{hook.secret}', message: '{request.body}' },
          signature: { header: 'X-Signature', encoding: 'base64' },
        },
        handshake: [
          { when: { method: 'HEAD' }, respond: { status: 200 } },
          {
            when: { query: { 'hub.mode': 'subscribe' } },
            where: [{ at: { query: 'hub.verify_token' }, equals: '{hook.secret}' }],
            respond: { status: 200, body: '{request.query.hub.challenge}' },
            otherwise: 403,
          },
          {
            when: { has: [{ query: 'verify' }] },
            where: [{ at: { query: 'verify' }, equals: '{hook.secret}' }],
            respond: { status: 204 },
            otherwise: 404,
          },
        ],
      },
    };
    const manifest = {
      ...{ manifest_version: 1, name: '@tests/proofs', version: '1.0.0', display_name: 'Proofs' },
      integration: { type: 'proofs', category: 'testing', service_type: 'custom' },
      permissions: [{ name: 'network', hosts: ['vendor.example'], reason: 'test' }],
      auth: [{ name: 'none', type: 'none', base_url: 'https://vendor.example', hosts: ['vendor.example'] }],
      triggers,
    };
    const handlers = Object.keys(triggers).map((name) => `${name}: { receive: async () => ({}) }`);
    const bundle = `export default { manifest: ${JSON.stringify(manifest)}, handlers: {
      connect: async () => ({ account: 'a' }), triggers: { ${handlers.join(', ')} } } };`;
    const content = async (method: string, path: string, asked: unknown) => {
      const answer = await host.request(method, path, { body: asked });
      expect(answer.body.code, answer.text).to.equal('S10000');
      return answer.body.content;
    };
    await content('POST', '/plugins', {
      name: '@tests/proofs',
      manifest,
      bundle,
      permissions: ['network'],
      is_enabled: true,
    });
    const asked = { integration_type: 'proofs', name: 'P', configuration: {}, auth_config: { auth_type: 'none' } };
    const { id } = await content('POST', '/integrations', asked);
    for (const name of Object.keys(triggers)) {
      const told = await content('POST', `/integrations/${id}/hooks/${name}/secret`, {});
      address[name] = host.url + new URL(told.url).pathname;
      secret = told.secret;
    }
  });
  after(async () => {
    server.close();
    await host?.remove();
  });

  const status = async (name: string, headers: Record<string, string>, sent = body) =>
    (
      await fetch(address[name] as string, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: sent,
      })
    ).status;
  const signed = (key: KeyObject, text: string) => signBytes('sha256', Buffer.from(text), key).toString('base64');

  it('a signature by a key of the published set is taken, and nothing that differs from it', async () => {
    const good = { 'x-time': '5', 'x-key-id': 'one', 'x-signature': signed(elliptic.privateKey, `5.${body}`) };
    expect(await status('jwks', good)).to.equal(200);
    for (const bad of [
      { ...good, 'x-time': '6' },
      { ...good, 'x-key-id': 'two' },
      { ...good, 'x-signature': signed(other.privateKey, `5.${body}`) },
      { ...good, 'x-signature': signed(elliptic.privateKey, body) },
      { ...good, 'x-signature': Buffer.from(good['x-signature'], 'base64').toString('hex') },
      { ...good, 'x-signature': '' },
    ])
      expect(await status('jwks', bad)).to.equal(401);
    expect(await status('jwks', good, '{"n":2}')).to.equal(401);
  });

  it('an unknown key id does not make the host ask the vendor each time', async () => {
    const before = served;
    for (let i = 0; i < 20; i += 1) await status('jwks', { 'x-time': '5', 'x-key-id': `k${i}`, 'x-signature': 'AAAA' });
    expect(served - before).to.be.at.most(1);
  });

  it('a key whose path the request names is read below the manifest’s origin only', async () => {
    const good = { 'x-key-path': '/keys/one.pem', 'x-signature': signed(pem.privateKey, body) };
    expect(await status('pem', good)).to.equal(200);
    expect(await status('pem', { ...good, 'x-signature': signed(rsa().privateKey, body) })).to.equal(401);
    for (const path of [
      '//evil.example/key.pem',
      'http://evil.example/key.pem',
      '/keys/../keys/one.pem',
      '',
      '/keys/none.pem',
    ])
      expect(await status('pem', { ...good, 'x-key-path': path }), path).to.be.oneOf([401, 503]);
  });

  it('a token signed by a published key is taken while it is fresh', async () => {
    const token = (key: KeyObject, at_s = Date.now() / 1000, alg = 'ES256') =>
      new SignJWT({}).setProtectedHeader({ alg, kid: 'one' }).setIssuedAt(Math.floor(at_s)).sign(key);
    expect(await status('jwt', { 'x-token': await token(elliptic.privateKey) })).to.equal(200);
    expect(await status('jwt', { 'x-token': await token(other.privateKey) })).to.equal(401);
    expect(await status('jwt', { 'x-token': await token(elliptic.privateKey, Date.now() / 1000 - 400) })).to.equal(401);
    expect(await status('jwt', { 'x-token': 'a.b.c' })).to.equal(401);
    expect(await status('jwt', {})).to.equal(401);
  });

  it('handshakes are answered from data: HEAD, a challenge, a code; each wrong one is refused', async () => {
    const ask = (query: string, method = 'GET') => fetch(`${address.shaken}${query}`, { method });
    expect((await ask('', 'HEAD')).status).to.equal(200);
    const hub = (token: string) => `?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=${token}`;
    const answer = await ask(hub(secret));
    expect([answer.status, await answer.text()]).to.deep.equal([200, '1158201444']);
    expect(answer.headers.get('content-type')).to.match(/^text\/plain/);
    expect((await ask(hub('wrong'))).status).to.equal(403);
    expect((await ask(`?verify=${secret}`)).status).to.equal(204);
    expect((await ask('?verify=wrong')).status).to.equal(404);
    expect((await ask('')).status).to.equal(401);
    const proof = createHmac('sha512', secret).update(body).digest('base64');
    expect(await status('shaken', { 'x-signature': proof })).to.equal(200);
  });
});
