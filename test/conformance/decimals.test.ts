import { expect } from 'chai';
import { Decimal128, type Document, Double, Long } from 'mongodb';
import { codeOf, server } from './server.ts';

const d = (text: string) => Decimal128.fromString(text);

const expressions: Record<string, [expression: Document, result: string][]> = {
  'reference/operator/aggregation/add': [
    [{ $add: [d('0.1'), d('0.2')] }, '0.3'],
    [{ $add: [d('1.10'), 3] }, '4.10'],
    [{ $add: [d('0.5'), Long.fromNumber(2)] }, '2.5'],
    [{ $add: [d('Infinity'), 1] }, 'Infinity'],
    [{ $add: [d('9999999999999999999999999999999999'), 1] }, '1.000000000000000000000000000000000E+34'],
  ],
  'reference/operator/aggregation/subtract': [
    [{ $subtract: [3, d('1.10')] }, '1.90'],
    [{ $subtract: [d('Infinity'), d('Infinity')] }, 'NaN'],
  ],
  'reference/operator/aggregation/multiply': [
    [{ $multiply: [d('1.10'), 3] }, '3.30'],
    [{ $multiply: [d('-2.5'), d('4')] }, '-10.0'],
    [{ $multiply: [d('-0'), 1] }, '-0'],
  ],
  'reference/operator/aggregation/divide': [
    [{ $divide: [d('1'), 3] }, '0.3333333333333333333333333333333333'],
    [{ $divide: [d('10'), 4] }, '2.5'],
    [{ $divide: [d('2'), d('3')] }, '0.6666666666666666666666666666666667'],
  ],
  'reference/operator/aggregation/mod': [
    [{ $mod: [d('7.5'), 2] }, '1.5'],
    [{ $mod: [d('-7.5'), 2] }, '-1.5'],
  ],
  'reference/operator/aggregation/round': [
    [{ $round: [d('1.15'), 1] }, '1.2'],
    [{ $round: [d('-0.4')] }, '-0'],
    [{ $round: [d('1.25'), 1] }, '1.2'],
    [{ $trunc: [d('-1.99'), 1] }, '-1.9'],
    [{ $floor: d('-1.5') }, '-2'],
    [{ $ceil: d('-1.5') }, '-1'],
    [{ $abs: d('-1.50') }, '1.50'],
    [{ $sqrt: d('2') }, '1.414213562373095048801688724209698'],
  ],
};

describe('conformance: decimals', () => {
  const { db } = server('decimals');
  const things = () => db().collection<Document>('things');
  beforeEach(() => things().deleteMany({}));

  for (const [page, list] of Object.entries(expressions)) {
    describe(`manual: ${page}`, () => {
      for (const [expression, result] of list) {
        it(`${JSON.stringify(expression)} is ${result}`, async () => {
          await things().insertOne({ _id: 1 as never });
          const [found] = await things()
            .aggregate([{ $project: { value: expression } }])
            .toArray();
          expect(found?.value).to.be.instanceOf(Decimal128);
          expect(String(found?.value)).to.equal(result);
        });
      }
    });
  }
  it('manual: reference/operator/aggregation/divide: by zero is refused', async () => {
    await things().insertOne({});
    const dividing = things().aggregate([{ $project: { value: { $divide: [d('1'), 0] } } }]);
    expect(await codeOf(dividing.toArray())).to.equal(2);
  });
  it('manual: reference/operator/update/inc: $inc and $mul keep every digit', async () => {
    await things().insertOne({ a: d('0.1'), b: 1, c: d('1.5') });
    await things().updateOne({}, { $inc: { a: d('0.2'), b: d('0.1') }, $mul: { c: 2 } });
    const found = await things().findOne();
    expect([found?.a, found?.b, found?.c].map(String)).to.deep.equal(['0.3', '1.1', '3.0']);
  });
  it('manual: reference/operator/aggregation/sum: $sum and $avg are decimals as soon as one value is', async () => {
    await things().insertMany([{ a: d('0.1') }, { a: d('0.2') }, { a: new Double(0.5) }, { a: 2 }, { a: 'x' }]);
    const [found] = await things()
      .aggregate([{ $group: { _id: null, sum: { $sum: '$a' }, average: { $avg: '$a' }, most: { $max: '$a' } } }])
      .toArray();
    expect([found?.sum, found?.average].map(String)).to.deep.equal(['2.8', '0.7']);
  });
  describe('manual: reference/bson-type-comparison-order', () => {
    /** In their order; those in one list are equal, whatever their types and digits. */
    const ORDER: unknown[][] = [
      [d('NaN'), Number.NaN],
      [d('-Infinity'), Number.NEGATIVE_INFINITY],
      [d('-9.9E+6000')],
      [d('-1.50'), new Double(-1.5), d('-1.5')],
      [d('-1E-6000')],
      [0, d('0'), d('-0'), d('0.00')],
      [d('1E-6176')],
      // A double is a little more than the decimal that it is written as.
      [d('0.1')],
      [new Double(0.1)],
      [1, d('1'), d('1.000'), Long.fromNumber(1)],
      [d('9007199254740992'), Long.fromString('9007199254740992'), new Double(9007199254740992)],
      [d('9007199254740992.5')],
      [Long.fromString('9007199254740993'), d('9007199254740993')],
      [Long.MAX_VALUE, d('9223372036854775807')],
      [d('9223372036854775807.5')],
      [d('9223372036854775808'), new Double(2 ** 63)],
      [d('1E+40')],
      [new Double(1e300)],
      [d('9.9E+6000')],
      [d('Infinity'), Number.POSITIVE_INFINITY],
    ];
    const placesIn = (found: Document[]) => found.map(({ place }) => place);
    const sorted = ORDER.flatMap((equal, place) => equal.map(() => place));
    beforeEach(async () => {
      await things().insertMany(ORDER.flatMap((equal, place) => equal.map((v) => ({ v, place }))).reverse());
    });

    it('numbers of all types are in one order, by a sort and by an index, up and down', async () => {
      expect(placesIn(await things().find().sort({ v: 1 }).toArray())).to.deep.equal(sorted);
      await things().createIndex({ v: 1 });
      await things().createIndex({ w: 1, v: -1 });
      const by = (hint: string, sort: Document) =>
        things()
          .find()
          .hint(hint)
          .sort(sort as { v: 1 })
          .toArray();
      expect(placesIn(await by('v_1', { v: 1 }))).to.deep.equal(sorted);
      expect(placesIn(await by('w_1_v_-1', { w: 1, v: -1 }))).to.deep.equal([...sorted].reverse());
      await things().dropIndexes();
    });
    it('what is equal is found by each of its spellings, with an index and without', async () => {
      const ask = () =>
        Promise.all(ORDER.flatMap((equal) => equal.map(async (v) => placesIn(await things().find({ v }).toArray()))));
      const expected = ORDER.flatMap((equal, place) => equal.map(() => equal.map(() => place)));
      expect(await ask()).to.deep.equal(expected);
      await things().createIndex({ v: 1 });
      expect(await ask()).to.deep.equal(expected);
      await things().dropIndexes();
    });
    it('a unique index takes equal numbers for one', async () => {
      const unique = db().collection<Document>('unique');
      await unique.createIndex({ v: 1 }, { unique: true });
      for (const [first, ...others] of ORDER) {
        await unique.insertOne({ v: first });
        for (const v of others) expect(await codeOf(unique.insertOne({ v }))).to.equal(11000);
      }
    });
  });
});
