import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { type RunningHost, startHost } from '../helpers/host.ts';
import {
  type DemoVendor,
  demoBundle,
  demoEnv,
  demoManifest,
  installDemo,
  startDemoVendor,
} from '../integrations/demo-vendor.ts';
import { patchbay } from '../sdk/patchbay.ts';
import { folderWith, removeFolders } from '../sdk/plugin-folder.ts';
import { type Kill, killDuringSync } from './kills.ts';

interface SyncAnswer {
  id: string;
  status: string;
  counts: { read: number; created: number; updated: number; deleted: number; failed: number };
  errors: { kind: string; message: string }[];
}

describe('Syncs', function () {
  this.timeout(90_000);
  let host: RunningHost;
  let vendor: DemoVendor;
  let id: string;

  before(async () => {
    vendor = await startDemoVendor();
    host = await startHost({ env: demoEnv });
    await installDemo(host, demoManifest(vendor));
    for (let index = 0; index < 150; index += 1) vendor.put(`t${index}`);
    const made = await host.request('POST', '/integrations', {
      body: { integration_type: 'demo', name: 'Main', auth_config: { access_token: 'good-token-0123456789' } },
    });
    id = made.body.content.id;
  });
  after(async () => {
    vendor.close();
    removeFolders();
    await host.remove();
  });

  async function ended(sync_id: string, of = id): Promise<SyncAnswer> {
    for (let tries = 0; tries < 600; tries += 1) {
      const sync = (await host.request('GET', `/integrations/${of}/sync/${sync_id}`)).body.content as SyncAnswer;
      if (!['queued', 'running'].includes(sync.status)) return sync;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error('the sync did not end');
  }
  async function sync(body: object): Promise<SyncAnswer> {
    const started = await host.request('POST', `/integrations/${id}/sync`, { body });
    expect(started.status, started.text).to.equal(202);
    return ended(started.body.content.id);
  }
  const total = async (query = ''): Promise<number> =>
    (await host.request('GET', `/integrations/${id}/records?size=1${query}`)).body.content.total;

  /** Outside the envelope, so not by the host's own helper. */
  async function exported(format: string): Promise<string[]> {
    const token = await host.login(host.admin.email, host.admin.password);
    const response = await fetch(`${host.url}/api/v1/integrations/${id}/records?format=${format}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    return (await response.text()).trim().split(/\r?\n/);
  }

  it('pulls everything, page by page', async () => {
    const first = await sync({ sync_type: 'full' });
    expect(first, JSON.stringify(first)).to.deep.include({ status: 'succeeded', errors: [] });
    expect(first.counts).to.deep.equal({ read: 150, created: 150, updated: 0, deleted: 0, failed: 0 });
    expect(await total()).to.equal(150);
  });

  it('stores a record once that the first sync of all meets again, as it was last', async () => {
    const made = await host.request('POST', '/integrations', {
      body: { integration_type: 'demo', name: 'Other', auth_config: { access_token: 'good-token-0123456789' } },
    });
    const other = made.body.content.id as string;
    let pages = 0;
    vendor.before = (request) => {
      if (request.url?.startsWith('/things') && ++pages === 4) vendor.put('t5', 'Moved');
      return false;
    };
    const started = await host.request('POST', `/integrations/${other}/sync`, { body: { sync_type: 'full' } });
    const first = await ended(started.body.content.id, other);
    vendor.before = undefined;
    expect(first.counts).to.deep.equal({ read: 151, created: 150, updated: 1, deleted: 0, failed: 0 });
    const rows: { external_id: string; raw: { title: string } }[] = [];
    for (const page of [1, 2]) {
      const answer = await host.request('GET', `/integrations/${other}/records?size=100&page=${page}`);
      rows.push(...answer.body.content.records);
    }
    expect(new Set(rows.map(({ external_id }) => external_id)).size).to.equal(150);
    expect(rows.filter(({ external_id }) => external_id === 't5').map(({ raw }) => raw.title)).to.deep.equal(['Moved']);
    await host.request('DELETE', `/integrations/${other}`);
    vendor.put('t5');
    await sync({ sync_type: 'full' });
  });

  it('counts what is the same as read only', async () => {
    expect((await sync({ sync_type: 'full' })).counts).to.deep.equal({
      read: 150,
      created: 0,
      updated: 0,
      deleted: 0,
      failed: 0,
    });
  });

  it('finds by an incremental sync what changed, by a full one also what is gone', async () => {
    for (let index = 0; index < 30; index += 1) vendor.put(`t${index}`, `Changed ${index}`);
    for (let index = 140; index < 150; index += 1) vendor.things.delete(`t${index}`);
    const incremental = await sync({ sync_type: 'incremental' });
    expect(incremental.counts).to.include({ updated: 30, created: 0, deleted: 0 });
    expect(incremental.counts.read).to.be.below(60);
    expect(await total()).to.equal(150);
    const full = await sync({ sync_type: 'full' });
    expect(full.counts).to.include({ updated: 0, deleted: 10 });
    expect(await total()).to.equal(140);
    expect(await total('&deleted=only')).to.equal(10);
  });

  it('tells changes one by one in a delta sync', async () => {
    vendor.put('t1', 'Again');
    vendor.put('new-one');
    vendor.things.delete('t2');
    const delta = await sync({ sync_type: 'delta' });
    expect(delta.counts).to.include({ updated: 1, created: 1, deleted: 1 });
    for (const type of ['record.created', 'record.updated', 'record.deleted'])
      expect((await host.request('GET', `/events?type=${type}`)).body.content.total, type).to.equal(1);
  });

  it('deletes nothing when a page of a full sync fails', async () => {
    for (let index = 100; index < 120; index += 1) vendor.things.delete(`t${index}`);
    let pages = 0;
    vendor.before = (request, response) => {
      if (!request.url?.startsWith('/things')) return false;
      pages += 1;
      if (pages < 4) return false;
      response.writeHead(500).end('broken');
      return true;
    };
    const before = await total();
    const failed = await sync({ sync_type: 'full' });
    vendor.before = undefined;
    expect(failed.status).to.be.oneOf(['failed', 'partial']);
    expect(failed.errors[0]?.message).to.contain('500');
    expect(await total()).to.equal(before);
    const shown = (await host.request('GET', `/integrations/${id}`)).body.content;
    expect(shown.sync_error_message).to.contain('500');
    expect((await sync({ sync_type: 'full' })).counts.deleted).to.equal(20);
  });

  it('leaves recordings that run again without host and vendor: the same records, the same error, and another line another end', async () => {
    const source = demoBundle.replace('MANIFEST', JSON.stringify(demoManifest(vendor)));
    const folder = folderWith({ 'plugin.json': JSON.stringify(demoManifest(vendor)), 'plugin.js': source });
    const PATCHBAY_TOKEN = await host.login(host.admin.email, host.admin.password);
    const replayed = async (word: string, env: Record<string, string>, more: string[] = []) =>
      (await patchbay(folder, ['replay', word, ...more, '--json'], { env })).json;
    const latest = async (status: string) => {
      const { plugin_id } = (await host.request('GET', `/integrations/${id}`)).body.content;
      const query = `handler=streams.things&status=${status}&size=1`;
      const found = await host.request('GET', `/plugins/${plugin_id}/invocations?${query}`);
      return found.body.content.invocations[0].id as string;
    };
    const onHost = { PATCHBAY_URL: host.url, PATCHBAY_TOKEN };
    const offline = { PATCHBAY_URL: 'http://127.0.0.1:9' };
    await sync({ sync_type: 'full' });
    const asked = vendor.seen.length;
    const failed = await replayed(await latest('failed'), onHost);
    expect(failed, JSON.stringify(failed)).to.include({ ok: true, is_same: true, handler: 'streams.things' });
    expect(failed.outcome.error.message).to.equal('the vendor answered 500');
    await replayed(await latest('succeeded'), onHost, ['--out', 'pages.json']);
    const again = await replayed('pages.json', offline);
    expect(again, JSON.stringify(again)).to.include({ ok: true, is_same: true });
    const records = again.outcome.output.flatMap(({ upserts }: { upserts: { raw: object }[] }) => upserts);
    expect(records.map(({ raw }: { raw: object }) => raw)).to.have.deep.members([...vendor.things.values()]);
    writeFileSync(
      join(folder, 'plugin.js'),
      source.replace('things.map((raw) => ({ raw }))', 'things.map((raw) => ({ raw: { ...raw, title: 1 } }))'),
    );
    const other = await replayed('pages.json', offline);
    expect(other).to.include({ ok: false, is_same: false });
    expect(vendor.seen.length, 'nobody asked the vendor').to.equal(asked);
  });

  it('does not believe a vendor that shows almost nothing, unless it is told to', async () => {
    for (const key of [...vendor.things.keys()].slice(5)) vendor.things.delete(key);
    const careful = await sync({ sync_type: 'full' });
    expect(careful.counts.deleted).to.equal(0);
    expect(careful.errors[0]?.kind).to.equal('sweep');
    expect((await sync({ sync_type: 'full', force: true })).counts.deleted).to.be.above(100);
    expect(await total()).to.equal(5);
  });

  it('runs one at a time, and stops when it is cancelled', async () => {
    for (let index = 0; index < 100; index += 1) vendor.put(`c${index}`);
    let open: (() => void) | undefined;
    const held = new Promise<void>((resolve) => {
      open = resolve;
    });
    vendor.before = async (request) => {
      if (request.url?.startsWith('/things')) await held;
      return false;
    };
    const started = await host.request('POST', `/integrations/${id}/sync`, { body: { sync_type: 'full' } });
    const again = await host.request('POST', `/integrations/${id}/sync`, { body: { sync_type: 'full' } });
    expect(again.body.code).to.equal('F42305');
    expect(again.status).to.equal(409);
    expect(again.body.content.sync_id).to.equal(started.body.content.id);
    await host.request('POST', `/integrations/${id}/sync/${started.body.content.id}/cancel`);
    open?.();
    vendor.before = undefined;
    expect((await ended(started.body.content.id)).status).to.equal('cancelled');
    expect(await total()).to.equal(5);
    const next = await sync({ sync_type: 'full' });
    expect(next.counts.created).to.equal(100);
  });

  it('shows a sync as it goes', async () => {
    const started = await host.request('POST', `/integrations/${id}/sync`, { body: { sync_type: 'full' } });
    const token = await host.login(host.admin.email, host.admin.password);
    const response = await fetch(`${host.url}/api/v1/integrations/${id}/sync/${started.body.content.id}`, {
      headers: { accept: 'text/event-stream', authorization: `Bearer ${token}` },
    });
    const text = await response.text();
    expect(text).to.contain('event: sync').and.to.contain('"status":"succeeded"');
  });

  it('exports records as lines and as a table', async () => {
    const lines = await exported('jsonl');
    expect(lines).to.have.length(105);
    expect(JSON.parse(lines[0] as string)).to.include({ stream: 'things', deleted_at: null });
    const table = await exported('csv');
    expect(table).to.have.length(106);
    expect(table[0]).to.contain('external_id');
  });

  it('reads what is odd, sets aside what is broken, and gives up a stream that does not get on', async () => {
    const stream = { title: 'Odd', primary_key: ['/id'], modes: ['full'], deletes: 'none' };
    const { streams: _, triggers: __, ...rest } = demoManifest(vendor, { name: '@tests/odd' });
    const names = ['records', 'same_page', 'no_page', 'part', 'pushed', 'days'];
    const streams = Object.fromEntries(names.map((one) => [one, stream]));
    Object.assign(streams, { pushed: { ...stream, source: 'push' }, part: { ...stream, deletes: 'missing' } });
    const cursor = { history_s: 3 * 86_400, step_s: 86_400 };
    Object.assign(streams, { days: { ...stream, modes: ['incremental'], cursor } });
    const manifest = { ...rest, actions: {}, streams, integration: { ...rest.integration, type: 'odd' } };
    const bundle = `export default { manifest: ${JSON.stringify(manifest)}, handlers: { streams: {
      records: async function* () {
        yield { upserts: [{ id: 1 }, { id: 2 }, { id: 'cut \\ud83d', $a: { 'b.c': 1 } }, JSON.parse('{"id":"p","__proto__":1}')] };
        yield { upserts: [{ id: 3 }, { id: 'x'.repeat(100000) }], deletes: [1, '2', { id: 3 }] };
      },
      same_page: async function* () { yield { upserts: [{ id: 'a' }], cursor: 1 }; throw new Error('boom'); },
      part: async function* (ctx) {
        const before = await ctx.store.get('before');
        await ctx.store.set('before', true);
        yield before ? { covers: { from: '2026-01-01' } } : { upserts: [{ id: 'old' }] };
      },
      days: async function* (ctx, { cursor, since, until }) { yield { upserts: [{ id: 'from ' + since, cursor, until }], cursor: since }; },
      no_page: async function* () { yield { upserts: { id: 'a' } }; },
    } } };`;
    const permissions = ['network', 'storage', 'events:emit'];
    const installed = await host.request('POST', '/plugins', {
      body: { name: '@tests/odd', manifest, bundle, permissions, is_enabled: true },
    });
    expect(installed.status, installed.text).to.equal(201);
    const made = await host.request('POST', '/integrations', {
      body: { integration_type: 'odd', auth_config: { access_token: 'good-token-0123456789' } },
    });
    const demo = id;
    id = made.body.content.id;
    try {
      const empty = await exported('csv');
      expect(empty, 'a table without rows').to.deep.equal([
        'id,integration_id,stream,model,external_id,updated_at,deleted_at,raw',
      ]);
      const odd = await sync({ streams: ['records', 'same_page', 'no_page'] });
      expect(odd, JSON.stringify(odd)).to.include({ status: 'partial' });
      expect(odd.counts).to.include({ created: 6, deleted: 2, failed: 2 });
      const told = odd.errors.map(({ kind, message }) => `${kind}: ${message}`).join('\n');
      for (const words of ['data: the primary key is longer', 'data: a deleted record is named by its /id', 'boom'])
        expect(told).to.contain(words);
      expect(told).to.contain('plugin: The stream’s handler yielded no page: upserts of a page is a list');
      const { records } = (await host.request('GET', `/integrations/${id}/records`)).body.content;
      expect(records.map((one: { raw: object }) => JSON.stringify(one.raw)).sort()).to.deep.equal([
        '{"id":"a"}',
        '{"id":"cut \\ud83d","$a":{"b.c":1}}',
        '{"id":"p","__proto__":1}',
        '{"id":3}',
      ]);
      await sync({ streams: ['part'] });
      expect((await sync({ streams: ['part'] })).counts, 'what a part did not see stays').to.include({ deleted: 0 });
      await sync({ streams: ['days'] });
      const days = (await exported('jsonl'))
        .map((line) => JSON.parse(line).raw)
        .filter((raw) => raw.id.startsWith?.('from '));
      expect(days.map((day: { cursor: unknown }) => day.cursor)).to.deep.equal([null, null, null]);
      const ends = days.map(({ until }: { until?: string }) => until && `from ${until}`).sort();
      const begins = days.map((day: { id: string }) => day.id).sort();
      expect(ends, 'each begins where another ended').to.deep.equal([...begins.slice(1), undefined]);
      const pushed = await host.request('POST', `/integrations/${id}/push/pushed`, {
        body: { records: [{ id: 1 }, {}] },
      });
      expect(pushed.body.content.errors[0].pointer, pushed.text).to.equal('/records/1/id');
    } finally {
      id = demo;
    }
  });

  const kills: Kill[] = [
    { victim: 'sandbox', at_page: 1, delay_ms: 0 },
    { victim: 'vendor', at_page: 3, delay_ms: 0 },
    { victim: 'host', at_page: 4, delay_ms: 5 },
    { victim: 'sandbox', at_page: 5, delay_ms: 20 },
    { victim: 'vendor', at_page: 6, delay_ms: 10 },
  ];
  for (const kill of kills)
    it(`loses and doubles nothing when the ${kill.victim} is killed at page ${kill.at_page}`, () =>
      killDuringSync(host, vendor, id, kill));
});
