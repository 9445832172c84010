import { expect } from 'chai';
import { Bundle } from '../../marketplace/models/bundle.ts';
import { LogEntry } from '../../marketplace/models/log-entry.ts';
import { Package } from '../../marketplace/models/package.ts';
import { Release } from '../../marketplace/models/release.ts';
import { author, packed, withParts } from '../registry/parts.ts';
import { uploadWithoutChecker } from '../registry/without-checker.ts';

describe('a registry whose checker is down', () => {
  const parts = withParts();
  const stored = () => Promise.all([Package, Release, Bundle, LogEntry].map((kind) => kind.estimatedDocumentCount()));

  it('publishes nothing of a thousand uploads, stores nothing, and takes the same package once it is back', async () => {
    const manifest = { name: '@acme/unchecked', actions: { ping: { title: 'Ping' } } };
    const bytes = await packed(parts.folder, manifest, '{ actions: { async ping() {} } }');
    const before = await stored();
    expect(await uploadWithoutChecker(parts.market, bytes, 1000)).to.deep.equal(['F50403']);
    expect(await stored()).to.deep.equal(before);
    expect((await parts.market.publish(author, { bytes })).is_new).to.equal(true);
  });
});
