import { expect } from 'chai';
import { type Document, Double, Int32, Long } from 'mongodb';
import { codeOf, server } from './server.ts';

type Case = [
  title: string,
  before: Document,
  update: Document | Document[],
  after: Document,
  options?: { filter?: Document; arrayFilters?: Document[] },
];

const cases: Record<string, Case[]> = {
  'reference/operator/update/set': [
    ['$set replaces a value', { a: 1 }, { $set: { a: 2 } }, { a: 2 }],
    ['$set makes what is missing', {}, { $set: { 'a.b.c': 1 } }, { a: { b: { c: 1 } } }],
    ['$set by position', { a: [1, 2] }, { $set: { 'a.1': 9 } }, { a: [1, 9] }],
    ['$set beyond the end pads with null', { a: [1] }, { $set: { 'a.3': 9 } }, { a: [1, null, null, 9] }],
    ['a number makes a field in a document', {}, { $set: { 'a.0': 1 } }, { a: { 0: 1 } }],
    ['new fields come in the order of their names', { z: 1 }, { $set: { c: 1, b: 2 } }, { z: 1, b: 2, c: 1 }],
    ['$set of a whole array', { a: 1 }, { $set: { a: [1, [2]] } }, { a: [1, [2]] }],
    ['an empty $set changes nothing', { a: 1 }, { $set: {} }, { a: 1 }],
  ],
  'reference/operator/update/unset': [
    ['$unset removes a field', { a: 1, b: 2 }, { $unset: { a: '' } }, { b: 2 }],
    ['$unset of what is not there does nothing', { a: 1 }, { $unset: { 'x.y': '' } }, { a: 1 }],
    ['$unset of an element leaves null', { a: [1, 2, 3] }, { $unset: { 'a.1': '' } }, { a: [1, null, 3] }],
    ['$unset in an embedded document', { a: { b: 1, c: 2 } }, { $unset: { 'a.b': '' } }, { a: { c: 2 } }],
  ],
  'reference/operator/update/inc': [
    ['$inc adds', { a: 1 }, { $inc: { a: 2 } }, { a: 3 }],
    ['$inc makes what is missing', {}, { $inc: { a: 2 } }, { a: 2 }],
    ['$inc by a negative', { a: 1 }, { $inc: { a: -2 } }, { a: -1 }],
    ['$inc of a fraction', { a: 1 }, { $inc: { a: 0.5 } }, { a: 1.5 }],
    ['$mul multiplies', { a: 3 }, { $mul: { a: 2 } }, { a: 6 }],
    ['$mul makes zero of what is missing', {}, { $mul: { a: 2 } }, { a: 0 }],
    ['$inc of several fields', { a: 1, b: { c: 1 } }, { $inc: { a: 1, 'b.c': 5 } }, { a: 2, b: { c: 6 } }],
  ],
  'reference/operator/update/min': [
    ['$min takes the lower', { a: 5 }, { $min: { a: 3 } }, { a: 3 }],
    ['$min keeps the lower', { a: 5 }, { $min: { a: 7 } }, { a: 5 }],
    ['$max takes the higher', { a: 5 }, { $max: { a: 7 } }, { a: 7 }],
    ['$max makes what is missing', {}, { $max: { a: 7 } }, { a: 7 }],
    ['$max compares across types', { a: 5 }, { $max: { a: 'x' } }, { a: 'x' }],
    ['$min of dates', { a: new Date(5) }, { $min: { a: new Date(1) } }, { a: new Date(1) }],
  ],
  'reference/operator/update/rename': [
    ['$rename moves a field', { a: 1, c: 2 }, { $rename: { a: 'b' } }, { c: 2, b: 1 }],
    ['$rename into an embedded document', { a: 1 }, { $rename: { a: 'x.y' } }, { x: { y: 1 } }],
    ['$rename replaces its target', { a: 1, b: 2 }, { $rename: { a: 'b' } }, { b: 1 }],
    ['$rename of what is not there does nothing', { b: 2 }, { $rename: { a: 'c' } }, { b: 2 }],
  ],
  'reference/operator/update/push': [
    ['$push appends', { a: [1] }, { $push: { a: 2 } }, { a: [1, 2] }],
    ['$push makes an array', {}, { $push: { a: 2 } }, { a: [2] }],
    ['$push of an array appends it as one', { a: [1] }, { $push: { a: [2, 3] } }, { a: [1, [2, 3]] }],
    ['$each appends several', { a: [1] }, { $push: { a: { $each: [2, 3] } } }, { a: [1, 2, 3] }],
    ['$position inserts', { a: [1, 4] }, { $push: { a: { $each: [2, 3], $position: 1 } } }, { a: [1, 2, 3, 4] }],
    [
      'a negative $position counts from the end',
      { a: [1, 4] },
      { $push: { a: { $each: [3], $position: -1 } } },
      { a: [1, 3, 4] },
    ],
    ['$slice keeps the last', { a: [1, 2] }, { $push: { a: { $each: [3, 4], $slice: -3 } } }, { a: [2, 3, 4] }],
    ['$slice keeps the first', { a: [1, 2] }, { $push: { a: { $each: [3, 4], $slice: 3 } } }, { a: [1, 2, 3] }],
    ['$slice 0 empties', { a: [1, 2] }, { $push: { a: { $each: [3], $slice: 0 } } }, { a: [] }],
    ['$sort orders scalars', { a: [3] }, { $push: { a: { $each: [1, 2], $sort: -1 } } }, { a: [3, 2, 1] }],
    [
      '$sort orders documents by a field',
      { a: [{ n: 3 }] },
      { $push: { a: { $each: [{ n: 1 }], $sort: { n: 1 } } } },
      { a: [{ n: 1 }, { n: 3 }] },
    ],
    [
      '$sort takes an array in a field for a value, and not for its elements',
      { a: [{ n: [1] }, { n: 5 }, { n: [] }] },
      { $push: { a: { $each: [], $sort: { n: 1 } } } },
      { a: [{ n: 5 }, { n: [] }, { n: [1] }] },
    ],
    [
      '$sort by a numbered element',
      { a: [{ n: [2] }, { n: [1, 9] }] },
      { $push: { a: { $each: [], $sort: { 'n.0': 1 } } } },
      { a: [{ n: [1, 9] }, { n: [2] }] },
    ],
    ['$sort comes before $slice', { a: [5, 1] }, { $push: { a: { $each: [3], $sort: 1, $slice: 2 } } }, { a: [1, 3] }],
  ],
  'reference/operator/update/addToSet': [
    ['$addToSet adds what is new', { a: [1] }, { $addToSet: { a: 2 } }, { a: [1, 2] }],
    ['$addToSet leaves what is there', { a: [1, 2] }, { $addToSet: { a: 2 } }, { a: [1, 2] }],
    ['$addToSet with $each', { a: [1] }, { $addToSet: { a: { $each: [1, 2, 2] } } }, { a: [1, 2] }],
    [
      'documents are equal with the same fields in the same order',
      { a: [{ x: 1, y: 2 }] },
      { $addToSet: { a: { y: 2, x: 1 } } },
      {
        a: [
          { x: 1, y: 2 },
          { y: 2, x: 1 },
        ],
      },
    ],
    ['$addToSet makes an array', {}, { $addToSet: { a: 1 } }, { a: [1] }],
  ],
  'reference/operator/update/pop': [
    ['$pop 1 removes the last', { a: [1, 2, 3] }, { $pop: { a: 1 } }, { a: [1, 2] }],
    ['$pop -1 removes the first', { a: [1, 2, 3] }, { $pop: { a: -1 } }, { a: [2, 3] }],
    ['$pop of an empty array does nothing', { a: [] }, { $pop: { a: 1 } }, { a: [] }],
  ],
  'reference/operator/update/pull': [
    ['$pull removes equal elements', { a: [1, 2, 1] }, { $pull: { a: 1 } }, { a: [2] }],
    ['$pull by a condition', { a: [1, 5, 9] }, { $pull: { a: { $gte: 5 } } }, { a: [1] }],
    ['$pull of documents that match', { a: [{ x: 1, y: 1 }, { x: 2 }] }, { $pull: { a: { x: 1 } } }, { a: [{ x: 2 }] }],
    ['$pull with $in', { a: [1, 2, 3] }, { $pull: { a: { $in: [1, 3] } } }, { a: [2] }],
    [
      '$pull with a field condition',
      { a: [{ x: 1 }, { x: 7 }] },
      { $pull: { a: { x: { $gt: 5 } } } },
      { a: [{ x: 1 }] },
    ],
    ['$pullAll removes all of a list', { a: [1, 2, 3, 1] }, { $pullAll: { a: [1, 3] } }, { a: [2] }],
    ['$pull of what is not there does nothing', { b: 1 }, { $pull: { a: 1 } }, { b: 1 }],
  ],
  'reference/operator/update/bit': [
    ['and', { a: 13 }, { $bit: { a: { and: 10 } } }, { a: 8 }],
    ['or', { a: 3 }, { $bit: { a: { or: 5 } } }, { a: 7 }],
    ['xor', { a: 1 }, { $bit: { a: { xor: 5 } } }, { a: 4 }],
  ],
  'reference/operator/update/positional': [
    [
      '$ is the element that the filter matched',
      { a: [1, 5, 9] },
      { $set: { 'a.$': 0 } },
      { a: [1, 0, 9] },
      { filter: { a: 5 } },
    ],
    [
      '$ by $elemMatch',
      { a: [{ x: 1 }, { x: 2 }] },
      { $set: { 'a.$.y': 9 } },
      { a: [{ x: 1 }, { x: 2, y: 9 }] },
      { filter: { a: { $elemMatch: { x: 2 } } } },
    ],
    [
      '$ by a path',
      { a: [{ x: 1 }, { x: 2 }] },
      { $inc: { 'a.$.x': 5 } },
      { a: [{ x: 1 }, { x: 7 }] },
      { filter: { 'a.x': 2 } },
    ],
    [
      '$ is where the last condition matched',
      { a: [4, 5, 6] },
      { $set: { 'a.$': 0 } },
      { a: [4, 5, 0] },
      { filter: { $and: [{ a: 5 }, { a: 6 }] } },
    ],
    ['$[] is every element', { a: [1, 2] }, { $inc: { 'a.$[]': 1 } }, { a: [2, 3] }],
    [
      '$[] with a field',
      { a: [{ x: 1 }, { x: 2 }] },
      { $set: { 'a.$[].y': 0 } },
      {
        a: [
          { x: 1, y: 0 },
          { x: 2, y: 0 },
        ],
      },
    ],
    [
      '$[id] is every element that a filter takes',
      { a: [1, 5, 9] },
      { $set: { 'a.$[e]': 0 } },
      { a: [1, 0, 0] },
      { arrayFilters: [{ e: { $gte: 5 } }] },
    ],
    [
      '$[id] by a field',
      { a: [{ x: 1 }, { x: 2 }] },
      { $set: { 'a.$[e].x': 9 } },
      { a: [{ x: 1 }, { x: 9 }] },
      { arrayFilters: [{ 'e.x': 2 }] },
    ],
    [
      '$[id] in nested arrays',
      { a: [{ b: [1, 2] }, { b: [2] }] },
      { $set: { 'a.$[].b.$[e]': 0 } },
      { a: [{ b: [1, 0] }, { b: [0] }] },
      { arrayFilters: [{ e: 2 }] },
    ],
  ],
  'tutorial/update-documents-with-aggregation-pipeline': [
    ['$set by an expression', { a: 2, b: 3 }, [{ $set: { c: { $add: ['$a', '$b'] } } }], { a: 2, b: 3, c: 5 }],
    ['stages follow each other', { a: 1 }, [{ $set: { b: '$a' } }, { $unset: 'a' }], { b: 1 }],
    ['$replaceWith keeps the _id', { a: { x: 1 } }, [{ $replaceWith: '$a' }], { x: 1 }],
    ['$project', { a: 1, b: 2 }, [{ $project: { b: 1 } }], { b: 2 }],
    ['$$REMOVE takes a field away', { a: 1, b: 2 }, [{ $set: { a: '$$REMOVE' } }], { b: 2 }],
  ],
};

const refused: Record<
  string,
  [
    title: string,
    before: Document,
    update: Document | Document[],
    code: number,
    options?: { arrayFilters?: Document[] },
  ][]
> = {
  'reference/operator/update': [
    ['$inc of a string', { a: 'x' }, { $inc: { a: 1 } }, 14],
    ['$inc by a string', { a: 1 }, { $inc: { a: 'x' } }, 14],
    ['$push to a number', { a: 1 }, { $push: { a: 1 } }, 2],
    ['$addToSet to a number', { a: 1 }, { $addToSet: { a: 1 } }, 2],
    ['$pop of a number', { a: 1 }, { $pop: { a: 1 } }, 14],
    ['$pull from a number', { a: 1 }, { $pull: { a: 1 } }, 2],
    ['a field below a number', { a: 1 }, { $set: { 'a.b': 1 } }, 28],
    ['a name below an array', { a: [] }, { $set: { 'a.b': 1 } }, 28],
    ['an unknown operator', {}, { $foo: { a: 1 } }, 9],
    ['two changes of one path', { a: 1 }, { $set: { a: 1 }, $inc: { a: 1 } }, 40],
    ['a change of a path and of what is below it', { a: {} }, { $set: { a: {}, 'a.b': 1 } }, 40],
    ['another _id', {}, { $set: { _id: 'other' } }, 66],
    ['$ without a match in the filter', { a: [1] }, { $set: { 'a.$': 1 } }, 2],
    ['$[] of what is not there', {}, { $set: { 'a.$[]': 1 } }, 2],
    ['an empty path after a conflict', { a: 1 }, { $set: { b: 1, 'b.c': 1 }, $inc: { '': 1 } }, 40],
    ['a conflict after an empty path', { a: 1 }, { $inc: { '': 1 }, $set: { b: 1, 'b.c': 1 } }, 56],
    ['an unknown operator after a conflict', { a: 1 }, { $set: { 'b.c': 1, b: 1 }, $nope: { x: 1 } }, 40],
    [
      'an array filter of two elements',
      { a: [1], b: [1] },
      { $set: { 'a.$[x]': 2, 'b.$[y]': 2 } },
      9,
      { arrayFilters: [{ x: 1, y: 1 }] },
    ],
    ['an array filter by code', { a: [1] }, { $set: { 'a.$[e]': 1 } }, 2, { arrayFilters: [{ e: 1, $where: 'true' }] }],
    ['an array filter that is not used', { a: [1] }, { $set: { b: 1 } }, 9, { arrayFilters: [{ e: 1 }] }],
    ['an identifier without its filter', { a: [1] }, { $set: { 'a.$[e]': 1 } }, 2],
    ['an empty field name', {}, { $set: { 'a.': 1 } }, 56],
    ['a stage that updates cannot have', {}, [{ $match: {} }], 72],
    ['$pop below a number', { a: 1 }, { $pop: { 'a.b': 1 } }, 28],
    ['$rename of every element', { a: [1] }, { $rename: { 'a.$[]': 'b' } }, 2],
    [
      'an array filter by an expression',
      { a: [1] },
      { $set: { 'a.$[e]': 1 } },
      224,
      { arrayFilters: [{ $expr: true }] },
    ],
    ['$rename to itself', { a: 1 }, { $rename: { a: 'a' } }, 2],
    ['$bit of a double', { a: 1.5 }, { $bit: { a: { and: 1 } } }, 2],
  ],
};

describe('conformance: updates', () => {
  const { db } = server('updates');
  const things = () => db().collection<Document>('things');

  for (const [page, list] of Object.entries(cases)) {
    describe(`manual: ${page}`, () => {
      for (const [title, before, update, after, options = {}] of list) {
        it(title, async () => {
          await things().deleteMany({});
          await things().insertOne({ _id: 1 as never, ...before });
          await things().updateOne({ _id: 1 as never, ...options.filter }, update as Document, {
            arrayFilters: options.arrayFilters,
          });
          const found = await things().findOne({ _id: 1 as never });
          // As text, because the order of fields counts.
          expect(JSON.stringify(found)).to.equal(JSON.stringify({ _id: 1, ...after }));
        });
      }
    });
  }

  for (const [page, list] of Object.entries(refused)) {
    describe(`manual: ${page}`, () => {
      for (const [title, before, update, code, options = {}] of list) {
        it(`${title} is refused and nothing changes`, async () => {
          await things().deleteMany({});
          await things().insertOne({ _id: 1 as never, ...before });
          expect(await codeOf(things().updateOne({ _id: 1 as never }, update, options))).to.equal(code);
          expect(await things().findOne({})).to.deep.equal({ _id: 1, ...before });
        });
      }
    });
  }

  describe('manual: reference/method/db.collection.updateOne', () => {
    beforeEach(() => things().deleteMany({}));

    it('counts what was matched and what was modified', async () => {
      await things().insertMany([{ a: 1 }, { a: 1, b: 1 }]);
      const { matchedCount, modifiedCount } = await things().updateMany({ a: 1 }, { $set: { b: 1 } });
      expect([matchedCount, modifiedCount]).to.deep.equal([2, 1]);
    });
    it('updateOne changes one document', async () => {
      await things().insertMany([{ a: 1 }, { a: 1 }]);
      const { modifiedCount } = await things().updateOne({ a: 1 }, { $set: { a: 2 } });
      expect([modifiedCount, await things().countDocuments({ a: 1 })]).to.deep.equal([1, 1]);
    });
    it('an upsert takes the equalities of its filter', async () => {
      await things().updateOne({ a: 1, 'b.c': { $eq: 2 }, d: { $gt: 5 } }, { $set: { e: 3 } }, { upsert: true });
      expect(await things().findOne({}, { projection: { _id: 0 } })).to.deep.equal({ a: 1, b: { c: 2 }, e: 3 });
    });
    it('an upsert takes a value that is the only one of its list', async () => {
      await things().updateOne({ a: { $in: ['q'] }, b: { $in: [1, 2] } }, { $set: { e: 3 } }, { upsert: true });
      expect(await things().findOne({}, { projection: { _id: 0 } })).to.deep.equal({ a: 'q', e: 3 });
    });
    it('an upsert may make a field with a dollar, an update may not', async () => {
      await things().updateOne({ _id: 1 as never }, { $set: { $k: 1 } }, { upsert: true });
      expect(await things().findOne({})).to.deep.equal({ _id: 1, $k: 1 });
      expect(await codeOf(things().updateOne({ _id: 1 as never }, { $set: { $k: 2 } }, { upsert: true }))).to.equal(52);
      expect(await codeOf(things().updateOne({}, { $set: { '$k.$[]': 2 } }))).to.equal(52);
    });
    it('an upsert does not change the _id of its filter', async () => {
      const update = { $setOnInsert: { '_id.b': 1 } };
      expect(await codeOf(things().updateOne({ '_id.a': 1 }, update, { upsert: true }))).to.equal(66);
    });
    it('an upsert refuses two values for one field, a replacement two for _id only', async () => {
      const twice = { $and: [{ a: 1 }, { a: { $eq: 2 } }] };
      expect(await codeOf(things().updateOne(twice, { $set: { b: 1 } }, { upsert: true }))).to.equal(54);
      expect(await codeOf(things().updateOne({ a: { $all: [1, 2] } }, { $set: { b: 1 } }, { upsert: true }))).to.equal(
        54,
      );
      expect(await codeOf(things().replaceOne({ '_id.x': 1 }, { b: 1 }, { upsert: true }))).to.equal(111);
      await things().replaceOne(twice, { b: 1 }, { upsert: true });
      expect(await things().findOne({}, { projection: { _id: 0 } })).to.deep.equal({ b: 1 });
    });
    it('a $or of several fields does not say which element matched', async () => {
      await things().insertOne({ a: [1, 2], b: 3 });
      const either = { $or: [{ a: 2 }, { b: 3 }] };
      expect(await codeOf(things().updateOne(either, { $set: { 'a.$': 0 } }))).to.equal(2);
      await things().updateOne({ $or: [{ a: 2 }, { a: 9 }] }, { $set: { 'a.$': 0 } });
      expect((await things().findOne())?.a).to.deep.equal([1, 0]);
    });
    it('an error names an _id of any type', async () => {
      await things().insertOne({ _id: Long.fromString('9007199254740993') as never, a: 1 });
      const error = await things()
        .updateOne({}, { $push: { a: 1 } } as never)
        .catch((caught) => caught);
      expect([error.code, error.message.includes('{_id: 9007199254740993}')]).to.deep.equal([2, true]);
    });
    it('an upsert keeps the _id of its filter', async () => {
      const { upsertedId } = await things().updateOne({ _id: 'x' as never }, { $set: { a: 1 } }, { upsert: true });
      expect(upsertedId).to.equal('x');
    });
    it('$setOnInsert counts for an insert only', async () => {
      const update = { $set: { a: 1 }, $setOnInsert: { b: 1 } };
      await things().updateOne({ _id: 1 as never }, update, { upsert: true });
      await things().updateOne({ _id: 1 as never }, { ...update, $setOnInsert: { b: 2 } }, { upsert: true });
      expect(await things().findOne({})).to.deep.equal({ _id: 1, a: 1, b: 1 });
    });
    it('a replacement keeps the _id and drops the rest', async () => {
      await things().insertOne({ _id: 1 as never, a: 1, b: 2 });
      await things().replaceOne({ _id: 1 as never }, { c: 3 });
      expect(await things().findOne({})).to.deep.equal({ _id: 1, c: 3 });
    });
    it('a replacement with another _id is refused', async () => {
      await things().insertOne({ _id: 1 as never });
      expect(await codeOf(things().replaceOne({ _id: 1 as never }, { _id: 2 } as never))).to.equal(66);
    });
    it('$currentDate sets the time', async () => {
      await things().insertOne({ _id: 1 as never });
      await things().updateOne({}, { $currentDate: { at: true, stamp: { $type: 'timestamp' } } } as never);
      const [found] = await things()
        .find({ at: { $type: 'date' }, stamp: { $type: 'timestamp' } })
        .toArray();
      expect(Math.abs(Date.now() - found?.at.getTime())).to.be.lessThan(60_000);
    });
    it('numbers keep the type that arithmetic gives', async () => {
      await things().insertOne({ _id: 1 as never, i: new Int32(1), l: Long.fromNumber(1), d: new Double(1) });
      await things().updateOne({}, { $inc: { i: 1, l: 1, d: 1 } });
      const types = { i: { $type: 'int' }, l: { $type: 'long' }, d: { $type: 'double' } };
      expect(await things().countDocuments(types)).to.equal(1);
    });
    it('an int32 that overflows becomes an int64', async () => {
      await things().insertOne({ _id: 1 as never, i: new Int32(2147483647) });
      await things().updateOne({}, { $inc: { i: 1 } });
      expect(await things().countDocuments({ i: { $type: 'long' } })).to.equal(1);
    });
    it('an int64 that would overflow is refused', async () => {
      await things().insertOne({ _id: 1 as never, l: Long.MAX_VALUE });
      expect(await codeOf(things().updateOne({}, { $inc: { l: 1 } }))).to.equal(2);
    });
    it('fields that are not touched keep their types', async () => {
      await things().insertOne({ _id: 1 as never, d: new Double(3), a: 1 });
      await things().updateOne({}, { $set: { a: 2 } });
      expect(await things().countDocuments({ d: { $type: 'double' } })).to.equal(1);
    });
  });
});
