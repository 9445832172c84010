import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { Event } from '../../core/events/model.ts';
import { Job } from '../../core/jobs/model.ts';
import { Webhook } from '../../core/webhooks/model.ts';
import { retryDeliveriesSince, retryDelivery } from '../../core/webhooks/retry-deliveries.ts';
import { rotateSecret } from '../../core/webhooks/rotate-secret.ts';
import { updateWebhook } from '../../core/webhooks/update-webhook.ts';
import { caller, deliveries, over, webhookNow, withPostOffice } from './post-office.ts';
import { verify } from './verify.ts';

const soon = { retry_config: { max_retries: 2, retry_delay: 0.05, backoff_multiplier: 1 } };
const never = { retry_config: { max_retries: 0 } };
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const now_s = () => Math.floor(Date.now() / 1000);

describe('deliveries', function () {
  this.timeout(30_000);
  const office = withPostOffice();
  // The next test's events are not for the last one's receivers.
  afterEach(() => Webhook.deleteMany({}));

  it('arrive signed, with the event as JSON and the owner’s headers', async () => {
    const webhook = await office.webhook('/ok', { headers: { Authorization: 'Bearer token', 'X-Custom': 'value' } });
    const event = await office.emit({ id: 't1', title: '寫報告' });
    const [delivery] = await over(webhook);
    const [request] = office.at('/ok');
    expect(request?.headers).to.include({
      authorization: 'Bearer token',
      'x-custom': 'value',
      'content-type': 'application/json',
    });
    expect(request?.headers['webhook-id']).to.equal(event._id);
    expect(verify(request!, { secret: webhook.shown }, now_s())).to.equal(true);
    expect(verify(request!, { public_key: webhook.secrets[0]!.public_key }, now_s())).to.equal(true);
    expect(JSON.parse(request!.body.toString())).to.deep.include({
      id: event._id,
      type: 'task.created',
      data: { id: 't1', title: '寫報告' },
    });
    expect(delivery?.attempts).to.have.length(1);
    expect(delivery?.attempts[0]).to.include({ status_code: 200, response_head: 'thanks', error: null });
    expect(delivery?.attempts[0]?.address).to.equal('127.0.0.1');
    expect(await webhookNow(webhook)).to.include({ success_count: 1, failure_count: 0, consecutive_failures: 0 });
  });

  it('go to the webhooks that want the type, project and data, and to no other', async () => {
    const wanted = await office.webhook('/filter', {
      filter: { type: 'object', properties: { status: { const: 'open' } }, required: ['status'] },
    });
    const other = await office.webhook('/other-type', { events: ['task.completed'] });
    await office.emit({ id: 'a', status: 'closed' });
    await office.emit({ id: 'b', status: 'open' });
    await office.emit({ id: 'c', status: 'open' }, { project_id: 'prj_2' });
    await office.emit({ id: 'd', status: 'open' }, { workspace_id: 'w2' });
    await office.emit({ id: 'e', status: 'open' }, { project_id: null });
    await over(wanted, 2);
    await sleep(100);
    expect(
      office
        .at('/filter')
        .map((one) => JSON.parse(one.body.toString()).data.id)
        .sort(),
    ).to.deep.equal(['b', 'e']);
    expect(await deliveries(other)).to.deep.equal([]);
  });

  it('are tried again until the receiver takes them, with the same id', async () => {
    let calls = 0;
    office.answer('/second', (_, response) => {
      response.statusCode = ++calls === 2 ? 204 : 500;
      response.end();
    });
    const webhook = await office.webhook('/second', soon);
    await office.emit();
    const [delivery] = await over(webhook);
    expect(delivery?.status).to.equal('succeeded');
    expect(delivery?.attempts.map((one) => one.status_code)).to.deep.equal([500, 204]);
    expect(new Set(office.at('/second').map((one) => one.headers['webhook-id'])).size).to.equal(1);
  });

  const failing: Record<string, [path: string, how: Parameters<typeof office.answer>[1], error: RegExp]> = {
    'an error': ['/500', (_, response) => void response.writeHead(500).end('broken'), /answered 500/],
    'a redirect, which is not followed': [
      '/302',
      (_, response) => void response.writeHead(302, { location: '/ok' }).end(),
      /redirects to "\/ok"/,
    ],
    'a hang': ['/hang', () => {}, /^timeout/],
    'a connection closed early': ['/close', (_, __, message) => message.socket.destroy(), /^(reset|bad_answer)/],
    'a reset connection': ['/reset', (_, __, message) => message.socket.resetAndDestroy(), /^(reset|bad_answer)/],
    'an answer that is no HTTP': [
      '/junk',
      (_, __, message) => message.socket.end('SSH-2.0-OpenSSH\r\n'),
      /^bad_answer/,
    ],
    'one byte a second': [
      '/drip',
      (_, response) => {
        response.writeHead(200);
        const timer = setInterval(() => response.write('.'), 1000);
        response.on('close', () => clearInterval(timer));
      },
      /^timeout/,
    ],
  };
  for (const [name, [path, how, error]] of Object.entries(failing)) {
    it(`fail on ${name}`, async () => {
      office.answer(path, how);
      const webhook = await office.webhook(path, { ...never, timeout_seconds: 1 });
      await office.emit();
      const [delivery] = await over(webhook);
      expect(delivery?.status).to.equal('failed');
      expect(delivery?.attempts[0]?.error).to.match(error);
      expect(await webhookNow(webhook)).to.include({ failure_count: 1, consecutive_failures: 1 });
    });
  }

  it('read an endless answer only to 64 KiB, and a gzip bomb too', async () => {
    office.answer('/endless', (_, response) => {
      response.writeHead(200);
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    });
    const bomb = gzipSync(Buffer.alloc(50 * 2 ** 20));
    office.answer('/bomb', (_, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb));
    const hooks = [await office.webhook('/endless', never), await office.webhook('/bomb', never)];
    await office.emit();
    for (const hook of hooks) {
      const [delivery] = await over(hook);
      expect(delivery?.status).to.equal('succeeded');
      expect(delivery?.attempts[0]?.response_head).to.have.length(1000);
    }
  });

  it('keep of an answer its headers, as far as they can be kept, and where the time went', async () => {
    office.answer('/headers', (_, response) => {
      response.writeHead(200, { 'x-long': 'v'.repeat(5000), $set: '1', 'a.b': '2', 'set-cookie': 'c=d' });
      response.flushHeaders();
      setTimeout(() => response.end('late'), 30);
    });
    const webhook = await office.webhook('/headers');
    await office.emit({ id: 'first' });
    await over(webhook);
    await office.emit({ id: 'second' });
    const [first, second] = (await over(webhook, 2)).map((row) => row.attempts[0]);
    const { date, connection, 'keep-alive': _, 'transfer-encoding': __, ...kept } = first?.response_headers ?? {};
    expect(kept).to.deep.equal({ 'x-long': 'v'.repeat(300) });
    expect([typeof date, typeof connection]).to.deep.equal(['string', 'string']);
    expect(first?.timings?.connect_ms).to.be.a('number');
    expect(second?.timings?.connect_ms).to.equal(null);
    for (const attempt of [first, second]) {
      expect(attempt?.timings?.head_ms).to.be.at.most(attempt!.duration_ms + 1);
      expect(attempt?.timings?.body_ms).to.be.greaterThan(10);
    }
  });

  it('honour Retry-After for the whole endpoint, without counting attempts of the others', async () => {
    let calls = 0;
    office.answer('/busy', (_, response) => {
      if (++calls === 1) response.writeHead(429, { 'retry-after': '1' }).end();
      else response.end();
    });
    const webhook = await office.webhook('/busy', { ...soon });
    await office.emit({ id: 'first' });
    while (calls < 1) await sleep(5);
    await sleep(50);
    await office.emit({ id: 'second' });
    const rows = await over(webhook, 2);
    expect(rows.map((row) => row.attempts.length)).to.deep.equal([2, 1]);
    const [first, second] = rows.map((row) => row.attempts.map((one) => one.at.getTime()));
    expect(Math.min(first![1]!, second![0]!) - first![0]!).to.be.at.least(1000);
  });

  it('end with 410, which switches the webhook off', async () => {
    office.answer('/gone', (_, response) => void response.writeHead(410).end());
    const webhook = await office.webhook('/gone', soon);
    await office.emit();
    const [delivery] = await over(webhook);
    expect(delivery?.attempts).to.have.length(1);
    expect(await webhookNow(webhook)).to.include({
      is_active: false,
      disabled_reason: 'The receiver answered 410 Gone',
    });
  });

  it('that fail ten times in a row switch the webhook off, announced before and after', async () => {
    office.answer('/bad', (_, response) => void response.writeHead(500).end());
    const webhook = await office.webhook('/bad', never);
    const watcher = await office.webhook('/watcher', { events: ['webhook.disabling', 'webhook.disabled'] });
    for (let i = 0; i < 12; i += 1) await office.emit({ id: `t${i}` });
    await over(webhook, 12);
    await over(watcher, 2);
    const mine = office
      .at('/watcher')
      .map((one) => JSON.parse(one.body.toString()))
      .filter((one) => one.data.webhook_id === webhook._id);
    expect(mine.map((one) => one.type).sort()).to.deep.equal(['webhook.disabled', 'webhook.disabling']);
    const now = await webhookNow(webhook);
    expect(now.is_active).to.equal(false);
    expect(now.disabled_reason).to.match(/deliveries in a row failed/);
    expect((await updateWebhook(caller, now, { is_active: true }, '::1')).consecutive_failures).to.equal(0);
  });

  it('are signed by both secrets after a rotation', async () => {
    const webhook = await office.webhook('/rotated');
    const { secret } = await rotateSecret(caller, await webhookNow(webhook), '::1');
    await office.emit();
    await over(webhook);
    const [request] = office.at('/rotated');
    expect(verify(request!, { secret: webhook.shown }, now_s())).to.equal(true);
    expect(verify(request!, { secret }, now_s())).to.equal(true);
  });

  it('can be tried again by hand: one, the latest failed, or all since a time', async () => {
    let broken = true;
    office.answer('/hand', (_, response) => void response.writeHead(broken ? 500 : 200).end());
    const webhook = await office.webhook('/hand', never);
    const started = new Date(Date.now() - 1000);
    for (let i = 0; i < 5; i += 1) await office.emit({ id: `t${i}` });
    const rows = await over(webhook, 5);
    broken = false;
    await retryDelivery(await webhookNow(webhook), rows[0]?._id);
    await retryDelivery(await webhookNow(webhook));
    await over(webhook, 5);
    expect((await deliveries(webhook)).filter((row) => row.status === 'succeeded')).to.have.length(2);
    expect(await retryDeliveriesSince(await webhookNow(webhook), started)).to.equal(3);
    while ((await deliveries(webhook)).some((row) => row.status !== 'succeeded')) await sleep(20);
  });

  it('keep the order of their key through failures', async () => {
    let calls = 0;
    office.answer('/ordered', (_, response) => void response.writeHead(++calls % 5 === 0 ? 500 : 200).end());
    const webhook = await office.webhook('/ordered', {
      order_key: '/id',
      ...soon,
      retry_config: { max_retries: 5, retry_delay: 0.02, backoff_multiplier: 1 },
    });
    for (let i = 0; i < 40; i += 1) await office.emit({ id: `key${i % 4}`, n: i });
    await over(webhook, 40);
    for (const key of ['key0', 'key1', 'key2', 'key3']) {
      const seen = office
        .at('/ordered')
        .map((one) => JSON.parse(one.body.toString()).data)
        .filter((data) => data.id === key);
      const numbers = seen.map((data) => data.n);
      expect(numbers).to.deep.equal([...numbers].sort((a, b) => a - b));
    }
  });

  it('are not sent to a webhook that was switched off or deleted meanwhile', async () => {
    const webhook = await office.webhook('/off', soon);
    office.answer('/off', (_, response) => void response.writeHead(500).end());
    await office.emit();
    while (office.at('/off').length === 0) await sleep(5);
    await updateWebhook(caller, await webhookNow(webhook), { is_active: false }, '::1');
    const [delivery] = await over(webhook);
    expect(delivery?.status).to.equal('failed');
    expect(delivery?.attempts.at(-1)?.error).to.match(/switched off/);
  });

  it('one endpoint that hangs slows no other', async () => {
    office.answer('/stuck', () => {});
    await office.webhook('/stuck', { ...never, timeout_seconds: 20 });
    const fine = await office.webhook('/fine');
    for (let i = 0; i < 40; i += 1) await office.emit({ id: `t${i}` });
    await over(fine, 40);
    expect(office.at('/stuck').length).to.be.at.most(16);
  });

  it('of a replayed event come once more, with the id that they had', async () => {
    const { replayEvent } = await import('../../core/events/replay-event.ts');
    const webhook = await office.webhook('/replay', { events: ['task.updated'] });
    const event = await office.emit({ id: 't1' }, { type: 'task.updated' });
    await over(webhook);
    await replayEvent((await Event.findById(event._id).lean())!);
    await over(webhook, 2);
    expect(office.at('/replay').map((one) => one.headers['webhook-id'])).to.deep.equal([event._id, event._id]);
  });

  it('leave no job behind', async () => {
    expect(await Job.countDocuments({ state: 'dead' })).to.equal(0);
  });
});
