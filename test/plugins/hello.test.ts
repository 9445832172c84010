import { expect } from 'chai';
import { type RunningPlugin, runPlugin } from './run-plugin.ts';

describe('The hello plugin', () => {
  let hello: RunningPlugin;
  before(async () => {
    hello = await runPlugin('hello', { config: { greeting: 'Good day' } });
  });
  after(() => hello.stop());

  it('greets by name with the first word of its settings', async () => {
    expect(await hello.call('actions.greet', { name: 'Ada' })).to.deep.equal({ greeting: 'Good day, Ada!' });
  });

  it('logs whom it greets', async () => {
    await hello.call('actions.greet', { name: 'Grace' });
    expect(hello.logs.at(-1)).to.include({ level: 'info', message: 'greeting somebody' });
    expect(hello.logs.at(-1)?.fields).to.deep.equal({ name: 'Grace' });
  });

  it('counts on from what it kept', async () => {
    expect(await hello.call('actions.count', {})).to.deep.equal({ count: 1 });
    expect(await hello.call('actions.count', {})).to.deep.equal({ count: 2 });
  });

  it('cannot count without the permission to keep anything', async () => {
    const refused = await runPlugin('hello', { config: { greeting: 'Hello' }, grants: [] });
    try {
      const error = await refused.call('actions.count', {}).then(
        () => null,
        (thrown: Error & { type?: string }) => thrown,
      );
      expect(error?.message).to.match(/storage/);
      expect(await refused.call('actions.greet', { name: 'Ada' })).to.deep.equal({ greeting: 'Hello, Ada!' });
    } finally {
      await refused.stop();
    }
  });
});
