import { expect } from 'chai';
import type { Recording } from '../../sandbox/index.ts';
import { replay } from '../../sandbox/index.ts';
import type { RunningHost } from '../helpers/host.ts';
import { eventually } from '../helpers/processes.ts';
import { type Sideloaded, sideload, sideloadHost } from '../helpers/sideload.ts';
import { script } from '../sandbox/start.ts';

const ACTIONS = {
  note: `async (ctx, input) => {
    ctx.log.debug('small'); ctx.log('noted', { n: input.n, password: 'hunter2' }); ctx.log.error('grave');
    const before = await ctx.store.get('n');
    await ctx.store.set('n', input.n);
    return { before, at: Date.now(), luck: Math.random(), id: crypto.randomUUID() };
  }`,
  ask: `async (ctx) => { try { await ctx.fetch('https://evil.example/'); } catch (e) { return e.name; } }`,
  fail: `async () => { throw Object.assign(new Error('no'), { name: 'VendorError' }); }`,
};

describe('the invocations of a plugin, over HTTP', function invocations() {
  this.timeout(180_000);
  let host: RunningHost;
  let plugin: Sideloaded;
  const get = async (path: string) => {
    const answer = await host.request('GET', path);
    expect(answer.status, answer.text).to.equal(200);
    return answer.body.content;
  };

  before(async () => {
    host = await sideloadHost();
    const permissions = [{ name: 'storage' }, { name: 'network', hosts: ['api.example.com'] }];
    plugin = await sideload(host, { name: '@told/all', actions: ACTIONS, permissions });
    for (const n of [1, 2]) await plugin.act('note', { n, api_key: 'k-123' });
    await plugin.act('ask');
    await plugin.act('fail');
  });

  it('are listed with what they cost and how they ended, newest first, by status, handler and page', async () => {
    const all = await get(`/plugins/${plugin.id}/invocations`);
    expect(all.invocations.map((one: { handler: string }) => one.handler)).to.deep.equal([
      ...['actions.fail', 'actions.ask', 'actions.note', 'actions.note'],
    ]);
    const [fail, ask, note] = all.invocations;
    expect(fail).to.deep.include({ status: 'failed' });
    expect(fail.error).to.deep.include({ type: 'threw', name: 'VendorError', message: 'no' });
    expect([ask.denied_count, ask.host_call_count]).to.deep.equal([1, 1]);
    expect(note.cpu_ms).to.be.greaterThan(0);
    expect(note.heap_bytes).to.be.greaterThan(100_000);
    expect(Math.min(note.bytes_in, note.bytes_out)).to.be.greaterThan(0);
    expect((await get(`/plugins/${plugin.id}/invocations?status=failed`)).total).to.equal(1);
    expect((await get(`/plugins/${plugin.id}/invocations?handler=actions.note&size=1&page=2`)).total).to.equal(2);
  });

  it('show one with input and output (secrets masked), its trace of host calls and its log', async () => {
    const { invocations } = await get(`/plugins/${plugin.id}/invocations?handler=actions.note`);
    const one = await get(`/invocations/${invocations[0].id}`);
    expect(one.input_head).to.include('"n":2').and.not.include('k-123');
    expect(JSON.parse(one.output_head)).to.deep.include({ before: { value: 1, version: 1 } });
    expect(one.host_calls.map((call: { op: string; detail: string }) => `${call.op} ${call.detail}`)).to.deep.equal([
      ...['store get n', 'store set n'],
    ]);
    const [read, written] = one.host_calls as { at_ms: number; ms: number }[];
    expect(read?.at_ms, 'a call begins after the one that it waited for').to.be.greaterThanOrEqual(0);
    expect(written?.at_ms).to.be.greaterThanOrEqual((read?.at_ms ?? 0) + (read?.ms ?? 0) - 0.02);
    expect(one.logs.map((line: { message: string }) => line.message)).to.deep.equal(['small', 'noted', 'grave']);
  });

  it('give their log lines by level and page, the latest call first', async () => {
    const lines = async (query: string) => {
      const { logs, total } = await get(`/plugins/${plugin.id}/logs?${query}`);
      return [
        total,
        ...logs.map((line: { message: string; fields?: { n: number } }) => line.fields?.n ?? line.message),
      ];
    };
    expect(await lines('')).to.deep.equal([6, 'grave', 2, 'small', 'grave', 1, 'small']);
    expect(await lines('level=info')).to.deep.equal([4, 'grave', 2, 'grave', 1]);
    expect(await lines('size=2&page=2')).to.deep.equal([6, 'small', 'grave']);
    expect(await lines('level=error&size=1&page=2')).to.deep.equal([2, 'grave']);
    expect(await lines('page=9')).to.deep.equal([6]);
  });

  it('send their log lines as they come, to who asks for an event stream', async () => {
    const stop = new AbortController();
    const token = await host.login(host.admin.email, host.admin.password);
    const response = await fetch(`${host.url}/api/v1/plugins/${plugin.id}/logs?level=error`, {
      headers: { accept: 'text/event-stream', authorization: `Bearer ${token}` },
      signal: stop.signal,
    });
    expect(response.headers.get('content-type')).to.include('text/event-stream');
    let text = '';
    const reading = (async () => {
      for await (const chunk of response.body ?? []) text += Buffer.from(chunk).toString('utf8');
    })().catch(() => {});
    await eventually('the stream begins', () => text.includes(': listening'));
    await plugin.act('note', { n: 3 });
    await eventually('a line arrives', () => text.includes('"grave"'));
    stop.abort();
    await reading;
    expect(text).to.match(/event: log\ndata: \{"level":"error","message":"grave".*"handler":"actions\.note"\}\n\n/);
    expect(text).not.to.include('"small"');
  });

  it('send no more of them to who was taken out, has signed out, or has a key that was revoked', async () => {
    const ask = async (method: string, path: string, body?: unknown, token?: string) =>
      (await host.request(method, path, { ...(body !== undefined && { body }), ...(token && { token }) })).body.content;
    const streams = async (authorization: string) => {
      const response = await fetch(`${host.url}/api/v1/plugins/${plugin.id}/logs`, {
        headers: { accept: 'text/event-stream', authorization },
      });
      expect(response.status).to.equal(200);
      let isOver = false;
      const drain = async () => {
        for await (const _ of response.body ?? []);
      };
      void drain()
        .catch(() => {})
        .finally(() => {
          isOver = true;
        });
      return () => isOver;
    };
    const guest = { email: 'guest@example.com', password: 'another long password' };
    const { token: invitation } = await ask('POST', '/invitations', { email: guest.email, role: 'developer' });
    const joined = await ask('POST', '/auth/register', { ...guest, name: 'Guest', invitation });
    const { key, id } = await ask('POST', '/api-keys', { name: 'reader', scopes: ['plugins:read'] });
    const admin = await host.login(host.admin.email, host.admin.password);
    const signed = await host.login(host.admin.email, host.admin.password);
    const over = {
      taken_out: await streams(`Bearer ${joined.access_token}`),
      signed_out: await streams(`Bearer ${signed}`),
      revoked: await streams(`Bearer ${key}`),
      stays: await streams(`Bearer ${admin}`),
    };
    const { workspace_id } = await ask('GET', '/auth/me');
    await ask('DELETE', `/workspaces/${workspace_id}/members/${joined.user.id}`);
    await eventually('the stream of who was taken out ends', over.taken_out);
    await ask('POST', '/auth/logout', {}, signed);
    await eventually('the stream of who has signed out ends', over.signed_out);
    await ask('DELETE', `/api-keys/${id}`);
    await eventually('the stream of the key ends', over.revoked);
    expect(over.stays()).to.equal(false);
    expect(host.output(), 'an answer that breaks off is no mistake of the host').not.to.include('Premature close');
  });

  it('add up to metrics over time', async () => {
    const metrics = await get(`/plugins/${plugin.id}/metrics?hours=1`);
    expect(metrics).to.deep.include({ calls: 5, errors: 1, by_error: { threw: 1 } });
    expect(metrics.p99_ms).to.be.at.least(metrics.p95_ms).and.at.least(metrics.p50_ms);
    expect(metrics.p50_ms).to.be.greaterThan(0);
    const sum = metrics.over_time.reduce((total: number, piece: { calls: number }) => total + piece.calls, 0);
    expect(sum).to.equal(5);
  });

  it('say which permissions were used, and when last', async () => {
    const { declared, granted, used } = await get(`/plugins/${plugin.id}/permissions`);
    const names = (list: { name: string }[]) => list.map(({ name }) => name).sort();
    expect(names(declared)).to.deep.equal(['network', 'storage']);
    expect(names(granted)).to.deep.equal(['network', 'storage']);
    const of = (name: string) => used.find((one: { name: string }) => one.name === name);
    expect(of('storage')).to.deep.include({ used: 6, denied: 0 });
    expect(Date.parse(of('storage').last_used_at)).to.be.greaterThan(Date.now() - 60_000);
    expect(of('network')).to.deep.include({ used: 0, denied: 1, last_used_at: null });
  });

  it('are recorded unless that is switched off, in a form that runs again without the host', async () => {
    const ran = await plugin.act('note', { n: 5, api_key: 'k-123', page_token: 'p2' });
    await host.request('PATCH', `/plugins/${plugin.id}`, { body: { is_recording: false } });
    const after = await plugin.act('note', { n: 6 });
    expect((await host.request('GET', `/invocations/${after.body.content.invocation_id}/recording`)).status).to.equal(
      404,
    );

    const id = ran.body.content.invocation_id as string;
    const recording = (await get(`/invocations/${id}/recording`)) as Recording & { outcome: { output: unknown } };
    expect((await get(`/invocations/${id}`)).has_recording).to.equal(true);
    expect(recording.args).to.deep.equal([{ n: 5, api_key: '••••', page_token: 'p2' }]);
    expect(recording.outcome.output).to.deep.equal(ran.body.content.output);
    const { result, differences, missing } = await replay(recording, {
      ...{ name: '@told/all', version: '1.0.0', script: script(`{ actions: { note: ${ACTIONS.note} } }`) },
    });
    expect(result.ok && JSON.parse(result.output)).to.deep.equal(ran.body.content.output);
    expect({ differences, missing }).to.deep.equal({ differences: [], missing: [] });
  });

  it('are seen by members of the workspace only', async () => {
    const { invocations } = await get(`/plugins/${plugin.id}/invocations`);
    for (const path of [`/invocations/${invocations[0].id}`, `/invocations/${invocations[0].id}/recording`]) {
      expect((await host.request('GET', path, { token: null })).status).to.equal(401);
    }
    expect((await host.request('GET', '/invocations/inv_000000000000000000000')).status).to.equal(404);
  });
});
