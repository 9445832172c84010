import { expect } from 'chai';
import { type ClientBulkWriteModel, type Document, MongoClientBulkWriteError } from 'mongodb';
import { codeOf, server } from './server.ts';

describe('conformance: the bulkWrite command (manual: reference/command/bulkWrite)', () => {
  const { db, client } = server('bulk_write');
  let number = 0;
  let [a, b] = ['', ''];
  beforeEach(() => {
    number++;
    [a, b] = [`${db().databaseName}.a${number}`, `${db().databaseName}.b${number}`];
  });
  const all = (namespace: string) =>
    db()
      .collection(namespace.slice(namespace.indexOf('.') + 1))
      .find({})
      .toArray();
  const write = (models: Document[], options: Document = {}) =>
    client().bulkWrite(models as ClientBulkWriteModel[], options);
  const failure = async (promise: Promise<unknown>): Promise<MongoClientBulkWriteError> => {
    const error = await promise.catch((thrown) => thrown);
    if (error instanceof MongoClientBulkWriteError) return error;
    throw new Error('it did not fail as a bulk write does', { cause: error });
  };

  it('writes in several collections and counts what it did', async () => {
    const result = await write(
      [
        { namespace: a, name: 'insertOne', document: { _id: 1, n: 1 } },
        { namespace: b, name: 'insertOne', document: { _id: 1 } },
        { namespace: a, name: 'updateMany', filter: { n: 1 }, update: { $inc: { n: 1 } } },
        { namespace: a, name: 'replaceOne', filter: { _id: 7 }, replacement: { fresh: true }, upsert: true },
        { namespace: b, name: 'deleteOne', filter: {} },
      ],
      { verboseResults: true },
    );
    expect(result).to.deep.include({
      insertedCount: 2,
      matchedCount: 1,
      modifiedCount: 1,
      upsertedCount: 1,
      deletedCount: 1,
    });
    expect(result.updateResults?.get(3)).to.deep.include({ upsertedId: 7 });
    expect([await all(a), await all(b)]).to.deep.equal([
      [
        { _id: 1, n: 2 },
        { _id: 7, fresh: true },
      ],
      [],
    ]);
  });
  it('stops at the first failure when ordered, and keeps what was done', async () => {
    const document = { _id: 1 };
    const error = await failure(
      write([1, 2, 3].map((n) => ({ namespace: a, name: 'insertOne', document: n === 3 ? { _id: 3 } : document }))),
    );
    expect([...error.writeErrors].map(([index, { code }]) => [index, code])).to.deep.equal([[1, 11000]]);
    expect(await all(a)).to.deep.equal([{ _id: 1 }]);
  });
  it('goes on after a failure when not ordered', async () => {
    await failure(
      write(
        [1, 1, 3].map((_id) => ({ namespace: a, name: 'insertOne', document: { _id } })),
        { ordered: false },
      ),
    );
    expect(await all(a)).to.deep.equal([{ _id: 1 }, { _id: 3 }]);
  });
  it('is part of a transaction', async () => {
    await client().withSession(async (session) => {
      session.startTransaction();
      await write([{ namespace: a, name: 'insertOne', document: { _id: 1 } }], { session });
      await session.abortTransaction();
    });
    expect(await all(a)).to.deep.equal([]);
  });
  it('takes array filters, variables and a collation for each operation', async () => {
    await write([{ namespace: a, name: 'insertOne', document: { _id: 1, s: 'A', list: [1, 5] } }]);
    await write(
      [
        {
          namespace: a,
          name: 'updateOne',
          filter: { s: 'a' },
          update: { $set: { 'list.$[e]': 0 } },
          arrayFilters: [{ e: { $gt: 2 } }],
          collation: { locale: 'en', strength: 2 },
        },
        { namespace: a, name: 'updateOne', filter: { $expr: { $eq: ['$_id', '$$id'] } }, update: { $set: { m: 1 } } },
      ],
      { let: { id: 1 } },
    );
    expect(await all(a)).to.deep.equal([{ _id: 1, s: 'A', list: [1, 0], m: 1 }]);
  });
  it('a namespace that is not in the list is refused', async () => {
    const command = { bulkWrite: 1, ops: [{ insert: 1, document: {} }], nsInfo: [{ ns: a }] };
    expect(await codeOf(client().db('admin').command(command))).to.equal(2);
  });
  it('every operation is read before any is done', async () => {
    const wrong: [operation: object, code: number][] = [
      [{ insert: 0 }, 40414],
      [{ delete: 0, filter: {}, bogus: 1 }, 40415],
      [{ document: {}, insert: 0 }, 40415],
      [{ update: 0, updateMods: { $set: { a: 1 } } }, 40414],
      [{ delete: 0, filter: {}, multi: 1 }, 14],
      [{ update: 0, filter: {}, updateMods: { $set: { a: 1 } }, multi: true, sort: { a: 1 } }, 9],
    ];
    for (const [operation, code] of wrong) {
      const command = { bulkWrite: 1, ops: [{ insert: 0, document: {} }, operation], nsInfo: [{ ns: a }] };
      expect(await codeOf(client().db('admin').command(command)), JSON.stringify(operation)).to.equal(code);
    }
    expect(await all(a)).to.deep.equal([]);
  });
  it('is for the admin database', async () => {
    const command = { bulkWrite: 1, ops: [{ insert: 0, document: {} }], nsInfo: [{ ns: a }] };
    expect(await codeOf(db().command(command))).to.equal(13);
  });
});
