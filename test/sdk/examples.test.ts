import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import * as client from '../../sdk/client/index.ts';
import * as sdk from '../../sdk/index.ts';
import * as testing from '../../sdk/testing/index.ts';
import { folderWith, removeFolders } from './plugin-folder.ts';

const root = join(import.meta.dirname, '../..');
const reference = readFileSync(join(root, 'sdk/docs/api.md'), 'utf8');
const examples = new Map(
  reference.split(/^### /m).flatMap((part): [string, string][] => {
    const code = /^Example:\n\n```ts\n([\s\S]*?)^```/m.exec(part)?.[1];
    return code === undefined ? [] : [[part.slice(0, part.indexOf('\n')), code]];
  }),
);

// A method's example stands within its interface.
const inClient = readFileSync(join(root, 'sdk/client/index.ts'), 'utf8');
const [, ofCall = ''] = /@example\n([\s\S]*?)\n {3}\* @throws/.exec(inClient) ?? [];
examples.set('client.call', ofCall.replace(/^ {3}\* /gm, ''));

/** The plugin that the examples for tests are written for. */
const pluginTs = `import { definePlugin, VendorError } from '@patchbay/sdk';
export default definePlugin(
  {
    manifest_version: 1, name: '@acme/demo', version: '1.0.0',
    permissions: [{ name: 'network', hosts: ['api.example.com'], reason: 'To work' }],
    actions: { send: { title: 'Send' } },
    streams: { items: { title: 'Items', primary_key: ['/id'], modes: ['full'], deletes: 'missing' } },
  },
  {
    actions: {
      send: async (ctx) => {
        const answer = await ctx.fetch('https://api.example.com/send', { method: 'POST' });
        if (!answer.ok) throw new VendorError('The vendor answered ' + answer.status);
        return answer.json();
      },
    },
    streams: {
      items: async function* (ctx) {
        yield { upserts: await (await ctx.fetch('https://api.example.com/items')).json(), cursor: null };
      },
    },
  },
);
`;

type Scope = Record<string, unknown>;
const Runner = Object.getPrototypeOf(async function* () {}).constructor as new (
  ...parts: string[]
) => (...values: unknown[]) => AsyncGenerator<unknown>;

/** Runs an example as the body of a function that knows these names. @returns what it yields */
async function played(name: string, scope: Scope): Promise<unknown[]> {
  const code = (examples.get(name) ?? '').replaceAll('import.meta.dirname', 'folder');
  const yielded: unknown[] = [];
  for await (const one of new Runner(...Object.keys(scope), code)(...Object.values(scope))) yielded.push(one);
  return yielded;
}

describe('The examples of the API reference', function () {
  this.timeout(240_000);
  const folder = folderWith({ 'plugin.ts': pluginTs });
  /** What examples leave open, in a test file, is closed here. */
  const open: testing.PluginUnderTest[] = [];
  const testPlugin = async (options: testing.TestOptions) => {
    const plugin = await testing.testPlugin(options);
    open.push(plugin);
    return plugin;
  };
  const vendor: testing.Vendor = ({ url }) => ({ body: url.endsWith('items') ? [{ raw: { id: '1' } }] : { ok: true } });
  const inTests = { ...testing, testPlugin, assert, folder, vendor };
  const ran: string[] = [];
  const plays = (name: string, play: () => Promise<unknown>) => {
    ran.push(name);
    it(name, play);
  };
  afterEach(() => Promise.all(open.splice(0).map((plugin) => plugin.close())));
  after(removeFolders);

  for (const [name, play] of [
    [
      'definePlugin',
      async (plugin) => expect(await plugin.action('greet', { name: 'Ana' })).to.deep.equal({ text: 'Hello Ana' }),
    ],
    [
      'again',
      async (plugin) => {
        expect(await plugin.action('report')).to.deep.equal({ url: 'https://acme.com/r1' });
        expect(plugin.waits).to.deep.equal([{ after_s: 30, state: 'r1' }]);
      },
    ],
  ] as [string, (plugin: testing.PluginUnderTest) => Promise<unknown>][]) {
    plays(name, async () => {
      const imports = name === 'again' ? '' : "import { definePlugin } from '@patchbay/sdk';\n";
      let asked = 0;
      const reports: testing.Vendor = ({ method }) =>
        method === 'POST' ? { body: { id: 'r1' } } : { body: { done: asked++ > 0, url: 'https://acme.com/r1' } };
      const source = folderWith({ 'plugin.ts': `${imports}${examples.get(name)}` });
      await play(await testPlugin({ folder: source, vendor: reports }));
    });
  }
  plays('batch', async () => {
    const lists = (await played('batch', { ...sdk, items: Array.from({ length: 250 }, (_, i) => i) })) as sdk.Batch[];
    expect(lists.map(({ upserts }) => upserts?.length)).to.deep.equal([100, 100, 50]);
  });
  plays('retry', async () => {
    const asked: unknown[] = [];
    const load = async (id: string) => {
      if (asked.push(id) === 1) throw new sdk.VendorError('busy');
    };
    await played('retry', { ...sdk, load, id: 'u1' });
    expect(asked).to.deep.equal(['u1', 'u1']);
  });
  plays('throttle', async () => {
    const loaded: number[] = [];
    await played('throttle', { ...sdk, ids: [1, 2, 3], load: async (id: number) => loaded.push(id) });
    expect(loaded).to.deep.equal([1, 2, 3]);
  });
  plays('checkContract', async () => {
    const titles: string[] = [];
    const found = (title: string, check: () => void) => {
      titles.push(title);
      check();
    };
    await played('checkContract', { ...inTests, it: found });
    expect(titles).to.deep.equal(['has the handler actions.send', 'has the handler streams.items']);
  });
  plays('testPlugin', () => played('testPlugin', inTests));
  plays('hostileVendor', () => played('hostileVendor', inTests));
  plays('recordedVendor', async () => {
    const kept = join(folderWith({}), 'items.json');
    const recordedVendor = (_file: string, live: testing.Vendor) => testing.recordedVendor(kept, live);
    const { vendor: _, ...others } = inTests;
    await played('recordedVendor', { ...others, recordedVendor, askTheTrueVendor: vendor });
    expect(readFileSync(kept, 'utf8')).to.contain('api.example.com/items');
  });
  plays('replayRecording', async () => {
    const url = 'https://api.example.com/send';
    const request = { method: 'POST', url, headers: {}, body_encoding: 'utf8' };
    const answer = { status: 200, headers: {}, url, body: '{"ok":true}', body_encoding: 'utf8' };
    const recording = {
      ...{ plugin: '@acme/demo', version: '1.0.0', handler: 'actions.send', args: [{}], context: {}, use: 'call' },
      ...{ grants: [{ name: 'network', hosts: ['api.example.com'] }], seed: '00'.repeat(32), clock: [0] },
      host_calls: [{ n: 1, attempt: 1, op: 'fetch', request, answer, ms: 1 }],
      outcome: { ok: true, output: { ok: true } },
    };
    await played('replayRecording', { ...inTests, recording });
  });
  for (const name of ['createClient', 'client.call'])
    plays(name, async () => {
      const asked: string[] = [];
      const server = createServer((request, response) => {
        asked.push(`${request.method} ${request.url}`);
        const content = request.method === 'GET' ? { plugins: [{ id: 'plg_1' }] } : { output: 'Hello Ana' };
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ code: 'S10000', msg: 'OK', content }));
      });
      await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const createClient = (options: client.ClientOptions) => client.createClient({ ...options, url });
      await played(name, { createClient, ...(name === 'client.call' && { client: createClient({ url }) }) });
      server.close();
      expect(asked[0]).to.equal('GET /api/v1/plugins?size=100');
      expect(asked.slice(1)).to.deep.equal(name === 'client.call' ? ['POST /api/v1/plugins/plg_1/actions/greet'] : []);
    });

  it('are all played', () => {
    expect([...examples.keys()].sort()).to.deep.equal([...ran].sort());
  });
});
