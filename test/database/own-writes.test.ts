import { expect } from 'chai';
import { connection } from '../../core/database/mongoose.ts';
import { withDatabase } from '../helpers/database.ts';

type Doc = { _id: unknown; n: number };

describe('a transaction that looks for its own writes by _id', () => {
  withDatabase();

  /** Runs in a transaction that is undone. */
  const inside = async (work: (things: ReturnType<typeof collection>) => Promise<void>): Promise<void> => {
    const session = await connection.startSession();
    session.startTransaction();
    try {
      await work(collection(session));
    } finally {
      await session.abortTransaction();
      await session.endSession();
    }
  };
  const collection = (session: Awaited<ReturnType<typeof connection.startSession>>) => {
    const things = connection.collection<Doc>('own_writes');
    return {
      insert: (_id: unknown, n: number) => things.insertOne({ _id, n } as never, { session }),
      set: (_id: unknown, n: number) => things.updateOne({ _id } as never, { $set: { n } }, { session, upsert: true }),
      remove: (_id: unknown) => things.deleteOne({ _id } as never, { session }),
      find: async (filter: object) =>
        (await things.find(filter as never, { session }).toArray()).map(({ _id, n }) => `${String(_id)}=${n}`).sort(),
    };
  };

  before(async () => {
    await connection.collection<Doc>('own_writes').insertMany([
      { _id: 'stored', n: 1 },
      { _id: 'stored too', n: 2 },
    ] as never);
  });

  it('finds what it inserted, changed, removed and inserted again, one by one and among many', () =>
    inside(async ({ insert, set, remove, find }) => {
      await insert('new', 3);
      await set('upserted', 4);
      await set('upserted', 5);
      await set('stored', 6);
      await remove('stored too');
      await insert('stored too', 7);
      await insert('gone', 8);
      await remove('gone');
      for (const [id, found] of [
        ['new', 'new=3'],
        ['upserted', 'upserted=5'],
        ['stored', 'stored=6'],
        ['stored too', 'stored too=7'],
      ] as const)
        expect(await find({ _id: id })).to.deep.equal([found]);
      expect(await find({ _id: 'gone' })).to.deep.equal([]);
      const ids = ['gone', 'none', 'stored', 'stored', 'new', 'upserted', 'stored too'];
      const all = ['new=3', 'stored too=7', 'stored=6', 'upserted=5'];
      expect(await find({ _id: { $in: ids } })).to.deep.equal(all);
      expect(await find({ $or: [{ _id: 'new' }, { _id: 'stored' }] })).to.deep.equal(['new=3', 'stored=6']);
      expect(await find({ _id: 'stored', n: 1 })).to.deep.equal([]);
    }));

  it('finds them by ranges, beginnings and without an _id as well', () =>
    inside(async ({ insert, set, find }) => {
      await insert('stores', 3);
      await set('store', 4);
      expect(await find({ _id: /^store/ })).to.deep.equal(['store=4', 'stored too=2', 'stored=1', 'stores=3']);
      expect(await find({ _id: { $in: [/^stores/, 'store'] } })).to.deep.equal(['store=4', 'stores=3']);
      expect(await find({ _id: { $gt: 'stored', $lt: 'storf' } })).to.deep.equal(['stored too=2', 'stores=3']);
      expect(await find({ _id: { $gte: 'stored too' } })).to.deep.equal(['stored too=2', 'stores=3']);
      expect(await find({ n: { $gte: 3 } })).to.deep.equal(['store=4', 'stores=3']);
    }));

  it('takes equal numbers of different types for the same', () =>
    inside(async ({ insert, set, find }) => {
      await insert(1, 1);
      await set(BigInt(1), 2);
      await insert(1.5, 3);
      expect(await find({ _id: 1 })).to.deep.equal(['1=2']);
      expect(await find({ _id: { $in: [BigInt(1), 1.5, 2] } })).to.deep.equal(['1.5=3', '1=2']);
    }));
});

describe('the commit of a transaction', () => {
  withDatabase();

  it('leaves every index as if its changes had come one by one: keys that move, arrays, partial ones, one made meanwhile', async () => {
    type Row = { _id: string; key: string; tags?: string[]; gone?: Date | null };
    const rows = connection.collection<Row>('committed_rows');
    await rows.createIndexes([
      { key: { key: 1 }, unique: true },
      { key: { tags: 1, key: -1 } },
      { key: { gone: 1 }, partialFilterExpression: { gone: { $type: 'date' } } },
    ]);
    await rows.insertMany(Array.from({ length: 100 }, (_, n) => ({ _id: `r${n}`, key: `k${n}`, gone: null })));
    const session = await connection.startSession();
    session.startTransaction();
    await rows.deleteOne({ _id: 'r0' }, { session });
    await rows.updateOne({ _id: 'r1' }, { $set: { key: 'k0', tags: ['a', 'b', 'a'] } }, { session });
    await rows.updateOne({ _id: 'r2' }, { $set: { key: 'k1', gone: new Date(5) } }, { session });
    await rows.insertMany(
      Array.from({ length: 150 }, (_, n) => ({ _id: `s${n}`, key: `k${100 + n}`, tags: [`t${n % 3}`] })),
      { session },
    );
    await rows.insertOne({ _id: 'r0', key: 'k2' }, { session });
    await rows.createIndex({ key: -1, _id: 1 });
    await session.commitTransaction();
    await session.endSession();
    const ids = async (filter: object, hint: object) =>
      (await rows.find(filter).hint(hint).toArray()).map(({ _id }) => _id).sort();
    for (const filter of [{ key: { $gte: 'k' } }, { key: { $in: ['k0', 'k1', 'k2'] } }, { tags: 'a' }, { tags: 't1' }])
      for (const hint of [{ key: 1 }, { key: -1, _id: 1 }, { tags: 1, key: -1 }])
        expect(await ids(filter, hint)).to.deep.equal(await ids(filter, { $natural: 1 }));
    expect(await ids({ gone: { $type: 'date' } }, { gone: 1 })).to.deep.equal(['r2']);
    expect(await ids({ key: { $in: ['k0', 'k1', 'k2'] } }, { $natural: 1 })).to.deep.equal(['r0', 'r1', 'r2']);
    expect(await connection.db?.command({ validate: 'committed_rows' })).to.include({ valid: true, nrecords: 250 });
  });
});
