import { expect } from 'chai';
import { transaction } from '../../core/database/transaction.ts';
import { append } from '../../marketplace/log/append.ts';
import { addLeaf, isConsistent, rootOf } from '../../marketplace/log/merkle.ts';
import { LogEntry } from '../../marketplace/models/log-entry.ts';
import { LogHead, LogNode } from '../../marketplace/models/log-tree.ts';
import { includes, isSigned, leafHash } from '../../sdk/package/index.ts';
import { author, withParts } from './parts.ts';

describe('the registry’s log', () => {
  const parts = withParts();
  const grow = (count: number) =>
    transaction(() =>
      append(
        parts.market.parts,
        author,
        Array.from({ length: count }, (_, n) => ({
          kind: 'release.published' as const,
          subject: '@acme/x',
          version: `0.0.${n}`,
        })),
      ),
    );

  it('has the roots of RFC 9162 for its first trees', () => {
    // The empty leaf and the leaf 00, as in the test vectors of Certificate Transparency.
    expect(leafHash('')).to.equal('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
    const two = addLeaf(1, addLeaf(0, [], leafHash('')).peaks, leafHash('\0'));
    expect(rootOf(two.peaks)).to.equal('fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125');
  });

  it('proves every line, and that it begins as it did, at every size up to 40', async () => {
    const seen = [await parts.market.checkpoint()];
    while ((seen.at(-1)?.size ?? 0) < 40) {
      await grow(1);
      const now = await parts.market.checkpoint();
      expect(isSigned(now)).to.equal(true);
      for (const earlier of seen.filter((_, place) => place % 3 === 0)) {
        const { consistency } = await parts.market.prove({ since: earlier.size });
        expect(isConsistent(earlier, now, consistency), `${earlier.size} in ${now.size}`).to.equal(true);
      }
      for (const index of [0, Math.floor(now.size / 2), now.size - 1]) {
        const { inclusion, leaf_hash } = await parts.market.prove({ index });
        const proof = { leaf: leaf_hash ?? '', index, size: now.size, path: inclusion, root: now.root };
        expect(includes(proof), `${index} of ${now.size}`).to.equal(true);
        expect(includes({ ...proof, leaf: leafHash('something else') })).to.equal(false);
      }
      seen.push(now);
    }
  });

  it('of writers at once loses no line and numbers each once', async () => {
    const before = (await parts.market.checkpoint()).size;
    await Promise.all(Array.from({ length: 8 }, () => grow(2)));
    expect((await parts.market.checkpoint()).size).to.equal(before + 16);
    expect(await LogEntry.countDocuments({})).to.equal(before + 16);
  });

  it('shows a checkpoint of earlier that an old line was rewritten, even when all hashes were made anew', async () => {
    const earlier = await parts.market.checkpoint();
    await LogEntry.updateOne({ _id: 3 }, { $set: { leaf: '{"forged":true}' } });
    const entries = await LogEntry.find({}).sort({ _id: 1 }).lean();
    let peaks: string[] = [];
    await LogNode.deleteMany({});
    for (const [size, entry] of entries.entries()) {
      const added = addLeaf(size, peaks, leafHash(entry.leaf));
      peaks = added.peaks;
      await LogNode.insertMany(added.complete.map(({ level, index, hash }) => ({ _id: `${level}.${index}`, hash })));
    }
    await LogHead.updateOne({ _id: 'log' }, { $set: { peaks } });
    await grow(1);
    const now = await parts.market.checkpoint();
    const { consistency } = await parts.market.prove({ since: earlier.size });
    expect(isConsistent(earlier, now, consistency)).to.equal(false);
  });
});
