import { expect } from 'chai';
import { AuditEntry } from '../../core/audit/model.ts';
import { Configuration } from '../../core/configurations/model.ts';
import { writeConfiguration } from '../../core/configurations/write-configuration.ts';
import { trusted } from '../../core/database/mongoose.ts';
import { autoUpgrade } from '../../core/installations/auto-upgrade.ts';
import { judgeCanary } from '../../core/installations/canary.ts';
import { changeInstallation } from '../../core/installations/change.ts';
import { findInstallation } from '../../core/installations/find-installation.ts';
import { installPlugin } from '../../core/installations/install.ts';
import { Installation } from '../../core/installations/model.ts';
import { presentPlugin } from '../../core/installations/present.ts';
import { rollbackPlugin } from '../../core/installations/rollback.ts';
import { prepareUpgrade, upgradePlugin } from '../../core/installations/upgrade.ts';
import { sweepImages } from '../../core/invocations/follow-installations.ts';
import { runAction } from '../../core/invocations/run-action.ts';
import { sandbox } from '../../core/invocations/sandbox.ts';
import { Release } from '../../marketplace/models/release.ts';
import { failureOf } from '../registry/failure-of.ts';
import { admin, author, packed, withParts } from '../registry/parts.ts';

const by = { kind: 'user' as const, id: admin.id, label: admin.label };

function manifest(version: string, more: object = {}) {
  return {
    name: '@acme/tool',
    version,
    permissions: [{ name: 'network', hosts: ['one.example.com'], reason: 'asks' }],
    configuration: { type: 'object', properties: { color: { type: 'string', default: 'red' } } },
    actions: { version: { title: 'Version' } },
    ...more,
  };
}

const answering = (version: string) =>
  `{ actions: { async version(ctx) { return { version: '${version}', config: ctx.config }; } } }`;

describe('upgrades', () => {
  const parts = withParts();
  const installed = () => findInstallation(admin.workspace_id, '@acme/tool');
  const publish = async (whole: Record<string, unknown>, handlers: string) =>
    parts.market.publish(author, { bytes: await packed(parts.folder, whole, handlers) });
  const call = async (project_id = 'prj_one') => {
    const { output } = await runAction({
      workspace_id: admin.workspace_id,
      installation: await installed(),
      action: 'version',
      input: {},
      project_id,
      cause: by,
    });
    return output as { version: string; config: Record<string, unknown> };
  };

  before(async () => {
    await publish(manifest('1.0.0'), answering('1.0.0'));
    await publish(manifest('1.0.1'), answering('1.0.1'));
    await installPlugin(admin, { name: '@acme/tool', version: '1.0.0', permissions: ['network'] });
  });

  it('go to the greatest release of a range, and calls run it', async () => {
    expect((await call()).version).to.equal('1.0.0');
    await upgradePlugin(by, await installed(), { version: '~1.0.0' });
    expect((await call()).version).to.equal('1.0.1');
  });

  it('are held when they want one more host, while the old release keeps serving, and pass once it is granted', async () => {
    const more = [{ name: 'network', hosts: ['one.example.com', 'two.example.com'], reason: 'asks more' }];
    await publish(manifest('1.1.0', { permissions: more }), answering('1.1.0'));
    const error = await failureOf(upgradePlugin(by, await installed(), {}));
    expect(error.code).to.equal('F42306');
    expect(error.content).to.have.nested.property('permissions_added[0].hosts[1]', 'two.example.com');
    expect((await call()).version).to.equal('1.0.1');
    await upgradePlugin(by, await installed(), { permissions: ['network'] });
    expect((await call()).version).to.equal('1.1.0');
  });

  it('tell beforehand what they would do, and do nothing', async () => {
    const configuration = { type: 'object', properties: { size: { type: 'integer', default: 3 } } };
    await publish(manifest('1.2.0', { permissions: [], configuration }), answering('1.2.0'));
    const { plan } = await prepareUpgrade(by, await installed(), {});
    expect(plan.settings_added).to.deep.equal(['size']);
    expect(plan.settings_removed).to.deep.equal(['color']);
    expect(plan.carried.removed).to.have.length(1);
    expect(plan.code_size.to).to.be.greaterThan(100);
    expect((await call()).version).to.equal('1.1.0');
  });

  it('go to the greatest release that runs on this host, which is also the one that is offered', async () => {
    const newer = { engines: { patchbay: '>=99.0.0' } };
    await publish(manifest('1.9.0', newer), answering('1.9.0'));
    const one = await installed();
    expect((await prepareUpgrade(by, one, {})).plan.release.version).to.equal('1.2.0');
    expect((await presentPlugin(one, 'en')).available_version).to.equal('1.2.0');
    const error = await failureOf(prepareUpgrade(by, one, { version: '1.9.0' }));
    expect(error.content).to.include({ reason: 'incompatible' });
    await parts.market.yank(author, { name: '@acme/tool', version: '1.9.0', reason: 'for another test' });
  });

  it('bring the settings along by the migration that the release declares, and a rollback brings the old ones back', async () => {
    const installation = await installed();
    await writeConfiguration({
      workspace_id: admin.workspace_id,
      installation,
      project_id: null,
      configuration: { color: 'blue' },
      author: by,
    });
    const whole = manifest('2.0.0', {
      configuration: {
        type: 'object',
        required: ['colour'],
        additionalProperties: false,
        properties: { colour: { type: 'string' } },
      },
      configuration_migrations: { '<2.0.0': 'colour' },
    });
    await publish(
      whole,
      `{ actions: { async version(ctx) { return { version: '2.0.0', config: ctx.config }; } },
         migrate: { async colour(ctx, { color, ...rest }) { return { ...rest, colour: color }; } } }`,
    );
    // Isolates that nothing installed needs are ended all the time; the one of a trial run must live through that.
    let isPlanned = false;
    const planned = prepareUpgrade(by, await installed(), { version: '2.0.0' }).finally(() => {
      isPlanned = true;
    });
    while (!isPlanned) await sweepImages(sandbox());
    expect((await planned).plan.levels[0]?.errors).to.deep.equal([]);
    await upgradePlugin(by, await installed(), { version: '2.0.0' });
    expect(await call()).to.deep.equal({ version: '2.0.0', config: { colour: 'blue' } });
    await rollbackPlugin(by, await installed());
    expect(await call()).to.deep.equal({ version: '1.1.0', config: { color: 'blue' } });
    expect((await failureOf(rollbackPlugin(by, await installed()))).status).to.equal(409);
  });

  it('do not happen when a setting would not fit: the old release and its settings keep serving', async () => {
    const strict = {
      type: 'object',
      properties: { color: { enum: ['red', 'green'] } },
    };
    await publish(manifest('2.1.0', { configuration: strict }), answering('2.1.0'));
    const error = await failureOf(upgradePlugin(by, await installed(), { version: '2.1.0' }));
    expect(error.code).to.equal('F42304');
    expect(error.content).to.have.nested.property('errors[0].pointer', '/configuration/color');
    expect(await call()).to.deep.equal({ version: '1.1.0', config: { color: 'blue' } });
    const [level] = await Configuration.find({ installation_id: (await installed())._id }).lean();
    expect(JSON.parse(level?.values_text ?? '')).to.deep.equal({ color: 'blue' });
  });

  it('happen by themselves within the line, once the release is old enough, and never when pinned', async () => {
    await publish(
      manifest('1.1.1', { permissions: [{ name: 'network', hosts: ['one.example.com'], reason: 'asks' }] }),
      answering('1.1.1'),
    );
    await changeInstallation(admin, (await installed())._id, { auto_upgrade: 'patch', pinned: true });
    await Release.updateMany({ name: '@acme/tool' }, { $set: { published_at: new Date(Date.now() - 3 * 86_400_000) } });
    expect(await autoUpgrade()).to.equal(0);
    await changeInstallation(admin, (await installed())._id, { pinned: false });
    await Release.updateOne({ _id: '@acme/tool@1.1.1' }, { $set: { published_at: new Date() } });
    expect(await autoUpgrade(), 'too young').to.equal(0);
    await Release.updateOne(
      { _id: '@acme/tool@1.1.1' },
      { $set: { published_at: new Date(Date.now() - 3 * 86_400_000) } },
    );
    expect(await autoUpgrade()).to.equal(1);
    expect((await call()).version).to.equal('1.1.1');
  });

  it('are tried with a share of the projects, and end by themselves when the new release fails more', async () => {
    await publish(
      manifest('1.3.0'),
      `{ actions: { async version() { globalThis.n = (globalThis.n ?? 0) + 1; if (globalThis.n % 3 === 0) throw new Error('every third'); return { version: '1.3.0' }; } } }`,
    );
    const { _id } = await upgradePlugin(by, await installed(), {
      version: '1.3.0',
      canary: { percent: 50, minutes: 60 },
    });
    const served = new Map<string, Set<string>>();
    for (let i = 0; i < 48; i += 1) {
      const project = `prj_${i % 16}`;
      const version = await call(project).then(
        (output) => output.version,
        () => '1.3.0',
      );
      served.set(project, (served.get(project) ?? new Set()).add(version));
    }
    const versions = [...served.values()].map((all) => [...all]);
    expect(
      versions.every((all) => all.length === 1),
      'a project stays with one release',
    ).to.equal(true);
    expect([...new Set(versions.flat())].sort()).to.deep.equal(['1.1.1', '1.3.0']);
    expect(await judgeCanary(_id)).to.equal(false);
    const after = await Installation.findById(_id).lean().orFail();
    expect(after.canary).to.equal(null);
    expect(after.version).to.equal('1.1.1');
    const told = await AuditEntry.find({
      action: trusted({ $in: ['plugin.canary_started', 'plugin.canary_ended'] }),
    }).lean();
    expect(told.map(({ action }) => action)).to.have.members(['plugin.canary_started', 'plugin.canary_ended']);
    expect((await call('prj_one')).version).to.equal('1.1.1');
  }).timeout(60_000);

  it('on trial end when a permission is taken back, which the new release would keep', async () => {
    await publish(manifest('1.4.0'), answering('1.4.0'));
    const canary = { percent: 50, minutes: 60 };
    const { _id } = await upgradePlugin(by, await installed(), { version: '1.4.0', canary });
    await changeInstallation(admin, _id, { permissions: ['network'] });
    expect((await installed()).canary).to.include({ version: '1.4.0' });
    await changeInstallation(admin, _id, { permissions: [], is_enabled: false });
    expect((await Installation.findById(_id).lean().orFail()).canary).to.equal(null);
  });

  it('are advised where the publisher speaks against the installed release, or withdrew it', async () => {
    const one = await installed();
    const { name, version } = one;
    const shown = async () => {
      const { deprecated, release_state, release_state_reason } = await presentPlugin(one, 'en');
      return [deprecated?.reason ?? null, release_state, release_state_reason];
    };
    expect(await shown()).to.deep.equal([null, 'published', null]);
    await parts.market.deprecate(author, { name, version, reason: 'take 1.2.0' });
    expect(await shown()).to.deep.equal(['take 1.2.0', 'published', null]);
    await parts.market.deprecate(author, { name, version, reason: '' });
    await parts.market.yank(author, { name, version, reason: 'has a hole' });
    expect(await shown()).to.deep.equal([null, 'yanked', 'has a hole']);
    const sideload = { ...one, source: 'sideload' as const };
    expect((await presentPlugin(sideload, 'en')).release_state).to.equal(null);
  });
});
