import { expect } from 'chai';
import { Decimal128, type Document } from 'mongodb';
import { codeOf, server } from './server.ts';

const day = (n: number) => new Date(Date.UTC(2021, 0, n));

/** Sales of cakes: two states, two equal quantities. */
const CAKES = [
  { _id: 0, s: 'CA', d: day(1), q: 120 },
  { _id: 1, s: 'CA', d: day(3), q: 140 },
  { _id: 2, s: 'WA', d: day(2), q: 104 },
  { _id: 3, s: 'WA', d: day(33), q: 104 },
  { _id: 4, s: 'WA', d: day(34), q: 140 },
];
const GAPS = [{ _id: 1, v: 1 }, { _id: 2 }, { _id: 3, v: null }, { _id: 5, v: 9 }, { _id: 6 }];
const COFFEE = [
  { a: 600, v: 'T' },
  { a: 750, v: 'T' },
  { a: 950, v: 'T' },
  { a: 1250, v: 'G' },
  { a: 1700, v: 'G' },
];

/** Documents, a stage, and the value of one field in each document that comes out, by `_id`. */
type Case = [title: string, output: Document, values: unknown[], options?: Document];

const byQuantity = { partitionBy: '$s', sortBy: { q: 1 } };
const byDate = { sortBy: { d: 1 } };

/** Outputs of `$setWindowFields` over the cakes, by `_id`. */
const windows: Record<string, Case[]> = {
  setWindowFields: [
    ['the whole partition without a window', { $max: '$q' }, [140, 140, 140, 140, 140], { partitionBy: '$s' }],
    ['everything without a partition', { $count: {} }, [5, 5, 5, 5, 5], {}],
    [
      'from the first document to the current one',
      { $sum: '$q', window: { documents: ['unbounded', 'current'] } },
      [120, 260, 104, 208, 348],
    ],
    [
      'neighbours by their number',
      { $avg: '$q', window: { documents: [-1, 0] } },
      [112, 130, 104, 104, 140],
      { sortBy: { q: 1, _id: 1 } },
    ],
    ['an empty window', { $push: '$_id', window: { documents: [-5, -4] } }, [[], [], [], [], []]],
    [
      'a range of values, equal ones included',
      { $sum: 1, window: { range: [-20, 'current'] } },
      [3, 3, 2, 2, 3],
      { sortBy: { q: 1 } },
    ],
    [
      'a range of time',
      { $push: '$_id', window: { range: ['unbounded', -1], unit: 'month' } },
      [[], [], [], [0, 2], [0, 2, 1]],
      byDate,
    ],
    ['$first and others of $group', { $first: '$q', window: { documents: [0, 1] } }, [120, 140, 104, 104, 140]],
  ],
  rank: [
    ['$rank leaves gaps after equals', { $rank: {} }, [1, 2, 1, 1, 3]],
    ['$denseRank leaves none', { $denseRank: {} }, [1, 2, 1, 1, 2]],
    ['$documentNumber tells equals apart', { $documentNumber: {} }, [1, 2, 1, 2, 3]],
  ],
  shift: [
    ['the document before', { $shift: { output: '$q', by: -1 } }, [null, 120, null, 104, 104]],
    ['a value for none', { $shift: { output: '$q', by: 1, default: 'none' } }, [140, 'none', 104, 140, 'none']],
  ],
  expMovingAvg: [
    ['by N', { $expMovingAvg: { input: '$q', N: 3 } }, [120, 126, 112, 115, 127.5], byDate],
    ['by alpha', { $expMovingAvg: { input: '$q', alpha: 0.5 } }, [120, 126, 112, 115, 127.5], byDate],
  ],
  derivative: [
    [
      'the change per day',
      { $derivative: { input: '$q', unit: 'day' }, window: { documents: [-1, 0] } },
      [null, 36, -16, -1.2, 36],
      byDate,
    ],
  ],
  integral: [
    [
      'the area under the line',
      { $integral: { input: '$q', unit: 'day' }, window: { documents: ['unbounded', 'current'] } },
      [0, 234, 112, 3894, 4016],
      byDate,
    ],
  ],
  covariancePop: [
    ['$covariancePop', { $covariancePop: ['$q', '$_id'] }, [0.8, 0.8, 0.8, 0.8, 0.8], {}],
    ['$covarianceSamp', { $covarianceSamp: ['$q', '$_id'] }, [1, 1, 1, 1, 1], {}],
  ],
};

const refused: [title: string, stage: Document, code: number][] = [
  ['a rank without an order', { $setWindowFields: { output: { r: { $rank: {} } } } }, 5371602],
  ['an argument of $rank', { $setWindowFields: { sortBy: { q: 1 }, output: { r: { $rank: { a: 1 } } } } }, 5371603],
  ['a window of $rank', { $setWindowFields: { sortBy: { q: 1 }, output: { r: { $rank: {}, window: {} } } } }, 5371601],
  ['an unknown function', { $setWindowFields: { output: { r: { $nothing: 1 } } } }, 9],
  ['an unknown option', { $setWindowFields: { output: {}, other: 1 } }, 9],
  [
    'a lower bound above the upper',
    { $setWindowFields: { sortBy: { q: 1 }, output: { r: { $sum: 1, window: { documents: [1, 0] } } } } },
    5339900,
  ],
  [
    'bounds by number without an order',
    { $setWindowFields: { output: { r: { $sum: 1, window: { documents: [-1, 0] } } } } },
    5339901,
  ],
  [
    'a range over what is no number',
    { $setWindowFields: { sortBy: { s: 1 }, output: { r: { $sum: 1, window: { range: [-1, 1] } } } } },
    5429414,
  ],
  ['a partition by arrays', { $setWindowFields: { partitionBy: ['$s'], output: { r: { $sum: 1 } } } }, 5429900],
  ['$densify without a positive step', { $densify: { field: 'q', range: { step: 0, bounds: 'full' } } }, 5733401],
  ['$densify of strings', { $densify: { field: 's', range: { step: 1, bounds: 'full' } } }, 5733201],
  ['$densify of dates without a unit', { $densify: { field: 'd', range: { step: 1, bounds: 'full' } } }, 6053600],
  ['$fill by a line without an order', { $fill: { output: { q: { method: 'linear' } } } }, 605001],
  ['$fill of nothing', { $fill: {} }, 40414],
  ['$fill by no document', { $fill: 'q' }, 9],
  ['$fill of no field', { $fill: { output: {} } }, 6050203],
  ['$fill by what is no description', { $fill: { output: { q: 'locf' } } }, 6050200],
  ['$fill by an unknown description', { $fill: { output: { q: { method: 'locf', other: 1 } } } }, 40415],
  ['$fill by value and method', { $fill: { output: { q: { method: 'locf', value: 1 } } } }, 6050201],
  [
    '$fill by two partitions',
    { $fill: { partitionBy: '$s', partitionByFields: ['s'], output: { q: { method: 'locf' } } } },
    6050204,
  ],
  ['$fill by an unknown method', { $fill: { sortBy: { q: 1 }, output: { q: { method: 'cubic' } } } }, 6050202],
];

describe('conformance: windows and gaps', () => {
  const { db } = server('windows');
  const run = (documents: Document[], ...stages: Document[]) =>
    db()
      .aggregate([{ $documents: documents }, ...stages])
      .toArray();

  for (const [page, list] of Object.entries(windows)) {
    describe(`manual: reference/operator/aggregation/${page}`, () => {
      for (const [title, output, values, options = byQuantity] of list) {
        it(title, async () => {
          const stage = { $setWindowFields: { ...options, output: { value: output } } };
          const found = await run(CAKES, stage, { $sort: { _id: 1 } });
          expect(found.map(({ value }) => value)).to.deep.equal(values);
        });
      }
    });
  }

  describe('manual: reference/operator/aggregation/setWindowFields, "Behavior"', () => {
    it('an output may be a path, and all other fields stay', async () => {
      const stage = { $setWindowFields: { output: { 'o.n': { $count: {} } } } };
      expect(await run([{ _id: 1, o: { a: 1 } }], stage)).to.deep.equal([{ _id: 1, o: { a: 1, n: 1 } }]);
    });
    it('documents come by partition, each in its order', async () => {
      const stage = { $setWindowFields: { partitionBy: '$s', sortBy: { q: -1 }, output: { n: { $count: {} } } } };
      expect((await run(CAKES, stage)).map(({ _id }) => _id)).to.deep.equal([1, 0, 4, 2, 3]);
    });
  });

  describe('manual: reference/operator/aggregation/fill', () => {
    const values = async (stage: Document) => (await run(GAPS, stage, { $sort: { _id: 1 } })).map(({ v }) => v);
    it('a value, which may be an expression', async () => {
      expect(await values({ $fill: { output: { v: { value: { $multiply: ['$_id', 10] } } } } })).to.deep.equal([
        1, 20, 30, 9, 60,
      ]);
    });
    it('linear fills between two numbers only ($linearFill)', async () => {
      expect(await values({ $fill: { sortBy: { _id: 1 }, output: { v: { method: 'linear' } } } })).to.deep.equal([
        1,
        3,
        5,
        9,
        null,
      ]);
    });
    it('locf keeps the last value ($locf)', async () => {
      expect(await values({ $fill: { sortBy: { _id: 1 }, output: { v: { method: 'locf' } } } })).to.deep.equal([
        1, 1, 1, 9, 9,
      ]);
    });
    it('partitions by fields are filled by themselves', async () => {
      const documents = [
        { _id: 1, k: 'a', v: 1 },
        { _id: 2, k: 'b' },
        { _id: 3, k: 'a' },
      ];
      const stage = { $fill: { partitionByFields: ['k'], sortBy: { _id: 1 }, output: { v: { method: 'locf' } } } };
      expect((await run(documents, stage, { $sort: { _id: 1 } })).map(({ v }) => v)).to.deep.equal([1, null, 1]);
    });
    it('decimals stay decimals', async () => {
      const documents = [{ _id: 1, v: new Decimal128('1') }, { _id: 2 }, { _id: 3, v: new Decimal128('2') }];
      const found = await run(documents, { $fill: { sortBy: { _id: 1 }, output: { v: { method: 'linear' } } } });
      expect(found[1]?.v).to.be.instanceOf(Decimal128);
      expect(Number(found[1]?.v)).to.equal(1.5);
    });
  });

  describe('manual: reference/operator/aggregation/densify', () => {
    const altitudes = async (range: Document, by?: string[]) => {
      const stage = { $densify: { field: 'a', range, ...(by && { partitionByFields: by }) } };
      const found = await run(COFFEE, stage, { $sort: { v: 1, a: 1 } });
      return found.map(({ a, v }) => `${v ?? ''}${a}`);
    };
    it('the full range, in each partition', async () => {
      const g = [600, 800, 1000, 1200, 1250, 1400, 1600, 1700].map((a) => `G${a}`);
      const t = [600, 750, 800, 950, 1000, 1200, 1400, 1600].map((a) => `T${a}`);
      expect(await altitudes({ bounds: 'full', step: 200 }, ['v'])).to.deep.equal([...g, ...t]);
    });
    it('the range of each partition', async () => {
      const expected = ['G1250', 'G1450', 'G1650', 'G1700', 'T600', 'T750', 'T800', 'T950'];
      expect(await altitudes({ bounds: 'partition', step: 200 }, ['v'])).to.deep.equal(expected);
    });
    it('a range of its own, without its upper bound', async () => {
      const found = await altitudes({ bounds: [500, 900], step: 200 });
      expect(found).to.deep.equal(['500', '700', 'G1250', 'G1700', 'T600', 'T750', 'T950']);
    });
    it('dates by their unit', async () => {
      const stage = { $densify: { field: 'd', range: { bounds: 'full', step: 1, unit: 'month' } } };
      const found = await run([{ d: new Date('2024-01-31') }, { d: new Date('2024-04-30') }], stage);
      expect(found.map(({ d }) => (d as Date).toISOString().slice(0, 10))).to.deep.equal([
        '2024-01-31',
        '2024-02-29',
        '2024-03-31',
        '2024-04-30',
      ]);
    });
    it('documents without the field stay', async () => {
      const stage = { $densify: { field: 'a', range: { bounds: 'full', step: 1 } } };
      expect(await run([{ a: 1 }, { b: 1 }, { a: 3 }], stage, { $sort: { a: 1 } })).to.deep.equal([
        { b: 1 },
        { a: 1 },
        { a: 2 },
        { a: 3 },
      ]);
    });
  });

  describe('manual: reference/operator/aggregation/setWindowFields, "Restrictions"', () => {
    for (const [title, stage, code] of refused) {
      it(`${title} is refused`, async () => expect(await codeOf(run(CAKES, stage))).to.equal(code));
    }
  });
});
