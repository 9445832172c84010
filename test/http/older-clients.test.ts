import { expect } from 'chai';
import { olderFields } from '../../core/http/older-clients.ts';
import type { RunningHost } from '../helpers/host.ts';
import { sharedHost } from '../helpers/shared-host.ts';

describe('older clients', () => {
  let host: RunningHost;
  before(async function () {
    this.timeout(60_000);
    host = await sharedHost();
  });

  it('/api without v1 is the same API', async () => {
    expect((await host.request('GET', '/api/health')).body.content.status).to.equal('healthy');
    expect((await host.request('GET', '/api/projects')).body.code).to.equal('S10000');
  });

  it('webhooks, API keys and the marketplace are found under /integrations too', async () => {
    for (const path of [
      '/api/integrations/webhooks',
      '/api/integrations/api-keys',
      '/api/integrations/marketplace',
      '/api/v1/integrations/marketplace',
    ]) {
      expect((await host.request('GET', path)).body.code, path).to.equal('S10000');
    }
  });

  it('a camelCase twin of a field is taken', async () => {
    const answer = await host.request('POST', '/api/integrations/api-keys', {
      body: {
        name: 'Production API Key',
        scopes: ['integrations:read', 'events:write'],
        rateLimitPerHour: 1000,
        rateLimitPerDay: 10_000,
        expiresAt: '2027-12-31T23:59:59Z',
      },
    });
    expect(answer.body.code, answer.text).to.equal('S10000');
    expect(answer.body.content).to.include({ rate_limit_per_hour: 1000, rate_limit_per_day: 10_000 });
  });

  it('a twin beside today’s name is refused, not chosen between', async () => {
    const body = { name: 'both', scopes: ['plugins:read'], rate_limit_per_hour: 5, rateLimitPerHour: 6 };
    const answer = await host.request('POST', '/api-keys', { body });
    expect(answer.body.code).to.equal('F40022');
  });

  it('older names become today’s where the schema has today’s only, in nested closed objects too', () => {
    const schema = {
      properties: {
        integration_type: {},
        auth_config: {},
        configuration: {},
        retry_config: { additionalProperties: false, properties: { max_retries: {} } },
      },
    };
    const given = {
      service_name: 'meta_ads',
      credentials: { accessToken: 't' },
      config: {},
      retryConfig: { maxRetries: 3 },
    };
    expect(olderFields(given, schema)).to.deep.equal({
      integration_type: 'meta_ads',
      auth_config: { accessToken: 't' },
      configuration: {},
      retry_config: { max_retries: 3 },
    });
    expect(olderFields({ type: 'x' }, { properties: { type: {}, integration_type: {} } })).to.deep.equal({ type: 'x' });
  });
});
