import { expect } from 'chai';
import { AuditEntry } from '../../core/audit/model.ts';
import { transaction } from '../../core/database/transaction.ts';
import { defineAnnouncements } from '../../core/events/announce.ts';
import { emitEvent } from '../../core/events/emit-event.ts';
import { EventType } from '../../core/events/model.ts';
import { changeInstallation } from '../../core/installations/change.ts';
import { definePluginJobs } from '../../core/installations/define-jobs.ts';
import { findInstallation } from '../../core/installations/find-installation.ts';
import { installPlugin } from '../../core/installations/install.ts';
import { followWithListeners } from '../../core/installations/listen.ts';
import { uninstallPlugin } from '../../core/installations/uninstall.ts';
import { Invocation, Recording, StoreEntry } from '../../core/invocations/model.ts';
import { runAction } from '../../core/invocations/run-action.ts';
import { Job } from '../../core/jobs/model.ts';
import { startWorkers, type Workers } from '../../core/jobs/start-workers.ts';
import { failureOf, reasonOf } from '../registry/failure-of.ts';
import { admin, author, packed, withParts } from '../registry/parts.ts';

const manifest = {
  name: '@acme/worker',
  permissions: [
    { name: 'storage', reason: 'keeps' },
    { name: 'schedule', reason: 'later' },
    { name: 'events:emit', reason: 'tells', optional: true },
    { name: 'events:listen', types: ['task.created', 'task.completed'], reason: 'hears' },
  ],
  listens: ['task.created', 'task.completed'],
  events: { 'worker.done': { schema: { type: 'object' }, sample: {} } },
  actions: {
    later: { title: 'Later' },
    note: { title: 'Note', input: { type: 'object', properties: { text: { type: 'string' } } } },
    read: { title: 'Read' },
  },
};
const handlers = `{
  install: async (ctx) => { await ctx.store.set('installed', true); },
  uninstall: async (ctx) => { ctx.log.info('going'); },
  on: {
    'task.created': async (ctx, event) => { await ctx.store.set('heard', event.data.title); },
    'task.completed': async (ctx) => { await ctx.store.set('completed', true); },
  },
  actions: {
    later: async (ctx) => ctx.schedule({ handler: 'actions.note', input: { text: 'from earlier' }, after_s: 0 }),
    note: async (ctx, { text }) => { await ctx.store.set('note', text); },
    read: async (ctx) => Object.fromEntries(await Promise.all(['installed', 'heard', 'completed', 'note'].map(async (key) => [key, (await ctx.store.get(key))?.value ?? null]))),
  },
}`;

async function until(look: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await look()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('it did not come about');
}

describe('plugins at work', function work() {
  this.timeout(60_000);
  const parts = withParts();
  let workers: Workers;
  let id: string;
  const act = async (action: string) => {
    const { output } = await runAction({
      workspace_id: admin.workspace_id,
      installation: await findInstallation(admin.workspace_id, id),
      action,
      input: {},
      project_id: 'prj_one',
      cause: { kind: 'user', id: admin.id, label: admin.label },
    });
    return output as Record<string, unknown>;
  };
  const task = (type: string, title: string) =>
    transaction(() =>
      emitEvent({
        workspace_id: admin.workspace_id,
        project_id: 'prj_one',
        type,
        data: { id: 't1', title, project_id: 'prj_one' },
        source: { kind: 'user', id: admin.id },
      }),
    );

  before(async () => {
    defineAnnouncements();
    followWithListeners();
    definePluginJobs();
    workers = startWorkers();
    await parts.market.publish(author, { bytes: await packed(parts.folder, manifest, handlers) });
    const permissions = ['storage', 'schedule', { name: 'events:listen', types: ['task.created'] }];
    id = (await installPlugin(admin, { name: '@acme/worker', permissions }))._id;
  });
  after(() => workers.stop(2_000));

  it('run their install, and declare their event types', async () => {
    const [invocation] = await Invocation.find({ installation_id: id, handler: 'install' }).lean();
    expect(invocation?.status).to.equal('succeeded');
    expect(await EventType.countDocuments({ installation_id: id })).to.equal(1);
  });

  it('hear the events that they listen to, but only those that were granted', async () => {
    await task('task.completed', 'Write');
    await task('task.created', 'Read');
    await until(async () => (await act('read')).heard === 'Read');
    expect((await act('read')).completed).to.equal(null);
  });

  it('run an action later when they ask for it', async () => {
    await act('later');
    await until(async () => (await act('read')).note === 'from earlier');
    const [invocation] = await Invocation.find({ installation_id: id, handler: 'actions.note' }).lean();
    expect(invocation?.cause.kind).to.equal('system');
  });

  it('lose at once what is revoked', async () => {
    const error = await failureOf(changeInstallation(admin, id, { permissions: ['storage'] }));
    expect(error.content).to.have.property('permissions_missing').that.has.length(2);
    await changeInstallation(admin, id, { permissions: [], is_enabled: false });
    const [entry] = await AuditEntry.find({ action: 'plugin.disabled' }).lean();
    expect(entry?.target.name).to.equal('@acme/worker');
  });

  it('leave no stored value, recording, job or event type behind', async () => {
    await changeInstallation(admin, id, { permissions: ['storage', 'schedule', 'events:listen'], is_enabled: true });
    await uninstallPlugin(admin, id, { keep: [], force: false });
    const left = await Promise.all([
      StoreEntry.countDocuments({ installation_id: id }),
      Recording.countDocuments({ installation_id: id }),
      Job.countDocuments({ group: id }),
      EventType.countDocuments({ installation_id: id }),
    ]);
    expect(left).to.deep.equal([0, 0, 0, 0]);
    const gone = await Invocation.find({ installation_id: id, handler: 'uninstall' }).lean();
    expect(gone.map(({ status }) => status)).to.deep.equal(['succeeded']);
  });

  it('that cannot install themselves are not left behind', async () => {
    const failing = { ...manifest, name: '@acme/failing', permissions: [], listens: [], events: {} };
    const code = handlers
      .replace("await ctx.store.set('installed', true);", "throw new Error('no account');")
      .replace(/on: \{[\s\S]*?\n {2}\},\n/, '');
    await parts.market.publish(author, {
      bytes: await packed(parts.folder, failing, code.replace(/ctx\.(store|schedule)/g, 'ctx.unused')),
    });
    expect(await reasonOf(installPlugin(admin, { name: '@acme/failing' }))).to.equal('install_handler');
    expect((await failureOf(findInstallation(admin.workspace_id, '@acme/failing'))).code).to.equal('F42302');
  });
});
