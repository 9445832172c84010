import { expect } from 'chai';
import type { Document } from 'mongodb';
import { codeOf, server } from './server.ts';

/** A document whose `_id` need not be an ObjectId. */
type Named = { _id: string | number | { name: string }; a?: string; n?: number };

describe('conformance: indexes', () => {
  const { db } = server('indexes');
  let things: import('mongodb').Collection<Document>;
  let number = 0;
  beforeEach(() => {
    things = db().collection(`things${++number}`);
  });

  describe('manual: reference/command/createIndexes', () => {
    it('an index is listed as it was made', async () => {
      await things.createIndex({ a: 1, b: -1 }, { unique: true });
      expect(await things.indexes()).to.deep.equal([
        { v: 2, key: { _id: 1 }, name: '_id_' },
        { v: 2, key: { a: 1, b: -1 }, name: 'a_1_b_-1', unique: true },
      ]);
    });
    it('background is listed though it changes nothing any more', async () => {
      await things.createIndex({ a: 1 }, { background: true });
      await things.createIndex({ a: 1 }, { background: false });
      expect((await things.indexes())[1]).to.deep.equal({ v: 2, key: { a: 1 }, name: 'a_1', background: true });
    });
    it('making an index again changes nothing', async () => {
      await things.createIndex({ a: 1 });
      await things.createIndex({ a: 1 });
      expect((await things.indexes()).length).to.equal(2);
    });
    it('the same name for other fields is refused', async () => {
      await things.createIndex({ a: 1 }, { name: 'x' });
      expect(await codeOf(things.createIndex({ b: 1 }, { name: 'x' }))).to.equal(86);
    });
    it('the same name with other options is refused', async () => {
      await things.createIndex({ a: 1 });
      expect(await codeOf(things.createIndex({ a: 1 }, { unique: true }))).to.equal(86);
    });
    it('the same fields under another name are refused', async () => {
      await things.createIndex({ a: 1 });
      expect(await codeOf(things.createIndex({ a: 1 }, { name: 'other' }))).to.equal(85);
    });
    it('a unique index over duplicates is refused', async () => {
      await things.insertMany([{ a: 1 }, { a: 1 }]);
      expect(await codeOf(things.createIndex({ a: 1 }, { unique: true }))).to.equal(11000);
    });
    it('an unknown option is refused', async () => {
      expect(
        await codeOf(
          db().command({ createIndexes: things.collectionName, indexes: [{ key: { a: 1 }, name: 'a', nothing: 1 }] }),
        ),
      ).to.equal(197);
    });
    const specifications: [spec: Document, code: number, message: string][] = [
      [
        { key: { z: 0 }, name: 'z_0' },
        67,
        'Error in specification { key: { z: 0 }, name: "z_0" } :: caused by :: Values in the index key pattern cannot be 0.',
      ],
      [
        { key: { u: 1 }, bogus: true, name: 'u_1' },
        197,
        `Error in specification { key: { u: 1 }, bogus: true, name: "u_1" } :: caused by :: The field 'bogus' is not valid for an index specification. Specification: { key: { u: 1 }, bogus: true, name: "u_1" }`,
      ],
      [{ key: { s: 1 }, name: '*' }, 2, "The index name '*' is not valid."],
      [{ key: { _id: -1 }, name: 'x' }, 2, "The field 'key' for an _id index must be {_id: 1}, but got { _id: -1 }"],
      [
        { key: { w: 1, a: 1 }, expireAfterSeconds: 10, name: 'w_1_a_1' },
        67,
        'TTL indexes are single-field indexes, compound indexes do not support TTL. Index spec: { key: { w: 1, a: 1 }, expireAfterSeconds: 10, name: "w_1_a_1" }',
      ],
      [
        { key: { w: 1 }, expireAfterSeconds: -1, name: 'w_1' },
        67,
        `. Index spec: { key: { w: 1 }, expireAfterSeconds: -1, name: "w_1" } :: caused by :: TTL index 'expireAfterSeconds' option cannot be less than 0`,
      ],
    ];
    for (const [spec, code, message] of specifications)
      it(`an index of ${JSON.stringify(spec)} is refused with ${code}`, async () => {
        const making = db().command({ createIndexes: things.collectionName, indexes: [spec] });
        const error: unknown = await making.catch((thrown) => thrown);
        expect(error).to.include({ code, errmsg: message });
        expect(await codeOf(things.indexes())).to.equal(26);
      });
    for (const option of ['unique', 'sparse', 'expireAfterSeconds', 'partialFilterExpression'])
      it(`${option} is nothing that the index of _id can have`, async () => {
        await things.insertOne({});
        const value = option === 'partialFilterExpression' ? { a: 1 } : option === 'expireAfterSeconds' ? 5 : true;
        expect(await codeOf(things.createIndex({ _id: 1 }, { [option]: value }))).to.equal(197);
        await things.createIndex({ _id: 1 });
        expect((await things.indexes()).length).to.equal(1);
      });
    it('seconds are stored as a whole number', async () => {
      await things.createIndex({ a: 1 }, { expireAfterSeconds: 60.9 });
      expect((await things.indexes())[1]?.expireAfterSeconds).to.equal(60);
    });
    it('the same index with another time to live is an equivalent one with other options', async () => {
      await things.createIndex({ a: 1 }, { expireAfterSeconds: 86400 });
      const error: unknown = await things.createIndex({ a: 1 }, { expireAfterSeconds: 60 }).catch((thrown) => thrown);
      expect(error).to.include({
        code: 85,
        errmsg:
          'An equivalent index already exists with the same name but different options. Requested index: { v: 2, key: { a: 1 }, name: "a_1", expireAfterSeconds: 60 }, existing index: { v: 2, key: { a: 1 }, name: "a_1", expireAfterSeconds: 86400 }',
      });
    });
    it('keys that several indexes have do not say which one is meant', async () => {
      await things.createIndex({ a: 1 });
      await things.createIndex({ a: 1 }, { name: 'loose', collation: { locale: 'en', strength: 2 } });
      expect(await codeOf(db().command({ dropIndexes: things.collectionName, index: { a: 1 } }))).to.equal(181);
      expect(await codeOf(db().command({ dropIndexes: things.collectionName }))).to.equal(40414);
      expect(await codeOf(db().command({ dropIndexes: things.collectionName, index: ['a_1', '_id_'] }))).to.equal(72);
      expect((await things.indexes()).length).to.equal(3);
    });
    it('the index of _id has the collation of its collection, others may have the simple one', async () => {
      await db().createCollection('collated', { collation: { locale: 'en', strength: 2 } });
      const collated = db().collection('collated');
      await collated.createIndex({ a: 1 });
      await collated.createIndex({ a: 1 }, { name: 'plain', collation: { locale: 'simple' } });
      const [first, own, plain] = await collated.indexes();
      expect([first?.collation?.strength, own?.collation?.strength, plain?.collation]).to.deep.equal([2, 2, undefined]);
      expect(await codeOf(collated.createIndex({ _id: 1 }, { collation: { locale: 'fr' } }))).to.equal(2);
    });
    it('a direction of zero is refused', async () => {
      expect(await codeOf(things.createIndex({ a: 0 as never }))).to.equal(67);
    });
  });

  describe('manual: core/indexes/index-types/index-hashed', () => {
    it('an index of hashes is listed, finds by equality, and may be one of several fields', async () => {
      await things.createIndexes([{ key: { a: 'hashed' } }, { key: { b: 1, a: 'hashed' } }]);
      await things.insertMany([{ _id: 1 as never, a: 1 }, { _id: 2 as never, a: 'x' }, { _id: 3 as never }]);
      expect((await things.indexes()).map(({ key }) => key)).to.deep.equal([
        { _id: 1 },
        { a: 'hashed' },
        { b: 1, a: 'hashed' },
      ]);
      expect(await things.find({ a: 'x' }).toArray()).to.deep.equal([{ _id: 2, a: 'x' }]);
      expect(await things.find({ a: null }).toArray()).to.deep.equal([{ _id: 3 }]);
    });
    it('it is another index than an ordered one of the field', async () => {
      await things.createIndex({ a: 'hashed' });
      await things.createIndex({ a: 1 });
      expect(await things.indexes()).to.have.length(3);
    });
    it('arrays are refused in it', async () => {
      await things.createIndex({ a: 'hashed' });
      expect(await codeOf(things.insertOne({ a: [1] }))).to.equal(16766);
    });
    it('it cannot be unique, and hashes one field only', async () => {
      expect(await codeOf(things.createIndex({ a: 'hashed' }, { unique: true }))).to.equal(16764);
      expect(await codeOf(things.createIndex({ a: 'hashed', b: 'hashed' }))).to.equal(31303);
    });
  });

  describe('manual: core/indexes/index-types/index-wildcard', () => {
    it('an index of all fields, of those below one, and of some is kept and listed', async () => {
      await things.insertOne({ _id: 1 as never, a: { b: 2 } });
      await things.createIndex({ '$**': 1 });
      await things.createIndex({ 'a.$**': 1 });
      await things.createIndex({ '$**': 1 }, { name: 'some', wildcardProjection: { a: 1 } });
      expect((await things.indexes()).slice(1)).to.deep.equal([
        { v: 2, key: { '$**': 1 }, name: '$**_1' },
        { v: 2, key: { 'a.$**': 1 }, name: 'a.$**_1' },
        { v: 2, key: { '$**': 1 }, name: 'some', wildcardProjection: { a: 1 } },
      ]);
      expect(await things.find({ 'a.b': 2 }).toArray()).to.have.length(1);
      expect(await things.find({ 'a.b': 2 }).hint('some').toArray()).to.have.length(1);
    });
    it('it cannot be unique nor expire documents', async () => {
      expect(await codeOf(things.createIndex({ '$**': 1 }, { unique: true }))).to.equal(67);
      expect(await codeOf(things.createIndex({ '$**': 1 }, { expireAfterSeconds: 5 }))).to.equal(67);
    });
    it('the place for all fields is at the end', async () => {
      expect(await codeOf(things.createIndex({ '$**.a': 1 }))).to.equal(67);
    });
  });

  describe('manual: core/index-unique', () => {
    beforeEach(() => things.createIndex({ a: 1 }, { unique: true }));
    it('a second document with the value is refused', async () => {
      await things.insertOne({ a: 1 });
      expect(await codeOf(things.insertOne({ a: 1 }))).to.equal(11000);
    });
    it('1 and 1.0 and NumberLong(1) are one value', async () => {
      await things.insertOne({ a: 1 });
      expect(
        await codeOf(
          db()
            .command({ insert: things.collectionName, documents: [{ a: 1n }] })
            .then(({ writeErrors }) => Promise.reject(writeErrors?.[0])),
        ),
      ).to.equal(11000);
    });
    it('only one document may lack the field', async () => {
      await things.insertOne({});
      expect(await codeOf(things.insertOne({ b: 1 }))).to.equal(11000);
    });
    it('an update to a value that is taken is refused and changes nothing', async () => {
      await things.insertMany([
        { _id: 1 as never, a: 1 },
        { _id: 2 as never, a: 2 },
      ]);
      expect(await codeOf(things.updateOne({ _id: 2 as never }, { $set: { a: 1, b: 1 } }))).to.equal(11000);
      expect(await things.findOne({ _id: 2 as never })).to.deep.equal({ _id: 2, a: 2 });
    });
    it('a value is free again after its document is removed', async () => {
      await things.insertOne({ a: 1 });
      await things.deleteOne({ a: 1 });
      expect(await codeOf(things.insertOne({ a: 1 }))).to.equal(0);
    });
    it('elements of arrays are values', async () => {
      await things.insertOne({ a: [1, 2] });
      const error = await things.insertOne({ a: [2, 3] }).catch((thrown) => thrown);
      expect([error.code, error.keyValue]).to.deep.equal([11000, { a: 2 }]);
    });
    it('a document may repeat a value within itself', async () => {
      expect(await codeOf(things.insertOne({ a: [1, 1] }))).to.equal(0);
    });
  });

  describe('manual: core/index-case-insensitive', () => {
    const twice = async (collation: object, first: string, second: string) => {
      const words = db().collection('words');
      await words.drop();
      await words.createIndex({ a: 1 }, { unique: true, collation: collation as never });
      await words.insertOne({ a: first });
      return codeOf(words.insertOne({ a: second }));
    };
    const cases: [collation: object, first: string, second: string, code: number][] = [
      [{ locale: 'en', strength: 2 }, 'Ada', 'ADA', 11000],
      [{ locale: 'en', strength: 2 }, 'ada', 'adá', 0],
      [{ locale: 'en', strength: 2 }, 'e\u0301', '\u00c9', 11000],
      [{ locale: 'en', strength: 1 }, 'resume', 'Résumé', 11000],
      [{ locale: 'en', strength: 1 }, 'a', 'b', 0],
      [{ locale: 'de', strength: 1 }, 'Straße', 'STRASSE', 11000],
      [{ locale: 'tr', strength: 2 }, 'i', 'I', 0],
      [{ locale: 'ru', strength: 2 }, 'Да', 'да', 11000],
      [{ locale: 'en', strength: 3 }, 'Ada', 'ada', 0],
      [{ locale: 'en', numericOrdering: true }, 'file 7', 'file 007', 11000],
    ];
    for (const [collation, first, second, code] of cases) {
      it(`${first} and ${second} with ${JSON.stringify(collation)}`, async () => {
        expect(await twice(collation, first, second)).to.equal(code);
      });
    }
    it('what is removed can come again, and an update is checked', async () => {
      const words = db().collection('words');
      await words.drop();
      await words.createIndex({ a: 1 }, { unique: true, collation: { locale: 'en', strength: 2 } });
      await words.insertMany([{ a: 'Ada' }, { a: 'Bob' }]);
      expect(await codeOf(words.updateOne({ a: 'Bob' }, { $set: { a: 'aDa' } }))).to.equal(11000);
      await words.deleteOne({ a: 'Ada' });
      await words.updateOne({ a: 'Bob' }, { $set: { a: 'aDa' } });
      expect(await words.countDocuments({ a: 'aDa' })).to.equal(1);
    });
  });
  describe('manual: reference/collation, "Collation and Index Use"', () => {
    const collation = { locale: 'en', strength: 2 };
    let collated: import('mongodb').Collection<Named>;
    beforeEach(async () => {
      collated = await db().createCollection(`collated${++number}`, { collation });
    });
    it('the index of _id compares by the collation of its collection', async () => {
      await collated.insertOne({ _id: 'Ada' });
      const error: unknown = await collated.insertOne({ _id: 'ADA' }).catch((thrown) => thrown);
      expect(error).to.deep.include({ code: 11000, keyPattern: { _id: 1 } });
      expect(await codeOf(collated.insertOne({ _id: { name: 'x' } }))).to.equal(0);
      expect(await codeOf(collated.insertOne({ _id: { name: 'X' } }))).to.equal(11000);
      await collated.insertMany([{ _id: 1 }, { _id: 'adá' }]);
      expect(await codeOf(collated.insertOne({ _id: 1 }))).to.equal(11000);
    });
    it('a document is found, changed and removed by an _id that is equal', async () => {
      await collated.insertMany([{ _id: 'Ada' }, { _id: 5 }]);
      await collated.updateOne({ _id: 'aDA' }, { $set: { n: 1 } }, { upsert: true });
      expect(await collated.findOne({ _id: 'ada' })).to.deep.equal({ _id: 'Ada', n: 1 });
      expect(await collated.findOne({ _id: 'ada' }, { collation: { locale: 'simple' } })).to.equal(null);
      expect(await collated.findOne({ _id: 'Ada' }, { collation: { locale: 'simple' } })).to.deep.include({ n: 1 });
      expect(await collated.find({ _id: { $in: ['ADA', 5] } }).toArray()).to.have.length(2);
      expect(await collated.find({ _id: { $gte: 'ACE', $lt: 'b' } }).toArray()).to.have.length(1);
      expect((await collated.deleteOne({ _id: 'ADA' })).deletedCount).to.equal(1);
      expect(await codeOf(collated.insertOne({ _id: 'ADA' }))).to.equal(0);
    });
    it('an _id that no collation compares is searched for in the index', async () => {
      await collated.insertMany([{ _id: 1 }, { _id: 2 }, { _id: '3' }]);
      const { executionStats } = await collated.find({ _id: 2 }).explain('executionStats');
      expect(executionStats).to.deep.include({ nReturned: 1, totalDocsExamined: 1 });
    });
    it('in a transaction too', async () => {
      await collated.insertOne({ _id: 'Ada' });
      await db().client.withSession((session) =>
        session.withTransaction(async () => {
          await collated.updateOne({ _id: 'ADA' }, { $set: { n: 1 } }, { session });
          await collated.insertOne({ _id: 'Bob' }, { session });
          expect(await collated.findOne({ _id: 'BOB' }, { session })).to.deep.equal({ _id: 'Bob' });
          expect(await collated.findOne({ _id: 'ada' }, { session })).to.deep.equal({ _id: 'Ada', n: 1 });
        }),
      );
      const twice = db().client.withSession((session) =>
        session.withTransaction(() => collated.insertOne({ _id: 'BOB' }, { session })),
      );
      expect(await codeOf(twice)).to.equal(11000);
    });
    it('strings with the same letters are one, however they are written', async () => {
      const exact = await db().createCollection<Named>(`exact${++number}`, {
        collation: { locale: 'en' },
      });
      await exact.insertMany([{ _id: 'caf\u00e9' }, { _id: 'Caf\u00e9' }]);
      expect(await codeOf(exact.insertOne({ _id: 'cafe\u0301' }))).to.equal(11000);
      expect(await exact.findOne({ _id: 'cafe\u0301' })).to.not.equal(null);
    });
    it('a hint of an index with another collation finds all the same', async () => {
      await things.createIndex({ a: 1 }, { unique: true, collation });
      await things.insertMany([{ a: 'Ada' }, { a: 7 }]);
      expect(await things.find({ a: 'Ada' }).hint('a_1').toArray()).to.have.length(1);
      expect(await things.find({ a: 'ada' }).hint('a_1').toArray()).to.have.length(0);
      expect(await things.find({ a: 'ada' }).collation(collation).hint('a_1').toArray()).to.have.length(1);
      expect(await things.find({ a: 7 }).collation(collation).hint('a_1').toArray()).to.have.length(1);
    });
    it('$merge needs an index with its own collation, and joins by that', async () => {
      await collated.createIndex({ a: 1 }, { unique: true });
      await collated.insertOne({ _id: 1, a: 'Ada' });
      await things.insertOne({ _id: 9 as never, a: 'ADA', n: 2 });
      const stages = [{ $unset: '_id' }, { $merge: { into: collated.collectionName, on: 'a' } }];
      expect(await codeOf(things.aggregate(stages).toArray())).to.equal(51183);
      await things.aggregate(stages, { collation }).toArray();
      expect(await collated.find().toArray()).to.deep.equal([{ _id: 1, a: 'ADA', n: 2 }]);
    });
  });
  describe('manual: core/index-sparse', () => {
    it('documents without the field do not collide', async () => {
      await things.createIndex({ a: 1 }, { unique: true, sparse: true });
      await things.insertMany([{}, {}, { a: 1 }]);
      expect(await things.countDocuments({ a: null })).to.equal(2);
    });
    it('null collides with null', async () => {
      await things.createIndex({ a: 1 }, { unique: true, sparse: true });
      await things.insertOne({ a: null });
      expect(await codeOf(things.insertOne({ a: null }))).to.equal(11000);
    });
  });

  describe('manual: core/index-partial', () => {
    it('only documents of the filter collide', async () => {
      await things.createIndex({ a: 1 }, { unique: true, partialFilterExpression: { live: true } });
      await things.insertMany([
        { a: 1, live: false },
        { a: 1, live: false },
        { a: 1, live: true },
      ]);
      expect(await codeOf(things.insertOne({ a: 1, live: true }))).to.equal(11000);
    });
    it('queries that the index does not cover find everything', async () => {
      await things.createIndex({ a: 1 }, { partialFilterExpression: { b: { $gt: 5 } } });
      await things.insertMany([
        { a: 1, b: 1 },
        { a: 1, b: 9 },
      ]);
      expect([await things.countDocuments({ a: 1 }), await things.countDocuments({ a: 1, b: 9 })]).to.deep.equal([
        2, 1,
      ]);
    });
    it('its filter compares by the collation of the index', async () => {
      const partialFilterExpression = { kind: 'admin' };
      await things.createIndex(
        { a: 1 },
        { unique: true, partialFilterExpression, collation: { locale: 'en', strength: 2 } },
      );
      await things.insertMany([
        { a: 1, kind: 'Admin' },
        { a: 1, kind: 'guest' },
      ]);
      expect(await codeOf(things.insertOne({ a: 1, kind: 'ADMIN' }))).to.equal(11000);
    });
    it('a document enters the index by an update', async () => {
      await things.createIndex({ a: 1 }, { unique: true, partialFilterExpression: { live: true } });
      await things.insertMany([
        { a: 1, live: true },
        { _id: 9 as never, a: 1, live: false },
      ]);
      expect(await codeOf(things.updateOne({ _id: 9 as never }, { $set: { live: true } }))).to.equal(11000);
    });
    it('an operator that it cannot have is refused', async () => {
      const deep = { $and: [{ $or: [{ $and: [{ $or: [{ b: 1 }] }] }] }] };
      for (const partialFilterExpression of [{ b: { $ne: 1 } }, { b: /x/ }, deep])
        expect(await codeOf(things.createIndex({ a: 1 }, { partialFilterExpression }))).to.equal(67);
    });
  });

  describe('manual: core/indexes/index-types/index-multikey', () => {
    it('two arrays side by side are refused', async () => {
      await things.createIndex({ a: 1, b: 1 });
      expect(await codeOf(things.insertOne({ a: [1], b: [2] }))).to.equal(171);
    });
    it('fields of one array match by different elements', async () => {
      await things.createIndex({ 'a.x': 1, 'a.y': 1 });
      await things.insertOne({
        a: [
          { x: 1, y: 5 },
          { x: 2, y: 2 },
        ],
      });
      expect([
        await things.countDocuments({ 'a.x': 1, 'a.y': 2 }),
        await things.countDocuments({ a: { $elemMatch: { x: 1, y: 2 } } }),
      ]).to.deep.equal([1, 0]);
    });
    it('a range on an array may be met by two elements', async () => {
      await things.createIndex({ a: 1 });
      await things.insertOne({ a: [1, 10] });
      expect(await things.countDocuments({ a: { $gt: 4, $lt: 6 } })).to.equal(1);
    });
    it('a whole array is found', async () => {
      await things.createIndex({ a: 1 });
      await things.insertMany([{ a: [1, 2] }, { a: [2, 1] }, { a: [] }]);
      expect([await things.countDocuments({ a: [1, 2] }), await things.countDocuments({ a: [] })]).to.deep.equal([
        1, 1,
      ]);
    });
  });

  describe('manual: reference/command/dropIndexes', () => {
    it('by name', async () => {
      await things.createIndex({ a: 1 });
      await things.dropIndex('a_1');
      expect((await things.indexes()).length).to.equal(1);
    });
    it('all but that of _id', async () => {
      await things.createIndexes([{ key: { a: 1 } }, { key: { b: 1 } }]);
      await things.dropIndexes();
      expect((await things.indexes()).map(({ name }) => name)).to.deep.equal(['_id_']);
    });
    it('one that is not there is refused', async () => {
      await things.insertOne({});
      expect(await codeOf(things.dropIndex('nothing'))).to.equal(27);
    });
    it('that of _id is refused', async () => {
      await things.insertOne({});
      expect(await codeOf(things.dropIndex('_id_'))).to.equal(72);
    });
  });

  describe('manual: core/index-ttl', () => {
    it('the expiry is kept and changed by collMod', async () => {
      await things.createIndex({ at: 1 }, { expireAfterSeconds: 60 });
      await db().command({ collMod: things.collectionName, index: { name: 'at_1', expireAfterSeconds: 120 } });
      expect((await things.indexes())[1]?.expireAfterSeconds).to.equal(120);
    });
    it('an expiry over two fields is refused', async () => {
      expect(await codeOf(things.createIndex({ a: 1, b: 1 }, { expireAfterSeconds: 1 }))).to.equal(67);
    });
  });

  it('indexes of a collection that is not there are refused (manual: reference/command/listIndexes)', async () => {
    expect(await codeOf(things.indexes())).to.equal(26);
  });
});
