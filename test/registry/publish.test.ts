import { expect } from 'chai';
import { installPlugin } from '../../core/installations/install.ts';
import { Installation } from '../../core/installations/model.ts';
import { unloadImages } from '../../core/invocations/load-image.ts';
import { runAction } from '../../core/invocations/run-action.ts';
import { sandbox } from '../../core/invocations/sandbox.ts';
import { applyBlock, liftBlock } from '../../core/registry/apply-block.ts';
import { Bundle } from '../../marketplace/models/bundle.ts';
import { LogEntry } from '../../marketplace/models/log-entry.ts';
import { Package } from '../../marketplace/models/package.ts';
import { Publisher } from '../../marketplace/models/publisher.ts';
import { Release } from '../../marketplace/models/release.ts';
import { generateKeys } from '../../sdk/package/index.ts';
import { failureOf, reasonOf } from './failure-of.ts';
import { admin, author, keys, packed, withParts } from './parts.ts';
import { uploadWithoutChecker } from './without-checker.ts';

const handlers = '{ actions: { async ping() { return { pong: true }; } } }';
const manifest = (name: string, version = '1.0.0', more: object = {}) => ({
  name: `@acme/${name}`,
  version,
  actions: { ping: { title: 'Ping' } },
  ...more,
});

describe('publishing', () => {
  const parts = withParts();
  const publish = async (whole: Record<string, unknown>, code = handlers, key: typeof keys | null = keys) =>
    parts.market.publish(author, { bytes: await packed(parts.folder, whole, code, key) });
  const stored = () =>
    Promise.all([Release.countDocuments({}), Bundle.countDocuments({}), LogEntry.countDocuments({})]);
  const ping = async () => {
    const installation = await Installation.findOne({ workspace_id: admin.workspace_id, name: '@acme/ping' })
      .lean()
      .orFail();
    const cause = { kind: 'user' as const, id: admin.id };
    return runAction({
      workspace_id: admin.workspace_id,
      installation,
      action: 'ping',
      input: {},
      project_id: 'prj_one',
      cause,
    });
  };

  it('takes a release once: the same digest answers it, another content is a conflict', async () => {
    await publish(manifest('ping'));
    expect((await publish(manifest('ping'))).is_new).to.equal(false);
    const error = await failureOf(publish(manifest('ping', '1.0.0', { keywords: ['other'] })));
    expect(error.code).to.equal('F40009');
    await publish(manifest('ping', '1.2.0'));
    expect((await publish(manifest('ping', '1.1.0'))).is_new, 'older lines may be patched').to.equal(true);
  });

  it('refuses what is unsigned, signed by a stranger, or by a key that was revoked, and stores nothing', async () => {
    const before = await stored();
    expect(await reasonOf(publish(manifest('bad'), handlers, null))).to.equal('unsigned');
    expect(await reasonOf(publish(manifest('bad'), handlers, generateKeys()))).to.equal('unknown_key');
    const old = generateKeys();
    await parts.market.addKey(author, '@acme', old.public_key);
    await parts.market.revokeKey(author, '@acme', { key_id: old.key_id, reason: 'lost' });
    expect(await reasonOf(publish(manifest('bad'), handlers, old))).to.equal('revoked_key');
    expect((await stored()).slice(0, 2)).to.deep.equal(before.slice(0, 2));
  });

  it('refuses a stranger to the publisher', async () => {
    const bytes = await packed(parts.folder, manifest('bad'), handlers);
    const stranger = { ...author, id: 'usr_other', user_id: 'usr_other', label: 'other@example.com' };
    expect((await failureOf(parts.market.publish(stranger, { bytes }))).code).to.equal('F40003');
  });

  it('refuses a byte that was changed anywhere in the package', async () => {
    const bytes = await packed(parts.folder, manifest('bad'), handlers);
    for (const place of [200, Math.floor(bytes.length / 2), bytes.length - 20]) {
      const changed = Buffer.from(bytes);
      changed[place] = (changed[place] ?? 0) ^ 0xff;
      expect((await failureOf(parts.market.publish(author, { bytes: changed }))).code).to.equal('F42306');
    }
  });

  it('refuses a module that does not have the handlers of its manifest', async () => {
    const error = await failureOf(publish(manifest('bad'), '{ actions: {} }'));
    expect(error.code).to.match(/F42306|F40022/);
  });

  it('publishes nothing while the checker is down', async () => {
    const before = await stored();
    const bytes = await packed(parts.folder, manifest('unchecked'), handlers);
    expect(await uploadWithoutChecker(parts.market, bytes, 20)).to.deep.equal(['F50403']);
    expect(await stored()).to.deep.equal(before);
  });

  it('refuses a publisher’s name that could be taken for another', async () => {
    for (const name of ['@acme', '@ac-me', '@acrne']) {
      expect((await failureOf(parts.market.createPublisher(author, { name }))).code).to.equal('F40009');
    }
  });

  it('warns of a name that another publisher’s package has', async () => {
    await parts.market.createPublisher(author, { name: '@other' });
    await parts.market.addKey(author, '@other', keys.public_key);
    const { release } = await publish({ ...manifest('ping'), name: '@other/ping' });
    const alike = release.findings.filter(({ rule }) => rule === 'similar-name');
    expect(alike.map(({ severity, message }) => [severity, message])).to.deep.equal([
      ['warning', '@other/ping could be taken for @acme/ping'],
    ]);
  });

  it('yank hides a release from new installs and leaves those who run it alone', async () => {
    await installPlugin(admin, { name: '@acme/ping', version: '1.1.0' });
    await parts.market.yank(author, { name: '@acme/ping', version: '1.1.0', reason: 'broken' });
    expect((await ping()).output).to.deep.equal({ pong: true });
    const other = { ...admin, workspace_id: 'wsp_other' };
    expect(await reasonOf(installPlugin(other, { name: '@acme/ping', version: '1.1.0' }))).to.equal('yanked');
    expect(await reasonOf(installPlugin(other, { name: '@acme/ping', version: '~1.1.0' }))).to.equal('no_release');
  });

  it('a block stops a package everywhere at once, and can be undone', async () => {
    const actor = { ...author, is_operator: true };
    await applyBlock(actor, '@acme/ping', 'steals');
    expect((await failureOf(ping())).code).to.equal('F40009');
    expect(parts.market.search({ search: 'ping', page: 1, size: 10 }).names).to.not.include('@acme/ping');
    await liftBlock(actor, '@acme/ping');
    expect((await ping()).output).to.deep.equal({ pong: true });
  });

  it('a stored package that was tampered with is switched off at its next load, with the reason', async () => {
    const installation = await Installation.findOne({ name: '@acme/ping' }).lean().orFail();
    const bundle = await Bundle.findById(installation.integrity).orFail();
    const script = Buffer.from(bundle.script);
    script[script.length - 10] = (script[script.length - 10] ?? 0) ^ 1;
    await Bundle.updateOne({ _id: bundle._id }, { $set: { script } });
    unloadImages(sandbox(), installation._id);
    expect(await reasonOf(ping())).to.equal('tampered');
    const after = await Installation.findById(installation._id).lean().orFail();
    expect(after.status).to.equal('tampered');
    expect(after.status_reason).to.match(/script/);
    expect((await failureOf(ping())).code).to.equal('F40009');
    await Bundle.updateOne({ _id: bundle._id }, { $set: { script: bundle.script } });
  });

  it('a release whose signature or manifest was changed in the database is not installed', async () => {
    await publish(manifest('sound'));
    const release = await Release.findById('@acme/sound@1.0.0').lean().orFail();
    const other = { ...admin, workspace_id: 'wsp_other' };
    const bad = [{ key_id: keys.key_id, signature: Buffer.alloc(64).toString('base64') }];
    await Release.updateOne({ _id: release._id }, { $set: { signatures: bad } });
    expect(await reasonOf(installPlugin(other, { name: '@acme/sound' }))).to.equal('signature');
    const manifest_text = release.manifest_text.replace('Test plugin', 'Best plugin');
    await Release.updateOne({ _id: release._id }, { $set: { signatures: release.signatures, manifest_text } });
    expect(await reasonOf(installPlugin(other, { name: '@acme/sound' }))).to.equal('tampered');
  });

  it('a release signed by a key that was revoked since is not installed any more', async () => {
    const [second] = [generateKeys()];
    await parts.market.addKey(author, '@acme', second.public_key);
    await publish(manifest('late'), handlers, second);
    expect(await Package.findById('@acme/late').lean()).to.include({ is_signed: true });
    await parts.market.revokeKey(author, '@acme', { key_id: second.key_id, reason: 'stolen' });
    const other = { ...admin, workspace_id: 'wsp_other' };
    expect(await reasonOf(installPlugin(other, { name: '@acme/late' }))).to.equal('signature');
    expect((await Publisher.findById('@acme').lean())?.keys).to.have.length(3);
    expect(await Package.findById('@acme/late').lean(), 'what the listing and its risk tell').to.include({
      is_signed: false,
    });
    expect(await Package.findById('@acme/sound').lean()).to.include({ is_signed: true });
  });
});
