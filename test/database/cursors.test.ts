import { expect } from 'chai';
import type { Document } from 'mongodb';
import { codeOf, server } from '../conformance/server.ts';

describe('cursors (manual: core/cursors)', () => {
  const { db, client } = server('cursors');
  const things = () => db().collection<Document>('things');
  const first = async (options: Document = {}) => {
    const { cursor } = await db().command({ find: 'things', filter: {}, batchSize: 2, ...options });
    return cursor.id;
  };
  const more = (id: unknown, batchSize = 2) => db().command({ getMore: id, collection: 'things', batchSize });
  beforeEach(async () => {
    await things().deleteMany({});
    await things().insertMany(Array.from({ length: 700 }, (_, n) => ({ n, text: 'x'.repeat(20) })));
  });

  it('give all documents once, in batches of the size that is asked for', async () => {
    const seen: number[] = [];
    for await (const { n } of things().find().batchSize(64)) seen.push(n);
    expect(seen).to.deep.equal([...Array(700).keys()]);
    const id = await first();
    expect((await more(id, 5)).cursor.nextBatch.map(({ n }: Document) => n)).to.deep.equal([2, 3, 4, 5, 6]);
  });

  it('are gone after killCursors, which says what it found', async () => {
    const id = await first();
    const killed = await db().command({ killCursors: 'things', cursors: [id] });
    expect([killed.cursorsKilled.map(String), killed.cursorsNotFound]).to.deep.equal([[String(id)], []]);
    const again = await db().command({ killCursors: 'things', cursors: [id] });
    expect(again.cursorsNotFound.map(String)).to.deep.equal([String(id)]);
    expect(await codeOf(more(id))).to.equal(43);
  });

  it("are gone with the driver's cursor when it is closed, and with their session", async () => {
    const cursor = things().find().batchSize(2);
    await cursor.next();
    const { id } = cursor;
    await cursor.close();
    expect(await codeOf(more(id))).to.equal(43);
  });

  it('belong to one collection', async () => {
    const id = await first();
    expect(await codeOf(db().command({ getMore: id, collection: 'others' }))).to.equal(13);
  });

  it('end with 175 when their collection is dropped', async () => {
    const id = await first();
    await things().drop();
    // What was read ahead may still be given.
    expect(await codeOf(more(id, 690))).to.be.oneOf([0, 175]);
    expect(await codeOf(more(id, 690))).to.be.oneOf([43, 175]);
  });

  it('end with 175 when their index is dropped', async () => {
    await things().createIndex({ n: 1 });
    const id = await first({ filter: { n: { $gte: 0 } }, hint: { n: 1 } });
    await things().dropIndex('n_1');
    expect(await codeOf(more(id, 600))).to.be.oneOf([0, 175]);
    expect(await codeOf(more(id, 600))).to.be.oneOf([43, 175]);
    await things().dropIndexes();
  });

  it('of a tailable kind are refused on a collection that is not capped', async () => {
    expect(await codeOf(db().command({ find: 'things', tailable: true }))).to.be.oneOf([2, 238]);
  });

  it('stop at maxTimeMS', async () => {
    await things().insertMany(Array.from({ length: 20_000 }, (_, n) => ({ n, text: 'y'.repeat(20) })));
    const slow = things()
      .find({ $expr: { $gt: [{ $size: { $split: [{ $toUpper: '$text' }, 'Z'] } }, 5] } })
      .maxTimeMS(1);
    expect(await codeOf(slow.toArray())).to.equal(50);
  });

  it('of large documents give batches of at most 16 MB', async () => {
    await things().deleteMany({});
    for (let n = 0; n < 5; n++) await things().insertOne({ n, text: 'z'.repeat(6_000_000) });
    const { cursor } = await db().command({ find: 'things', filter: {} });
    expect(cursor.firstBatch.length).to.be.within(1, 2);
    expect(
      await things()
        .find({}, { projection: { n: 1 } })
        .toArray(),
    ).to.have.length(5);
    await client().db('admin').command({ ping: 1 });
  });
});
