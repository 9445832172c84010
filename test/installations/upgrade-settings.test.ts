import { expect } from 'chai';
import { Configuration } from '../../core/configurations/model.ts';
import { presentConfiguration } from '../../core/configurations/present.ts';
import { writeConfiguration } from '../../core/configurations/write-configuration.ts';
import { findInstallation } from '../../core/installations/find-installation.ts';
import { installPlugin } from '../../core/installations/install.ts';
import { applyUpgrade, prepareUpgrade, upgradePlugin } from '../../core/installations/upgrade.ts';
import { failureOf } from '../registry/failure-of.ts';
import { admin, author, packed, withParts } from '../registry/parts.ts';

const by = { kind: 'user' as const, id: admin.id, label: admin.label };
const { workspace_id } = admin;

/** Each release with what its settings are. */
const releases: [string, object, object?][] = [
  ['1.0.0', { token: { type: 'string', format: 'secret' }, note: { type: 'string' }, color: { type: 'string' } }],
  ['1.1.0', { token: { type: 'string' }, note: { type: 'string' }, color: { type: 'string' } }],
  ['1.2.0', { token: { type: 'string' }, note: { type: 'string', format: 'secret' }, color: { type: 'string' } }],
  ['2.0.0', { color: { type: 'string' }, size: { type: 'integer' } }, { required: ['size'] }],
  ['3.0.0', { colour: { type: 'string' } }, {}],
];

describe('settings under another release', () => {
  const parts = withParts();
  const installed = () => findInstallation(workspace_id, '@acme/moving');
  const write = async (configuration: Record<string, unknown>) =>
    writeConfiguration({
      workspace_id,
      installation: await installed(),
      project_id: 'prj_one',
      configuration,
      author: by,
    });

  before(async () => {
    for (const [version, properties, more] of releases) {
      const migrates = version === '3.0.0';
      const manifest = {
        ...{ name: '@acme/moving', version, actions: { show: { title: 'Show' } } },
        configuration: { type: 'object', properties, ...more },
        ...(migrates && { configuration_migrations: { '<3.0.0': 'fails' } }),
      };
      const migrate = migrates ? ', migrate: { async fails() { throw new Error("it cannot"); } }' : '';
      const handlers = `{ actions: { async show(ctx) { return ctx.config; } }${migrate} }`;
      await parts.market.publish(author, { bytes: await packed(parts.folder, manifest, handlers) });
    }
    await installPlugin(admin, { name: '@acme/moving', version: '1.0.0' });
    await write({ token: 'canary-token-123', note: 'canary-note-456', color: 'blue' });
  });

  it('drop a secret that is called none any more, instead of showing it to the release', async () => {
    await upgradePlugin(by, await installed(), { version: '1.1.0' });
    const { configuration } = await presentConfiguration(await installed(), 'prj_one');
    expect(configuration).to.deep.equal({ note: 'canary-note-456', color: 'blue' });
  });

  it('seal a value that is a secret from now on', async () => {
    await upgradePlugin(by, await installed(), { version: '1.2.0' });
    const { effective } = await presentConfiguration(await installed(), 'prj_one');
    expect(effective).to.deep.equal({ note: '••••', color: 'blue' });
    const [level] = await Configuration.find({ workspace_id }).lean();
    expect(JSON.stringify(level)).to.not.include('canary-note');
  });

  it('stay, with the release, where the next one requires what they do not say, or its migration fails', async () => {
    const before = await presentConfiguration(await installed(), 'prj_one');
    for (const version of ['2.0.0', '3.0.0']) {
      const { plan } = await prepareUpgrade(by, await installed(), { version });
      const [error] = plan.levels.flatMap(({ errors }) => errors);
      expect(error?.pointer).to.equal(version === '2.0.0' ? '/configuration/size' : '/configuration');
      expect((await failureOf(upgradePlugin(by, await installed(), { version }))).code).to.equal('F42304');
      expect((await installed()).version).to.equal('1.2.0');
    }
    expect(await presentConfiguration(await installed(), 'prj_one')).to.deep.equal(before);
  });

  it('that were written after the plan stop the upgrade', async () => {
    const installation = await installed();
    const { plan, candidate } = await prepareUpgrade(by, installation, { version: '1.0.0' });
    await write({ color: 'red' });
    const error = await failureOf(applyUpgrade(by, installation, plan, candidate));
    expect(error.code).to.equal('F40009');
    expect((await installed()).version).to.equal('1.2.0');
  });
});
