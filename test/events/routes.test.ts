import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { type RunningHost, startHost } from '../helpers/host.ts';
import { eventually } from '../helpers/processes.ts';
import { sideload } from '../helpers/sideload.ts';

/** The event types that `API.md` names. */
const promised = `project.created|updated|deleted task.created|updated|completed user.registered|updated
  deployment.started|completed|failed post.published|scheduled|failed mention.received message.received
  conversation.assigned alert.triggered campaign.started|completed approval.requested|completed
  plugin.installed|upgraded|rolled_back|disabled|uninstalled integration.created|connected|auth_expired|deleted
  sync.started|completed|failed record.created|updated|deleted webhook.disabling|disabled`
  .split(/\s+/)
  .flatMap((text) => {
    const [noun, verbs = ''] = text.split('.');
    return verbs.split('|').map((verb) => `${noun}.${verb}`);
  });

describe('Events over HTTP', function () {
  this.timeout(120_000);
  let host: RunningHost;
  let receiver: Server;
  const came: { id: string; path: string }[] = [];

  const ask = async (method: string, path: string, body?: unknown) => {
    const answer = await host.request(method, path, body === undefined ? {} : { body });
    expect(answer.body.code, answer.text).to.equal('S10000');
    return answer.body.content;
  };
  const send = async (type: string, data: unknown): Promise<string> =>
    (await ask('POST', `/webhooks/events/${type}`, data)).event_id;
  const idsOf = (list: { events: { id: string }[] }) => list.events.map(({ id }) => id);
  const webhook = (path: string, events: string[]) => {
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}${path}`;
    return ask('POST', '/webhooks', { name: path, url, events });
  };

  before(async () => {
    receiver = createServer((message, response) => {
      came.push({ id: String(message.headers['webhook-id']), path: String(message.url) });
      message.resume().on('end', () => response.end());
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    host = await startHost({ env: { PATCHBAY_ALLOW_SIDELOAD: 'true', PATCHBAY_EGRESS_ALLOW: '127.0.0.0/8' } });
  });
  after(async () => {
    receiver.closeAllConnections();
    receiver.close();
    await host.remove();
  });

  it('of every promised type are listed with schema and sample, and taken with that sample', async () => {
    const { events, total } = await ask('GET', '/webhooks/events?size=100');
    const byType = new Map(events.map((one: { type: string }) => [one.type, one]));
    expect(total).to.equal(events.length);
    for (const type of promised) {
      const known = byType.get(type) as { schema: { type: string }; sample: object };
      expect(known, type).to.be.an('object');
      expect(known.schema.type).to.equal('object');
      const id = await send(type, known.sample);
      expect((await ask('GET', `/events/${id}`)).data).to.deep.equal(known.sample);
    }
  });

  it('whose data is not as the type says are refused with a pointer, unknown types with the nearest', async () => {
    const wrong = await host.request('POST', '/webhooks/events/task.created', { body: { id: 7 } });
    expect([wrong.status, wrong.body.code]).to.deep.equal([422, 'F40022']);
    expect(wrong.body.content.errors[0].pointer).to.equal('/id');
    for (const [method, path] of [
      ['POST', '/webhooks/events/task.creatd'],
      ['GET', '/events?type=task.creatd'],
    ] as const) {
      const { status, text } = await host.request(method, path, method === 'POST' ? { body: { id: 't' } } : {});
      expect(status).to.equal(422);
      expect(text).to.contain('task.created');
    }
  });

  it('come newest first, page by page, by type and since a time; a bad page is refused', async () => {
    const sent: string[] = [];
    for (let n = 0; n < 7; n += 1) sent.unshift(await send('message.received', { id: `m${n}` }));
    const pages = [];
    for (const page of [1, 2, 3]) pages.push(await ask('GET', `/events?type=message.received&page=${page}&size=3`));
    expect(pages.map(({ total }) => total)).to.deep.equal([8, 8, 8]);
    expect(pages.flatMap(idsOf).slice(0, 7)).to.deep.equal(sent);
    expect(pages.map(({ events }) => events.length)).to.deep.equal([3, 3, 2]);
    const third = await ask('GET', `/events/${sent[2]}`);
    const later = await ask('GET', `/events?type=message.received&since=${encodeURIComponent(third.created_at)}`);
    expect(idsOf(later)).to.include.members(sent.slice(0, 3));
    expect(later.events.every((one: { created_at: string }) => one.created_at >= third.created_at)).to.equal(true);
    for (const bad of ['page=0', 'size=101', 'since=yesterday', 'colour=red'])
      expect((await host.request('GET', `/events?${bad}`)).body.code, bad).to.equal('F40022');
  });

  it('are not to be found from another workspace, nor replayed there', async () => {
    const id = await send('task.created', { id: 'mine' });
    const workspace = (await ask('POST', '/workspaces', { name: 'Elsewhere' })).id;
    const there = { headers: { 'x-workspace-id': workspace } };
    expect((await host.request('GET', `/events/${id}`, there)).body.code).to.equal('F40004');
    expect((await host.request('POST', `/events/${id}/replay`, there)).body.code).to.equal('F40004');
    expect((await host.request('GET', '/events', there)).body.content.total).to.equal(0);
  });

  it('are announced once more when they are replayed, to the webhooks of now, under the same webhook-id', async () => {
    const id = await send('alert.triggered', { id: 'a1' });
    await webhook('/replayed', ['alert.triggered']);
    const at = () => came.filter(({ path }) => path === '/replayed');
    for (const times of [1, 2]) {
      expect(await ask('POST', `/events/${id}/replay`)).to.deep.equal({ event_id: id, webhooks_matched: 1 });
      await eventually('it is delivered', () => at().length === times);
    }
    expect(at().map((one) => one.id)).to.deep.equal([id, id]);
    expect((await host.request('POST', '/events/evt_none/replay')).body.code).to.equal('F40004');
  });

  it('of a ring of listeners end after eight that followed from one another; their type outlives the plugin in the list', async () => {
    const type = 'ring.turned';
    const told = `await ctx.emit('${type}', {}).catch((error) => ctx.store.set('refused', String(error.message)))`;
    const plugin = await sideload(host, {
      name: '@tests/ring',
      permissions: [
        { name: 'storage' },
        { name: 'events:emit', types: [type] },
        { name: 'events:listen', types: [type] },
      ],
      manifest: { events: { [type]: { title: 'Turned', schema: { type: 'object' }, sample: {} } }, listens: [type] },
      actions: { turn: `async (ctx) => { ${told}; }`, read: `async (ctx) => (await ctx.store.get('refused'))?.value` },
      handlers: `on: { '${type}': async (ctx) => { ${told}; } }`,
    });
    await plugin.act('turn');
    const refused = async () => (await plugin.act('read')).body.content?.output;
    await eventually('the ring is refused', async () => typeof (await refused()) === 'string', 60_000);
    expect(await refused()).to.contain('ring');
    expect((await ask('GET', `/events?type=${type}`)).total).to.equal(9);
    await ask('DELETE', `/plugins/${plugin.id}`);
    expect((await ask('GET', `/events?type=${type}`)).total).to.equal(9);
    expect((await host.request('POST', `/webhooks/events/${type}`, { body: {} })).body.code).to.equal('F40022');
  });

  it('that were answered with 202 are there with their announcement when the host is killed at that moment', async () => {
    const acknowledged: string[] = [];
    const sending = Array.from({ length: 40 }, async (_, n) => {
      const id = await send('user.updated', { id: `u${n}` });
      acknowledged.push(id);
      if (acknowledged.length === 10) await host.kill();
    });
    await Promise.allSettled(sending);
    expect(acknowledged.length).to.be.at.least(10);
    await host.restart();
    const stored = idsOf(await ask('GET', '/events?type=user.updated&size=100'));
    const jobs = (await ask('GET', '/jobs?kind=event.announce&size=100')).jobs.map(({ id }: { id: string }) => id);
    expect(stored).to.include.members(acknowledged);
    expect(jobs).to.include.members(acknowledged.map((id) => `announce:${id}`));
  });

  it('leave the site’s own jobs to its operators', async () => {
    await ask('GET', '/jobs?level=site&state=dead');
    const { key } = await ask('POST', '/api-keys', { name: 'no operator', scopes: ['admin'] });
    const answer = await host.request('GET', '/jobs?level=site', { token: key });
    expect([answer.status, answer.body.code]).to.deep.equal([403, 'F40003']);
  });
});
