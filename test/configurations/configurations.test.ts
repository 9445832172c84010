import { expect } from 'chai';
import { AuditEntry } from '../../core/audit/model.ts';
import { Configuration, ConfigurationRevision } from '../../core/configurations/model.ts';
import { presentConfiguration } from '../../core/configurations/present.ts';
import { restoreConfiguration } from '../../core/configurations/restore-configuration.ts';
import { applySettings, exportSettings, planSettings } from '../../core/configurations/settings-file.ts';
import { writeConfiguration } from '../../core/configurations/write-configuration.ts';
import { connection } from '../../core/database/mongoose.ts';
import { installPlugin } from '../../core/installations/install.ts';
import type { Installation } from '../../core/installations/model.ts';
import { Invocation } from '../../core/invocations/model.ts';
import { runAction } from '../../core/invocations/run-action.ts';
import { failureOf } from '../registry/failure-of.ts';
import { admin, author, packed, withParts } from '../registry/parts.ts';

const by = { kind: 'user' as const, id: admin.id, label: admin.label };
const canary = 'canary-8f2e1d7c6b5a4938';

const manifest = {
  name: '@acme/settings',
  configuration: {
    type: 'object',
    additionalProperties: false,
    required: ['region'],
    properties: {
      region: { type: 'string', enum: ['eu', 'us'] },
      limit: { type: 'integer', default: 10, minimum: 1 },
      tags: { type: 'array', items: { type: 'string', maxLength: 5 } },
      target: {
        oneOf: [
          { type: 'object', required: ['host'], properties: { host: { type: 'string' } } },
          { type: 'object', required: ['id'], properties: { id: { type: 'integer' } } },
        ],
      },
      api_key: { type: 'string', format: 'secret', minLength: 8 },
    },
  },
  actions: { show: { title: 'Show' }, sign: { title: 'Sign' } },
};

const handlers = `{ actions: {
  async show(ctx) { return ctx.config; },
  async sign(ctx) { return { mac: await ctx.crypto.hmac('sha256', 'api_key', 'message', 'hex') }; },
} }`;

describe('settings', () => {
  const parts = withParts();
  let installation: Installation;
  const write = (project_id: string | null, configuration: Record<string, unknown>, more: object = {}) =>
    writeConfiguration({
      workspace_id: admin.workspace_id,
      installation,
      project_id,
      configuration,
      author: by,
      ...more,
    });
  const show = async (project_id: string, action = 'show') =>
    (await runAction({ workspace_id: admin.workspace_id, installation, action, input: {}, project_id, cause: by }))
      .output;

  before(async () => {
    await parts.market.publish(author, { bytes: await packed(parts.folder, manifest, handlers) });
    installation = await installPlugin(admin, { name: '@acme/settings' });
  });

  it('are merged over two levels, by top-level name, and tell where each value comes from', async () => {
    await write(null, { region: 'eu', tags: ['a'] });
    await write('prj_one', { region: 'us' });
    const { configuration, effective, origins } = await presentConfiguration(installation, 'prj_one');
    expect(configuration).to.deep.equal({ region: 'us' });
    expect(effective).to.deep.equal({ region: 'us', tags: ['a'], limit: 10 });
    expect(origins).to.deep.equal({ region: 'project', tags: 'workspace', limit: 'default' });
    expect(await show('prj_one')).to.deep.equal({ region: 'us', tags: ['a'], limit: 10 });
    expect(await show('prj_two')).to.deep.equal({ region: 'eu', tags: ['a'], limit: 10 });
  });

  const wrong: [string, Record<string, unknown>, string][] = [
    ['a value off the list', { region: 'mars' }, '/configuration/region'],
    ['a wrong type', { region: 'eu', limit: 'many' }, '/configuration/limit'],
    ['a number below the least', { region: 'eu', limit: 0 }, '/configuration/limit'],
    ['an unknown name', { region: 'eu', colour: 'red' }, '/configuration/colour'],
    ['a wrong item of a list', { region: 'eu', tags: ['short', 'far too long'] }, '/configuration/tags/1'],
    ['none of two forms', { region: 'eu', target: { port: 1 } }, '/configuration/target'],
    ['a secret that is too short', { region: 'eu', api_key: 'short' }, '/configuration/api_key'],
    ['a secret that is no text', { region: 'eu', api_key: 7 }, '/configuration/api_key'],
  ];
  for (const [what, configuration, pointer] of wrong) {
    it(`refuse ${what} with its pointer, in three languages, and store nothing`, async () => {
      const before = await ConfigurationRevision.countDocuments({});
      const said = new Set<string>();
      for (const language of ['en', 'zh-Hans', 'zh-Hant'] as const) {
        const error = await failureOf(write('prj_one', configuration, { language }));
        expect(error.code).to.equal('F42304');
        const { errors } = error.content as { errors: { pointer: string; message: string }[] };
        expect(errors.map((one) => one.pointer).some((one) => one.startsWith(pointer))).to.equal(true);
        said.add(errors[0]?.message ?? '');
      }
      expect(await ConfigurationRevision.countDocuments({})).to.equal(before);
      if (what !== 'a secret that is no text') expect(said.size).to.be.greaterThan(1);
    });
  }

  it('refuse a writer who read an older revision', async () => {
    const { revision } = await presentConfiguration(installation, 'prj_one');
    await write('prj_one', { region: 'us', limit: 2 }, { revision });
    const error = await failureOf(write('prj_one', { region: 'us', limit: 3 }, { revision }));
    expect(error.code).to.equal('F40009');
    expect(error.content).to.have.property('revision', revision + 1);
  });

  it('of two writers at once let exactly one through', async () => {
    const { revision } = await presentConfiguration(installation, 'prj_one');
    const both = await Promise.allSettled(
      [4, 5].map((limit) => write('prj_one', { region: 'us', limit }, { revision })),
    );
    expect(both.map(({ status }) => status).sort()).to.deep.equal(['fulfilled', 'rejected']);
  });

  it('are restored as a new revision', async () => {
    const first = await presentConfiguration(installation, 'prj_one');
    await write('prj_one', { region: 'eu' });
    await restoreConfiguration(
      { workspace_id: admin.workspace_id, installation, project_id: 'prj_one', author: by },
      first.revision,
    );
    const after = await presentConfiguration(installation, 'prj_one');
    expect(after.configuration).to.deep.equal(first.configuration);
    expect(after.revision).to.equal(first.revision + 2);
  });

  it('switch the plugin off for one project only', async () => {
    await writeConfiguration({
      workspace_id: admin.workspace_id,
      installation,
      project_id: 'prj_two',
      is_active: false,
      author: by,
    });
    expect((await failureOf(show('prj_two'))).code).to.equal('F40009');
    expect(await show('prj_one')).to.have.property('region');
    await writeConfiguration({
      workspace_id: admin.workspace_id,
      installation,
      project_id: 'prj_two',
      is_active: true,
      author: by,
    });
  });

  it('keep a secret out of the plugin’s sight, usable by name, and kept when it is written back masked', async () => {
    await write('prj_one', { region: 'us', api_key: canary });
    expect(await show('prj_one')).to.not.have.property('api_key');
    const mac = await show('prj_one', 'sign');
    await write('prj_one', { region: 'eu', api_key: '••••' });
    expect(await show('prj_one', 'sign')).to.deep.equal(mac);
    const { effective } = await presentConfiguration(installation, 'prj_one');
    expect(effective).to.have.property('api_key', '••••');
  });

  it('leave a secret nowhere in the clear', async () => {
    const forms = [
      canary,
      ...(['base64', 'hex', 'utf16le'] as const).map((form) => Buffer.from(canary).toString(form)),
    ];
    const all = await Promise.all([
      Configuration.find({}).lean(),
      ConfigurationRevision.find({}).lean(),
      AuditEntry.find({}).lean(),
      Invocation.find({}).lean(),
    ]);
    const text = JSON.stringify(all);
    expect(text).to.include('"pbs1.');
    for (const form of forms) expect(text.includes(form)).to.equal(false);
  });

  it('travel to another project as a file without secrets, planned before they are applied', async () => {
    const { workspace_id } = admin;
    await write('prj_one', { region: 'us', tags: ['x'], api_key: canary });
    await write('prj_two', { region: 'eu', limit: 5 });
    const file = await exportSettings(workspace_id, 'prj_one');
    expect(JSON.stringify(file)).to.not.include(canary);
    const [planned] = await planSettings(workspace_id, 'prj_two', file, by);
    expect(planned).to.deep.include({
      state: 'changes',
      added: ['tags'],
      changed: ['region'],
      removed: ['limit'],
      secrets_missing: ['api_key'],
    });
    expect(await show('prj_two')).to.have.property('region', 'eu');
    await applySettings(workspace_id, 'prj_two', file, by);
    expect(await show('prj_two')).to.deep.equal({ region: 'us', tags: ['x'], limit: 10 });
    expect((await planSettings(workspace_id, 'prj_two', file, by))[0]?.state).to.equal('same');
    const wrong = { ...file, plugins: file.plugins.map((one) => ({ ...one, configuration: { region: 'mars' } })) };
    expect((await failureOf(applySettings(workspace_id, 'prj_two', wrong, by))).code).to.equal('F42304');
    expect(await show('prj_two')).to.have.property('region', 'us');
  });

  it('refuse an action that lacks a required one, before any is written and after the workspace took its back', async () => {
    const missing = async (project_id: string) => {
      const { code, content } = await failureOf(show(project_id));
      const { errors } = content as { errors: { pointer: string; message: string }[] };
      return [code, ...errors.map(({ pointer, message }) => `${pointer} ${message}`)];
    };
    const lacks = ['F42304', '/configuration/region is required'];
    await write(null, { tags: ['a'] });
    expect(await missing('prj_new'), 'a project that says nothing').to.deep.equal(lacks);
    await write(null, { region: 'eu' });
    expect(await show('prj_new')).to.deep.equal({ region: 'eu', limit: 10 });
    await write('prj_new', { limit: 3 });
    expect(await show('prj_new')).to.deep.equal({ region: 'eu', limit: 3 });
    await write(null, {});
    expect(await missing('prj_new'), 'a project that relied on the workspace').to.deep.equal(lacks);
    expect(await show('prj_one')).to.have.property('region', 'us');
    await write('prj_new', { region: 'us' });
    expect(await show('prj_new')).to.have.property('region', 'us');
  });

  it('never mix up projects under concurrent calls', async () => {
    await write('prj_one', { region: 'us', tags: ['one'] });
    await write('prj_two', { region: 'eu', tags: ['two'] });
    const rounds = Number(process.env.ROUNDS ?? 1_000);
    let mixed = 0;
    const worker = async (n: number) => {
      for (let i = n; i < rounds; i += 8) {
        const [project, tag] = i % 2 === 0 ? ['prj_one', 'one'] : ['prj_two', 'two'];
        const seen = (await show(project as string)) as { tags: string[] };
        if (seen.tags[0] !== tag) mixed += 1;
      }
    };
    await Promise.all(Array.from({ length: 8 }, (_, n) => worker(n)));
    expect(mixed).to.equal(0);
  }).timeout(60_000);

  it('cost no read of the database when nothing changed, and are seen in the very next call when they did', async () => {
    await show('prj_one');
    const reads: string[] = [];
    let seen = 0;
    const count = (event: { commandName: string; command: Record<string, unknown> }) => {
      seen += 1;
      if (['find', 'aggregate'].includes(event.commandName)) reads.push(String(event.command[event.commandName]));
    };
    const client = connection.getClient();
    client.on('commandStarted', count);
    try {
      await show('prj_one');
      expect(seen, 'commands are counted').to.be.greaterThan(0);
      expect(reads.filter((name) => name.startsWith('configuration'))).to.deep.equal([]);
    } finally {
      client.off('commandStarted', count);
    }
    await write('prj_one', { region: 'us', limit: 77 });
    expect(await show('prj_one')).to.have.property('limit', 77);
  });
});
