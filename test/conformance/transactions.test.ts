import { expect } from 'chai';
import { type ClientSession, type Document, MongoServerError } from 'mongodb';
import { codeOf, server } from './server.ts';

describe('conformance: transactions (manual: core/transactions)', () => {
  const { db, client } = server('transactions');
  const things = () => db().collection<Document>('things');
  const sessions: ClientSession[] = [];
  const begin = () => {
    const session = client().startSession();
    sessions.push(session);
    session.startTransaction();
    return session;
  };
  beforeEach(async () => {
    await things().deleteMany({});
    await things().insertMany([
      { _id: 1 as never, n: 1 },
      { _id: 2 as never, n: 2 },
    ]);
  });
  afterEach(async () => {
    for (const session of sessions.splice(0)) await session.endSession();
  });
  const one = { _id: 1 as never };
  const two = { _id: 2 as never };

  it('changes are seen outside after the commit only', async () => {
    const session = begin();
    await things().updateOne(one, { $set: { n: 10 } }, { session });
    expect((await things().findOne(one))?.n).to.equal(1);
    await session.commitTransaction();
    expect((await things().findOne(one))?.n).to.equal(10);
  });
  it('changes are seen inside at once', async () => {
    const session = begin();
    await things().insertOne({ _id: 3 as never, n: 3 }, { session });
    await things().updateOne(one, { $set: { n: 10 } }, { session });
    await things().deleteOne(two, { session });
    expect(
      await things()
        .find({}, { session })
        .sort({ n: 1 })
        .map(({ n }) => n)
        .toArray(),
    ).to.deep.equal([3, 10]);
    expect(await things().countDocuments({ n: { $gt: 5 } }, { session })).to.equal(1);
  });
  it('killAllSessions ends what is open, and no other work (manual: reference/command/killAllSessions)', async () => {
    const session = begin();
    await things().updateOne(one, { $set: { n: 10 } }, { session });
    const cursor = things().find({}, { batchSize: 1 });
    await cursor.next();
    await db().admin().command({ killAllSessions: [] });
    expect(await codeOf(things().updateOne(two, { $set: { n: 20 } }, { session }))).to.equal(251);
    expect(await codeOf(cursor.toArray())).to.equal(43);
    expect((await things().find().sort({ _id: 1 }).toArray()).map(({ n }) => n)).to.deep.equal([1, 2]);
  });
  it('an abort undoes everything', async () => {
    const session = begin();
    await things().insertOne({ n: 3 }, { session });
    await things().deleteMany({}, { session });
    await session.abortTransaction();
    expect(await things().countDocuments({})).to.equal(2);
  });
  it('reads see the state at the start', async () => {
    const session = begin();
    await things().findOne(one, { session });
    await things().updateOne(one, { $set: { n: 99 } });
    expect((await things().findOne(one, { session }))?.n).to.equal(1);
  });
  it('two that change different documents both commit', async () => {
    const [a, b] = [begin(), begin()];
    await things().updateOne(one, { $inc: { n: 1 } }, { session: a });
    await things().updateOne(two, { $inc: { n: 1 } }, { session: b });
    await a.commitTransaction();
    await b.commitTransaction();
    expect(
      await things()
        .find()
        .sort({ _id: 1 })
        .map(({ n }) => n)
        .toArray(),
    ).to.deep.equal([2, 3]);
  });
  it('the second to change a document has a write conflict', async () => {
    const [a, b] = [begin(), begin()];
    await things().updateOne(one, { $inc: { n: 1 } }, { session: a });
    const error = await things()
      .updateOne(one, { $inc: { n: 1 } }, { session: b })
      .catch((thrown) => thrown);
    expect(error).to.be.instanceOf(MongoServerError);
    expect([error.code, error.hasErrorLabel('TransientTransactionError')]).to.deep.equal([112, true]);
    await a.commitTransaction();
  });
  it('changing what was changed since the start is a write conflict', async () => {
    const session = begin();
    await things().findOne(one, { session });
    await things().updateOne(one, { $inc: { n: 1 } });
    expect(await codeOf(things().updateOne(one, { $inc: { n: 1 } }, { session }))).to.equal(112);
  });
  it('a write outside waits for the transaction that has changed its document', async () => {
    const session = begin();
    await things().updateOne(one, { $set: { n: 10 } }, { session });
    const outside = things().updateOne(one, { $inc: { n: 1 } });
    await session.commitTransaction();
    await outside;
    expect((await things().findOne(one))?.n).to.equal(11);
  });
  it('a write outside to another document does not wait', async () => {
    const session = begin();
    await things().updateOne(one, { $set: { n: 10 } }, { session });
    await things().updateOne(two, { $inc: { n: 1 } });
    await session.commitTransaction();
    expect((await things().findOne(two))?.n).to.equal(3);
  });
  it('a duplicate key ends the transaction', async () => {
    const session = begin();
    expect(await codeOf(things().insertOne({ _id: 1 as never }, { session }))).to.equal(11000);
    expect(await codeOf(things().findOne(one, { session }))).to.equal(251);
  });
  it('two inserts of one key conflict', async () => {
    const [a, b] = [begin(), begin()];
    await things().insertOne({ _id: 5 as never }, { session: a });
    expect(await codeOf(things().insertOne({ _id: 5 as never }, { session: b }))).to.equal(112);
    await a.commitTransaction();
  });
  it('a key that the transaction freed may be used again', async () => {
    const session = begin();
    await things().deleteOne(one, { session });
    await things().insertOne({ _id: 1 as never, n: 'new' }, { session });
    await session.commitTransaction();
    expect((await things().findOne(one))?.n).to.equal('new');
  });
  it('a transaction may make a collection', async () => {
    const session = begin();
    await db().collection('made').insertOne({ a: 1 }, { session });
    await session.commitTransaction();
    expect(await db().collection('made').countDocuments({})).to.equal(1);
  });
  it('a collection that it makes is seen by nobody else before the commit, and never when it aborts', async () => {
    const names = async () => (await db().listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name);
    const session = begin();
    await db().collection('unborn').insertOne({ a: 1 }, { session });
    expect(await db().collection('unborn').countDocuments({}, { session })).to.equal(1);
    expect(await names()).to.not.include('unborn');
    await session.abortTransaction();
    expect(await names()).to.not.include('unborn');
  });
  it('a write that finds nothing makes no collection', async () => {
    const session = begin();
    await db().collection('nothing').deleteMany({}, { session });
    await db()
      .collection('nothing')
      .updateMany({}, { $set: { a: 1 } }, { session });
    await session.commitTransaction();
    expect(await db().listCollections({ name: 'nothing' }).toArray()).to.deep.equal([]);
  });
  it('collections and their indexes are made with it, and hold from the commit on', async () => {
    const session = begin();
    await db().createCollection('explicit', { session });
    await db().collection('explicit').createIndex({ a: 1 }, { unique: true, session });
    await db().collection('explicit').insertOne({ a: 1 }, { session });
    await session.commitTransaction();
    expect(await codeOf(db().collection('explicit').insertOne({ a: 1 }))).to.equal(11000);
    expect((await db().collection('explicit').indexes()).map(({ name }) => name)).to.deep.equal(['_id_', 'a_1']);
  });
  it('an index is not made on a collection that was there', async () => {
    const session = begin();
    expect(await codeOf(things().createIndex({ fresh: 1 }, { session }))).to.equal(263);
  });
  it('two that make the same collection by their documents both have them in it', async () => {
    const put = (i: number) =>
      client().withSession((session) =>
        session.withTransaction(() =>
          db()
            .collection('both')
            .insertOne({ _id: i as never }, { session }),
        ),
      );
    await Promise.all([put(1), put(2), put(3)]);
    expect(await db().collection('both').countDocuments({})).to.equal(3);
  });
  it('aggregates, sorts and indexes see its changes', async () => {
    await things().createIndex({ n: 1 });
    const session = begin();
    await things().updateOne(one, { $set: { n: 50 } }, { session });
    await things().insertOne({ _id: 7 as never, n: 25 }, { session });
    expect(
      await things()
        .find({ n: { $gte: 2 } }, { session })
        .sort({ n: -1 })
        .map(({ n }) => n)
        .toArray(),
    ).to.deep.equal([50, 25, 2]);
    const [sum] = await things()
      .aggregate([{ $group: { _id: null, n: { $sum: '$n' } } }], { session })
      .toArray();
    expect(sum?.n).to.equal(77);
  });
  it('findAndModify inside', async () => {
    const session = begin();
    expect(
      await things().findOneAndUpdate(one, { $inc: { n: 1 } }, { session, returnDocument: 'after' }),
    ).to.deep.equal({ _id: 1, n: 2 });
    await session.abortTransaction();
    expect((await things().findOne(one))?.n).to.equal(1);
  });
  it('committing again is answered alike', async () => {
    const session = begin();
    await things().insertOne({ _id: 8 as never }, { session });
    await session.commitTransaction();
    await session.commitTransaction();
    expect(await things().countDocuments(two)).to.equal(1);
  });
  it('withTransaction repeats after a write conflict', async () => {
    const transfer = () =>
      client().withSession((session) =>
        session.withTransaction(async () => {
          const found = await things().findOne(one, { session });
          await things().updateOne(one, { $set: { n: found?.n + 1 } }, { session });
        }),
      );
    await Promise.all(Array.from({ length: 8 }, transfer));
    expect((await things().findOne(one))?.n).to.equal(9);
  });
  it('it does not write to capped collections and time series, and is aborted by trying', async () => {
    const capped = await db().createCollection('round', { capped: true, size: 10_000 });
    const times = await db().createCollection('often', { timeseries: { timeField: 'at' } });
    await capped.insertOne({ a: 1 });
    const tried: [Document, number][] = [
      [{ insert: 'round', documents: [{ a: 2 }] }, 263],
      [{ update: 'round', updates: [{ q: { a: 1 }, u: { $set: { a: 2 } } }] }, 263],
      [{ delete: 'round', deletes: [{ q: { a: 1 }, limit: 1 }] }, 20],
      [{ insert: 'often', documents: [{ at: new Date() }] }, 263],
    ];
    for (const [command, code] of tried) {
      const session = begin();
      const reply = await db().command(command, { session });
      expect(reply.writeErrors[0].code).to.equal(code);
      expect(await codeOf(session.commitTransaction())).to.equal(251);
    }
    expect([await capped.countDocuments({ a: 1 }), await times.countDocuments()]).to.deep.equal([1, 0]);
  });
  it('a command that transactions cannot have is refused', async () => {
    const session = begin();
    expect(await codeOf(db().command({ dropDatabase: 1 }, { session }))).to.equal(263);
  });

  describe('manual: core/retryable-writes', () => {
    it('a write that is sent again is done once and answered alike', async () => {
      const session = client().startSession();
      sessions.push(session);
      // Above all numbers that the driver has used in this session, which comes from its pool.
      const command = { update: 'things', updates: [{ q: one, u: { $inc: { n: 1 } } }], txnNumber: 1_000_000n };
      const raw = () => db().command(command, { session });
      const [first, second] = [await raw(), await raw()];
      expect([first.nModified, second.nModified, (await things().findOne(one))?.n]).to.deep.equal([1, 1, 2]);
    });
  });
});
