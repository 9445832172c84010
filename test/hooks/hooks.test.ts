import { createHmac } from 'node:crypto';
import { expect } from 'chai';
import { type RunningHost, startHost } from '../helpers/host.ts';
import { type DemoVendor, demoEnv, demoManifest, installDemo, startDemoVendor } from '../integrations/demo-vendor.ts';

describe('Vendors’ webhooks over real HTTP', function () {
  this.timeout(240_000);
  let host: RunningHost;
  let vendor: DemoVendor;
  let id: string;
  let url: string;
  let secret: string;

  before(async () => {
    vendor = await startDemoVendor();
    host = await startHost({ env: demoEnv });
    await installDemo(host, demoManifest(vendor));
    const made = await host.request('POST', '/integrations', {
      body: { integration_type: 'demo', name: 'Main', auth_config: { access_token: 'good-token-0123456789' } },
    });
    id = made.body.content.id;
    const told = await host.request('POST', `/integrations/${id}/hooks/push/secret`, { body: {} });
    secret = told.body.content.secret;
    // The host's public address stands in it; the test talks to the port.
    url = host.url + new URL(told.body.content.url).pathname;
  });
  after(async () => {
    vendor.close();
    await host.remove();
  });

  const sign = (body: string | Buffer, key = secret) =>
    `sha256=${createHmac('sha256', key).update(body).digest('hex')}`;
  const send = (body: string | Buffer, headers: Record<string, string> = {}, at = url, method = 'POST') =>
    fetch(at, {
      method,
      headers: { 'content-type': 'application/json', 'x-signature': sign(body), ...headers },
      ...(method === 'GET' ? {} : { body: body as string }),
    });
  const events = async (): Promise<{ data: { text: string; headers: Record<string, string> } }[]> =>
    (await host.request('GET', '/events?type=demo.pushed&size=100')).body.content.events;
  async function until<T>(ask: () => Promise<T | undefined | false>): Promise<T> {
    for (let tries = 0; tries < 450; tries += 1) {
      const found = await ask();
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error('it did not come');
  }

  it('takes a signed request and makes an event and a record of it, with nothing of the proof', async () => {
    const body = JSON.stringify({
      text: 'grüße',
      thing: { id: 'h1', title: 'By hook', updated_at: '2026-03-01T00:00:00Z' },
    });
    const answer = await send(body, { 'x-delivery': 'one', cookie: 'a=b', 'x-forwarded-for': '1.2.3.4' });
    expect(answer.status).to.equal(200);
    const [event] = await until(async () => {
      const all = await events();
      return all.length > 0 && all;
    });
    expect(event?.data.text).to.equal(body);
    expect(event?.data.headers).to.include({ 'x-delivery': 'one' });
    expect(event?.data.headers).not.to.have.any.keys(
      'x-signature',
      'cookie',
      'x-forwarded-for',
      'authorization',
      'host',
    );
    const records = (await host.request('GET', `/integrations/${id}/records`)).body.content;
    expect(records.records[0]).to.include({ external_id: 'h1', stream: 'things' });
  });

  it('answers the same delivery again and does nothing', async () => {
    const before = (await events()).length;
    for (let times = 0; times < 5; times += 1)
      expect((await send(JSON.stringify({ text: 'grüße' }), { 'x-delivery': 'one' })).status).to.equal(200);
    expect((await send('{"text":"next"}', { 'x-delivery': 'two' })).status).to.equal(200);
    await until(async () => (await events()).length > before);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await events()).length).to.equal(before + 1);
  });

  const body = '{"text":"x"}';
  const forged: [string, () => Promise<Response>, number][] = [
    ['no signature', () => send(body, { 'x-signature': '' }), 401],
    ['another secret', () => send(body, { 'x-signature': sign(body, 'another secret') }), 401],
    ['an empty secret', () => send(body, { 'x-signature': sign(body, '') }), 401],
    ['an altered body', () => send('{"text":"y"}', { 'x-signature': sign(body) }), 401],
    [
      'an altered byte of the signature',
      () => send(body, { 'x-signature': sign(body).replace(/.$/, (one) => (one === '0' ? '1' : '0')) }),
      401,
    ],
    ['a cut signature', () => send(body, { 'x-signature': sign(body).slice(0, -2) }), 401],
    ['a longer signature', () => send(body, { 'x-signature': `${sign(body)}00` }), 401],
    ['no prefix', () => send(body, { 'x-signature': sign(body).replace('sha256=', '') }), 401],
    ['another prefix', () => send(body, { 'x-signature': sign(body).replace('sha256=', 'sha1=') }), 401],
    [
      'base64 where hex is declared',
      () => send(body, { 'x-signature': `sha256=${Buffer.from(sign(body).slice(7), 'hex').toString('base64')}` }),
      401,
    ],
    [
      'SHA-1',
      () => send(body, { 'x-signature': `sha256=${createHmac('sha1', secret).update(body).digest('hex')}` }),
      401,
    ],
    ['a signature of the text with other spaces', () => send('{ "text": "x" }', { 'x-signature': sign(body) }), 401],
    ['a signature in the address', () => send(body, { 'x-signature': '' }, `${url}?X-Signature=${sign(body)}`), 401],
    ['another key in the address', () => send(body, {}, `${url}x`), 404],
    ['another integration', () => send(body, {}, url.replace(id, 'int_00000000000000000000')), 404],
    ['another trigger', () => send(body, {}, url.replace('/push/', '/pull/')), 404],
    ['a content type that is not declared', () => send(body, { 'content-type': 'text/xml' }), 415],
  ];
  for (const [what, ask, status] of forged) {
    it(`refuses ${what}`, async () => {
      const before = (await events()).length;
      const answer = await ask();
      expect(answer.status).to.equal(status);
      expect(await answer.text()).not.to.contain(secret);
      expect((await events()).length).to.equal(before);
    });
  }

  it('verifies bytes that are no text', async () => {
    const bytes = Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0xfe, 0x22, 0x7d]);
    expect((await send(bytes, { 'x-delivery': 'bytes' })).status).to.equal(200);
    expect((await send(bytes, { 'x-signature': sign(bytes.toString()) })).status).to.equal(401);
  });

  it('takes the old secret beside the new one after a rotation', async () => {
    const old = secret;
    const rotated = await host.request('POST', `/integrations/${id}/hooks/push/secret`, {
      body: { secret: 'chosen by the vendor' },
    });
    expect(rotated.body.content.secret).to.equal('chosen by the vendor');
    secret = 'chosen by the vendor';
    expect((await send(body, { 'x-delivery': 'new' })).status).to.equal(200);
    expect((await send(body, { 'x-delivery': 'old', 'x-signature': sign(body, old) })).status).to.equal(200);
  });

  it('loses nothing that it answered to when the host is killed', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        send(`{"text":"kill ${index}"}`, { 'x-delivery': `kill-${index}` }).catch(() => null),
      ),
    );
    await host.kill();
    await host.restart();
    const acknowledged = answers.filter((answer) => answer?.status === 200).length;
    expect(acknowledged).to.be.above(0);
    const kept = await until(async () => {
      const texts = new Set((await events()).map(({ data }) => data.text).filter((text) => text.includes('kill')));
      return texts.size >= acknowledged && texts;
    });
    expect(kept.size).to.be.at.least(acknowledged);
  });
});
