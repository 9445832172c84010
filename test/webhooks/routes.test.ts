import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { type RunningHost, startHost } from '../helpers/host.ts';
import { verify } from './verify.ts';

describe('the webhooks API', function () {
  this.timeout(240_000);
  let host: RunningHost;
  let server: Server;
  let url: string;
  const received: { path: string; headers: Record<string, string>; body: Buffer }[] = [];

  before(async () => {
    server = createServer((message, response) => {
      const chunks: Buffer[] = [];
      message.on('data', (chunk) => chunks.push(chunk));
      message.on('end', () => {
        const headers = message.headers as Record<string, string>;
        received.push({ path: message.url ?? '', headers, body: Buffer.concat(chunks) });
        response.statusCode = message.url?.startsWith('/broken') ? 500 : 200;
        response.end('seen');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    host = await startHost({ env: { PATCHBAY_EGRESS_ALLOW: '127.0.0.0/8' } });
  });
  after(async () => {
    server.closeAllConnections();
    server.close();
    await host.remove();
  });

  const ok = async (method: string, path: string, body?: unknown, status = 200) => {
    const answer = await host.request(method, path, body === undefined ? {} : { body });
    expect(answer.status, answer.text).to.equal(status);
    return answer.body.content;
  };
  const refused = async (method: string, path: string, body: unknown, status = 422) => {
    const answer = await host.request(method, path, { body });
    expect(answer.status, answer.text).to.equal(status);
    return answer.body;
  };
  const make = (path: string, more: object = {}) =>
    ok('POST', '/webhooks', { name: 'n', url: url + path, events: ['deployment.completed'], ...more }, 201);
  const until = async <T>(what: () => Promise<T | false>): Promise<T> => {
    for (;;) {
      const found = await what();
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const logOf = (id: string, status: string) =>
    until(async () => {
      const { logs } = await ok('GET', `/webhooks/${id}/logs?status=${status}`);
      return logs.length > 0 && logs;
    });

  it('makes a webhook as the documented example asks, shows its secret once, and masks it afterwards', async () => {
    const body = {
      ...{ name: '部署通知', url: `${url}/hook`, events: ['deployment.completed', 'deployment.failed'] },
      ...{ headers: { Authorization: 'Bearer token' }, secret: 'webhook_secret', is_active: true, timeout_seconds: 30 },
    };
    const made = await ok('POST', '/webhooks', body, 201);
    expect(made).to.deep.include({
      ...{ name: '部署通知', secret: 'webhook_secret', is_active: true, timeout_seconds: 30 },
      retry_config: { max_retries: 3, retry_delay: 5, backoff_multiplier: 2 },
    });
    expect(made.headers.Authorization).to.equal('••••');
    expect(made.public_keys[0]).to.match(/^whpk_[A-Za-z0-9+/]{43}=$/);
    expect((await ok('GET', `/webhooks/${made.id}`)).secret).to.equal('••••');
    expect(JSON.stringify(await ok('GET', '/webhooks')))
      .to.not.include('webhook_secret')
      .and.not.include('Bearer');
  });

  it('takes the older client’s example: camel case, older event names, the older path', async () => {
    const older = {
      ...{ name: 'Post Published Webhook', url: `${url}/older`, events: ['POST_PUBLISHED', 'POST_FAILED'] },
      ...{ headers: { 'X-Custom-Header': 'value' }, retryConfig: { maxRetries: 3, backoffMultiplier: 2 } },
    };
    const made = await ok('POST', '/api/integrations/webhooks', older, 201);
    expect(made.events).to.deep.equal(['post.published', 'post.failed']);
    expect(made.retry_config).to.deep.equal({ max_retries: 3, retry_delay: 5, backoff_multiplier: 2 });
    expect(made.headers).to.deep.equal({ 'X-Custom-Header': 'value' });
    expect(made.secret).to.match(/^whsec_/);
  });

  it('takes an event, answers how many webhooks it matched, and delivers it signed', async () => {
    const made = await make('/signed');
    const taken = await ok('POST', '/webhooks/events/deployment.completed', { id: 'dep_1' }, 202);
    expect(taken.webhooks_matched).to.be.at.least(1);
    const [log] = await logOf(made.id, 'succeeded');
    expect(log).to.include({ event_id: taken.event_id, event_type: 'deployment.completed', next_attempt_at: null });
    expect(log.attempts[0]).to.include({ status_code: 200, response_head: 'seen', address: '127.0.0.1' });
    expect(log.attempts[0].response_headers).to.have.property('date');
    expect(log.attempts[0].timings.head_ms).to.be.at.most(log.attempts[0].duration_ms + 1);
    const request = received.find((one) => one.path === '/signed');
    expect(verify(request!, { secret: made.secret }, Math.floor(Date.now() / 1000))).to.equal(true);
    const plain = createHmac('sha256', made.secret).update(request!.body).digest('hex');
    expect(request!.headers['x-webhook-signature']).to.equal(`sha256=${plain}`);
    expect(await ok('GET', `/webhooks/${made.id}`)).to.include({ success_count: 1, failure_count: 0 });
    const event = await ok('GET', `/events/${taken.event_id}`);
    expect(event).to.deep.include({ type: 'deployment.completed', data: { id: 'dep_1' } });
    expect((await ok('GET', '/events?type=deployment.completed')).events[0].id).to.equal(taken.event_id);
    expect((await ok('POST', `/events/${taken.event_id}/replay`, undefined, 202)).webhooks_matched).to.be.at.least(1);
    await until(async () => received.filter((one) => one.path === '/signed').length === 2);
  });

  it('refuses an unknown type naming the nearest, and data that does not fit naming the place', async () => {
    const unknown = await refused('POST', '/webhooks/events/deployment.complete', { id: 'x' });
    expect(unknown.code).to.equal('F40022');
    expect(unknown.content.errors[0].params.nearest).to.equal('deployment.completed');
    expect((await refused('POST', '/webhooks/events/deployment.completed', {})).content.errors[0].pointer).to.equal(
      '/id',
    );
  });

  const bad: Record<string, [more: object, pointer: string]> = {
    'an unknown event type': [{ events: ['deployment.complete'] }, '/events/0'],
    'an address that may not be called': [{ url: 'http://169.254.169.254/latest' }, '/url'],
    'an address that is none': [{ url: 'ftp://example.com' }, '/url'],
    'a header that the host sets': [{ headers: { 'Webhook-Signature': 'x' } }, '/headers/Webhook-Signature'],
    'a header that splits requests': [{ headers: { 'Content-Length': '0' } }, '/headers/Content-Length'],
    'a header with a line break': [{ headers: { 'X-A': 'a\r\nX-B: b' } }, '/headers/X-A'],
    'a header twice': [{ headers: { 'X-A': '1', 'x-a': '2' } }, '/headers/x-a'],
    'an integration that is not there': [{ integration_id: 'int_0' }, '/integration_id'],
    'an address with a password in it': [{ url: 'https://user:password@example.com/' }, '/url'],
    'a filter that is no schema': [{ filter: { type: 'nonsense' } }, '/filter/type'],
    'a broken whsec_ secret': [{ secret: 'whsec_abc' }, '/secret'],
    'a retry schedule beside its own waits': [
      { retry_config: { schedule: 'standard', max_retries: 1 } },
      '/retry_config/max_retries',
    ],
    'a retry that never ends': [{ retry_config: { max_retries: 21 } }, '/retry_config/max_retries'],
    'a negative wait': [{ retry_config: { retry_delay: -1 } }, '/retry_config/retry_delay'],
    'waits that shrink': [{ retry_config: { backoff_multiplier: 0.5 } }, '/retry_config/backoff_multiplier'],
    'a timeout out of range': [{ timeout_seconds: 0 }, '/timeout_seconds'],
    'an unknown field': [{ colour: 'red' }, '/colour'],
  };
  for (const [name, [more, pointer]] of Object.entries(bad)) {
    it(`refuses ${name} with F40022 at ${pointer}`, async () => {
      const body = { name: 'n', url: `${url}/x`, events: ['deployment.completed'], ...more };
      const { code, content } = await refused('POST', '/webhooks', body);
      expect(code).to.equal('F40022');
      expect(content.errors.map((one: { pointer: string }) => one.pointer)).to.include(pointer);
    });
  }

  it('changes what is given and keeps the rest, also masked headers that are written back', async () => {
    const made = await make('/change', { headers: { 'X-Api-Key': 'k1' } });
    const change = { name: 'new', headers: { 'X-Api-Key': '••••', 'X-Other': '1' } };
    expect(await ok('PATCH', `/webhooks/${made.id}`, change)).to.deep.include({ name: 'new', events: made.events });
    await ok('PUT', `/webhooks/${made.id}`, { retry_config: { schedule: 'standard' } });
    await ok('POST', `/webhooks/${made.id}/test`, { test_payload: { message: '測試消息' } });
    const request = received.findLast((one) => one.path === '/change');
    expect(request?.headers).to.include({ 'x-api-key': 'k1', 'x-other': '1' });
    expect(JSON.parse(request!.body.toString()).data).to.deep.equal({ message: '測試消息' });
  });

  it('tests a webhook: what the receiver said, or F42307 when it said nothing', async () => {
    const broken = await make('/broken');
    expect(await ok('POST', `/webhooks/${broken.id}/test`)).to.include({
      success: false,
      status_code: 500,
      response_head: 'seen',
    });
    const nobody = await ok(
      'POST',
      '/webhooks',
      { name: 'n', url: 'http://127.0.0.1:1/', events: ['deployment.failed'] },
      201,
    );
    expect(await refused('POST', `/webhooks/${nobody.id}/test`, {}, 502)).to.include({ code: 'F42307' });
  });

  it('logs a failure, tries it again on demand, and only when it is on', async () => {
    const made = await make('/broken/log', { retry_config: { max_retries: 0 }, events: ['deployment.started'] });
    await ok('POST', '/webhooks/events/deployment.started', { id: 'd' }, 202);
    const [log] = await logOf(made.id, 'failed');
    expect(log.attempts[0]).to.include({ status_code: 500, error: 'The receiver answered 500' });
    await ok('PUT', `/webhooks/${made.id}`, { url: `${url}/mended` });
    const again = await ok('POST', `/webhooks/${made.id}/deliveries/${log.id}/retry`, undefined, 202);
    expect(again).to.deep.equal({ retrying: 1, delivery_id: log.id });
    expect((await logOf(made.id, 'succeeded'))[0].attempts).to.have.length(2);
    await ok('PUT', `/webhooks/${made.id}/status`, { is_active: false });
    await refused('POST', `/webhooks/${made.id}/retry`, {}, 409);
  });

  it('pages the log, newest first', async () => {
    const made = await make('/paged', { events: ['campaign.started'] });
    for (let i = 0; i < 5; i += 1) await ok('POST', '/webhooks/events/campaign.started', { id: `c${i}` }, 202);
    const page = (number: number) => ok('GET', `/webhooks/${made.id}/logs?page=${number}&size=2`);
    await until(async () => (await page(1)).total === 5);
    const pages = [await page(1), await page(2), await page(3)];
    expect(pages.map(({ logs }) => logs.length)).to.deep.equal([2, 2, 1]);
    const times = pages.flatMap(({ logs }) => logs.map((log: { created_at: string }) => log.created_at));
    expect(times).to.deep.equal([...times].sort().reverse());
    expect(new Set(pages.flatMap(({ logs }) => logs.map((log: { id: string }) => log.id))).size).to.equal(5);
    await refused('GET', `/webhooks/${made.id}/logs?size=101`, undefined);
  });

  it('rotates the secret: the new one is shown once and both public keys hold', async () => {
    const made = await make('/rotate');
    const rotated = await ok('POST', `/webhooks/${made.id}/rotate-secret`);
    expect(rotated.secret)
      .to.match(/^whsec_/)
      .and.not.equal(made.secret);
    expect(rotated.public_keys).to.have.length(2).and.include(made.public_keys[0]);
  });

  it('lists event types with schema and sample', async () => {
    const { events, total } = await ok('GET', '/webhooks/events?size=100');
    expect(total).to.be.greaterThan(35);
    expect(events.find((one: { type: string }) => one.type === 'task.created')).to.have.nested.property(
      'schema.type',
      'object',
    );
  });

  it('says F42301 for a webhook that is not there, naming the nearest', async () => {
    const made = await make('/near');
    const answer = await host.request('GET', `/webhooks/${made.id.slice(0, -1)}x`);
    expect(answer.status).to.equal(404);
    expect(answer.body.code).to.equal('F42301');
    expect(answer.body.msg).to.include(made.id);
    expect(await ok('DELETE', `/webhooks/${made.id}`)).to.deep.equal({});
    expect((await host.request('GET', `/webhooks/${made.id}`)).status).to.equal(404);
  });

  it('shows jobs by state and kind, and tries only dead ones again', async () => {
    const { jobs } = await ok('GET', '/jobs?kind=webhook.deliver&state=done');
    expect(jobs[0]).to.include({ kind: 'webhook.deliver', state: 'done', error: null });
    expect((await refused('POST', `/jobs/${encodeURIComponent(jobs[0].id)}/retry`, undefined, 409)).code).to.equal(
      'F40009',
    );
  });
});
