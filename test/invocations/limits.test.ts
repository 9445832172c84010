import { expect } from 'chai';
import { resumeInstallation } from '../../core/installations/change.ts';
import { findInstallation } from '../../core/installations/find-installation.ts';
import { installPlugin } from '../../core/installations/install.ts';
import { Installation } from '../../core/installations/model.ts';
import { Invocation, StoreEntry } from '../../core/invocations/model.ts';
import { runAction } from '../../core/invocations/run-action.ts';
import { failureOf } from '../registry/failure-of.ts';
import { admin, author, packed, withParts } from '../registry/parts.ts';

const manifest = {
  name: '@acme/wild',
  permissions: [
    { name: 'storage', reason: 'keeps' },
    { name: 'events:emit', reason: 'tells' },
  ],
  events: {
    'wild.seen': {
      schema: { type: 'object', required: ['n'], properties: { n: { type: 'integer' } } },
      sample: { n: 1 },
    },
  },
  actions: Object.fromEntries(
    ['loop', 'fine', 'throws', 'spoof', 'emit', 'store'].map((name) => [
      name,
      { title: name, input: { type: 'object' } },
    ]),
  ),
};
const handlers = `{ actions: {
  async loop() { for (;;) {} },
  async fine() { return 'fine'; },
  async throws() { throw Object.assign(new Error('the vendor said no'), { name: 'VendorError' }); },
  async spoof(ctx) { await ctx.emit('plugin.uninstalled', { plugin_id: 'x', name: 'y', version: '1.0.0' }); },
  async emit(ctx, input) { await ctx.emit('wild.seen', { n: input?.n ?? 1 }, { id: 'same' }); },
  async store(ctx) {
    const first = await ctx.store.set('a/1', { n: 1 });
    await ctx.store.set('a/2', 2, { ttl_s: 60 });
    await ctx.store.set('b', 3);
    let conflict = null;
    try { await ctx.store.set('a/1', { n: 2 }, { if_version: 7 }); } catch (error) { conflict = error.code ?? error.message; }
    const listed = await ctx.store.list({ prefix: 'a/' });
    await ctx.store.delete('b');
    return { first, conflict, listed, gone: await ctx.store.get('b'), kept: await ctx.store.get('a/1') };
  },
} }`;

describe('calls into a plugin', function calls() {
  this.timeout(60_000);
  const parts = withParts();
  let id: string;
  const act = async (action: string, project_id = 'prj_one') =>
    runAction({
      workspace_id: admin.workspace_id,
      installation: await findInstallation(admin.workspace_id, id),
      action,
      input: undefined,
      project_id,
      cause: { kind: 'user', id: admin.id, label: admin.label },
    });

  before(async () => {
    await parts.market.publish(author, { bytes: await packed(parts.folder, manifest, handlers) });
    id = (await installPlugin(admin, { name: '@acme/wild', permissions: ['storage', 'events:emit'] }))._id;
  });

  it('tell what the plugin threw, with its name and where, and nothing of the host', async () => {
    const error = await failureOf(act('throws'));
    expect([error.code, error.status]).to.deep.equal(['F42308', 502]);
    const { invocation_id } = (error.content as { error: { invocation_id: string } }).error;
    const invocation = await Invocation.findById(invocation_id).lean().orFail();
    expect(invocation.error).to.include({ type: 'threw', name: 'VendorError', message: 'the vendor said no' });
    expect(invocation.error?.stack).to.include('plugin://@acme/wild@1.0.0/').and.not.include('/work/');
  });

  it('keep values per project, with versions, expiry and lists', async () => {
    const { output } = await act('store');
    expect(output).to.deep.include({
      first: { version: 1 },
      listed: ['a/1', 'a/2'],
      gone: null,
      kept: { value: { n: 1 }, version: 1 },
    });
    expect((output as { conflict: string }).conflict).to.match(/conflict|version/);
    expect((await act('store', 'prj_two')).output).to.deep.include({ first: { version: 1 } });
    expect(await StoreEntry.countDocuments({ owner: `${id}.prj_one` })).to.equal(2);
  });

  it('emit what the manifest declares, once for one id, and never a fact of the host', async () => {
    await act('emit');
    await act('emit');
    const { Event } = await import('../../core/events/model.ts');
    expect(await Event.countDocuments({ type: 'wild.seen' })).to.equal(1);
    await failureOf(act('spoof'));
    expect(await Event.countDocuments({ type: 'plugin.uninstalled' })).to.equal(0);
  });

  it('end when they run away, stop the plugin after five times with a reason, and go on when it is resumed', async () => {
    const status = async () => (await Installation.findById(id).lean())?.status;
    // On a machine that is busy a call may be starved instead, for which nobody is blamed: so it is tried until five count.
    for (let tries = 0; (await status()) === 'ok' && tries < 20; tries += 1) {
      const error = await failureOf(act('loop'));
      if (error.code !== 'F42308') continue;
      const { type } = (error.content as { error: { type: string } }).error;
      expect(type).to.be.oneOf(['cpu_limit', 'timeout', 'starved']);
      await new Promise((done) => setTimeout(done, 100));
    }
    const stopped = await findInstallation(admin.workspace_id, id);
    expect(stopped.status).to.equal('suspect');
    expect(stopped.status_reason).to.match(/strikes/);
    const error = await failureOf(act('fine'));
    expect(error.message).to.include(`/plugins/${id}/resume`);
    await resumeInstallation(admin, id);
    expect((await act('fine')).output).to.equal('fine');
  });
});
