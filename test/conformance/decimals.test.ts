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
});
