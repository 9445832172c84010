import { connect } from 'node:net';
import { expect } from 'chai';
import type { RunningHost } from '../helpers/host.ts';
import { ask } from '../helpers/host.ts';
import { sharedHost } from '../helpers/shared-host.ts';

describe('what HTTP refuses', () => {
  let host: RunningHost;
  before(async function () {
    this.timeout(60_000);
    host = await sharedHost();
  });

  const json = (text: string | Uint8Array, headers: Record<string, string> = {}) =>
    host.request('POST', '/projects', {
      bytes: typeof text === 'string' ? new TextEncoder().encode(text) : text,
      headers: { 'content-type': 'application/json', ...headers },
    });

  it('an unknown path is F40004 and says where the list is', async () => {
    const answer = await host.request('GET', '/no/such/path');
    expect(answer).to.have.nested.property('body.code', 'F40004');
    expect(answer.status).to.equal(404);
    expect(answer.body.msg).to.include('openapi.json');
  });

  it('a known path with another method is F40005 with Allow', async () => {
    const answer = await host.request('DELETE', '/projects');
    expect(answer).to.have.nested.property('body.code', 'F40005');
    expect(answer.headers.get('allow')).to.equal('GET, HEAD, POST');
  });

  it('a broken percent-encoding is F40000', async () => {
    const answer = await host.request('GET', '/projects/%E0%A4%A');
    expect(answer).to.have.nested.property('body.code', 'F40000');
    expect(answer.status).to.equal(400);
  });

  it('an Accept that leaves no JSON is F40006', async () => {
    const answer = await host.request('GET', '/projects', { headers: { accept: 'image/png' } });
    expect([answer.status, answer.body.code]).to.deep.equal([406, 'F40006']);
  });

  it('another content type, charset or content encoding is F40015', async () => {
    const refused: Record<string, string>[] = [
      { 'content-type': 'text/plain' },
      { 'content-type': 'application/json; charset=latin1' },
      { 'content-encoding': 'gzip' },
    ];
    for (const headers of refused) {
      const answer = await json('{"name":"x"}', headers);
      expect([answer.status, answer.body.code], JSON.stringify(headers)).to.deep.equal([415, 'F40015']);
    }
  });

  it('broken JSON, broken UTF-8, no body at all and depth are F40000', async () => {
    for (const text of [
      '{"name":',
      '{"name":"x"}}',
      new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]),
      '',
      `${'['.repeat(5000)}${']'.repeat(5000)}`,
    ]) {
      const answer = await json(text);
      expect([answer.status, answer.body.code]).to.deep.equal([400, 'F40000']);
    }
  });

  it('a body over the limit is F40013, before it is read whole', async () => {
    const answer = await json(`{"name":"${'x'.repeat(1_200_000)}"}`);
    expect([answer.status, answer.body.code]).to.deep.equal([413, 'F40013']);
  });

  it('a wrong body names every pointer and rule', async () => {
    const answer = await host.request('POST', '/projects', { body: { name: 5, colour: 'red' } });
    expect([answer.status, answer.body.code]).to.deep.equal([422, 'F40022']);
    const errors = answer.body.content.errors as { pointer: string; keyword: string; message: string }[];
    expect(errors.map(({ pointer }) => pointer)).to.include('/name');
    expect(errors.map(({ keyword }) => keyword)).to.include.members(['type', 'additionalProperties']);
    for (const { message } of errors) expect(message).to.not.equal('');
  });

  it('a list’s page and size are refused, not clamped', async () => {
    for (const query of ['page=0', 'size=101', 'size=ten', 'page=1.5', 'size=5&size=6', 'unknown=1']) {
      const answer = await host.request('GET', `/projects?${query}`);
      expect([answer.status, answer.body.code], query).to.deep.equal([422, 'F40022']);
    }
  });

  it('keys that would reach a prototype are refused at any depth', async () => {
    const answer = await json('{"name":"x","a":{"b":{"__proto__":{"admin":true}}}}');
    expect([answer.status, answer.body.code]).to.deep.equal([422, 'F40022']);
    expect(answer.body.content.errors[0].pointer).to.equal('/a/b/__proto__');
  });

  it('what is no HTTP, or has huge headers, gets F40000 and the connection closed', async () => {
    for (const raw of [
      'NONSENSE\r\n\r\n',
      `GET /api/v1/health HTTP/1.1\r\nHost: x\r\nX-Big: ${'y'.repeat(40_000)}\r\n\r\n`,
    ]) {
      expect(await rawRequest(host.url, raw)).to.include('F40000');
    }
  });

  it('an unknown origin gets no CORS headers, and every answer carries the security headers', async () => {
    const answer = await host.request('GET', '/health', { headers: { origin: 'https://evil.example' } });
    expect(answer.headers.get('access-control-allow-origin')).to.equal(null);
    expect(answer.headers.get('content-security-policy'))
      .to.include("script-src 'self'")
      .and.not.include('unsafe-eval');
    expect(answer.headers.get('x-content-type-options')).to.equal('nosniff');
    expect(answer.headers.get('cache-control')).to.equal('no-store');
  });

  it('a missing or wrong credential is F40001 with WWW-Authenticate', async () => {
    for (const token of [null, 'nonsense', `pb_live_${'a'.repeat(49)}`]) {
      const answer = await ask(host.url, 'GET', '/projects', { token });
      expect([answer.status, answer.body.code]).to.deep.equal([401, 'F40001']);
      expect(answer.headers.get('www-authenticate')).to.equal('Bearer');
    }
  });
});

function rawRequest(url: string, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(text));
    let heard = '';
    socket.on('data', (chunk) => {
      heard += chunk.toString('utf8');
    });
    socket.on('close', () => resolve(heard));
    socket.on('error', reject);
  });
}
