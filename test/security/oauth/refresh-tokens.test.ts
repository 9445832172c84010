import { expect } from 'chai';
import { type Ground, oauthGround, targetOf } from './ground.ts';

/** RFC 9700, section 4.14: a rotating refresh token is used once, and a dead one asks a person. */
describe('Refresh tokens', function () {
  this.timeout(60_000);
  let ground: Ground;
  before(async () => {
    ground = await oauthGround();
  });
  const call = (id: string) => ground.host.request('POST', `/integrations/${id}/actions/whoami`, { body: {} });

  it('are used once for many callers, when the vendor no longer takes the token', async () => {
    const { vendor, host } = ground;
    const id = await ground.connect();
    vendor.tokens.clear();
    const before = vendor.refreshes;
    const calls = await Promise.all(Array.from({ length: 12 }, () => call(id)));
    for (const one of calls) expect(one.body.content.output, one.text).to.deep.include({ status: 200 });
    expect(vendor.refreshes - before).to.equal(1);
    expect((await host.request('POST', `/integrations/${id}/refresh-token`)).body.code).to.equal('S10000');
    expect(vendor.refreshes - before).to.equal(2);
  });

  it('that are dead ask to reconnect, and the integration stays the same one', async () => {
    const { vendor, host } = ground;
    const id = await ground.connect();
    vendor.tokens.clear();
    vendor.refresh_tokens.clear();
    const failed = await call(id);
    expect(failed.body.code).to.equal('F42308');
    expect(failed.body.content.help).to.equal('/docs/problems#reconnect');
    const dead = (await host.request('GET', `/integrations/${id}`)).body.content;
    expect(dead).to.include({ status: 'error', help: '/docs/problems#reconnect' });
    const told = (await host.request('GET', '/events?type=integration.auth_expired')).body.content;
    expect(told.events[0].data).to.include({ integration_id: id });
    const anew = await host.request('POST', `/integrations/${id}/oauth/initiate`, { body: {} });
    const landed = targetOf(await ground.back({ code: 'good-code', state: anew.body.content.state }));
    expect(landed.searchParams.get('integration_id')).to.equal(id);
    expect((await host.request('GET', `/integrations/${id}`)).body.content).to.include({
      status: 'active',
      help: null,
    });
  });

  it('that are on their way when the host stops are stored before it ends', async () => {
    const { vendor, host } = ground;
    const id = await ground.connect();
    vendor.tokens.clear();
    const before = vendor.refreshes;
    let stopped: Promise<number | null> | undefined;
    vendor.before = async (request) => {
      if (request.url === '/token') stopped ??= host.stop();
      return false;
    };
    await call(id).catch(() => undefined);
    await stopped;
    vendor.before = undefined;
    await host.restart();
    expect((await call(id)).body.content.output).to.deep.include({ status: 200 });
    expect(vendor.refreshes - before).to.equal(1);
  });
});
