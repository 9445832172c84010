import { expect } from 'chai';
import type { Document } from 'mongodb';
import { codeOf, server } from './server.ts';

const SALES = [
  { _id: 1, item: 'a', price: 10, qty: 2, tags: ['x', 'y'], at: new Date('2024-01-01T00:00:00Z') },
  { _id: 2, item: 'b', price: 20, qty: 1, tags: [], at: new Date('2024-01-02T00:00:00Z') },
  { _id: 3, item: 'a', price: 30, qty: 10, tags: ['y'], at: new Date('2024-02-01T00:00:00Z') },
  { _id: 4, item: 'c', price: 5, qty: 4, at: new Date('2024-02-02T00:00:00Z') },
];
const ITEMS = [
  { _id: 'a', name: 'Apple', parent: null },
  { _id: 'b', name: 'Bread', parent: 'a' },
  { _id: 'd', name: 'Date', parent: 'b' },
];

type Case = [title: string, pipeline: Document[], result: Document[]];

const cases: Record<string, Case[]> = {
  'reference/operator/aggregation/match': [
    ['$match filters', [{ $match: { qty: { $gt: 3 } } }, { $project: { _id: 1 } }], [{ _id: 3 }, { _id: 4 }]],
    [
      '$match after another stage',
      [{ $project: { total: { $multiply: ['$price', '$qty'] } } }, { $match: { total: { $gte: 300 } } }],
      [{ _id: 3, total: 300 }],
    ],
  ],
  'reference/operator/aggregation/project': [
    ['inclusion keeps the _id', [{ $limit: 1 }, { $project: { item: 1 } }], [{ _id: 1, item: 'a' }]],
    ['without the _id', [{ $limit: 1 }, { $project: { _id: 0, item: 1 } }], [{ item: 'a' }]],
    ['exclusion', [{ $limit: 1 }, { $project: { tags: 0, at: 0, price: 0 } }], [{ _id: 1, item: 'a', qty: 2 }]],
    [
      'computed fields come after kept ones',
      [{ $limit: 1 }, { $project: { double: { $multiply: ['$qty', 2] }, qty: 1 } }],
      [{ _id: 1, qty: 2, double: 4 }],
    ],
    [
      'a new document',
      [{ $limit: 1 }, { $project: { _id: 0, o: { i: '$item', q: '$qty' } } }],
      [{ o: { i: 'a', q: 2 } }],
    ],
  ],
  'reference/operator/aggregation/addFields': [
    [
      '$addFields adds',
      [{ $match: { _id: 2 } }, { $addFields: { total: { $add: ['$price', '$qty'] } } }, { $project: { total: 1 } }],
      [{ _id: 2, total: 21 }],
    ],
    [
      '$set into a new document',
      [{ $match: { _id: 2 } }, { $set: { 'o.x': 1 } }, { $project: { o: 1 } }],
      [{ _id: 2, o: { x: 1 } }],
    ],
    ['$unset removes', [{ $match: { _id: 2 } }, { $unset: ['tags', 'at', 'price'] }], [{ _id: 2, item: 'b', qty: 1 }]],
    [
      'an existing field keeps its place',
      [{ $match: { _id: 2 } }, { $unset: ['tags', 'at'] }, { $set: { item: 'z' } }],
      [{ _id: 2, item: 'z', price: 20, qty: 1 }],
    ],
  ],
  'reference/operator/aggregation/group': [
    [
      '$sum and $avg',
      [
        { $group: { _id: '$item', n: { $sum: 1 }, qty: { $sum: '$qty' }, avg: { $avg: '$price' } } },
        { $sort: { _id: 1 } },
      ],
      [
        { _id: 'a', n: 2, qty: 12, avg: 20 },
        { _id: 'b', n: 1, qty: 1, avg: 20 },
        { _id: 'c', n: 1, qty: 4, avg: 5 },
      ],
    ],
    [
      'of all documents',
      [{ $group: { _id: null, min: { $min: '$price' }, max: { $max: '$price' } } }],
      [{ _id: null, min: 5, max: 30 }],
    ],
    [
      '$first and $last after $sort',
      [{ $sort: { price: 1 } }, { $group: { _id: null, first: { $first: '$_id' }, last: { $last: '$_id' } } }],
      [{ _id: null, first: 4, last: 3 }],
    ],
    [
      '$push and $addToSet',
      [
        { $sort: { _id: 1 } },
        { $group: { _id: '$item', ids: { $push: '$_id' }, set: { $addToSet: '$item' } } },
        { $match: { _id: 'a' } },
      ],
      [{ _id: 'a', ids: [1, 3], set: ['a'] }],
    ],
    [
      'by several fields',
      [
        { $group: { _id: { i: '$item', big: { $gt: ['$qty', 5] } }, n: { $sum: 1 } } },
        { $match: { '_id.i': 'a' } },
        { $sort: { '_id.big': 1 } },
      ],
      [
        { _id: { i: 'a', big: false }, n: 1 },
        { _id: { i: 'a', big: true }, n: 1 },
      ],
    ],
    ['$count', [{ $group: { _id: null, n: { $count: {} } } }], [{ _id: null, n: 4 }]],
    ['$sum leaves out what is no number', [{ $group: { _id: null, n: { $sum: '$item' } } }], [{ _id: null, n: 0 }]],
    ['$avg of nothing is null', [{ $group: { _id: null, n: { $avg: '$none' } } }], [{ _id: null, n: null }]],
    [
      '$mergeObjects',
      [
        { $match: { _id: { $lt: 3 } } },
        { $sort: { _id: 1 } },
        { $group: { _id: null, o: { $mergeObjects: { q: '$qty' } } } },
      ],
      [{ _id: null, o: { q: 1 } }],
    ],
    [
      '$stdDevPop',
      [{ $match: { item: 'a' } }, { $group: { _id: null, d: { $stdDevPop: '$price' } } }],
      [{ _id: null, d: 10 }],
    ],
    [
      '$top and $bottom',
      [
        {
          $group: {
            _id: null,
            t: { $top: { sortBy: { price: -1 }, output: '$_id' } },
            b: { $bottom: { sortBy: { price: -1 }, output: '$_id' } },
          },
        },
      ],
      [{ _id: null, t: 3, b: 4 }],
    ],
    [
      '$topN',
      [{ $group: { _id: null, t: { $topN: { n: 2, sortBy: { price: -1 }, output: '$_id' } } } }],
      [{ _id: null, t: [3, 2] }],
    ],
    [
      '$maxN and $firstN',
      [
        { $sort: { _id: 1 } },
        { $group: { _id: null, m: { $maxN: { input: '$qty', n: 2 } }, f: { $firstN: { input: '$_id', n: 2 } } } },
      ],
      [{ _id: null, m: [10, 4], f: [1, 2] }],
    ],
    [
      'by a date of a month',
      [{ $group: { _id: { $month: '$at' }, n: { $sum: '$qty' } } }, { $sort: { _id: 1 } }],
      [
        { _id: 1, n: 3 },
        { _id: 2, n: 14 },
      ],
    ],
  ],
  'reference/operator/aggregation/sort': [
    [
      '$sort, $skip, $limit',
      [{ $sort: { price: -1 } }, { $skip: 1 }, { $limit: 2 }, { $project: { _id: 1 } }],
      [{ _id: 2 }, { _id: 1 }],
    ],
    [
      'by several fields',
      [{ $sort: { item: -1, price: 1 } }, { $project: { _id: 1 } }],
      [{ _id: 4 }, { _id: 2 }, { _id: 1 }, { _id: 3 }],
    ],
    ['$skip alone', [{ $sort: { _id: 1 } }, { $skip: 3 }, { $project: { _id: 1 } }], [{ _id: 4 }]],
  ],
  'reference/operator/aggregation/count': [
    ['$count', [{ $match: { item: 'a' } }, { $count: 'n' }], [{ n: 2 }]],
    ['$count of nothing gives nothing', [{ $match: { item: 'zzz' } }, { $count: 'n' }], []],
    ['$sortByCount', [{ $sortByCount: '$item' }, { $limit: 1 }], [{ _id: 'a', count: 2 }]],
  ],
  'reference/operator/aggregation/unwind': [
    [
      'one document for each element',
      [{ $match: { _id: 1 } }, { $unwind: '$tags' }, { $project: { tags: 1 } }],
      [
        { _id: 1, tags: 'x' },
        { _id: 1, tags: 'y' },
      ],
    ],
    ['empty and missing arrays give none', [{ $unwind: '$tags' }, { $count: 'n' }], [{ n: 3 }]],
    [
      'they stay when asked',
      [{ $unwind: { path: '$tags', preserveNullAndEmptyArrays: true } }, { $count: 'n' }],
      [{ n: 5 }],
    ],
    [
      'with the position',
      [{ $match: { _id: 1 } }, { $unwind: { path: '$tags', includeArrayIndex: 'i' } }, { $project: { tags: 1, i: 1 } }],
      [
        { _id: 1, tags: 'x', i: 0 },
        { _id: 1, tags: 'y', i: 1 },
      ],
    ],
  ],
  'reference/operator/aggregation/lookup': [
    [
      'by equal fields',
      [
        { $match: { _id: 1 } },
        { $lookup: { from: 'items', localField: 'item', foreignField: '_id', as: 'i' } },
        { $project: { i: 1 } },
      ],
      [{ _id: 1, i: [ITEMS[0] as Document] }],
    ],
    [
      'without a match, an empty array',
      [
        { $match: { _id: 4 } },
        { $lookup: { from: 'items', localField: 'item', foreignField: '_id', as: 'i' } },
        { $project: { i: 1 } },
      ],
      [{ _id: 4, i: [] }],
    ],
    [
      'from a collection that is not there',
      [
        { $match: { _id: 1 } },
        { $lookup: { from: 'nowhere', localField: 'item', foreignField: '_id', as: 'i' } },
        { $project: { i: 1 } },
      ],
      [{ _id: 1, i: [] }],
    ],
    [
      'by a pipeline with let',
      [
        { $match: { _id: 1 } },
        {
          $lookup: {
            from: 'items',
            let: { it: '$item' },
            pipeline: [{ $match: { $expr: { $eq: ['$_id', '$$it'] } } }, { $project: { _id: 0, name: 1 } }],
            as: 'i',
          },
        },
        { $project: { i: 1 } },
      ],
      [{ _id: 1, i: [{ name: 'Apple' }] }],
    ],
    [
      'by fields and a pipeline',
      [
        { $match: { _id: 2 } },
        {
          $lookup: {
            from: 'items',
            localField: 'item',
            foreignField: '_id',
            pipeline: [{ $project: { name: 1 } }],
            as: 'i',
          },
        },
        { $project: { i: 1 } },
      ],
      [{ _id: 2, i: [{ _id: 'b', name: 'Bread' }] }],
    ],
    [
      'of the elements of an array',
      [
        { $match: { _id: 1 } },
        { $set: { refs: ['a', 'd'] } },
        { $lookup: { from: 'items', localField: 'refs', foreignField: '_id', as: 'i' } },
        { $project: { n: { $size: '$i' } } },
      ],
      [{ _id: 1, n: 2 }],
    ],
  ],
  'reference/operator/aggregation/graphLookup': [
    [
      'follows references',
      [
        { $match: { _id: 1 } },
        { $set: { start: 'd' } },
        {
          $graphLookup: {
            from: 'items',
            startWith: '$start',
            connectFromField: 'parent',
            connectToField: '_id',
            as: 'up',
          },
        },
        { $project: { ids: { $sortArray: { input: '$up._id', sortBy: 1 } } } },
      ],
      [{ _id: 1, ids: ['a', 'b', 'd'] }],
    ],
    [
      'no deeper than asked',
      [
        { $match: { _id: 1 } },
        { $set: { start: 'd' } },
        {
          $graphLookup: {
            from: 'items',
            startWith: '$start',
            connectFromField: 'parent',
            connectToField: '_id',
            as: 'up',
            maxDepth: 1,
          },
        },
        { $project: { n: { $size: '$up' } } },
      ],
      [{ _id: 1, n: 2 }],
    ],
  ],
  'reference/operator/aggregation/facet': [
    [
      'several pipelines over the same documents',
      [{ $facet: { n: [{ $count: 'n' }], top: [{ $sort: { price: -1 } }, { $limit: 1 }, { $project: { _id: 1 } }] } }],
      [{ n: [{ n: 4 }], top: [{ _id: 3 }] }],
    ],
  ],
  'reference/operator/aggregation/bucket': [
    [
      '$bucket',
      [{ $bucket: { groupBy: '$price', boundaries: [0, 10, 25], default: 'more', output: { n: { $sum: 1 } } } }],
      [
        { _id: 0, n: 1 },
        { _id: 10, n: 2 },
        { _id: 'more', n: 1 },
      ],
    ],
    [
      '$bucketAuto',
      [{ $bucketAuto: { groupBy: '$price', buckets: 2 } }],
      [
        { _id: { min: 5, max: 20 }, count: 2 },
        { _id: { min: 20, max: 30 }, count: 2 },
      ],
    ],
  ],
  'reference/operator/aggregation/replaceRoot': [
    ['$replaceRoot', [{ $match: { _id: 1 } }, { $replaceRoot: { newRoot: { i: '$item' } } }], [{ i: 'a' }]],
    [
      '$replaceWith',
      [{ $match: { _id: 1 } }, { $replaceWith: { $mergeObjects: [{ x: 1 }, { i: '$item' }] } }],
      [{ x: 1, i: 'a' }],
    ],
  ],
  'reference/operator/aggregation/unionWith': [
    [
      '$unionWith',
      [
        { $project: { _id: 1 } },
        { $unionWith: { coll: 'items', pipeline: [{ $project: { _id: 1 } }] } },
        { $count: 'n' },
      ],
      [{ n: 7 }],
    ],
  ],
  'reference/operator/aggregation/redact': [
    [
      '$redact',
      [
        { $match: { _id: { $lte: 2 } } },
        { $redact: { $cond: [{ $eq: ['$item', 'a'] }, '$$KEEP', '$$PRUNE'] } },
        { $project: { _id: 1 } },
      ],
      [{ _id: 1 }],
    ],
  ],
  'reference/operator/aggregation/sample': [
    ['$sample gives as many as asked', [{ $sample: { size: 2 } }, { $count: 'n' }], [{ n: 2 }]],
  ],
};

const refused: [title: string, pipeline: Document[], code: number][] = [
  ['a $sample with an option of its own', [{ $sample: { size: 1, seed: 2 } }], 28748],
  ['a $sample without a size', [{ $sample: {} }], 28749],
  ['an unknown stage', [{ $nothing: {} }], 40324],
  ['two stages in one object', [{ $match: {}, $limit: 1 }], 40323],
  ['$limit of zero', [{ $limit: 0 }], 15958],
  ['$limit below zero', [{ $limit: -1 }], 2107201],
  ['$count into nothing', [{ $count: '' }], 40157],
  ['$count into a path of a field', [{ $count: '$a' }], 40158],
  ['$count into a nested field', [{ $count: 'a.b' }], 40160],
  ['$sort by no document', [{ $sort: 5 }], 15973],
  ['$unset of a number', [{ $unset: 5 }], 31002],
  ['$unset of nothing', [{ $unset: [] }], 31119],
  ['$unset of numbers', [{ $unset: [5] }], 31120],
  ['$group without an _id', [{ $group: { n: { $sum: 1 } } }], 15955],
  ['an unknown accumulator', [{ $group: { _id: 1, n: { $nothing: 1 } } }], 15952],
  ['$out that is not last', [{ $out: 'x' }, { $match: {} }], 40601],
  ['inclusion mixed with exclusion', [{ $project: { a: 1, b: 0 } }], 31254],
  ['exclusion mixed with inclusion', [{ $project: { a: 0, b: 1 } }], 31253],
  ['paths of which one holds the other', [{ $project: { a: 1, 'a.b': 1 } }], 31249],
  ['$unwind without a dollar', [{ $unwind: 'tags' }], 28818],
  ['an empty $sort', [{ $sort: {} }], 15976],
  ['a sort by 2', [{ $sort: { a: 2 } }], 15975],
];

describe('conformance: pipelines', () => {
  const { db } = server('pipelines');
  const sales = () => db().collection<Document>('sales');
  before(async () => {
    await sales().insertMany(SALES as never[]);
    await db()
      .collection('items')
      .insertMany(ITEMS as never[]);
  });

  for (const [page, list] of Object.entries(cases)) {
    describe(`manual: ${page}`, () => {
      for (const [title, pipeline, result] of list) {
        it(title, async () => {
          expect(await sales().aggregate(pipeline).toArray()).to.deep.equal(result);
        });
      }
    });
  }
  describe('manual: core/aggregation-pipeline', () => {
    for (const [title, pipeline, code] of refused) {
      it(`${title} is refused`, async () => {
        expect(await codeOf(sales().aggregate(pipeline).toArray())).to.equal(code);
      });
    }
  });
  describe('manual: reference/operator/aggregation/documents', () => {
    it('$documents needs no collection', async () => {
      const stages = [{ $documents: [{ n: 1 }, { n: 2 }] }, { $match: { n: { $gt: 1 } } }];
      expect(await db().aggregate(stages).toArray()).to.deep.equal([{ n: 2 }]);
    });
    it('$documents feed a $lookup and a $unionWith that have no collection', async () => {
      const joined = { $lookup: { pipeline: [{ $documents: [{ n: 1 }] }, { $set: { m: 2 } }], as: 'found' } };
      const [first] = await sales()
        .aggregate([{ $limit: 1 }, joined, { $project: { found: 1, _id: 0 } }])
        .toArray();
      expect(first).to.deep.equal({ found: [{ n: 1, m: 2 }] });
      const union = { $unionWith: { pipeline: [{ $documents: [{ n: 1 }] }] } };
      expect(
        await sales()
          .aggregate([{ $limit: 1 }, { $project: { _id: 1 } }, union])
          .toArray(),
      ).to.deep.equal([{ _id: 1 }, { n: 1 }]);
    });
    it('$collStats counts', async () => {
      const [found] = await sales()
        .aggregate([{ $collStats: { count: {} } }])
        .toArray();
      expect(found?.count).to.equal(4);
    });
    it('$indexStats names the indexes', async () => {
      const found = await sales()
        .aggregate([{ $indexStats: {} }])
        .toArray();
      expect(found.map(({ name }) => name)).to.deep.equal(['_id_']);
    });
    it('$stdDevSamp and $bottomN', async () => {
      const group = {
        _id: null,
        d: { $stdDevSamp: '$_id' },
        b: { $bottomN: { n: 2, sortBy: { _id: 1 }, output: '$_id' } },
      };
      const [found] = await sales()
        .aggregate([{ $match: { _id: { $lte: 3 } } }, { $group: group }])
        .toArray();
      expect(found).to.deep.equal({ _id: null, d: 1, b: [2, 3] });
    });
  });
  describe('manual: reference/operator/aggregation/percentile, median', () => {
    // The scores of the page's example.
    const scores = () => db().collection<Document>('scores');
    const grouped = (accumulator: Document) =>
      scores()
        .aggregate([{ $group: { _id: null, found: accumulator } }])
        .toArray()
        .then(([group]) => group?.found);
    const method = 'approximate';
    before(() =>
      scores().insertMany([
        { _id: 1 as never, one: 62, two: 81, three: 80 },
        { _id: 2 as never, one: 60, two: 83, three: 79 },
        { _id: 3 as never, one: 67, two: 82, three: 78 },
        { _id: 4 as never, one: 64, two: 72, three: 77 },
        { _id: 5 as never, one: 60, two: 53, three: 72 },
        { _id: 6 as never, one: 'ill', three: null },
      ]),
    );
    it('one of a group', async () => {
      expect(await grouped({ $percentile: { input: '$one', p: [0.95], method } })).to.deep.equal([67]);
    });
    it('several, in the order in which they are asked for', async () => {
      const p = [0.9, 0.5, 0.75, 0.95, 0];
      expect(await grouped({ $percentile: { input: '$three', p, method } })).to.deep.equal([80, 78, 79, 80, 72]);
    });
    it('the median of a group', async () => {
      expect(await grouped({ $median: { input: '$two', method } })).to.equal(81);
    });
    it('without a number there is none', async () => {
      expect(await grouped({ $percentile: { input: '$four', p: [0.5, 1], method } })).to.deep.equal([null, null]);
      expect(await grouped({ $median: { input: '$four', method } })).to.equal(null);
    });
    it('of a window', async () => {
      const median = { $median: { input: '$one', method }, window: { range: [-3, 3] } };
      const found = await scores()
        .aggregate([
          { $match: { one: { $type: 'number' } } },
          { $setWindowFields: { sortBy: { one: 1 }, output: { median } } },
          { $sort: { _id: 1 } },
        ])
        .toArray();
      expect(found.map((one) => one.median)).to.deep.equal([60, 60, 64, 64, 60]);
    });
    it('of one document', async () => {
      const input = ['$one', '$two', '$three'];
      const output = { m: { $median: { input, method } }, p: { $percentile: { input, p: [0.5, 0.95], method } } };
      const [found] = await scores()
        .aggregate([{ $match: { _id: 1 } }, { $project: { _id: 0, ...output } }])
        .toArray();
      expect(found).to.deep.equal({ m: 80, p: [80, 81] });
    });
    it('another method, or a place outside 0 to 1, is refused', async () => {
      expect(await codeOf(grouped({ $median: { input: '$one', method: 'exact' } }))).to.equal(2);
      expect(await codeOf(grouped({ $percentile: { input: '$one', p: [2], method } }))).to.equal(7750302);
    });
  });
  describe('manual: reference/operator/aggregation/out', () => {
    it('$out replaces a collection', async () => {
      await db().collection('result').insertOne({ old: true });
      await sales()
        .aggregate([{ $group: { _id: '$item' } }, { $out: 'result' }])
        .toArray();
      expect((await db().collection('result').distinct('_id')).sort()).to.deep.equal(['a', 'b', 'c']);
    });
    it('a regular expression of $lookup is a value like others', async () => {
      const [local, foreign] = [db().collection<Document>('patterns'), db().collection<Document>('matched')];
      await local.insertOne({ p: [/^a/, 'b'] });
      await foreign.insertMany(['ab', /^a/, 'b', /b/].map((p, _id) => ({ _id: _id as never, p })));
      const joined = { from: 'matched', localField: 'p', foreignField: 'p', as: 'found' };
      const [result] = await local.aggregate([{ $lookup: joined }]).toArray();
      expect(result?.found.map(({ _id }: Document) => _id)).to.deep.equal([1, 2]);
    });
    it('$merge joins by what lies deeper, which must be there, be no array and keep the _id', async () => {
      const target = db().collection<Document>('deeper');
      await target.createIndex({ 'a.b': 1 }, { unique: true });
      await target.insertOne({ _id: 7 as never, a: { b: 'x' } });
      const merge = (document: Document) =>
        db()
          .aggregate([{ $documents: [document] }, { $merge: { into: 'deeper', on: 'a.b' } }])
          .toArray();
      await merge({ a: { b: 'x' }, c: 1 });
      expect(await target.find().toArray()).to.deep.equal([{ _id: 7, a: { b: 'x' }, c: 1 }]);
      expect(await codeOf(merge({ a: {} }))).to.equal(51132);
      expect(await codeOf(merge({ a: { b: ['x'] } }))).to.equal(51185);
      expect(await codeOf(merge({ _id: 8, a: { b: 'x' } }))).to.equal(66);
    });
    it('$merge adds and changes', async () => {
      const target = db().collection<Document>('merged');
      await target.insertMany([{ _id: 'a' as never, kept: 1 }, { _id: 'z' as never }]);
      await sales()
        .aggregate([{ $group: { _id: '$item', n: { $sum: 1 } } }, { $merge: 'merged' }])
        .toArray();
      expect(await target.find().sort({ _id: 1 }).toArray()).to.deep.equal([
        { _id: 'a', kept: 1, n: 2 },
        { _id: 'b', n: 1 },
        { _id: 'c', n: 1 },
        { _id: 'z' },
      ]);
    });
    it('a pipeline of $merge sees the new document, or what its let says', async () => {
      const target = db().collection<Document>('merged3');
      await target.insertOne({ _id: 'a' as never, n: 1 });
      const group = { $group: { _id: '$item', n: { $sum: 1 } } };
      const into = (merge: Document) =>
        sales()
          .aggregate([group, { $merge: { into: 'merged3', ...merge } }])
          .toArray();
      await into({ whenMatched: [{ $set: { n: { $add: ['$n', '$$new.n'] } } }], whenNotMatched: 'discard' });
      expect(await target.find().toArray()).to.deep.equal([{ _id: 'a', n: 3 }]);
      await into({ let: { more: '$n' }, whenMatched: [{ $set: { n: '$$more' } }], whenNotMatched: 'discard' });
      expect(await target.find().toArray()).to.deep.equal([{ _id: 'a', n: 2 }]);
      expect(await codeOf(into({ let: { more: 1 }, whenMatched: 'merge' }))).to.equal(51199);
    });
    it('$merge that is not to find anything says which key it found', async () => {
      await db()
        .collection('merged4')
        .insertOne({ _id: 'a' as never });
      const error = await sales()
        .aggregate([{ $group: { _id: '$item' } }, { $merge: { into: 'merged4', whenMatched: 'fail' } }])
        .toArray()
        .catch((thrown) => thrown);
      expect([error.code, error.keyPattern, error.keyValue]).to.deep.equal([11000, { _id: 1 }, { _id: 'a' }]);
    });
    it('neither is done with a linearizable read concern', async () => {
      for (const stage of [{ $out: 'result' }, { $merge: 'merged4' }]) {
        const attempt = sales().aggregate([stage], { readConcern: { level: 'linearizable' } });
        expect(await codeOf(attempt.toArray())).to.equal(72);
      }
    });
    it('$merge keeps what is there when told to', async () => {
      const target = db().collection<Document>('merged2');
      await target.insertOne({ _id: 'a' as never, n: 99 });
      await sales()
        .aggregate([
          { $group: { _id: '$item', n: { $sum: 1 } } },
          { $merge: { into: 'merged2', whenMatched: 'keepExisting', whenNotMatched: 'discard' } },
        ])
        .toArray();
      expect(await target.find().toArray()).to.deep.equal([{ _id: 'a', n: 99 }]);
    });
  });
});
