import { expect } from 'chai';
import { BSON, type Document, MongoBulkWriteError, MongoServerError, Timestamp } from 'mongodb';
import { codeOf, server } from './server.ts';

/** The code of a number out of range, which is 2 since MongoDB 8.2. */
const OUT_OF_RANGE = 51024;

function same(code: number): number[] {
  return code === OUT_OF_RANGE ? [code, 2] : [code];
}

describe('conformance: commands', () => {
  const { db, client } = server('commands');
  const things = () => db().collection<Document>('things');
  beforeEach(() => things().deleteMany({}));

  describe('manual: reference/method/cursor.min, cursor.max, reference/command/find', () => {
    const keyed = () => db().collection<Document>('keyed');
    const at = (options: Document) =>
      keyed()
        .find({}, { hint: { a: 1, b: -1 }, ...options })
        .map(({ _id }) => _id)
        .toArray();
    before(async () => {
      await keyed().createIndex({ a: 1, b: -1 });
      await keyed().createIndex({ list: 1 });
      const documents = [1, 2].flatMap((a) => [1, 2, 3].map((b) => ({ _id: a * 10 + b, a, b, list: [a, b] })));
      await keyed().insertMany(documents as never);
    });
    it('min is the first key of the index that is found', async () => {
      expect(await at({ min: { a: 1, b: 1 } })).to.deep.equal([11, 23, 22, 21]);
    });
    it('max is the first that is not', async () => {
      expect(await at({ max: { a: 1, b: 1 } })).to.deep.equal([13, 12]);
    });
    it('both, with a filter and the order reversed', async () => {
      const range = { min: { a: 1, b: 2 }, max: { a: 2, b: 2 } };
      const found = await keyed()
        .find({ b: { $lt: 3 } }, { hint: 'a_1_b_-1', ...range })
        .sort({ a: -1, b: 1 })
        .toArray();
      expect(found.map(({ _id }) => _id)).to.deep.equal([11, 12]);
    });
    it('a document is found once by several keys', async () => {
      const found = await keyed()
        .find({}, { hint: { list: 1 }, min: { list: 1 }, max: { list: 2 } })
        .toArray();
      expect(found.map(({ _id }) => Number(_id)).sort()).to.deep.equal([11, 12, 13, 21]);
    });
    it('what a transaction wrote is within the bounds as well', async () => {
      await client().withSession((session) =>
        session.withTransaction(async () => {
          await keyed().insertMany(
            [
              { _id: 1 as never, a: 1, b: 2 },
              { _id: 2 as never, a: 5, b: 2 },
            ],
            { session },
          );
          const range = { hint: { a: 1, b: -1 }, max: { a: 1, b: 1 }, session };
          expect((await keyed().find({}, range).toArray()).map(({ _id }) => Number(_id)).sort()).to.deep.equal([
            1, 12, 13,
          ]);
          await session.abortTransaction();
        }),
      );
    });
    it('bounds without a hint are refused', async () => {
      expect(
        await codeOf(
          keyed()
            .find({}, { min: { a: 1, b: 1 } })
            .toArray(),
        ),
      ).to.equal(51173);
    });
    it('bounds of other fields than those of the index are refused', async () => {
      expect(await codeOf(at({ min: { a: 1 } }))).to.equal(51174);
    });
    it('returnKey gives the key alone', async () => {
      const found = await keyed()
        .find({ a: 1 }, { hint: { a: 1, b: -1 }, returnKey: true })
        .toArray();
      expect(found[0]).to.deep.equal({ a: 1, b: 3 });
    });
    it('showRecordId adds a number that no two documents share', async () => {
      const found = await keyed().find({}, { showRecordId: true }).toArray();
      expect(new Set(found.map(({ $recordId }) => Number($recordId))).size).to.equal(6);
    });
    it('returnKey leaves everything else out, that number too', async () => {
      const found = await keyed()
        .find({}, { sort: { _id: 1 }, limit: 1, returnKey: true, showRecordId: true })
        .toArray();
      expect(found.map((one) => Object.keys(one))).to.deep.equal([['_id']]);
    });
    it('let holds expressions, which know no document', async () => {
      const matching = (value: unknown) =>
        keyed()
          .find({ $expr: { $eq: ['$a', '$$wanted'] } }, { let: { wanted: value } })
          .toArray();
      expect(await matching({ $add: [0, 1] })).to.deep.equal(await matching(1));
      expect(await matching({ $literal: '$a' })).to.deep.equal([]);
      expect(await codeOf(matching('$a'))).to.equal(4890500);
    });
  });

  describe('manual: reference/limits, "BSON Document Size"', () => {
    const sixteen = 16 * 1024 * 1024;
    const room = sixteen - BSON.calculateObjectSize({ _id: 1, text: '' });
    it('a document of 16 MiB is stored whole, one byte more is refused, by an insert and by an update', async () => {
      await things().insertOne({ _id: 1 as never, text: 'x'.repeat(room) });
      expect((await things().findOne())?.text).to.have.length(room);
      expect(await codeOf(things().insertOne({ _id: 2 as never, text: 'x'.repeat(room + 1) }))).to.equal(10334);
      expect(await codeOf(things().updateOne({}, { $set: { more: true } }))).to.equal(17419);
      expect(await things().countDocuments({ more: true })).to.equal(0);
    }).timeout(60_000);
  });

  describe('manual: reference/command/validate', () => {
    it('counts documents and keys', async () => {
      const checked = db().collection<Document>('checked');
      await checked.createIndex({ tags: 1 });
      await checked.insertMany([{ tags: [1, 2] }, { tags: [] }, {}]);
      const found = await db().command({ validate: 'checked' });
      expect(found).to.include({ valid: true, nrecords: 3, nIndexes: 2, nInvalidDocuments: 0 });
      expect(found.keysPerIndex).to.deep.equal({ _id_: 3, tags_1: 4 });
      expect(found.errors).to.deep.equal([]);
    });
    it('counts what a later validator does not accept', async () => {
      await db().command({ collMod: 'checked', validator: { tags: { $exists: true } } });
      expect((await db().command({ validate: 'checked' })).nNonCompliantDocuments).to.equal(1);
    });
    it('a collection that is not there is refused', async () => {
      expect(await codeOf(db().command({ validate: 'absent' }))).to.equal(26);
    });
  });

  describe('manual: reference/command/usersInfo', () => {
    it('a database without users has an empty list', async () => {
      expect((await db().command({ usersInfo: 1 })).users).to.deep.equal([]);
    });
  });

  describe('manual: reference/method/db.collection.find', () => {
    beforeEach(() =>
      things().insertMany([1, 2, 3, 4, 5].map((n) => ({ _id: n as never, n, tags: [n, n * 10], o: { a: n, b: -n } }))),
    );

    it('sort, skip and limit', async () => {
      expect(
        await things()
          .find()
          .sort({ n: -1 })
          .skip(1)
          .limit(2)
          .map(({ n }) => n)
          .toArray(),
      ).to.deep.equal([4, 3]);
    });
    it('the order of insertion, and backwards', async () => {
      const found = (direction: 1 | -1) =>
        things()
          .find()
          .sort({ $natural: direction })
          .limit(2)
          .map(({ n }) => n)
          .toArray();
      expect([await found(1), await found(-1)]).to.deep.equal([
        [1, 2],
        [5, 4],
      ]);
      expect((await things().find().hint({ $natural: -1 }).toArray()).map(({ n }) => n)).to.deep.equal([5, 4, 3, 2, 1]);
    });
    it('batches of any size give all documents', async () => {
      expect((await things().find().batchSize(2).toArray()).length).to.equal(5);
    });
    it('a limit of zero is none', async () => {
      expect((await things().find().limit(0).toArray()).length).to.equal(5);
    });
    it('inclusion in a projection', async () => {
      expect(await things().findOne({ n: 1 }, { projection: { n: 1 } })).to.deep.equal({ _id: 1, n: 1 });
    });
    it('exclusion of an embedded field', async () => {
      expect(await things().findOne({ n: 1 }, { projection: { 'o.a': 0, tags: 0 } })).to.deep.equal({
        _id: 1,
        n: 1,
        o: { b: -1 },
      });
    });
    it('$slice in a projection', async () => {
      expect(await things().findOne({ n: 1 }, { projection: { tags: { $slice: -1 }, o: 0, n: 0 } })).to.deep.equal({
        _id: 1,
        tags: [10],
      });
    });
    it('$elemMatch in a projection', async () => {
      expect(await things().findOne({ n: 2 }, { projection: { tags: { $elemMatch: { $gt: 5 } } } })).to.deep.equal({
        _id: 2,
        tags: [20],
      });
    });
    it('the positional $ in a projection', async () => {
      expect(await things().findOne({ tags: 20 }, { projection: { 'tags.$': 1 } })).to.deep.equal({
        _id: 2,
        tags: [20],
      });
    });
    const lists = { _id: 9, a: [{ b: [1, 2] }, { b: [3, 4] }], deep: [[{ b: [1, 2] }]], n: [7, 8], o: { p: 1 } };
    const projections: [title: string, filter: Document, projection: Document, found: Document][] = [
      ['the positional $ is of the first array on its path', { n: 8 }, { _id: 0, 'a.b.$': 1 }, { a: [{ b: [3, 4] }] }],
      ['the positional $ leaves what is no array', { n: 8 }, { _id: 0, 'o.p.$': 1 }, { o: { p: 1 } }],
      ['$slice within arrays', {}, { _id: 0, n: 1, 'a.b': { $slice: 1 } }, { a: [{ b: [1] }, { b: [3] }], n: [7, 8] }],
      [
        '$slice cuts nothing in arrays of arrays',
        {},
        { a: 0, n: 0, o: 0, 'deep.b': { $slice: 1 } },
        { _id: 9, deep: lists.deep },
      ],
      ['$elemMatch beside exclusions', {}, { a: 0, deep: 0, o: 0, n: { $elemMatch: { $gt: 7 } } }, { _id: 9, n: [8] }],
      [
        '$elemMatch comes after what is kept',
        {},
        { a: { $elemMatch: { b: 4 } }, n: 1 },
        { _id: 9, n: [7, 8], a: [{ b: [3, 4] }] },
      ],
    ];
    for (const [title, filter, projection, found] of projections) {
      it(title, async () => {
        await things().deleteMany({});
        await things().insertOne(lists as never);
        expect(JSON.stringify(await things().findOne(filter, { projection }))).to.equal(JSON.stringify(found));
      });
    }
    const wrong: [projection: Document, code: number][] = [
      [{ 'tags.$': 0 }, 31395],
      [{ 'tags.$': { $slice: 1 } }, 31271],
      [{ 'tags.$': 1, 'o.$': 1 }, 31276],
      [{ 'o.a': { $elemMatch: { b: 1 } } }, 31275],
    ];
    for (const [projection, code] of wrong) {
      it(`the projection ${JSON.stringify(projection)} is refused`, async () => {
        expect(await codeOf(things().find({ tags: 20 }, { projection }).toArray())).to.equal(code);
      });
    }
    it('the positional $ is not for the new document of a findAndModify', async () => {
      const options = { projection: { 'tags.$': 1 }, returnDocument: 'after' } as const;
      expect(await codeOf(things().findOneAndUpdate({ tags: 20 }, { $set: { n: 0 } }, options))).to.equal(2);
    });
    it('an expression in a projection', async () => {
      expect(
        await things().findOne({ n: 2 }, { projection: { _id: 0, twice: { $multiply: ['$n', 2] } } }),
      ).to.deep.equal({ twice: 4 });
    });
    it('a sort by an array takes its least element, descending its greatest', async () => {
      await things().deleteMany({});
      await things().insertMany([
        { _id: 1 as never, a: [5, 1] },
        { _id: 2 as never, a: [2, 3] },
      ]);
      const ids = (direction: 1 | -1) =>
        things()
          .find()
          .sort({ a: direction })
          .map(({ _id }) => _id as unknown)
          .toArray();
      expect([await ids(1), await ids(-1)]).to.deep.equal([
        [1, 2],
        [1, 2],
      ]);
    });
    it('a sort by a numbered element of an array', async () => {
      await things().deleteMany({});
      const values = [[{ b: 3 }], [{ b: 1 }], { 0: { b: 0 } }, [[{ b: 2 }]], []];
      await things().insertMany(values.map((a, i) => ({ _id: i as never, a })));
      const sorted = things()
        .find()
        .sort({ 'a.0.b': 1 })
        .map(({ _id }) => _id as unknown);
      expect(await sorted.toArray()).to.deep.equal([4, 2, 1, 3, 0]);
    });
    it('a sort by several fields of one array compares what an element holds together', async () => {
      await things().deleteMany({});
      await things().insertMany([
        {
          _id: 1 as never,
          a: [
            { x: 1, y: 9 },
            { x: 2, y: 0 },
          ],
        },
        { _id: 2 as never, a: [{ x: 1, y: 5 }] },
      ]);
      const sorted = things()
        .find()
        .sort({ 'a.x': 1, 'a.y': 1 })
        .map(({ _id }) => _id as unknown);
      expect(await sorted.toArray()).to.deep.equal([2, 1]);
    });
    it('a sort by two arrays side by side is refused', async () => {
      await things().insertOne({ a: [1, 2], b: [3, 4] });
      expect(await codeOf(things().find().sort({ a: 1, b: 1 }).toArray())).to.equal(2);
    });
    it('a sort orders types: null, numbers, strings, objects, arrays by element, booleans, dates', async () => {
      await things().deleteMany({});
      const values = [new Date(0), true, 'a', { x: 1 }, 3, null];
      await things().insertMany(values.map((v, i) => ({ _id: i as never, v })));
      expect(
        await things()
          .find()
          .sort({ v: 1 })
          .map(({ _id }) => _id as unknown)
          .toArray(),
      ).to.deep.equal([5, 4, 2, 3, 1, 0]);
    });
    it('documents come in the order of insertion', async () => {
      expect(
        await things()
          .find()
          .map(({ n }) => n)
          .toArray(),
      ).to.deep.equal([1, 2, 3, 4, 5]);
    });
    it('a collation ignores case', async () => {
      await things().insertOne({ name: 'Ångström' });
      expect(
        await things().countDocuments({ name: 'ångström' }, { collation: { locale: 'en', strength: 2 } }),
      ).to.equal(1);
    });
    it('a collation orders numbers in strings', async () => {
      await things().deleteMany({});
      await things().insertMany([{ s: 'a10' }, { s: 'a9' }]);
      const found = await things()
        .find()
        .collation({ locale: 'en', numericOrdering: true })
        .sort({ s: 1 })
        .map(({ s }) => s)
        .toArray();
      expect(found).to.deep.equal(['a9', 'a10']);
    });
    it('a hint that names no index is refused', async () => {
      expect(await codeOf(things().find().hint('nothing').toArray())).to.equal(2);
    });
    it('maxTimeMS ends a query that takes longer', async () => {
      await things().insertMany(Array.from({ length: 20_000 }, (_, i) => ({ i, text: 'x'.repeat(50) })));
      const slow = { $expr: { $gt: [{ $size: { $range: [0, 200] } }, 1000] } };
      expect(await codeOf(things().find(slow).maxTimeMS(1).toArray())).to.equal(50);
    });
    it('explain names the index', async () => {
      const { queryPlanner } = await things()
        .find({ _id: 1 as never })
        .explain();
      expect(JSON.stringify(queryPlanner.winningPlan)).to.match(/IXSCAN|IDHACK|EXPRESS/);
    });
  });

  describe('manual: reference/method/db.collection.insertMany', () => {
    it('an _id is made when there is none', async () => {
      const { insertedId } = await things().insertOne({ a: 1 });
      expect(await things().findOne({ _id: insertedId })).to.deep.equal({ _id: insertedId, a: 1 });
    });
    it('the _id is stored first', async () => {
      await things().insertOne({ a: 1, _id: 5 as never });
      expect(Object.keys((await things().findOne({})) ?? {})).to.deep.equal(['_id', 'a']);
    });
    it('an ordered insert stops at its first error', async () => {
      const error = await things()
        .insertMany([{ _id: 1 as never }, { _id: 1 as never }, { _id: 2 as never }])
        .catch((thrown) => thrown);
      expect(error).to.be.instanceOf(MongoBulkWriteError);
      expect(await things().countDocuments({})).to.equal(1);
    });
    it('an unordered insert does the rest', async () => {
      await things()
        .insertMany([{ _id: 1 as never }, { _id: 1 as never }, { _id: 2 as never }], { ordered: false })
        .catch((error) => expect(error.code).to.equal(11000));
      expect(await things().countDocuments({})).to.equal(2);
    });
    it('a duplicate names its key', async () => {
      await things().insertOne({ _id: 1 as never });
      const error = await things()
        .insertOne({ _id: 1 as never })
        .catch((thrown) => thrown);
      expect(error).to.be.instanceOf(MongoServerError);
      expect([error.code, error.keyPattern, error.keyValue]).to.deep.equal([11000, { _id: 1 }, { _id: 1 }]);
      expect(error.message).to.match(
        /^E11000 duplicate key error collection: .*things index: _id_ dup key: \{ _id: 1 \}/,
      );
    });
    it('an array as _id is refused', async () => {
      expect(await codeOf(things().insertOne({ _id: [1] as never }))).to.equal(53);
    });
    it('names that begin with $ are refused in an _id, but for those of a reference', async () => {
      for (const id of [{ $a: 1 }, { a: { $b: 1 } }, { $id: 1 }])
        expect(await codeOf(things().insertOne({ _id: id as never }))).to.equal(52);
      await things().insertOne({ _id: { $ref: 'things', $id: 1 } as never });
    });
    it('20,000 documents in one call', async () => {
      await things().insertMany(Array.from({ length: 20_000 }, (_, i) => ({ i })));
      expect(await things().estimatedDocumentCount()).to.equal(20_000);
    });
  });

  describe('manual: reference/command/findAndModify', () => {
    beforeEach(() =>
      things().insertMany([
        { _id: 1 as never, n: 1 },
        { _id: 2 as never, n: 2 },
      ]),
    );

    it('gives the document as it was', async () => {
      expect(await things().findOneAndUpdate({ n: 1 }, { $inc: { n: 5 } }, { returnDocument: 'before' })).to.deep.equal(
        { _id: 1, n: 1 },
      );
    });
    it('gives the document as it is now', async () => {
      expect(await things().findOneAndUpdate({ n: 1 }, { $inc: { n: 5 } }, { returnDocument: 'after' })).to.deep.equal({
        _id: 1,
        n: 6,
      });
    });
    it('takes the first by a sort', async () => {
      expect((await things().findOneAndDelete({}, { sort: { n: -1 } }))?._id).to.equal(2);
    });
    it('gives null when nothing matches', async () => {
      expect(await things().findOneAndUpdate({ n: 9 }, { $set: { x: 1 } })).to.equal(null);
    });
    it('upserts', async () => {
      const result = await things().findOneAndUpdate(
        { _id: 9 as never },
        { $set: { x: 1 } },
        { upsert: true, returnDocument: 'after', includeResultMetadata: true },
      );
      expect([result.value, result.lastErrorObject]).to.deep.equal([
        { _id: 9, x: 1 },
        { n: 1, updatedExisting: false, upserted: 9 },
      ]);
    });
    it('replaces', async () => {
      expect(await things().findOneAndReplace({ n: 2 }, { z: 1 }, { returnDocument: 'after' })).to.deep.equal({
        _id: 2,
        z: 1,
      });
    });
    it('projects', async () => {
      expect(
        await things().findOneAndUpdate({ n: 1 }, { $set: { a: 1 } }, { projection: { _id: 0, n: 1 } }),
      ).to.deep.equal({ n: 1 });
    });
  });

  describe('manual: reference/command/delete', () => {
    beforeEach(() => things().insertMany([{ n: 1 }, { n: 1 }, { n: 2 }]));
    it('deleteOne removes one', async () => {
      expect((await things().deleteOne({ n: 1 })).deletedCount).to.equal(1);
    });
    it('deleteMany removes all that match', async () => {
      expect((await things().deleteMany({ n: 1 })).deletedCount).to.equal(2);
    });
  });

  describe('manual: reference/method/db.collection.bulkWrite', () => {
    it('does every kind of write and counts each', async () => {
      const result = await things().bulkWrite([
        { insertOne: { document: { _id: 1 as never } } },
        { updateOne: { filter: { _id: 1 as never }, update: { $set: { a: 1 } } } },
        { replaceOne: { filter: { _id: 2 as never }, replacement: { b: 1 }, upsert: true } },
        { deleteOne: { filter: { _id: 1 as never } } },
      ]);
      expect([result.insertedCount, result.modifiedCount, result.upsertedCount, result.deletedCount]).to.deep.equal([
        1, 1, 1, 1,
      ]);
    });
  });

  describe('manual: reference/command/distinct', () => {
    it('gives each value once, elements of arrays too', async () => {
      await things().insertMany([{ a: [1, 2] }, { a: 2 }, { a: 3 }, {}]);
      expect(await things().distinct('a')).to.deep.equal([1, 2, 3]);
    });
    it('by a path and a filter', async () => {
      await things().insertMany([{ o: { x: 1 } }, { o: { x: 2 }, skip: true }]);
      expect(await things().distinct('o.x', { skip: { $ne: true } })).to.deep.equal([1]);
    });
  });

  describe('manual: reference/command/count', () => {
    it('counts with a filter, skip and limit', async () => {
      await things().insertMany([1, 2, 3, 4].map((n) => ({ n })));
      expect(await things().countDocuments({ n: { $gt: 1 } }, { skip: 1, limit: 1 })).to.equal(1);
    });
    it('estimates without a filter', async () => {
      await things().insertOne({});
      expect(await things().estimatedDocumentCount()).to.equal(1);
    });
  });

  describe('manual: reference/command/create', () => {
    it('making a collection again with the same options changes nothing, with others it is refused', async () => {
      await db().createCollection('made');
      await db().collection('made').insertOne({ a: 1 });
      expect(await codeOf(db().createCollection('made'))).to.equal(0);
      expect(await db().collection('made').countDocuments()).to.equal(1);
      expect(await codeOf(db().createCollection('made', { validator: { a: 1 } }))).to.equal(48);
      expect(await codeOf(db().createCollection('made', { viewOn: 'things', pipeline: [] }))).to.equal(48);
    });
    it('a database is not made beside one whose name differs in case only', async () => {
      await things().insertOne({});
      const shouting = client().db(db().databaseName.toUpperCase());
      expect(await codeOf(shouting.createCollection('made'))).to.equal(13297);
      expect(await codeOf(shouting.collection('made').insertOne({}))).to.equal(13297);
    });
    it('a collection is renamed by the admin database, to another name, and a view is not renamed', async () => {
      const [from, view] = [`${db().databaseName}.moved`, `${db().databaseName}.window`];
      await db().collection('moved').insertOne({});
      await db().createCollection('window', { viewOn: 'moved', pipeline: [] });
      const rename = (renameCollection: string, to: string, on = 'admin') =>
        codeOf(client().db(on).command({ renameCollection, to, dropTarget: true }));
      expect(await rename(from, `${from}2`, db().databaseName)).to.equal(13);
      expect(await rename(from, from)).to.equal(20);
      expect(await rename(view, `${view}2`)).to.equal(166);
      expect(await rename(from, view)).to.equal(48);
    });
    it('collections are listed with their type', async () => {
      await db().createCollection('listed');
      const [found] = await db().listCollections({ name: 'listed' }).toArray();
      expect([found?.name, found?.type]).to.deep.equal(['listed', 'collection']);
    });
    it('a collection is dropped', async () => {
      await db().createCollection('gone');
      await db().dropCollection('gone');
      expect(await db().listCollections({ name: 'gone' }).toArray()).to.deep.equal([]);
    });
    it('a collection is renamed with its documents', async () => {
      await db().collection('before').insertOne({ a: 1 });
      await db().renameCollection('before', 'after');
      expect(await db().collection('after').countDocuments({ a: 1 })).to.equal(1);
    });
    it('a name that is taken is no target of a renaming', async () => {
      await db().collection('one').insertOne({});
      await db().collection('two').insertOne({});
      expect(await codeOf(db().renameCollection('one', 'two'))).to.equal(48);
    });
    it('databases are listed', async () => {
      await things().insertOne({});
      const { databases } = await client().db().admin().listDatabases();
      expect(databases.map(({ name }) => name)).to.include(db().databaseName);
    });
    it('an invalid name is refused', async () => {
      expect(await codeOf(db().command({ create: '' }))).to.equal(73);
    });
  });

  describe('manual: reference/bson-types', () => {
    it('an empty timestamp of a field is the time of the insert, but in _id and where it is meant', async () => {
      const empty = new Timestamp({ t: 0, i: 0 });
      await things().insertOne({ _id: empty as never, at: empty, deep: { at: empty } });
      const [found = {}] = await things().find<Document>({}).toArray();
      expect([found._id.isZero(), found.deep.at.isZero()]).to.deep.equal([true, true]);
      expect(found.at.getHighBitsUnsigned()).to.be.closeTo(Date.now() / 1000, 60);
      await db().command({ insert: 'things', documents: [{ _id: 2, at: empty }], bypassEmptyTsReplacement: true });
      expect((await things().findOne({ _id: 2 as never }))?.at.isZero()).to.equal(true);
    });
  });

  describe('manual: reference/command', () => {
    it('what fails while an update is at work says so, and has the key of a duplicate', async () => {
      await things().insertMany([{ _id: 1 as never }, { _id: 2 as never, a: 'x' }]);
      const update = things().updateOne({ u: 5 }, { $set: { _id: 1 as never } }, { upsert: true });
      expect(await update.catch((error) => error)).to.deep.include({
        code: 11000,
        errmsg: `Plan executor error during update :: caused by :: E11000 duplicate key error collection: ${db().databaseName}.things index: _id_ dup key: { _id: 1 }`,
        keyValue: { _id: 1 },
      });
      const modify = things().findOneAndUpdate({ a: 'x' }, { $inc: { a: 1 } });
      expect((await modify.catch((error) => error)).errmsg).to.match(/^Plan executor error during findAndModify :: /);
    });
    const refused: [command: Document, code: number][] = [
      [{ find: 'things', color: 1 }, 40415],
      [{ aggregate: 'things', pipeline: [], cursor: {}, color: 1 }, 40415],
      [{ insert: 'things', documents: [{}], color: 1 }, 40415],
      [{ update: 'things', updates: [{ q: {}, u: {}, color: 1 }] }, 40415],
      [{ delete: 'things', deletes: [{ q: {}, limit: 1, color: 1 }] }, 40415],
      [{ findAndModify: 'things', remove: true, color: 1 }, 40415],
      [{ count: 'things', color: 1 }, 40415],
      [{ distinct: 'things', key: 'a', color: 1 }, 40415],
      [{ listIndexes: 'things', color: 1 }, 40415],
      [{ listCollections: 1, color: 1 }, 40415],
      [{ dropIndexes: 'things', index: '*', color: 1 }, 40415],
      [{ drop: 'things', color: 1 }, 40415],
      [{ update: 'things', updates: [] }, 16],
      [{ delete: 'things', deletes: [] }, 16],
      [{ update: 'things', updates: [{ u: { $set: { a: 1 } } }] }, 40414],
      [{ update: 'things', updates: [{ q: {} }] }, 40414],
      [{ delete: 'things', deletes: [{ q: {} }] }, 40414],
      [{ delete: 'things', deletes: [{ limit: 0 }] }, 40414],
      [{ insert: '', documents: [{}] }, 73],
      [{ insert: 'a$b', documents: [{}] }, 73],
      [{ update: 'system.things', updates: [{ q: {}, u: { $set: { a: 1 } } }] }, 73],
      [{ find: 'things', maxTimeMS: -1 }, 2],
      [{ find: 'things', singleBatch: 'yes' }, 14],
      [{ find: 'things', singleBatch: 1 }, 0],
      [{ distinct: 'things' }, 40414],
      [{ distinct: 'things', key: 'a', query: 5 }, 14],
      [{ aggregate: 'things', cursor: {} }, 40414],
      [{ insert: 'things' }, 40414],
      [{ insert: 'things', documents: [{}], ordered: 'yes' }, 14],
      [{ update: 'things', updates: [{ q: {}, u: {}, upsert: 'yes' }] }, 14],
      [{ findAndModify: 'things', query: {}, update: {}, new: 'yes' }, 14],
      [{ killCursors: 'things' }, 40414],
      [{ create: 'system.nope' }, 73],
      [{ create: 'dotted', timeseries: { timeField: 't.x' } }, 72],
      [{ createIndexes: 'things', indexes: [{ name: 'x' }] }, 9],
      [{ createIndexes: 'things', indexes: [{ key: 5, name: 'x' }] }, 14],
      [{ createIndexes: 'things', indexes: [{ key: { a: 1 }, name: 5 }] }, 14],
      [{ createIndexes: 'things', indexes: [{ key: { a: 1 }, name: 'x', unique: 'yes' }] }, 14],
      [{ createIndexes: 'things', indexes: [{ key: { a: 1 }, name: 'x', collation: 5 }] }, 14],
      [{ createIndexes: 'things', indexes: [{ key: { a: 1 }, name: 'x', v: 9 }] }, 67],
      [{ dropIndexes: 'things', index: 5 }, 14],
      [{ find: 'things', maxTimeMS: 1.5 }, 2],
      [{ find: 'things', maxTimeMS: 'long' }, 2],
      // An option that is null is one that was not given: drivers send null for undefined.
      [{ update: 'things', updates: [{ q: { _id: 0 }, u: { $set: { a: 1 } }, sort: null, arrayFilters: null }] }, 0],
      [{ findAndModify: 'things', query: { _id: 0 }, update: { $set: { a: 1 } }, arrayFilters: null, sort: null }, 0],
      [{ find: 'things', filter: null, sort: null, limit: null, collation: { locale: 'en', strength: null } }, 0],
      [{ find: 'things', collation: { locale: 'en', backwards: null } }, 14],
      [{ create: 'noOptions', validator: null, viewOn: null, pipeline: null, validationLevel: null }, 0],
      [{ count: 'things', query: null, limit: null }, 0],
      [{ update: 'things', updates: [{ q: {}, u: { $set: { a: 1 } }, multi: true, sort: { a: 1 } }] }, 9],
      [{ find: 'things', sort: { a: true } }, 15974],
      [{ find: 'things', sort: { a: 'up' } }, 15974],
      [{ find: 'things', sort: { a: 2 } }, 15975],
      [{ find: 'things', projection: { 'a.$.b': 1 } }, 31394],
      [{ find: 'things', projection: { a: { $nothing: 1 } } }, 31325],
      [{ find: 'things', limit: -1 }, OUT_OF_RANGE],
      [{ find: 'things', collation: { locale: 'en', strength: 6 } }, OUT_OF_RANGE],
      [{ find: 'things', collation: { locale: 'en', strength: 0 } }, 2],
      [{ find: 'things', collation: { locale: 'en', strength: true } }, 14],
      [{ find: 'things', collation: { locale: 'en', caseLevel: 1 } }, 14],
      [{ find: 'things', collation: { locale: 'en', backwards: 'x' } }, 14],
      [{ find: 'things', collation: { locale: 'en', caseFirst: 'sideways' } }, 2],
      [{ find: 'things', collation: { locale: 'en', maxVariable: 'nope' } }, 2],
      [{ find: 'things', collation: { locale: 5 } }, 14],
      [{ find: 'things', collation: { locale: null } }, 40414],
      [{ find: 'things', collation: { locale: 'zz' } }, 2],
      [{ find: 'things', collation: { locale: 'en', color: 1 } }, 40415],
      [{ find: 'things', collation: { locale: 'en', version: '56.1' } }, 161],
      [{ find: 'things', collation: { locale: 'en', version: '57.1' } }, 0],
      [{ find: 'things', collation: { locale: 'en', version: 57 } }, 14],
      [{ find: 'things', collation: {} }, 0],
      [{ create: 'collated', collation: {} }, 40414],
      [{ aggregate: 'things', pipeline: [{ $group: { _id: 1, a: { b: 1 } } }], cursor: {} }, 40234],
    ];
    for (const [command, code] of refused)
      it(`${JSON.stringify(command)} is refused with ${code}`, async () => {
        await things().insertOne({ a: 1 });
        expect(await codeOf(db().command(command))).to.be.oneOf(same(code));
        expect(await things().countDocuments({ a: 1 })).to.equal(1);
      });
  });

  describe('manual: core/capped-collections', () => {
    it('its sizes are whole numbers within bounds, and only it has them', async () => {
      const made = await db().createCollection('rounded', { capped: true, size: 1000.7, max: 0 });
      expect(await made.options()).to.deep.equal({ capped: true, size: 1000, max: 2147483647 });
      await db().command({ collMod: 'rounded', cappedSize: 7000.9, cappedMax: 2 });
      expect(await made.options()).to.deep.equal({ capped: true, size: 7000, max: 2 });
      await db().createCollection('plain');
      const wrong: [Document, number][] = [
        [{ create: 'odd', capped: true, size: 0 }, OUT_OF_RANGE],
        [{ create: 'odd', capped: true, size: 2 ** 62 }, OUT_OF_RANGE],
        [{ create: 'odd', capped: true, size: 1000, max: 2 ** 31 }, OUT_OF_RANGE],
        [{ create: 'odd', size: 1000 }, 72],
        [{ collMod: 'rounded', cappedSize: 'x' }, 14],
        [{ collMod: 'plain', cappedMax: 5 }, 72],
      ];
      for (const [command, code] of wrong)
        expect(await codeOf(db().command(command)), JSON.stringify(command)).to.be.oneOf(same(code));
    });
    it('a capped collection keeps the newest documents', async () => {
      const capped = await db().createCollection<Document>('capped', { capped: true, size: 100_000, max: 3 });
      await capped.insertMany([1, 2, 3, 4, 5].map((n) => ({ n })));
      expect([await capped.distinct('n'), await capped.isCapped()]).to.deep.equal([[3, 4, 5], true]);
      const [stats] = await capped.aggregate([{ $collStats: { storageStats: {} } }]).toArray();
      expect(stats?.storageStats).to.include({ capped: true, max: 3 });
    });
  });

  describe('manual: reference/collation', () => {
    const collation = { locale: 'en', strength: 2 };
    it('$group takes strings that are equal for one', async () => {
      await things().insertMany([{ s: 'A' }, { s: 'a' }, { s: 'b' }]);
      const stages = [{ $group: { _id: '$s', n: { $sum: 1 } } }, { $sort: { n: -1 } }];
      expect(await things().aggregate(stages, { collation }).toArray()).to.deep.equal([
        { _id: 'A', n: 2 },
        { _id: 'b', n: 1 },
      ]);
    });
    it('distinct takes strings that are equal for one', async () => {
      await things().insertMany([{ s: 'A' }, { s: 'a' }, { s: 'b' }]);
      expect(await things().distinct('s', {}, { collation })).to.deep.equal(['A', 'b']);
    });
    it('an index of another collation does not hide anything', async () => {
      await things().createIndex({ s: 1 });
      await things().insertMany([{ s: 'A' }, { s: 'a' }]);
      expect((await things().find({ s: 'a' }, { collation }).toArray()).length).to.equal(2);
      await things().dropIndexes();
    });
    it('a collection with a collation uses it where none is given', async () => {
      const loose = await db().createCollection<Document>('loose', { collation: { locale: 'en', strength: 2 } });
      await loose.insertMany([{ s: 'A' }, { s: 'a' }]);
      await loose.updateMany({ s: 'a' }, { $set: { found: true } });
      expect([await loose.countDocuments({ s: 'a' }), await loose.countDocuments({ found: true })]).to.deep.equal([
        2, 2,
      ]);
      expect((await loose.deleteMany({ s: 'A' })).deletedCount).to.equal(2);
    });
    it('an empty one is as good as none', async () => {
      await db().dropCollection('loose');
      const loose = await db().createCollection<Document>('loose', { collation });
      await loose.insertOne({ s: 'A' });
      const empty = { collation: {} as never };
      expect([
        await loose.countDocuments({ s: 'a' }, empty),
        await loose.find({ s: 'a' }, empty).toArray(),
      ]).to.have.nested.property('[1].length', 1);
      await loose.bulkWrite([{ updateOne: { filter: { s: 'a' }, update: { $set: { n: 1 } }, ...empty } }]);
      expect(await loose.distinct('n', { s: 'a' }, empty)).to.deep.equal([1]);
    });
    it('some locales have an order of their own (reference/collation-locales-defaults)', async () => {
      await things().insertMany(['cote', 'coté', 'côte', 'Cote'].map((s) => ({ s })));
      const sorted = async (own: object) =>
        (
          await things()
            .find({})
            .collation(own as never)
            .sort({ s: 1 })
            .toArray()
        ).map(({ s }) => s);
      expect(await sorted({ locale: 'fr' })).to.deep.equal(['cote', 'Cote', 'coté', 'côte']);
      expect(await sorted({ locale: 'fr_CA' })).to.deep.equal(['cote', 'Cote', 'côte', 'coté']);
      expect(await sorted({ locale: 'da' })).to.deep.equal(['Cote', 'cote', 'coté', 'côte']);
      expect(await sorted({ locale: 'da', caseFirst: 'lower' })).to.deep.equal(['cote', 'Cote', 'coté', 'côte']);
      const own = db().collection('own');
      await own.createIndex({ a: 1 }, { collation: { locale: 'fr_CA' } });
      await own.createIndex({ b: 1 }, { collation: { locale: 'da' } });
      expect(
        (await own.indexes()).slice(1).map(({ collation: shown }) => [shown?.backwards, shown?.caseFirst]),
      ).to.deep.equal([
        [true, 'off'],
        [false, 'upper'],
      ]);
    });
    it('alternate: shifted leaves out spaces and punctuation', async () => {
      await things().insertMany([{ s: 'black-bird' }, { s: 'black bird' }, { s: 'blackbird' }, { s: 'black$bird' }]);
      const count = (alternate: 'shifted' | 'non-ignorable') =>
        things().countDocuments({ s: 'blackbird' }, { collation: { locale: 'en', alternate } });
      expect([await count('shifted'), await count('non-ignorable')]).to.deep.equal([3, 1]);
    });
    it('min and max need an index that compares as the query does (reference/method/cursor.min)', async () => {
      const named = db().collection('ranged');
      await named.createIndex({ a: 1, b: 1 });
      await named.insertMany([1, 2, 'A', 'a'].map((b) => ({ a: 1, b })));
      const within = (min: Document) => named.find({}, { min, hint: { a: 1, b: 1 }, collation: { locale: 'en' } });
      const found = await within({ a: 1, b: 2 }).sort({ a: 1, b: 1 }).toArray();
      expect(found.map(({ b }) => b)).to.deep.equal([2, 'a', 'A']);
      expect(await codeOf(within({ a: 1, b: 'A' }).toArray())).to.equal(51174);
    });
    it('a validator compares by the collation of its collection', async () => {
      const valid = await db().createCollection<Document>('valid', { collation, validator: { s: 'a' } });
      await valid.insertOne({ s: 'A' });
      expect(await codeOf(valid.insertOne({ s: 'b' }))).to.equal(121);
    });
    it('making a collated collection again without the collation is refused', async () => {
      await db().createCollection('collatedTwice', { collation });
      await db().createCollection('collatedTwice', { collation });
      expect(await codeOf(db().createCollection('collatedTwice'))).to.equal(48);
    });
  });

  describe('manual: core/views', () => {
    it('a view is read like a collection', async () => {
      await things().insertMany([{ n: 1 }, { n: 5 }]);
      await db().createCollection('large', {
        viewOn: 'things',
        pipeline: [{ $match: { n: { $gt: 2 } } }, { $project: { _id: 0 } }],
      });
      expect(await db().collection('large').find({}).toArray()).to.deep.equal([{ n: 5 }]);
      expect(await db().collection('large').countDocuments({})).to.equal(1);
    });
    it('a view is not written to', async () => {
      await db().createCollection('readonly', { viewOn: 'things', pipeline: [] });
      expect(await codeOf(db().collection('readonly').insertOne({}))).to.equal(166);
    });
  });

  describe('manual: reference/command/getMore', () => {
    it('a killed cursor is not found', async () => {
      await things().insertMany([1, 2, 3].map((n) => ({ n })));
      const { cursor } = await db().command({ find: 'things', batchSize: 1 });
      await db().command({ killCursors: 'things', cursors: [cursor.id] });
      expect(await codeOf(db().command({ getMore: cursor.id, collection: 'things' }))).to.equal(43);
    });
    it('a cursor is closed with its last document', async () => {
      await things().insertOne({});
      const { cursor } = await db().command({ find: 'things', batchSize: 1 });
      expect(Number(cursor.id)).to.equal(0);
    });
  });

  describe('manual: reference/limits', () => {
    it('a document may be 100 levels deep', async () => {
      const nested = (levels: number): Document => (levels === 1 ? { end: true } : { down: nested(levels - 1) });
      await things().insertOne({ _id: 'deep' as never, ...nested(100) });
      await things().updateOne({ _id: 'deep' as never }, { $set: { seen: true } });
      expect(await things().countDocuments({ [`${'down.'.repeat(99)}end`]: true, seen: true })).to.equal(1);
      expect(await codeOf(things().insertOne(nested(250)))).to.equal(15);
    });
  });

  describe('manual: core/read-isolation-consistency-recency, "Client Sessions and Causal Consistency Guarantees"', () => {
    it('a session reads after the time of what it did', () =>
      client().withSession(async (session) => {
        await things().insertOne({ _id: 1 as never }, { session });
        const { operationTime } = session;
        expect(operationTime).to.be.instanceOf(Timestamp);
        const readConcern = { afterClusterTime: operationTime } as never;
        expect(await things().countDocuments({}, { readConcern })).to.equal(1);
      }));
  });

  describe('manual: reference/stable-api', () => {
    const declared = (command: Document, options: Document = {}) =>
      codeOf(db().command({ ...command, apiVersion: '1', ...options }));
    it('what version 1 has is answered', async () => {
      await things().insertOne({});
      expect(await declared({ ping: 1 }, { apiStrict: true })).to.equal(0);
      expect(await declared({ find: 'things', filter: {} }, { apiStrict: true, apiDeprecationErrors: true })).to.equal(
        0,
      );
    });
    it('what it has not is refused when only it is wanted', async () => {
      expect(await declared({ distinct: 'things', key: 'a' })).to.equal(0);
      for (const command of [
        { distinct: 'things', key: 'a' },
        { find: 'things', filter: {}, showRecordId: true },
        { create: 'small', capped: true, size: 1000 },
        { aggregate: 'things', pipeline: [{ $indexStats: {} }], cursor: {} },
      ])
        expect(await declared(command, { apiStrict: true })).to.equal(323);
    });
    it('there is no other version', async () => {
      expect(await codeOf(db().command({ ping: 1, apiVersion: '2' }))).to.equal(322);
    });
    it('its options need a version', async () => {
      expect(await codeOf(db().command({ ping: 1, apiStrict: true }))).to.equal(72);
    });
  });

  describe('manual: reference/command', () => {
    it('an unknown command is refused', async () => {
      expect(await codeOf(db().command({ nothing: 1 }))).to.equal(59);
    });
    it('ping', async () => {
      expect((await db().command({ ping: 1 })).ok).to.equal(1);
    });
    it('hello says that this is the primary of a replica set with sessions', async () => {
      const hello = await db().admin().command({ hello: 1 });
      expect(hello.isWritablePrimary).to.equal(true);
      expect(hello.setName).to.be.a('string');
      expect(hello.logicalSessionTimeoutMinutes).to.equal(30);
    });
    it('buildInfo has a version of four numbers', async () => {
      expect((await db().admin().buildInfo()).versionArray).to.have.length(4);
    });
    it('replies tell the time of the deployment, which every write moves on', async () => {
      const time = async (command: Document) => (await db().command(command)).operationTime as Timestamp;
      const before = await time({ ping: 1 });
      const write = await time({ insert: 'things', documents: [{}] });
      const after = await db().command({ ping: 1 });
      expect(write.greaterThan(before)).to.equal(true);
      expect(after.operationTime.greaterThanOrEqual(write)).to.equal(true);
      expect(after.$clusterTime.clusterTime.greaterThanOrEqual(write)).to.equal(true);
    });
    it('an error tells it as well', async () => {
      const error = await db()
        .command({ nothing: 1 })
        .catch((thrown) => thrown);
      expect(error.errorResponse.operationTime).to.be.instanceOf(Timestamp);
    });
    it('dbStats counts', async () => {
      await things().insertOne({});
      expect((await db().stats()).objects).to.be.greaterThan(0);
    });
  });
});
