import { expect } from 'chai';
import type { RunningHost } from '../helpers/host.ts';
import { sharedHost } from '../helpers/shared-host.ts';

describe('the path of a plugin, from the marketplace to its end', () => {
  let host: RunningHost;
  let id: string;
  before(async function () {
    this.timeout(60_000);
    host = await sharedHost();
  });

  it('the first-party plugins are in the marketplace, verified', async () => {
    const { body } = await host.request('GET', '/plugins/marketplace?search=hello');
    const [first] = body.content.plugins;
    expect(first).to.include({ name: '@patchbay/hello', is_verified: true });
  });

  it('installing is refused, with the exact list, when a required permission is not granted', async () => {
    const answer = await host.request('POST', '/plugins', { body: { name: '@patchbay/hello', permissions: [] } });
    expect([answer.status, answer.body.code]).to.deep.equal([422, 'F42306']);
    expect(answer.body.content.permissions_missing.map(({ name }: { name: string }) => name)).to.deep.equal([
      'storage',
    ]);
  });

  it('with the permission it installs', async () => {
    const answer = await host.request('POST', '/plugins', {
      body: { name: '@patchbay/hello', permissions: ['storage'] },
    });
    expect(answer.body.code, answer.text).to.equal('S10000');
    id = answer.body.content.id;
    expect(answer.body.content).to.include({
      name: '@patchbay/hello',
      version: '1.0.0',
      is_enabled: true,
      is_verified: true,
    });
  });

  it('installing it twice is a conflict', async () => {
    const answer = await host.request('POST', '/plugins', {
      body: { name: '@patchbay/hello', permissions: ['storage'] },
    });
    expect([answer.status, answer.body.code]).to.deep.equal([409, 'F42306']);
  });

  it('a wrong configuration is refused with the pointers, and nothing is stored', async () => {
    const wrong = await host.request('POST', `/plugins/${id}/configuration`, {
      body: { configuration: { greeting: 42, colour: 'red' } },
    });
    expect([wrong.status, wrong.body.code]).to.deep.equal([422, 'F42304']);
    expect(wrong.body.content.errors.map(({ pointer }: { pointer: string }) => pointer)).to.include(
      '/configuration/greeting',
    );
    const stored = await host.request('GET', `/plugins/${id}/configuration`);
    expect(stored.body.content.configuration).to.deep.equal({});
  });

  it('a right one is stored, and its action sees it', async () => {
    const right = await host.request('POST', `/plugins/${id}/configuration`, {
      body: { configuration: { greeting: 'Good evening' } },
    });
    expect(right.body.code, right.text).to.equal('S10000');
    const answer = await host.request('POST', `/plugins/${id}/actions/greet`, { body: { input: { name: 'Grace' } } });
    expect(answer.body.content.output, answer.text).to.deep.equal({ greeting: 'Good evening, Grace!' });
    expect(answer.body.content.invocation_id).to.be.a('string');
  });

  it('an input that the action’s schema does not take is F40022 with the pointer', async () => {
    const answer = await host.request('POST', `/plugins/${id}/actions/greet`, { body: { input: { name: '' } } });
    expect([answer.status, answer.body.code]).to.deep.equal([422, 'F40022']);
    expect(answer.body.content.errors[0].pointer).to.equal('/input/name');
  });

  it('its store keeps what it counted', async () => {
    for (const count of [1, 2, 3]) {
      const answer = await host.request('POST', `/plugins/${id}/actions/count`, { body: { input: {} } });
      expect(answer.body.content.output).to.deep.equal({ count });
    }
  });

  it('its calls, logs and used permissions are written down', async () => {
    const invocations = await host.request('GET', `/plugins/${id}/invocations`);
    expect(invocations.body.content.total).to.be.at.least(4);
    const logs = await host.request('GET', `/plugins/${id}/logs`);
    expect(logs.text).to.include('greeting somebody');
    const permissions = await host.request('GET', `/plugins/${id}/permissions`);
    expect(JSON.stringify(permissions.body.content)).to.include('storage');
  });

  it('without the grant, what needs it fails, at once and with the permission named', async () => {
    const narrowed = await host.request('PATCH', `/plugins/${id}`, { body: { permissions: [] } });
    if (narrowed.body.code === 'S10000') {
      const answer = await host.request('POST', `/plugins/${id}/actions/count`, { body: { input: {} } });
      expect(answer.body.code).to.equal('F42308');
      expect(answer.body.content.error).to.include({ type: 'denied', plugin: '@patchbay/hello' });
      await host.request('PATCH', `/plugins/${id}`, { body: { permissions: ['storage'] } });
    } else {
      expect(narrowed.body.code).to.equal('F42306');
    }
  });

  it('disabled it does not run; enabled it does', async () => {
    await host.request('PATCH', `/plugins/${id}`, { body: { is_enabled: false } });
    const refused = await host.request('POST', `/plugins/${id}/actions/greet`, { body: { input: { name: 'Grace' } } });
    expect(refused.body.code).to.not.equal('S10000');
    await host.request('PATCH', `/plugins/${id}`, { body: { is_enabled: true } });
    const answer = await host.request('POST', `/plugins/${id}/actions/greet`, { body: { input: { name: 'Grace' } } });
    expect(answer.body.code).to.equal('S10000');
  });

  it('uninstalled it is gone', async () => {
    expect((await host.request('DELETE', `/plugins/${id}`)).body.code).to.equal('S10000');
    expect((await host.request('GET', `/plugins/${id}`)).body.code).to.equal('F42302');
  });
});
