import { expect } from 'chai';
import { ask, type RunningHost } from '../helpers/host.ts';
import { sharedHost } from '../helpers/shared-host.ts';

describe('metrics', () => {
  let host: RunningHost;
  before(async function () {
    this.timeout(60_000);
    host = await sharedHost();
  });

  it('are there for Prometheus on this machine, with HTTP by route and status', async () => {
    await ask(host.url, 'GET', '/health', { token: null });
    const { text, headers } = await ask(host.url, 'GET', '/metrics', { token: null });
    expect(headers.get('content-type')).to.include('text/plain');
    expect(text).to.match(/patchbay_http_request_seconds_count\{method="GET",route="\/health",status="200"\} [1-9]/);
    expect(text).to.include('patchbay_process_cpu_seconds_total');
  });

  it('are not for whom a proxy on this machine passes on, unless an admin asks', async () => {
    for (const name of ['x-forwarded-for', 'forwarded']) {
      const headers = { [name]: '127.0.0.1' };
      const passedOn = await ask(host.url, 'GET', '/metrics', { token: null, headers });
      expect([passedOn.status, passedOn.body.code], name).to.deep.equal([401, 'F40001']);
      expect((await host.request('GET', '/metrics', { headers })).text).to.include('patchbay_http_');
    }
  });

  it('keep their labels bounded whatever is asked for', async () => {
    for (let i = 0; i < 20; i += 1) await ask(host.url, 'GET', `/nothing/${i}`, { token: null });
    await fetch(`${host.url}/api/v1/health`, { method: 'PROPFIND' });
    const { text } = await ask(host.url, 'GET', '/metrics', { token: null });
    expect(text).to.not.include('/nothing/').and.not.include('PROPFIND');
    expect(text).to.include('route="none"').and.include('method="other"');
  });
});
