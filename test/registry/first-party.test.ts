import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { hostKey } from '../../core/registry/host-key.ts';
import { publishFirstParty } from '../../core/registry/publish-first-party.ts';
import { Release } from '../../marketplace/models/release.ts';
import { pack } from '../../sdk/package/index.ts';
import { withParts } from './parts.ts';

const plugins = join(import.meta.dirname, '../../plugins');

describe('first-party packages', () => {
  const parts = withParts();

  it('are published at start, verified and signed with this host’s key, and once only', async () => {
    const names = readdirSync(plugins);
    for (const name of names) {
      const dist = join(parts.folder, 'plugins', name, 'dist');
      mkdirSync(dist, { recursive: true });
      const { bytes } = await pack(join(plugins, name));
      writeFileSync(join(dist, `${name}.tgz`), bytes);
    }
    await publishFirstParty(join(parts.folder, 'plugins'));
    await publishFirstParty(join(parts.folder, 'plugins'));
    const { key_id } = await hostKey();
    const releases = await Release.find({ publisher: '@patchbay' }).lean();
    expect(releases.map(({ name }) => name).sort()).to.deep.equal(names.map((name) => `@patchbay/${name}`).sort());
    for (const release of releases) {
      expect(release.is_verified).to.equal(true);
      expect(release.signatures.map(({ key_id }) => key_id)).to.deep.equal([key_id]);
    }
    expect(parts.market.search({ search: 'github', page: 1, size: 5 }).names[0]).to.equal('@patchbay/github');
  });
});
