import { expect } from 'chai';
import type { Document } from 'mongodb';
import { server } from '../conformance/server.ts';

describe('writes that scan a large collection', () => {
  const { db } = server('long_writes');
  const things = () => db().collection<Document>('things');
  before(() =>
    things().insertMany(Array.from({ length: 5200 }, (_, n) => ({ n, text: 'x'.repeat(40), tags: [n % 7, n % 11] }))),
  );

  it('let other commands through while they search', async () => {
    const order: string[] = [];
    const slow = things()
      .updateMany({ text: 'nothing', n: { $gte: 0 } }, { $set: { a: 1 } })
      .then(() => order.push('update'));
    const quick = db()
      .command({ ping: 1 })
      .then(() => order.push('ping'));
    await Promise.all([slow, quick]);
    expect(order).to.deep.equal(['ping', 'update']);
  });

  it('change what matches, and only that, while others write', async () => {
    const many = things().updateMany({ n: { $lt: 4000 }, moved: { $ne: true } }, { $inc: { seen: 1 } });
    const others = Promise.all(
      Array.from({ length: 8 }, (_, i) => things().updateOne({ n: i * 100 }, { $set: { moved: true } })),
    );
    const [{ matchedCount }] = await Promise.all([many, others]);
    expect(await things().countDocuments({ seen: 1 })).to.equal(matchedCount);
    expect(matchedCount).to.be.within(3992, 4000);
  });

  it('know the element of the array by which they matched', async () => {
    await things().updateMany({ n: { $lt: 100 }, tags: 5 }, { $set: { 'tags.$': 'five' } });
    expect(await things().countDocuments({ n: { $lt: 100 }, tags: 5 })).to.equal(
      await things().countDocuments({ n: { $lt: 100 }, tags: { $all: [5, 'five'] } }),
    );
    expect(await things().countDocuments({ 'tags.0': 'five' })).to.be.greaterThan(0);
  });

  it('take one document each when several take the first of a sort', async () => {
    const taken = await Promise.all(
      Array.from({ length: 6 }, () =>
        things().findOneAndUpdate({ taken: { $ne: true } }, { $set: { taken: true } }, { sort: { n: -1 } }),
      ),
    );
    expect(new Set(taken.map((found) => found?.n)).size).to.equal(6);
  });

  it('upsert once when several upsert the same', async () => {
    await Promise.all(
      Array.from({ length: 3 }, () =>
        things().updateOne({ text: 'only one' }, { $inc: { times: 1 } }, { upsert: true }),
      ),
    );
    expect(
      await things()
        .find({ text: 'only one' })
        .map(({ times }) => times)
        .toArray(),
    ).to.deep.equal([3]);
  });

  it('delete what matches', async () => {
    const { deletedCount } = await things().deleteMany({ n: { $gte: 5000 } });
    expect([deletedCount, await things().countDocuments({ n: { $gte: 5000 } })]).to.deep.equal([200, 0]);
  });
});
