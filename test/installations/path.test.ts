import { expect } from 'chai';
import { changeInstallation } from '../../core/installations/change.ts';
import { findInstallation } from '../../core/installations/find-installation.ts';
import { installPlugin } from '../../core/installations/install.ts';
import { Installation } from '../../core/installations/model.ts';
import { uninstallPlugin } from '../../core/installations/uninstall.ts';
import { Invocation, StoreEntry } from '../../core/invocations/model.ts';
import { runAction } from '../../core/invocations/run-action.ts';
import { failureOf } from '../registry/failure-of.ts';
import { admin, author, packed, withParts } from '../registry/parts.ts';

const greeter = {
  name: '@acme/greeter',
  permissions: [
    { name: 'storage', reason: 'counts' },
    { name: 'network', hosts: ['api.example.com'], reason: 'asks', optional: true },
  ],
  actions: {
    greet: {
      title: 'Greet',
      input: {
        type: 'object',
        additionalProperties: false,
        required: ['name'],
        properties: { name: { type: 'string' } },
      },
      output: { type: 'object', required: ['greeting'], properties: { greeting: { type: 'string' } } },
    },
    ask: { title: 'Ask' },
    wrong: { title: 'Wrong', output: { type: 'object', required: ['greeting'] } },
  },
};

const handlers = `{ actions: {
  async greet(ctx, { name }) {
    ctx.log.info('greeting', { name });
    const count = ((await ctx.store.get('count'))?.value ?? 0) + 1;
    await ctx.store.set('count', count);
    return { greeting: 'Hello, ' + name + ' (' + count + ')' };
  },
  async ask(ctx) { return await (await ctx.fetch('https://api.example.com/x')).text(); },
  async wrong() { return { greetings: 1 }; },
} }`;

describe('the path of a plugin', () => {
  const parts = withParts();
  let installation: Installation;
  const act = (action: string, input: unknown = {}) =>
    runAction({
      workspace_id: admin.workspace_id,
      installation,
      action,
      input,
      project_id: 'prj_one',
      cause: { kind: 'user', id: admin.id, label: admin.label },
    });

  it('publishes a signed package, which the marketplace then finds', async () => {
    const bytes = await packed(parts.folder, greeter, handlers);
    const { release, is_new } = await parts.market.publish(author, { bytes });
    expect(is_new).to.equal(true);
    expect(release.state).to.equal('published');
    expect(release.handlers).to.include.members(['actions.greet', 'actions.ask']);
    await parts.market.update();
    expect(parts.market.search({ search: 'greetr', page: 1, size: 10 }).names[0]).to.equal('@acme/greeter');
    const again = await parts.market.publish(author, { bytes });
    expect(again.is_new).to.equal(false);
  });

  it('refuses to install without a required permission, and says which', async () => {
    const error = await failureOf(installPlugin(admin, { name: '@acme/greeter' }));
    expect(error.code).to.equal('F42306');
    expect(error.content).to.have.property('permissions_missing').that.has.length(1);
    expect(await Installation.countDocuments({})).to.equal(0);
  });

  it('installs with the permissions that are granted', async () => {
    installation = await installPlugin(admin, { name: 'greeter', version: '^1.0.0', permissions: ['storage'] });
    expect(installation.grants).to.deep.equal([{ name: 'storage' }]);
    expect(
      (await failureOf(installPlugin(admin, { name: '@acme/greeter', permissions: ['storage'] }))).status,
    ).to.equal(409);
  });

  it('runs an action, whose invocation is written down with its log', async () => {
    const answer = await act('greet', { name: 'Ada' });
    expect(answer.output).to.deep.equal({ greeting: 'Hello, Ada (1)' });
    const invocation = await Invocation.findById(answer.invocation_id).lean().orFail();
    expect(invocation.status).to.equal('succeeded');
    const lines = JSON.parse(invocation.logs_text) as { message: string }[];
    expect(lines.map(({ message }) => message)).to.deep.equal(['greeting']);
    expect(invocation.host_calls.map(({ op }) => op)).to.include('store');
  });

  it('refuses a wrong input with a pointer, before anything runs', async () => {
    const before = await Invocation.countDocuments({});
    const error = await failureOf(act('greet', { name: 3 }));
    expect(error.code).to.equal('F40022');
    expect(error.content).to.have.nested.property('errors[0].pointer', '/input/name');
    expect(await Invocation.countDocuments({})).to.equal(before);
  });

  it('refuses what was not granted, and writes the attempt down', async () => {
    const error = await failureOf(act('ask'));
    expect(error.code).to.equal('F42308');
    const { invocation_id } = (error.content as { error: { invocation_id: string } }).error;
    const invocation = await Invocation.findById(invocation_id).lean().orFail();
    expect(invocation.status).to.equal('failed');
    expect(invocation.denied.map(({ permission }) => permission)).to.include('network');
  });

  it('refuses an output that is not as declared', async () => {
    const error = await failureOf(act('wrong'));
    expect(error.content).to.have.nested.property('error.type', 'bad_answer');
  });

  it('does not run while it is disabled', async () => {
    await changeInstallation(admin, installation._id, { is_enabled: false });
    installation = await findInstallation(admin.workspace_id, installation._id);
    expect((await failureOf(act('greet', { name: 'Ada' }))).code).to.equal('F40009');
    await changeInstallation(admin, installation._id, { is_enabled: true });
    installation = await findInstallation(admin.workspace_id, installation._id);
    expect((await act('greet', { name: 'Ada' })).output).to.deep.equal({ greeting: 'Hello, Ada (2)' });
  });

  it('leaves nothing behind when it is uninstalled', async () => {
    await uninstallPlugin(admin, installation._id, { keep: [], force: false });
    expect(await Installation.countDocuments({})).to.equal(0);
    expect(await StoreEntry.countDocuments({})).to.equal(0);
    const error = await failureOf(findInstallation(admin.workspace_id, installation._id));
    expect(error.code).to.equal('F42302');
  });
});
