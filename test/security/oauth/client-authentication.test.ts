import { expect } from 'chai';
import { demoManifest, installDemo } from '../../integrations/demo-vendor.ts';
import { type Ground, oauthGround, targetOf } from './ground.ts';

const secret = 's:e/c+r=t% ü';

/** RFC 9700, section 2.5: the vendor hears who we are in the one place that it asked for, and no address ever says it. */
describe('The client’s secret', function () {
  this.timeout(120_000);
  let ground: Ground;
  before(async () => {
    ground = await oauthGround();
    const usual = demoManifest(ground.vendor);
    for (const client of ['basic', 'none']) {
      const type = `client_${client}`;
      const auth = usual.auth.map((one) => ('token' in one ? { ...one, token: { ...one.token, client } } : one));
      const integration = { type, category: 'testing', service_type: 'custom' };
      await installDemo(ground.host, {
        ...usual,
        name: `@tests/client-${client}`,
        integration,
        auth,
        streams: {},
        triggers: {},
      });
      const body = { client_id: 'our client', client_secret: secret };
      await ground.host.request('PUT', `/integrations/types/${type}/oauth-client`, { body });
    }
  });

  /** Connects, refreshes once, and answers both requests that the vendor's token address heard. */
  async function tokenRequests(type: string) {
    const { begun, url } = await ground.begin({ service_name: type });
    expect(url.href).not.to.contain('secret').and.not.to.contain(encodeURIComponent(secret));
    const from = ground.vendor.seen.length;
    const landed = targetOf(await ground.back({ code: 'good-code', state: begun.state }, `/auth/${type}/callback`));
    const id = landed.searchParams.get('integration_id');
    const refreshed = await ground.host.request('POST', `/integrations/${id}/refresh-token`);
    expect(refreshed.body.code, refreshed.text).to.equal('S10000');
    const heard = ground.vendor.seen.slice(from).filter(({ line }) => line === 'POST /token');
    expect(heard).to.have.length(2);
    return heard.map(({ headers, body }) => ({ basic: headers.authorization, form: new URLSearchParams(body) }));
  }

  it('goes into Basic form-encoded, and then into no body', async () => {
    for (const { basic = '', form } of await tokenRequests('client_basic')) {
      expect(form.has('client_secret')).to.equal(false);
      expect(form.has('client_id')).to.equal(false);
      const [id, password] = Buffer.from(basic.replace('Basic ', ''), 'base64').toString('utf8').split(':');
      const plain = (text = '') => new URLSearchParams(`x=${text}`).get('x');
      expect([plain(id), plain(password)]).to.deep.equal(['our client', secret]);
    }
  });

  it('goes into the form where that is declared, and then into no header', async () => {
    for (const { basic, form } of await tokenRequests('demo')) {
      expect(form.get('client_secret')).to.equal('the-client-secret');
      expect(basic).to.equal(undefined);
    }
  });

  it('goes nowhere for a public client, which says only its name', async () => {
    for (const { basic, form } of await tokenRequests('client_none')) {
      expect(form.get('client_id')).to.equal('our client');
      expect(form.has('client_secret')).to.equal(false);
      expect(basic).to.equal(undefined);
    }
  });
});
