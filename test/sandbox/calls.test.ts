import { expect } from 'chai';
import type { Started } from './start.ts';
import { NETWORK, output, startSandbox, textAnswer, until } from './start.ts';

describe('a sandboxed call', () => {
  let started: Started;
  /** What the host is told in its own log. */
  const troubles: string[] = [];
  before(async () => {
    started = await startSandbox({
      log: (_level, message) => void troubles.push(message),
      perform: { files: async () => 'a file' },
    });
    started.plugin(
      'p',
      `{ connect: async (ctx, { token }) => ({ account: token }),
        triggers: { push: { receive: async (ctx, request) => ({ events: [request] }) } },
        on: { 'task.created': async (ctx, event) => event.id },
        bare: Object.create(null),
        actions: {
          echo: async (ctx, input, state) => ({ input, state, config: ctx.config, project: ctx.project, invocation: ctx.invocation.id }),
          nothing: async () => {},
          sync: () => 7,
          fetch: async (ctx, url, init) => { const a = await ctx.fetch(url, init); return { status: a.status, ok: a.ok, means: a.means, type: a.headers.get('Content-Type'), body: await a.text() }; },
          big: async (ctx) => (await (await ctx.fetch('/big')).json({ big: 'string' })),
          bytes: async (ctx) => { const b = await (await ctx.fetch('/bytes')).bytes(); return [b.length, b[0], b[b.length - 1], await ctx.crypto.hash('sha256', b)]; },
          chunks: async (ctx) => { let n = 0, size = 0; for await (const c of (await ctx.fetch('/bytes')).body) { n++; size += c.length; } return [n, size]; },
          text: async (ctx) => { const t = await (await ctx.fetch('/text')).text(); return [t.length, await ctx.crypto.hash('sha256', t)]; },
          store: async (ctx) => { await ctx.store.set('k', { a: 1 }, { ttl_s: 60 }); return [await ctx.store.get('k'), await ctx.store.delete('k'), await ctx.store.list({ prefix: 'k' })]; },
          emit: (ctx) => ctx.emit('a.b', { x: 1 }, { id: 'e1' }),
          log: async (ctx) => { ctx.log.warn('careful', { n: 1 }); console.error('bad', { a: 1 }, 2); ctx.log('plain'); },
          circles: async (ctx) => { const o = { n: 1n }; o.self = o; for (let i = 0; i < 20; i++) { console.log(o); ctx.log.info('round', o); } throw Object.assign(new Error('around'), { cause_of: o, kept: 1 }); },
          hmac: (ctx) => ctx.crypto.hmac('sha256', 'signing_secret', 'data'),
          retry: async () => { throw Object.assign(new Error('later'), { name: 'Retry', after_s: 30 }); },
          hostError: async (ctx) => { try { await ctx.fetch('/x'); } catch (e) { return [e.name, e.code, e.message]; } },
          clears: async () => {
            const fired = setTimeout(() => {}, 1);
            await new Promise((ok) => setTimeout(ok, 20));
            const early = setTimeout(() => {}, 10_000);
            for (const timer of [fired, fired, early, early]) clearTimeout(timer);
            return 'cleared';
          },
          large: async (ctx, length) => 'x'.repeat(length),
          later: async (ctx) => [await ctx.schedule({ handler: 'actions.sync', in_s: 60 }), await ctx.records.list({ model: 'ticket' }), await ctx.files.info('f')],
          fetches: async (ctx, n) => { for (let i = 0; i < n; i++) await ctx.fetch('/' + i); return n; },
          timers: async (ctx, n) => { for (let i = 0; i < n; i++) setTimeout(() => {}, 1); return n; },
          leaves: async (ctx) => { const answer = await ctx.fetch('/bytes'); answer.bytes(); ctx.fetch('/slow'); setTimeout(() => {}, 1); return 'left'; },
          lines: async (ctx, n) => { for (let i = 0; i < n; i++) ctx.log('line ' + i); },
          untidy: async (ctx, n) => { Promise.reject(new Error('left alone')); for (let i = 0; i < n; i++) ctx.log('line ' + i); },
          bulky: async (ctx, length) => ctx.store.set('k', 'x'.repeat(length)).then(() => 'sent', (e) => e.name),
          given: async function () { return arguments.length; },
          empty: async () => null,
          itself: async (ctx) => ctx.fetch,
          sleep: async (ctx, ms) => { await new Promise((ok) => setTimeout(ok, ms)); return 'slept'; },
          abortable: (ctx) => new Promise((ok) => { ctx.signal.addEventListener('abort', () => globalThis.aborted = true); setTimeout(ok, 5000); }),
          aborted: async () => globalThis.aborted === true,
          parallel: async (ctx) => (await Promise.all(Array.from({ length: 40 }, (_, i) => ctx.fetch('/n/' + i)))).length,
          heap: async (ctx, mb) => { const keep = globalThis.kept = []; for (let i = 0; i < mb * 8; i++) keep.push(new Array(16384).fill(i)); return keep.length; },
          has: async (ctx) => [ctx.permissions.has('network'), ctx.permissions.has('network', 'api.example.com'), ctx.permissions.has('storage')],
        } }`,
    );
  });
  after(() => started.sandbox.close());
  beforeEach(() => {
    for (const list of Object.values(started.seen)) list.length = 0;
    started.answer.fetch = async (request) => textAnswer(JSON.stringify({ url: request.url }));
  });
  const act = (name: string, args: unknown[] = [], more: Parameters<Started['run']>[3] = {}) =>
    started.run('p', `actions.${name}`, args, more);

  it('gets its input, state, configuration and invocation', async () => {
    const value = output(await act('echo', [{ a: 1 }, { page: 2 }]));
    expect(value).to.deep.equal({
      input: { a: 1 },
      state: { page: 2 },
      config: { colour: 'red' },
      project: null,
      invocation: 'inv_1',
    });
  });

  it('finds handlers of every kind by their path, event types with their dots', async () => {
    expect(output(await started.run('p', 'connect', [{ token: 't' }]))).to.deep.equal({ account: 't' });
    expect(output(await started.run('p', 'triggers.push.receive', [{ body: 1 }]))).to.deep.equal({
      events: [{ body: 1 }],
    });
    expect(output(await started.run('p', 'on.task.created', [{ id: 3 }]))).to.equal(3);
  });

  it('answers null for nothing, and takes a handler that is not async', async () => {
    expect(output(await act('nothing'))).to.equal(null);
    expect(output(await act('sync'))).to.equal(7);
  });

  for (const path of [
    'actions.none',
    'nothing.of.this.kind',
    'actions.__proto__',
    'actions.toString',
    'constructor',
    'actions',
    '',
    'on.x',
    'actions.echo.call',
    'bare.x',
  ]) {
    it(`has no handler "${path}"`, async () => {
      const result = await started.run('p', path);
      expect(result.ok ? 'ran' : result.error.type).to.equal('not_found');
    });
  }

  it('fetches what was granted, and the use is on its account', async () => {
    started.answer.fetch = async () =>
      textAnswer('hello', { status: 201, headers: { 'content-type': 'text/x' }, means: 'ok' });
    const result = await act(
      'fetch',
      [
        'https://api.example.com/a?token=1',
        { method: 'post', headers: { A: 'b' }, body: 'x', query: { q: ['1', '2'] }, auth: 'page', as: '7' },
      ],
      { grants: [NETWORK] },
    );
    expect(output(result)).to.deep.equal({ status: 201, ok: true, means: 'ok', type: 'text/x', body: 'hello' });
    const [asked] = started.seen.fetch;
    expect(asked?.request).to.deep.include({
      method: 'POST',
      url: 'https://api.example.com/a?token=1',
      body: 'x',
      auth: 'page',
      as: '7',
      query: { q: ['1', '2'] },
    });
    expect(asked?.request.headers).to.deep.equal({ a: 'b', 'content-type': 'text/plain;charset=UTF-8' });
    const [use] = result.usage.host_calls;
    expect(use).to.deep.include({ op: 'fetch', detail: 'POST api.example.com/a', ok: true, permission: 'network' });
    expect(JSON.stringify(result.usage)).not.to.include('token=1');
  });

  it('is denied what was not granted, by name, and may catch it', async () => {
    const result = await act('fetch', ['https://evil.example/x?secret=1'], { grants: [NETWORK] });
    expect(result.ok ? null : result.error).to.deep.include({ type: 'denied', name: 'PermissionDenied' });
    expect(result.usage.denied).to.deep.equal([{ permission: 'network', detail: 'GET https://evil.example/x' }]);
  });

  it('keeps long integers of an answer as text when asked to', async () => {
    started.answer.fetch = async () => textAnswer('{"id":12345678901234567890,"n":1.5,"small":7}');
    expect(output(await act('big', [], { grants: [NETWORK] }))).to.deep.equal({
      id: '12345678901234567890',
      n: 1.5,
      small: 7,
    });
  });

  it('receives eight megabytes of bytes in a job, in chunks, unchanged', async () => {
    const { createHash, randomBytes } = await import('node:crypto');
    const bytes = randomBytes(8_000_000);
    started.answer.fetch = async () => textAnswer(bytes.toString('base64'), { body_encoding: 'base64' });
    const more = { grants: [NETWORK], use: 'job' as const };
    const chunks = output(await act('chunks', [], more)) as [number, number];
    expect(chunks[0]).to.be.greaterThan(10);
    expect(chunks[1]).to.equal(bytes.length);
    const small = bytes.subarray(0, 300_000);
    started.answer.fetch = async () => textAnswer(small.toString('base64'), { body_encoding: 'base64' });
    const hash = createHash('sha256').update(small).digest('hex');
    expect(output(await act('bytes', [], more))).to.deep.equal([small.length, small[0], small.at(-1), hash]);
  });

  it('receives long text whole, characters at the chunks’ edges included', async () => {
    const text = 'aé日😀'.repeat(60_000);
    const { createHash } = await import('node:crypto');
    started.answer.fetch = async () => textAnswer(text);
    const hash = createHash('sha256').update(text).digest('hex');
    expect(output(await act('text', [], { grants: [NETWORK], use: 'job' }))).to.deep.equal([text.length, hash]);
  });

  it('gets its arguments and no more, which are a list', async () => {
    expect(output(await act('given', [1, null]))).to.equal(3);
    const result = await act('given', [], { args: '{"length":1}' });
    expect(result.ok ? 'taken' : result.error.message).to.include('must be a JSON list');
  });

  it('receives no more than its share', async () => {
    const received_bytes = JSON.stringify('hmac:signing_secret').length;
    expect(output(await act('hmac', [], { limits: { received_bytes } }))).to.equal('hmac:signing_secret');
    const more = await act('hmac', [], { limits: { received_bytes: received_bytes - 1 } });
    expect(more.ok ? null : more.error).to.deep.include({ name: 'TooLarge' });
    started.answer.fetch = async () => textAnswer('x'.repeat(1_200_000));
    const result = await act('text', [], { grants: [NETWORK] });
    expect(result.ok ? null : result.error).to.deep.include({ name: 'TooLarge', data: { code: 'too_large' } });
  });

  it('stores, emits and signs through the host', async () => {
    const grants = [{ name: 'storage' as const }, { name: 'events:emit' as const, types: ['a.b'] }];
    expect(output(await act('store', [], { grants }))).to.deep.equal([{ a: 1 }, null, []]);
    expect(output(await act('emit', [], { grants }))).to.deep.equal({ id: 'event-1' });
    expect(started.seen.emit[0]?.request).to.deep.equal({ type: 'a.b', data: { x: 1 }, id: 'e1' });
    expect(output(await act('hmac'))).to.equal('hmac:signing_secret');
  });

  it('schedules, reads records and uses files through the host', async () => {
    const grants = [
      { name: 'schedule' as const },
      { name: 'records:read' as const },
      { name: 'files' as const, max_bytes: 1 },
    ];
    const [scheduled, records, files] = output(await act('later', [], { grants })) as [object, unknown, string];
    expect(scheduled).to.deep.include({ handler: 'actions.sync' });
    expect(JSON.stringify(records)).to.include('ticket');
    expect(files).to.equal('a file');
  });

  it('has timers of its own: one that fired or was cleared leaves another call’s alone', async () => {
    const sleeping = act('sleep', [200]);
    for (let i = 0; i < 3; i++) expect(output(await act('clears'))).to.equal('cleared');
    expect(output(await sleeping)).to.equal('slept');
  });

  it('may leave things behind when it ends: what other calls of its plugin wait for comes all the same', async () => {
    started.answer.fetch = async ({ url }) => {
      if (url === '/slow') await new Promise((resolve) => setTimeout(resolve, 100));
      if (url === '/bytes') return textAnswer(Buffer.alloc(300_000).toString('base64'), { body_encoding: 'base64' });
      return textAnswer('x');
    };
    const fetching = act('fetch', ['/slow'], { grants: [NETWORK] });
    const sleeping = act('sleep', [300]);
    for (let i = 0; i < 3; i++) expect(output(await act('leaves', [], { grants: [NETWORK] }))).to.equal('left');
    expect(output(await fetching)).to.deep.include({ body: 'x' });
    expect(output(await sleeping)).to.equal('slept');
  });

  it('has as many host calls and timers as it was given, and not one more', async () => {
    const type = async (name: string, n: number, limits: object) => {
      const result = await act(name, [n], { grants: [NETWORK], limits });
      return result.ok ? 'ok' : result.error.message;
    };
    expect(await type('fetches', 3, { host_calls: 3 })).to.equal('ok');
    expect(await type('fetches', 4, { host_calls: 3 })).to.include('more than 3 host calls');
    expect(await type('timers', 3, { timers: 3 })).to.equal('ok');
    expect(await type('timers', 4, { timers: 3 })).to.include('too many timers');
  });

  it('answers with null, and not with what is no JSON', async () => {
    const empty = await act('empty');
    expect(output(empty)).to.equal(null);
    expect(empty, 'an end').to.not.have.property('again');
    const result = await act('itself', [], { grants: [NETWORK] });
    expect(result.ok ? 'taken' : result.error.message).to.include('returned a function');
  });

  it('answers with as much as it may, and not with a byte more', async () => {
    const type = async (length: number) => {
      const result = await act('large', [length], { limits: { payload_bytes: 100 } });
      return result.ok ? 'ok' : result.error.type;
    };
    expect(await type(98), 'with its quotes').to.equal('ok');
    expect(await type(99)).to.equal('too_large');
  });

  it('has a request refused that is larger than it may send, and its process goes on', async () => {
    const before = started.sandbox.metrics().kills;
    // A tenth of what it may send: to write megabytes as JSON takes a slow machine longer than the 100 ms of a call.
    const more = { grants: [{ name: 'storage' as const }], limits: { payload_bytes: 100_000 } };
    expect(output(await act('bulky', [50_000], more))).to.equal('sent');
    expect(output(await act('bulky', [350_000], more))).to.equal('TooLarge');
    expect(started.sandbox.metrics().kills).to.deep.equal(before);
  });

  it('has an answer refused that no frame could carry, and its process goes on', async () => {
    const before = started.sandbox.metrics().kills;
    const result = await act('large', [17 * 1024 * 1024], { use: 'job', limits: { heap_mb: 128 } });
    expect(result.ok ? 'taken' : result.error.type).to.equal('too_large');
    expect(started.sandbox.metrics().kills).to.deep.equal(before);
  });

  it('logs with level, message and fields', async () => {
    const { logs } = await act('log');
    expect(logs.map(({ level, message, fields }) => [level, message, fields])).to.deep.equal([
      ['warn', 'careful', { n: 1 }],
      ['error', 'bad {"a":1} 2', undefined],
      ['info', 'plain', undefined],
    ]);
  });

  it('logs as many lines as it may, and says how many more there were', async () => {
    const lines = async (n: number) => {
      started.seen.log.length = 0;
      await act('lines', [n], { limits: { log_lines: 3 } });
      return started.seen.log.map(({ line }) => line.message);
    };
    expect(await lines(3)).to.deep.equal(['line 0', 'line 1', 'line 2']);
    expect(await lines(5)).to.deep.equal(['line 0', 'line 1', 'line 2', '2 more lines were dropped']);
  });

  it('logs what nobody handled beside as many lines as it may, and the number of the others', async () => {
    const { ok, logs } = await act('untidy', [5], { limits: { log_lines: 3 } });
    expect(ok).to.equal(true);
    expect(logs.map(({ message }) => message)).to.have.members([
      'line 0',
      'line 1',
      'line 2',
      '2 more lines were dropped',
      'Not handled: left alone',
    ]);
  });

  it('logs and throws what goes around in a circle, at the price of what does not', async () => {
    const result = await act('circles');
    const circle = { n: '1', self: '[circular]' };
    expect(result.logs.slice(0, 2).map(({ message, fields }) => [message, fields])).to.deep.equal([
      [JSON.stringify(circle), undefined],
      ['round', circle],
    ]);
    expect(result.logs).to.have.length(40);
    expect(result.ok ? null : result.error).to.deep.include({ type: 'threw', data: { cause_of: circle, kept: 1 } });
  });

  it('hands on an error of the SDK by its name and fields', async () => {
    const result = await act('retry');
    expect(result.ok ? null : result.error).to.deep.include({
      type: 'threw',
      name: 'Retry',
      message: 'later',
      data: { after_s: 30 },
    });
    expect(result.ok ? '' : result.error.stack).to.match(
      /^ {4}at retry \(plugin:\/\/@test\/plugin@1\.0\.0\/plugin\.js:\d+:\d+\)$/,
    );
  });

  it('sees the code and message of a host error, and nothing of any other', async () => {
    started.answer.fetch = async () => Promise.reject({ code: 'rate_limited', message: 'Slow down' });
    expect(output(await act('hostError', [], { grants: [NETWORK] }))).to.deep.equal([
      'RateLimited',
      'rate_limited',
      'Slow down',
    ]);
    expect(troubles).to.deep.equal([]);
    started.answer.fetch = async () =>
      Promise.reject(Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:5432'), { code: 'ECONNREFUSED' }));
    expect(output(await act('hostError', [], { grants: [NETWORK] }))).to.deep.equal([
      'Failed',
      'failed',
      'The host could not do this',
    ]);
    expect(troubles).to.deep.equal(['The host failed at what a plugin asked for']);
    for (const reason of [undefined, null, 'text', 7]) {
      started.answer.fetch = async () => Promise.reject(reason);
      expect(output(await act('hostError', [], { grants: [NETWORK] })), String(reason)).to.include('failed');
    }
  });

  it('is ended at its deadline, its listeners told, its host calls aborted', async () => {
    const result = await act('abortable', [], { limits: { wall_ms: 60 } });
    expect(result.ok ? null : result.error.type).to.equal('timeout');
    expect(output(await act('aborted'))).to.equal(true);
    started.answer.fetch = (_request, signal) =>
      new Promise((_, no) => signal.addEventListener('abort', () => no(new Error('x'))));
    const fetching = await act('fetch', ['/slow'], { grants: [NETWORK], limits: { wall_ms: 60 } });
    expect(fetching.ok ? null : fetching.error.type).to.equal('timeout');
    expect(started.seen.fetch[0]?.signal.aborted).to.equal(true);
  });

  it('is cancelled by its caller', async () => {
    const abort = new AbortController();
    const call = act('sleep', [5000], { signal: abort.signal });
    setTimeout(() => abort.abort(), 20);
    const result = await call;
    expect(result.ok ? null : result.error.type).to.equal('cancelled');
    const late = await act('sleep', [1], { signal: abort.signal });
    expect(late.ok ? null : late.error.type).to.equal('cancelled');
  });

  it('runs sixteen host calls at once and the rest after them', async () => {
    let now = 0;
    let most = 0;
    started.answer.fetch = async () => {
      most = Math.max(most, ++now);
      await new Promise((ok) => setTimeout(ok, 3));
      now--;
      return textAnswer('');
    };
    expect(output(await act('parallel', [], { grants: [NETWORK] }))).to.equal(40);
    expect(most).to.equal(16);
  });

  it('loses a permission while it runs: what is under way is denied', async () => {
    started.answer.fetch = () => new Promise(() => {});
    const call = act('fetch', ['https://api.example.com/'], { grants: [NETWORK] });
    await until(() => started.seen.fetch.length === 1);
    started.sandbox.regrant('p', []);
    const result = await call;
    expect(result.ok ? null : result.error.type).to.equal('denied');
    expect(started.seen.fetch[0]?.signal.aborted).to.equal(true);
  });

  it('reports what it used', async () => {
    const { usage } = await act('heap', [4]);
    expect(usage.heap_bytes).to.be.greaterThan(4_000_000);
    expect(usage.cpu_ms).to.be.greaterThan(0);
    expect(usage.wall_ms).to.be.at.least(usage.cpu_ms * 0.5);
    expect(usage.attempt).to.equal(1);
  });

  it('hands every host call to a recording: request and answer, in order', async () => {
    await act('store', [], { grants: [{ name: 'storage' }] });
    expect(started.seen.entries.map(({ n, op, request, answer }) => ({ n, op, request, answer }))).to.deep.equal([
      { n: 1, op: 'store', request: { op: 'set', key: 'k', value: { a: 1 }, ttl_s: 60 }, answer: { a: 1 } },
      { n: 2, op: 'store', request: { op: 'get', key: 'k' }, answer: { a: 1 } },
      { n: 3, op: 'store', request: { op: 'delete', key: 'k' }, answer: null },
      { n: 4, op: 'store', request: { op: 'list', prefix: 'k' }, answer: [] },
    ]);
  });

  it('refuses arguments that are too large before anything runs', async () => {
    const result = await act('echo', ['x'.repeat(1_100_000)]);
    expect(result.ok ? null : result.error.type).to.equal('too_large');
  });

  it('knows its permissions as the host lists them', async () => {
    const context = JSON.stringify({ permissions: [{ name: 'network', hosts: ['api.example.com'] }] });
    expect(output(await act('has', [], { context }))).to.deep.equal([true, true, false]);
  });

  it('of a plugin that is not loaded is not found', async () => {
    const result = await started.run('nobody', 'actions.x');
    expect(result.ok ? null : result.error.type).to.equal('not_found');
  });
});

describe('a sandboxed call on a host that offers less', () => {
  it('is told what there is not', async () => {
    const started = await startSandbox({ perform: { records: undefined } as object });
    started.plugin(
      'p',
      `{ actions: { ask: async (ctx) => { const told = []; for (const ask of [() => ctx.records.list({}), () => ctx.files.info('f')]) await ask().catch((e) => told.push(e.code)); return told; } } }`,
    );
    const grants = [{ name: 'records:read' as const }, { name: 'files' as const, max_bytes: 1 }];
    expect(output(await started.run('p', 'actions.ask', [], { grants }))).to.deep.equal(['unavailable', 'unavailable']);
    await started.sandbox.close();
  });
});
