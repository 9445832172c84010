import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import { expect } from 'chai';
import { type RunningHost, startHost } from '../helpers/host.ts';
import { verify } from '../webhooks/verify.ts';
import { type Sent, type Vendor, vendors } from './vendors.ts';

/** Whose account it is: what a request at an app's one address is routed by. */
const connect = 'connect: async (ctx) => ({ account: ctx.config.account, metadata: { account: ctx.config.account } }),';

/** A plugin whose trigger hands on what it gets as an event. */
function plugin(name: string, { trigger, app }: Vendor) {
  const type = `${name}.received`;
  const manifest = {
    ...{ manifest_version: 1, name: `@tests/${name.replace('_', '-')}`, version: '1.0.0', display_name: name },
    integration: { type: name, category: 'testing', service_type: 'custom' },
    permissions: [
      { name: 'network', hosts: ['vendor.example'], reason: 'test' },
      { name: 'events:emit', types: [type], reason: 'test' },
    ],
    configuration: { type: 'object', properties: { account: { type: 'string' } } },
    app: {
      ...{
        client_id: { type: 'string', optional: true },
        client_secret: { type: 'string', format: 'secret', optional: true },
      },
      signing_secret: { type: 'string', format: 'secret', optional: true },
    },
    auth: [{ name: 'none', type: 'none', base_url: 'https://vendor.example', hosts: ['vendor.example'] }],
    triggers: { received: { title: 'Received', emits: [type], ...trigger } },
    events: { [type]: { title: 'Received', schema: { type: 'object' }, sample: {} } },
  };
  const bundle = `export default { manifest: ${JSON.stringify(manifest)}, handlers: {
    ${app ? connect : ''}
    triggers: { received: { receive: async (ctx, request) => ({
      events: [{ type: '${type}', data: { body: request.body, headers: request.headers, text: request.text } }],
    }) } },
  } };`;
  return { name: manifest.name, manifest, bundle, permissions: ['network', 'events:emit'], is_enabled: true };
}

describe('Vendors’ own payloads', function () {
  this.timeout(240_000);
  let host: RunningHost;
  let receiver: Server;
  const came: { headers: Record<string, string>; body: Buffer }[] = [];
  const address: Record<string, string> = {};
  const integration: Record<string, string> = {};
  let outgoing: { id: string; secret: string };

  const content = async (method: string, path: string, body?: unknown) => {
    const answer = await host.request(method, path, body === undefined ? {} : { body });
    expect(answer.body.code, answer.text).to.equal('S10000');
    return answer.body.content;
  };
  const post = (at: string, { body, headers }: Sent) =>
    fetch(at, { method: 'POST', headers, body: new Uint8Array(body) });
  /** Deliveries to the outgoing webhook that came of one vendor. */
  const handedOn = (name: string) => {
    const all = came.map(({ body }) => JSON.parse(body.toString()));
    const own = all.filter(({ type }) => type === `${name}.received`);
    // Deliveries come at least once: one that came twice is one.
    return [...new Map(own.map((event) => [event.id, event])).values()];
  };
  const until = async (what: () => boolean) => {
    while (!what()) await new Promise((resolve) => setTimeout(resolve, 20));
  };

  before(async () => {
    receiver = createServer((message, response) => {
      const chunks: Buffer[] = [];
      message.on('data', (chunk) => chunks.push(chunk));
      message.on('end', () => {
        came.push({ headers: message.headers as Record<string, string>, body: Buffer.concat(chunks) });
        response.end();
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    host = await startHost({ env: { PATCHBAY_ALLOW_SIDELOAD: 'true', PATCHBAY_EGRESS_ALLOW: '127.0.0.0/8' } });
    for (const [name, vendor] of Object.entries(vendors)) {
      await content('POST', '/plugins', plugin(name, vendor));
      if (vendor.app) {
        const client = { client_id: 'app', client_secret: vendor.secret, signing_secret: vendor.secret };
        await content('PUT', `/integrations/types/${name}/oauth-client`, client);
      }
      const account = name === 'slack' ? 'T0001' : 'some-instance-test';
      const asked = { integration_type: name, name, configuration: { account }, auth_config: { auth_type: 'none' } };
      integration[name] = (await content('POST', '/integrations', asked)).id;
      address[name] = `${host.url}/api/v1/hooks/apps/${name}/received`;
      if (vendor.app) continue;
      const choice = 'choose' in (vendor.trigger.verify as object) ? { choice: 'signed' } : {};
      const { url } = await content('POST', `/integrations/${integration[name]}/hooks/received/secret`, {
        ...(vendor.secret && { secret: vendor.secret }),
        ...choice,
      });
      address[name] = host.url + new URL(url).pathname;
    }
    outgoing = await content('POST', '/webhooks', {
      ...{ name: 'all', url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/all` },
      events: Object.keys(vendors).map((name) => `${name}.received`),
    });
  });
  after(async () => {
    receiver.closeAllConnections();
    receiver.close();
    await host.remove();
  });

  for (const [name, vendor] of Object.entries(vendors)) {
    describe(`of ${name}`, () => {
      const { secret } = vendor;
      const make = async (by: { secret?: string; at_ms?: number } = {}): Promise<Sent> => {
        const { body } = vendor.another({ body: vendor.payload, headers: {} });
        return { body, headers: await vendor.sign(body, { secret, ...by }) };
      };
      const isRefused = async (sent: Sent, at = address[name] as string, statuses = [401]) => {
        const before = handedOn(name).length;
        const answer = await post(at, sent);
        expect(answer.status).to.be.oneOf(statuses);
        const told = await answer.text();
        if (secret) expect(told).not.to.contain(secret);
        expect(handedOn(name).length).to.equal(before);
      };

      it('goes in as the vendor sends it, also when it comes again, and comes out of an outgoing webhook once, signed, with nothing of the proof', async () => {
        const sent = await make();
        for (let times = 0; times < 3; times += 1)
          expect((await post(address[name] as string, sent)).status).to.equal(200);
        // Another one behind them: when it is through, a second run of the first would be as well.
        await post(address[name] as string, await make());
        await until(() => handedOn(name).length >= 2);
        expect(handedOn(name).length).to.equal(2);
        const whole = JSON.parse(sent.body.toString().replace(/^\uFEFF/, ''));
        if (name === 'slack') delete whole.token;
        const event = handedOn(name).find(({ data }) => isDeepStrictEqual(data.body, whole));
        expect(event, 'the payload as it was sent').to.be.an('object');
        expect(event.data.headers).not.to.have.any.keys(
          ...['authorization', 'x-hub-signature-256', 'x-slack-signature', 'webhook-signature', 'x-gitlab-token'],
        );
        const delivered = came.find(({ body }) => JSON.parse(body.toString()).id === event.id);
        expect(verify(delivered!, { secret: outgoing.secret }, Math.floor(Date.now() / 1000))).to.equal(true);
      });

      if (secret) {
        it('is refused with another secret, an empty one, or no proof', async () => {
          const forged = await make({
            secret: name === 'gitlab' ? `whsec_${Buffer.alloc(32, 1).toString('base64')}` : 'another secret',
          });
          await isRefused(forged);
          await isRefused({ body: forged.body, headers: { 'content-type': 'application/json' } });
        });
      }
      if (vendor.signs_body) {
        it('is refused when a byte of it is altered, added or taken away, or it is written anew', async () => {
          const { body, headers } = await make();
          const other = Buffer.from(body);
          other[body.length >> 1] = (other[body.length >> 1] as number) ^ 1;
          for (const altered of [other, Buffer.concat([body, Buffer.from('\n')]), body.subarray(1)])
            await isRefused({ body: altered, headers });
          const anew = Buffer.from(`${JSON.stringify(JSON.parse(body.toString()))} `);
          await isRefused({ body: anew, headers });
        });
      }
      if (vendor.signs_time) {
        it('is refused when it is stale', async () => isRefused(await make({ at_ms: Date.now() - 400_000 })));
      }
      for (const [what, change] of Object.entries(vendor.refused)) {
        it(`is refused with ${what}`, async () => isRefused(await change(await make(), { secret })));
      }
      it('is refused in another content type, and at another address', async () => {
        const sent = await make();
        await isRefused({ ...sent, headers: { ...sent.headers, 'content-type': 'text/xml' } }, undefined, [415]);
        await isRefused(sent, `${address[name]}x`, [404]);
        await isRefused(sent, (address[name] as string).replace('/received', '/receive'), [404]);
      });
    });
  }

  describe('of whichever vendor', () => {
    it('Slack’s challenge is answered when it is signed, and only then', async () => {
      const slack = vendors.slack as Vendor;
      const body = Buffer.from(
        '{"token":"x","challenge":"3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P","type":"url_verification"}',
      );
      const answer = await post(address.slack as string, {
        body,
        headers: await slack.sign(body, { secret: slack.secret }),
      });
      expect(await answer.text()).to.equal('3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P');
      const forged = await post(address.slack as string, {
        body,
        headers: await slack.sign(body, { secret: 'other' }),
      });
      expect(forged.status).to.equal(401);
    });

    it('of an account that nobody connected are answered and forgotten', async () => {
      const slack = vendors.slack as Vendor;
      const before = handedOn('slack').length;
      const body = Buffer.from(slack.payload.toString().replaceAll('T0001', 'T9999').replace('Ev0001', 'EvX'));
      expect(
        (await post(address.slack as string, { body, headers: await slack.sign(body, { secret: slack.secret }) }))
          .status,
      ).to.equal(200);
      const log = await content('GET', '/events?type=slack.received');
      expect(log.events.filter(({ data }: { data: { text: string } }) => data.text.includes('T9999'))).to.deep.equal(
        [],
      );
      expect(handedOn('slack').length).to.equal(before);
    });

    it('reach a webhook that wants one integration’s events only', async () => {
      const port = (receiver.address() as AddressInfo).port;
      const { id } = await content('POST', '/webhooks', {
        ...{ name: 'docker only', url: `http://127.0.0.1:${port}/docker`, integration_id: integration.docker_hub },
        events: ['docker_hub.received', 'github.received'],
      });
      for (const name of ['github', 'docker_hub']) {
        const vendor = vendors[name] as Vendor;
        const { body } = vendor.another({ body: vendor.payload, headers: {} });
        await post(address[name] as string, { body, headers: await vendor.sign(body, { secret: vendor.secret }) });
      }
      for (;;) {
        const { logs } = await content('GET', `/webhooks/${id}/logs`);
        expect(logs.map((log: { event_type: string }) => log.event_type)).not.to.include('github.received');
        if (logs.length === 1) break;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    });

    it('are proved by an app’s old secret for one rotation long, and by no older one', async () => {
      const slack = vendors.slack as Vendor;
      const body = Buffer.from('{"challenge":"c1","type":"url_verification"}');
      const with_secret = async (secret: string) =>
        (await post(address.slack as string, { body, headers: await slack.sign(body, { secret }) })).status;
      const rotate = (secret: string) =>
        content('PUT', '/integrations/types/slack/oauth-client', { client_secret: secret, signing_secret: secret });
      await rotate('the second secret');
      await rotate('the second secret');
      expect(await Promise.all([slack.secret, 'the second secret', 'x'].map(with_secret))).to.eql([200, 200, 401]);
      await rotate('the third secret');
      const all = [slack.secret, 'the second secret', 'the third secret'];
      expect(await Promise.all(all.map(with_secret))).to.eql([401, 200, 200]);
      await content('PUT', '/integrations/types/slack/oauth-client', { client_id: 'another app' });
      expect(await Promise.all(all.map(with_secret))).to.eql([401, 401, 200]);
    });
  });
});
