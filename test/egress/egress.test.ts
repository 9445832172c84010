import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { createEgress } from '../../core/egress/egress.ts';
import { EgressError } from '../../core/egress/egress-error.ts';
import { nextHop } from '../../core/egress/next-hop.ts';

describe('egress', () => {
  const egress = createEgress({ allow: ['127.0.0.0/8'] });
  let server: Server;
  let url: string;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;

  before(async () => {
    server = createServer((request, response) => answer(request, response));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const codeOf = async (work: Promise<unknown>): Promise<string> => {
    try {
      await work;
    } catch (error) {
      expect(error).to.be.instanceOf(EgressError);
      return (error as EgressError).code;
    }
    return 'answered';
  };

  it('sends method, headers and body, and gives back any status', async () => {
    answer = (request, response) => {
      request.setEncoding('utf8');
      request.on('data', (text) => {
        response.writeHead(418, { 'x-seen': `${request.method} ${request.headers['x-one']} ${text}` }).end('teapot');
      });
    };
    const got = await egress({ url, method: 'PUT', headers: { 'X-One': '1' }, body: 'text' });
    expect(got.status).to.equal(418);
    expect(got.headers['x-seen']).to.equal('PUT 1 text');
    expect(got.body.toString()).to.equal('teapot');
  });

  it('decodes gzip and brotli', async () => {
    answer = (request, response) =>
      request.url === '/br'
        ? response.writeHead(200, { 'content-encoding': 'br' }).end(brotliCompressSync('brotli'))
        : response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('gzip'));
    expect((await egress({ url: `${url}/br` })).body.toString()).to.equal('brotli');
    expect((await egress({ url })).body.toString()).to.equal('gzip');
  });

  it('stops a gzip bomb at the limit', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    answer = (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
    expect(await codeOf(egress({ url, max_bytes: 10_000 }))).to.equal('too_large');
  });

  it('cuts a body where asked to', async () => {
    answer = (_, response) => response.end('x'.repeat(100_000));
    const got = await egress({ url, max_bytes: 10, overflow: 'cut' });
    expect(got.body.toString()).to.equal('x'.repeat(10));
    expect(got.cut).to.equal(true);
  });

  it('says so when the body is not what its encoding says', async () => {
    answer = (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('plain');
    expect(await codeOf(egress({ url }))).to.equal('bad_answer');
  });

  it('gives up when nothing comes, and when a body never ends', async () => {
    answer = () => undefined;
    expect(await codeOf(egress({ url, timeout_ms: 60 }))).to.equal('timeout');
    answer = (_, response) => {
      response.write('a');
    };
    expect(await codeOf(egress({ url, timeout_ms: 60 }))).to.equal('timeout');
  });

  it('is cancelled by its signal', async () => {
    answer = () => undefined;
    const cancel = new AbortController();
    setTimeout(() => cancel.abort(), 20);
    expect(await codeOf(egress({ url, signal: cancel.signal }))).to.equal('cancelled');
    expect(await codeOf(egress({ url, signal: cancel.signal }))).to.equal('cancelled');
  });

  it('names a closed port, a reset and a speaker of something else', async () => {
    expect(await codeOf(egress({ url: 'http://127.0.0.1:1/' }))).to.equal('connect_failed');
    answer = (request) => request.socket.destroy();
    expect(await codeOf(egress({ url }))).to.equal('reset');
    answer = (request) => request.socket.end('220 mail ready\r\n');
    expect(await codeOf(egress({ url }))).to.equal('bad_answer');
    expect(await codeOf(egress({ url: url.replace('http:', 'https:') }))).to.be.oneOf(['tls_failed', 'reset']);
  });

  it('refuses headers that belong to the connection, and headers that would split the request', async () => {
    const refused: Record<string, string>[] = [
      { Host: 'internal' },
      { 'Content-Length': '3' },
      { 'transfer-encoding': 'chunked' },
      { Connection: 'upgrade' },
      { 'x-a': 'b\r\nx-c: d' },
      { 'x a': 'b' },
    ];
    for (const headers of refused) expect(await codeOf(egress({ url, headers }))).to.equal('bad_request');
  });

  it('follows redirects only where each hop is looked at', async () => {
    answer = (request, response) =>
      request.url === '/end' ? response.end('end') : response.writeHead(302, { location: '/end' }).end();
    expect((await egress({ url })).status).to.equal(302);
    const seen: string[] = [];
    const got = await egress({
      url,
      on_hop(hop) {
        seen.push(hop.url);
        return hop;
      },
    });
    expect(got.body.toString()).to.equal('end');
    expect(seen).to.deep.equal([`${url}/end`]);
    answer = (_, response) => response.writeHead(302, { location: '/again' }).end();
    expect(await codeOf(egress({ url, on_hop: (hop) => hop }))).to.equal('too_many_redirects');
  });
});

describe('nextHop', () => {
  const hop = {
    url: 'https://api.example.com/a',
    method: 'POST',
    headers: { authorization: 'Bearer x', cookie: 'a=b', 'content-type': 'text/plain', accept: '*/*' },
    body: 'text',
  };

  it('turns a POST into a GET without body on 301, 302 and 303, and repeats it on 307 and 308', () => {
    for (const status of [301, 302, 303])
      expect(nextHop(hop, { status, headers: { location: '/b' } })).to.deep.equal({
        url: 'https://api.example.com/b',
        method: 'GET',
        headers: { authorization: 'Bearer x', cookie: 'a=b', accept: '*/*' },
        body: null,
      });
    for (const status of [307, 308])
      expect(nextHop(hop, { status, headers: { location: '/b' } })).to.include({ method: 'POST', body: 'text' });
  });

  it('drops authority when the host, the port or the scheme changes', () => {
    for (const location of ['https://evil.example/', 'https://api.example.com:444/', 'http://api.example.com/'])
      expect(nextHop(hop, { status: 307, headers: { location } })?.headers).to.have.all.keys('content-type', 'accept');
  });

  it('sees no redirect where there is none', () => {
    expect(nextHop(hop, { status: 200, headers: { location: '/b' } })).to.equal(null);
    expect(nextHop(hop, { status: 302, headers: {} })).to.equal(null);
    expect(nextHop(hop, { status: 302, headers: { location: 'http://[' } })).to.equal(null);
  });
});
