import { expect } from 'chai';
import type { RunningHost } from '../../helpers/host.ts';
import { type Sideloaded, settled, sideload, sideloadHost } from '../../helpers/sideload.ts';

const PERMISSIONS = [
  { name: 'storage' },
  { name: 'events:emit' },
  { name: 'schedule' },
  { name: 'records:read' },
  { name: 'network', hosts: ['api.example.com', 'http://127.0.0.1:9'] },
];
const HOST_PATH = /\/root\/|\/work\/|\/home\/|\/srv\/|node_modules|core\/[a-z-]+\/|\.ts:\d/;

/** Runs each of these for its refusal: what came of it, by name of the error. */
const tried = (calls: string[]) =>
  `async (ctx) => { const out = []; for (const call of [${calls.map((call) => `() => ${call}`).join(', ')}]) { try { out.push('OUT ' + JSON.stringify(await call())); } catch (e) { out.push(e.name); } } return out; }`;

interface Attack {
  title: string;
  action: string;
  /** the output, or what the error's type must be */
  output?: unknown;
  type?: string;
}

const ATTACKS: Attack[] = [
  {
    title: 'names of log fields that no document can hold',
    action: `async (ctx) => { ctx.log('x', JSON.parse('{"a\\\\u0000b":1,"$where":1,"a.b":1,"":1,"__proto__":{"x":1}}')); ctx.log('y', { _bsontype: 'ObjectId', a: { _bsontype: 'Binary' } }); return 'logged'; }`,
    output: 'logged',
  },
  {
    title: 'log fields nested four thousand deep',
    action: `async (ctx) => { ctx.log('x', { a: JSON.parse('['.repeat(3900) + ']'.repeat(3900)) }); return 'logged'; }`,
    output: 'logged',
  },
  {
    title: 'log lines that would steer a terminal or forge a line',
    action: `async (ctx) => { ctx.log('\\x1b[2J\\x07\\u202eforged\\u2028level=error'); console.log('\\x9b31m', '\\ud800'); return 'logged'; }`,
    output: 'logged',
  },
  {
    title: 'an answer with names of prototypes',
    action: `async () => JSON.parse('{"constructor":{"prototype":{"y":1}},"toString":1,"toJSON":3}')`,
    output: { constructor: { prototype: { y: 1 } }, toString: 1, toJSON: 3 },
  },
  {
    title: 'an answer of halves of characters',
    action: `async () => ['\\ud800', '\\u0000']`,
    output: ['\ud800', '\u0000'],
  },
  {
    title: 'an error that claims places of the host',
    action: `async () => { const e = new Error('no \\x1b[31m'); e.name = 'N\\u0000'; e.stack = 'Error\\n    at k (/srv/patchbay/core/vault/key.ts:1:1)\\n    at f (file:///etc/passwd:1:1)'; throw e; }`,
    type: 'threw',
  },
  {
    title: 'an error that claims another type',
    action: `async () => { throw Object.assign(new Error('x'), { type: 'busy', code: 'F50000', status: 200 }); }`,
    type: 'threw',
  },
  {
    title: 'events of the host, of nobody, and with data that no document can hold',
    action: tried([
      ...["ctx.emit('plugin.uninstalled', {})", "ctx.emit('integration.deleted', {})", "ctx.emit('__proto__', {})"],
      ...[`ctx.emit('wild.seen', { $where: 1 })`, `ctx.emit('wild.seen', { _bsontype: 'Long' })`],
      ...[
        `ctx.emit('wild.seen', JSON.parse('{"a\\\\u0000b":1}'))`,
        `ctx.emit('wild.seen', JSON.parse('{"__proto__":1}'))`,
      ],
    ]),
    output: ['PermissionDenied', 'PermissionDenied', 'Invalid', 'Invalid', 'Invalid', 'Invalid', 'Invalid'],
  },
  {
    title: 'calls of what is no action, at no time, with what no document can hold',
    action: tried([
      ...[
        "ctx.schedule({ handler: 'connect', after_s: 1 })",
        "ctx.schedule({ handler: 'actions.__proto__', after_s: 1 })",
      ],
      ...[
        "ctx.schedule({ handler: 'actions.a0', after_s: 1e300 })",
        "ctx.schedule({ handler: 'actions.a0', at: 'soon' })",
      ],
      "ctx.schedule({ handler: 'actions.a0', after_s: 9e5, input: { $where: 1 } })",
    ]),
    output: ['BadRequest', 'BadRequest', 'BadRequest', 'BadRequest', 'BadRequest'],
  },
  {
    title: 'addresses that are not what they seem',
    action: tried(
      [
        ...['file:///etc/passwd', 'data:text/plain,x', 'ftp://api.example.com/', 'https://api.example.com:444/'],
        ...[
          'https://u:p@api.example.com/',
          'https://api.example.com@evil.example/',
          'https://api.example.com.evil.example/',
        ],
        ...[
          'https://2130706433/',
          'https://0x7f.1/',
          'https://[::ffff:127.0.0.1]/',
          'https://169.254.169.254/',
          '//evil.example/',
        ],
        ...[
          'https:\\\\\\\\evil.example/',
          'https://аpi.example.com/',
          'http://127.0.0.1:9/',
          'http://api.example.com/',
        ],
      ].map((url) => `ctx.fetch('${url}')`),
    ),
    output: new Array(16).fill('PermissionDenied'),
  },
  {
    title: "headers that are the host's to write",
    action: tried(
      [
        'Host',
        'Content-Length',
        'Transfer-Encoding',
        'Connection',
        'Proxy-Authorization',
        'X-Forwarded-For',
        'a b',
      ].map((name) => `ctx.fetch('https://api.example.com/', { headers: { '${name}': 'x' } })`),
    ),
    output: [...new Array(6).fill('Invalid'), 'TypeError'],
  },
  {
    title: 'keys and values of the store that are operators, paths and prototypes',
    action: `async (ctx) => { const keys = ['__proto__', '$where', '../x', 'constructor', 'a\\u0000b']; for (const k of keys) await ctx.store.set(k, { k, $gt: '' }); const back = []; for (const k of keys) back.push((await ctx.store.get(k)).value.k === k); return back; }`,
    output: [true, true, true, true, true],
  },
  {
    title: 'requests of the store and the records that are operators',
    action: tried([
      ...[
        'ctx.store.get({ $ne: null })',
        'ctx.store.list({ prefix: { $gt: "" } })',
        "ctx.store.set('k', 1, { ttl_s: -1 })",
      ],
      ...['ctx.records.list({ model: { $ne: 1 } })', "ctx.records.list({ model: 'issue', after: { $gt: '' } })"],
    ]),
    output: ['Invalid', 'Invalid', 'Invalid', 'BadRequest', 'BadRequest'],
  },
  {
    title: 'names of secrets that are none of its own',
    action: tried(
      ['color', '__proto__', 'app.client_secret', 'credential.token'].map(
        (n) => `ctx.crypto.hmac('sha256', '${n}', 'x')`,
      ),
    ),
    output: new Array(4).fill('NotFound'),
  },
  {
    title: 'a context changed before it is used',
    action: `async (ctx) => { ctx.integration = { id: 'int_other' }; ctx.project = { id: 'prj_other' }; ctx.invocation = { id: 'inv_other' }; await ctx.store.set('mine', 1); try { await ctx.fetch('https://evil.example/'); return 'OUT'; } catch (e) { return e.name; } }`,
    output: 'PermissionDenied',
  },
  {
    title: 'the prototypes of everything replaced',
    action: `async (ctx) => { for (const C of [Object, Array, Promise, Map, Set, String, RegExp, Function]) for (const k of Object.getOwnPropertyNames(C.prototype)) { if (k === 'constructor') continue; try { C.prototype[k] = () => { throw new Error('gone'); }; } catch {} } return 1; }`,
    type: 'threw|ok',
  },
];

describe('attacks through the HTTP API', function attacks() {
  this.timeout(240_000);
  let host: RunningHost;
  let wild: Sideloaded;
  let other: Sideloaded;

  before(async () => {
    host = await sideloadHost();
    const actions = Object.fromEntries(ATTACKS.map(({ action }, i) => [`a${i}`, action]));
    const manifest = { events: { 'wild.seen': { schema: { type: 'object' }, sample: {} } } };
    wild = await sideload(host, { name: '@wild/all', actions, permissions: PERMISSIONS, manifest });
    other = await sideload(host, { name: '@wild/other', actions: { hello: `async () => 'still here'` } });
  });

  ATTACKS.forEach(({ title, output, type }, i) => {
    it(`come to nothing with ${title}`, async () => {
      const answer = await wild.act(`a${i}`);
      const { status, body, text } = answer;
      if (type === undefined) {
        expect(status, text).to.equal(200);
        expect(body.content.output).to.deep.equal(output);
      } else if (status !== 200 || !type.includes('ok')) {
        expect([status, body.code], text).to.deep.equal([502, 'F42308']);
        expect(type.split('|')).to.include(body.content.error.type);
      }
      expect(text).not.to.match(HOST_PATH);
      const { invocations } = (await host.request('GET', `/plugins/${wild.id}/invocations?handler=actions.a${i}`)).body
        .content;
      const detail = await host.request('GET', `/invocations/${invocations[0].id}`);
      expect(detail.status, detail.text).to.equal(200);
      expect(detail.text).not.to.match(HOST_PATH);
      for (const { message } of detail.body.content.logs as { message: string }[]) {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: none of these may be left
        expect(message).not.to.match(/[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u202e]/);
      }
      const next = await settled(() => other.act('hello'));
      expect(next.body.content.output, next.text).to.equal('still here');
      expect((await host.request('GET', `/plugins/${wild.id}/logs`)).status).to.equal(200);
    });
  });

  it('leave the host healthy', async () => {
    const health = await host.request('GET', '/health', { token: null });
    expect([health.status, health.body.content.sandbox], health.text).to.deep.equal([200, 'up']);
    expect(Object.values(health.body.content.barriers as Record<string, boolean>)).not.to.include(false);
  });

  it('declare no event of the host in a manifest', async () => {
    const manifest = { events: { 'plugin.installed': { schema: { type: 'object' }, sample: {} } } };
    let refusal = '';
    try {
      await sideload(host, { name: '@wild/spoof', actions: { a: 'async () => 1' }, manifest });
    } catch (error) {
      refusal = (error as Error).message;
    }
    expect(refusal).to.match(/refused.*plugin\.installed|F4\d{4}/s);
  });
});
