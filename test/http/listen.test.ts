import { once } from 'node:events';
import { request } from 'node:https';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { type Listening, listen } from '../../core/http/listen.ts';

const pem = (name: string) => join(import.meta.dirname, 'tls', name);
const plain = { port: 0, host: '127.0.0.1', tls_cert: null, tls_key: null };

describe('the listener', () => {
  const listening: Listening[] = [];
  const sockets: Socket[] = [];
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await Promise.all(listening.splice(0).map((one) => one.stop(0)));
  });

  async function serve(options: Parameters<typeof listen>[1], less: Parameters<typeof listen>[2] = {}) {
    const one = await listen((_, answer) => answer.end('served'), options, less);
    listening.push(one);
    return one.port;
  }

  async function open(port: number, first = ''): Promise<Socket> {
    const socket = connect(port, '127.0.0.1');
    sockets.push(socket);
    await once(socket, 'connect');
    socket.write(first);
    return socket;
  }

  it('serves HTTPS with a certificate of one’s own, and nothing older than TLS 1.2', async () => {
    const port = await serve({ ...plain, tls_cert: pem('cert.pem'), tls_key: pem('key.pem') });
    const ask = (more: object) =>
      new Promise<string>((resolve, reject) => {
        const asked = request({ port, host: '127.0.0.1', rejectUnauthorized: false, agent: false, ...more }, (answer) =>
          text(answer).then(resolve, reject),
        );
        asked.once('error', ({ message }) => resolve(message)).end();
      });
    expect(await ask({})).to.equal('served');
    expect(await ask({ maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' })).to.match(
      /protocol version|alert/i,
    );
  });

  it('says which file is no certificate or no key, and when the two are no pair', async () => {
    const refused = async (tls_cert: string, tls_key: string) =>
      listen(() => {}, { ...plain, tls_cert, tls_key }).then(
        () => 'it listens',
        ({ message }: Error) => message,
      );
    expect(await refused(pem('nowhere.pem'), pem('key.pem'))).to.match(
      /^PATCHBAY_TLS_CERT names a file that cannot be/,
    );
    expect(await refused(pem('cert.pem'), pem('nowhere.pem'))).to.match(
      /^PATCHBAY_TLS_KEY names a file that cannot be/,
    );
    expect(await refused(pem('README.md'), pem('key.pem'))).to.match(/^PATCHBAY_TLS_CERT .* are not a certificate and/);
    expect(await refused(pem('cert.pem'), pem('cert.pem'))).to.match(/^PATCHBAY_TLS_CERT .* are not a certificate and/);
  });

  it('cuts who never ends its headers, and tells why', async () => {
    const port = await serve(plain, { headersTimeout: 100, requestTimeout: 200, connectionsCheckingInterval: 20 });
    const slow = await open(port, 'GET / HTTP/1.1\r\nHost: x\r\nX-Drip: ');
    const answer = await text(slow);
    expect(answer).to.match(/^HTTP\/1\.1 408 /);
    expect(JSON.parse(answer.slice(answer.indexOf('{'))).code).to.equal('F40000');
  });

  it('closes a connection on which no request has begun without a word, which would be taken for its answer', async () => {
    const port = await serve(plain, { headersTimeout: 100, requestTimeout: 200, connectionsCheckingInterval: 20 });
    expect(await text(await open(port))).to.equal('');
  });

  it('refuses what is not HTTP with the envelope', async () => {
    const answer = await text(await open(await serve(plain), 'NONSENSE\r\n\r\n'));
    expect(answer).to.match(/^HTTP\/1\.1 400 /);
    expect(JSON.parse(answer.slice(answer.indexOf('{'))).code).to.equal('F40000');
  });

  it('takes no more connections at once than its cap, and again when one has gone', async () => {
    const port = await serve(plain, { maxConnections: 2 });
    const [first] = [await open(port, 'GET / HTTP/1.1\r\n'), await open(port, 'GET / HTTP/1.1\r\n')];
    const third = await open(port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await text(third).catch(() => '');
    expect(third.bytesRead, 'the third heard nothing').to.equal(0);
    first?.destroy();
    for (let tries = 0; ; tries += 1) {
      const next = await open(port, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
      const answer = await text(next).catch(() => '');
      if (answer.endsWith('served')) break;
      expect(tries, 'somebody else gets the place').to.be.lessThan(100);
    }
  });
});
