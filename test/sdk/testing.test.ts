import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { templateFiles } from '../../sdk/cli/template.ts';
import {
  CallFailed,
  checkContract,
  hostileVendor,
  hostilities,
  type PluginUnderTest,
  recordedVendor,
  type TestOptions,
  testPlugin,
  type Vendor,
} from '../../sdk/testing/index.ts';
import { folderWith, pluginWith, removeFolders } from './plugin-folder.ts';

const items = (page: string | null) =>
  page === null
    ? { items: [{ id: '1', title: 'a', updated_at: '2026-01-01T00:00:00Z' }], next: '2' }
    : { items: [{ id: '2', title: 'b', updated_at: '2026-01-02T00:00:00Z' }], next: null };
const vendor: Vendor = ({ url, method, body }) => {
  const { pathname, searchParams } = new URL(url);
  if (pathname === '/v1/items' && method === 'GET') return { body: items(searchParams.get('page')) };
  if (pathname === '/v1/items') return { status: 201, body: { id: JSON.parse(body ?? '').title } };
  if (pathname === '/v1/me') return { body: { name: 'Ana' } };
  return undefined;
};

describe('@patchbay/sdk/testing', function () {
  this.timeout(240_000);
  const open: PluginUnderTest[] = [];
  const start = async (template: 'sync' | 'api-key' | 'trigger', more: TestOptions = {}) => {
    const plugin = await testPlugin({
      folder: folderWith(await templateFiles(template, '@acme/x', false)),
      vendor,
      ...more,
    });
    open.push(plugin);
    return plugin;
  };
  const startWith = async (body: string, permissions = '', more: TestOptions = {}) => {
    const plugin = await testPlugin({ folder: folderWith({ 'plugin.ts': pluginWith(body, permissions) }), ...more });
    open.push(plugin);
    return plugin;
  };
  afterEach(async () => {
    await Promise.all(open.splice(0).map((plugin) => plugin.close()));
  });
  after(removeFolders);

  it('runs an action in the real sandbox against the vendor that the test plays', async () => {
    const plugin = await start('api-key');
    expect(await plugin.action('create_item', { title: 'Tea' })).to.deep.equal({ id: 'Tea' });
    expect(plugin.requests[0]).to.deep.include({
      method: 'POST',
      url: 'https://api.example.com/v1/items',
      body: '{"title":"Tea"}',
    });
    expect(await plugin.call('test')).to.deep.equal({ account: 'Ana' });
  });

  it('refuses an input that the host would refuse, before the plugin runs', async () => {
    const plugin = await start('api-key');
    const error = await plugin.action('create_item', { title: '' }).catch((thrown: Error) => thrown.message);
    expect(error).to.contain('the input of create_item does not fit its schema: /title must not be empty');
    expect(plugin.requests).to.deep.equal([]);
  });

  it('pulls a stream page by page to its end, and from where a cursor stands', async () => {
    const plugin = await start('sync');
    const batches = await plugin.pull('items');
    expect(batches.map(({ cursor, upserts }) => [cursor, upserts?.length])).to.deep.equal([
      ['2', 1],
      [null, 1],
    ]);
    expect(await plugin.pull('items', { cursor: '2', mode: 'incremental' })).to.have.length(1);
    expect(await plugin.pull('items', {}, 1)).to.have.length(1);
  });

  it('hands a trigger its request and holds the events against their schemas', async () => {
    const plugin = await start('trigger');
    const { events } = await plugin.receive('changes', { body: { id: '42' } });
    expect(events).to.deep.equal([{ type: 'my_vendor.item_changed', data: { id: '42' } }]);
    const error = await plugin.receive('changes', { body: { id: 42 } }).catch((thrown: Error) => thrown.message);
    expect(error).to.contain('/id must be a string');
  });

  it('keeps what the plugin stores, emits and logs', async () => {
    const plugin = await startWith(
      `await ctx.store.set('a', { n: 1 }); ctx.log.warn('careful', { n: 2 }); return await ctx.store.get('a');`,
      "permissions: [{ name: 'storage', reason: 'x' }]",
    );
    expect(await plugin.action('greet')).to.deep.equal({ value: { n: 1 }, version: 1 });
    expect(plugin.store.get('a')).to.deep.equal({ n: 1 });
    expect(plugin.logs[0]).to.deep.include({ level: 'warn', message: 'careful', fields: { n: 2 } });
  });

  it('calls an action again for as long as it asks for it, with its state, as much later as it said', async () => {
    const body = `return (more?.n ?? 0) < 2 ? again(90, { n: (more?.n ?? 0) + 1 }) : { ...more, at: new Date().toISOString() };`;
    const source = pluginWith(body)
      .replace('{ definePlugin }', '{ again, definePlugin }')
      .replace('(ctx)', '(ctx, input, more)');
    const plugin = await testPlugin({ folder: folderWith({ 'plugin.ts': source }), time: '2026-01-01T00:00:00Z' });
    open.push(plugin);
    expect(await plugin.action('greet')).to.deep.equal({ n: 2, at: '2026-01-01T00:03:00.000Z' });
    expect(plugin.waits).to.deep.equal([
      { after_s: 90, state: { n: 1 } },
      { after_s: 90, state: { n: 2 } },
    ]);
  });

  it('shows the plugin the time that the test sets', async () => {
    const body = 'return [new Date().toISOString(), Date.now(), new Date(ctx.invocation.deadline) > new Date()];';
    const plugin = await startWith(body, '', { time: '2026-02-28T23:59:59Z' });
    expect(await plugin.action('greet')).to.deep.equal(['2026-02-28T23:59:59.000Z', 1772323199000, true]);
    plugin.setTime(new Date('2026-03-01T00:00:00Z'));
    expect((await plugin.action('greet')) as unknown[]).to.include('2026-03-01T00:00:00.000Z');
    expect(() => plugin.setTime('tomorrow')).to.throw('2026-01-31T12:00:00Z');
  });

  it('denies what the manifest does not ask for, and what the test does not grant', async () => {
    const without = await startWith(`await ctx.store.set('a', 1); return {};`);
    const error = await without.action('greet').catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(CallFailed);
    expect(without.denied[0]).to.include({ permission: 'storage' });
    expect(without.store.size).to.equal(0);
    const permissions = "permissions: [{ name: 'storage', reason: 'x' }]";
    const refused = await startWith(`await ctx.store.set('a', 1); return {};`, permissions, { refuse: ['storage'] });
    await refused.action('greet').catch(() => undefined);
    expect(refused.denied).to.have.length(1);
  });

  it('says by name what a plugin throws, at the line of its source', async () => {
    const plugin = await startWith(`throw Object.assign(new Error('later'), { name: 'Retry', after_s: 30 });`);
    const error = (await plugin.action('greet').catch((thrown: unknown) => thrown)) as CallFailed;
    expect(error).to.include({ type: 'threw', thrown: 'Retry', message: 'later' });
    expect(error.stack).to.match(/plugin\.ts:5/);
  });

  for (const kind of hostilities) {
    it(`plays a hostile vendor: ${kind}`, async () => {
      const plugin = await start('sync', {
        vendor: hostileVendor(vendor, kind, (n) => n === (kind === 'repeated' ? 2 : 1)),
      });
      const pulled = await plugin.pull('items', {}, 5).catch((thrown: unknown) => thrown);
      // The template trusts its vendor, so most of these end in an error; none hangs, and none ends the sandbox.
      if (kind === 'repeated') expect(pulled).to.have.length(3);
      else expect(pulled).to.be.instanceOf(Error);
      expect(await plugin.pull('items')).to.have.length(2);
    });
  }

  it('records a vendor once, without its secrets, and then needs it no more', async () => {
    const file = join(folderWith({}), 'items.json');
    const live: Vendor = async (request) => ({
      ...(await vendor(request)),
      headers: {
        'set-cookie': 'session=hush',
        etag: '"1"',
        link: '<https://api.example.com/v1/items?access_token=hush&page=2>; rel="next"',
      },
      ...(new URL(request.url).pathname === '/v1/me' ? { body: { name: 'Ana', api_token: 'hush' } } : {}),
    });
    const recording = await recordedVendor(file, live);
    const request = (url: string) => ({
      method: 'GET',
      url,
      headers: { authorization: 'Bearer hush-hush' },
      body: undefined,
      auth: undefined,
    });
    const me = request('https://api.example.com/v1/me?api_key=hush');
    await recording.vendor(me);
    await recording.save();
    const text = readFileSync(file, 'utf8');
    expect(text).not.to.contain('hush');
    expect(text).to.contain('Ana').and.to.contain('page=2');
    const replaying = await recordedVendor(file, () => {
      throw new Error('the vendor was asked');
    });
    expect(await replaying.vendor(me)).to.deep.include({ status: 200 });
    expect(() => replaying.vendor(me)).to.throw('no (further) answer');
    expect(existsSync(file)).to.equal(true);
  });

  it('checks what the manifest promises', async () => {
    const folder = folderWith(await templateFiles('trigger', '@acme/x', false));
    const checks = await checkContract({ folder });
    expect(checks.map(({ title, ok }) => [title, ok])).to.deep.equal([
      ['has the handler triggers.changes.receive', true],
      ['has a fitting sample of my_vendor.item_changed', true],
    ]);
    const missing = await checkContract({
      folder: folderWith({ 'plugin.ts': pluginWith('return {};').replace('greet: async', 'great: async') }),
    });
    expect(missing[0]).to.include({ ok: false, message: 'actions.greet is declared but not written' });
  });
});
