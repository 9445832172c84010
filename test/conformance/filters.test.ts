import { expect } from 'chai';
import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  Decimal128,
  type Document,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'mongodb';
import { codeOf, server } from './server.ts';

type Case = [title: string, values: unknown[], filter: Document, matching: number[]];

/** Each value becomes the field `v` of a document (absent for undefined); `matching` are the positions of those found. */
const cases: Record<string, Case[]> = {
  'reference/operator/query/eq': [
    ['an equal scalar matches', [1, 2, '1'], { v: { $eq: 1 } }, [0]],
    ['a plain value means $eq', [1, 2, 1], { v: 1 }, [0, 2]],
    ['an element of an array matches', [[1, 2], [3], 1], { v: 1 }, [0, 2]],
    ['an array matches as a whole, in order', [[1, 2], [2, 1], [[1, 2]]], { v: [1, 2] }, [0, 2]],
    [
      'an embedded document matches with the same fields in the same order',
      [{ a: 1, b: 2 }, { b: 2, a: 1 }, { a: 1 }],
      { v: { a: 1, b: 2 } },
      [0],
    ],
    [
      'int32, int64 and double of one value are equal',
      [new Int32(7), Long.fromNumber(7), new Double(7), 8],
      { v: 7 },
      [0, 1, 2],
    ],
    [
      'an int64 beyond 2^53 is compared exactly',
      [Long.fromString('9007199254740993'), Long.fromString('9007199254740992')],
      { v: Long.fromString('9007199254740993') },
      [0],
    ],
    ['strings are compared exactly', ['a', 'A', 'a '], { v: 'a' }, [0]],
    ['dates are compared by time', [new Date(5), new Date(6), 5], { v: new Date(5) }, [0]],
    ['true is not 1', [true, 1, 'true'], { v: true }, [0]],
    [
      'an ObjectId matches itself',
      [new ObjectId('65a0000000000000000000aa'), '65a0000000000000000000aa'],
      { v: new ObjectId('65a0000000000000000000aa') },
      [0],
    ],
    [
      'a decimal equals the integer of its value',
      [Decimal128.fromString('1.0'), 1, Decimal128.fromString('1.1')],
      { v: 1 },
      [0, 1],
    ],
    ['an empty array matches itself only', [[], [[]], null], { v: [] }, [0, 1]],
    ['an empty document matches itself only', [{}, { a: 1 }, null], { v: {} }, [0]],
    ['NaN equals NaN', [Number.NaN, 1, null], { v: Number.NaN }, [0]],
    ['zero equals minus zero', [0, -0, 1], { v: 0 }, [0, 1]],
    ['MinKey and MaxKey equal themselves', [new MinKey(), new MaxKey(), 1], { v: new MinKey() }, [0]],
    [
      'a timestamp is no date',
      [new Timestamp({ t: 1, i: 1 }), new Date(1000)],
      { v: new Timestamp({ t: 1, i: 1 }) },
      [0],
    ],
    [
      'binary data is compared with its subtype',
      [Buffer.from('ab'), Buffer.from('ac'), 'ab'],
      { v: Buffer.from('ab') },
      [0],
    ],
  ],
  'tutorial/query-for-null-fields': [
    ['null matches null and what is not there', [null, undefined, 1, 0, ''], { v: null }, [0, 1]],
    ['$ne null matches what is there', [null, undefined, 1, []], { v: { $ne: null } }, [2, 3]],
    ['$type null matches null only', [null, undefined, 1], { v: { $type: 'null' } }, [0]],
    ['$exists false matches what is not there', [null, undefined, 1], { v: { $exists: false } }, [1]],
    ['$exists true matches null', [null, undefined, 1], { v: { $exists: true } }, [0, 2]],
    [
      'null below an array matches when a document in it lacks the field',
      [[{ a: 1 }, {}], [{ a: 1 }], [{ a: null }]],
      { 'v.a': null },
      [0, 2],
    ],
    ['null below a scalar matches', [5, { a: 5 }, undefined], { 'v.a': null }, [0, 2]],
    ['null is among the elements of an array', [[1, null], [1]], { v: null }, [0]],
    ['null in $in matches what is not there', [null, undefined, 1], { v: { $in: [null] } }, [0, 1]],
    ['$gte null matches null and what is not there', [null, undefined, 1], { v: { $gte: null } }, [0, 1]],
    ['$gt null matches nothing', [null, undefined, 1], { v: { $gt: null } }, []],
  ],
  'reference/operator/query/gt': [
    ['$gt leaves out the value itself', [1, 2, 3], { v: { $gt: 2 } }, [2]],
    ['$gte takes the value itself', [1, 2, 3], { v: { $gte: 2 } }, [1, 2]],
    ['$lt leaves out the value itself', [1, 2, 3], { v: { $lt: 2 } }, [0]],
    ['$lte takes the value itself', [1, 2, 3], { v: { $lte: 2 } }, [0, 1]],
    ['two sides make a range', [1, 2, 3, 4], { v: { $gt: 1, $lt: 4 } }, [1, 2]],
    ['a range may be met by two elements of an array', [[1, 9], [5], [0, 1]], { v: { $gt: 4, $lt: 6 } }, [0, 1]],
    ['only values of the same type are compared', [1, 'z', new Date(0), null, true], { v: { $gt: 0 } }, [0]],
    ['strings are ordered by bytes', ['B', 'a', 'b'], { v: { $gt: 'Z' } }, [1, 2]],
    ['dates are ordered', [new Date(1), new Date(2)], { v: { $gt: new Date(1) } }, [1]],
    ['NaN is not less than a number', [Number.NaN, 1, 5], { v: { $lt: 3 } }, [1]],
    ['MinKey is below every type', [1, 'a', null], { v: { $gt: new MinKey() } }, [0, 1, 2]],
    ['MaxKey is above every type', [1, 'a', new Date(0)], { v: { $lt: new MaxKey() } }, [0, 1, 2]],
    ['false is below true', [true, false], { v: { $lt: true } }, [1]],
    ['embedded documents are ordered field by field', [{ a: 1 }, { a: 2 }, { b: 0 }], { v: { $gt: { a: 1 } } }, [1, 2]],
    ['arrays are compared with arrays as a whole', [[1, 2], [1, 3], 5], { v: { $gt: [1, 2] } }, [1]],
    [
      'int64 and double are ordered exactly',
      [Long.fromString('9007199254740993')],
      { v: { $gt: 9007199254740992 } },
      [0],
    ],
    ['infinity is above all numbers', [Number.POSITIVE_INFINITY, 1e308], { v: { $gt: 1e308 } }, [0]],
  ],
  'reference/operator/query/ne': [
    ['$ne matches what is not there', [1, 2, undefined], { v: { $ne: 1 } }, [1, 2]],
    ['$ne leaves out an array that has the value', [[1, 2], [2], 1], { v: { $ne: 1 } }, [1]],
    ['$nin matches what is not there', [1, 2, undefined, 'x'], { v: { $nin: [1, 'x'] } }, [1, 2]],
    ['$nin leaves out arrays with any of the values', [[1, 5], [6]], { v: { $nin: [1, 2] } }, [1]],
  ],
  'reference/operator/query/in': [
    ['any of the values matches', [1, 2, 3, 'x'], { v: { $in: [1, 'x'] } }, [0, 3]],
    ['an empty list matches nothing', [1, null], { v: { $in: [] } }, []],
    ['an element of an array is enough', [[1, 9], [2]], { v: { $in: [9] } }, [0]],
    ['a pattern may be among the values', ['apple', 'banana', 5], { v: { $in: [/^a/, 5] } }, [0, 2]],
    ['long lists work like short ones', [3, 50, 99, 'k7'], { v: { $in: [...Array(40).keys(), 'k7'] } }, [0, 3]],
    [
      'numbers of other types are found in long lists',
      [Long.fromNumber(12), new Double(13), 99],
      { v: { $in: [...Array(40).keys()] } },
      [0, 1],
    ],
  ],
  'reference/operator/query/and': [
    ['$and needs all', [1, 5, 9], { $and: [{ v: { $gt: 2 } }, { v: { $lt: 8 } }] }, [1]],
    ['$or needs one', [1, 5, 9], { $or: [{ v: 1 }, { v: 9 }] }, [0, 2]],
    ['$nor needs none', [1, 5, undefined], { $nor: [{ v: 1 }, { v: 9 }] }, [1, 2]],
    [
      '$not turns an operator round and matches what is not there',
      [1, 5, undefined],
      { v: { $not: { $gt: 2 } } },
      [0, 2],
    ],
    ['$not takes a pattern', ['apple', 'pear', 5], { v: { $not: /^a/ } }, [1, 2]],
    ['$not of several operators is not all of them', [1, 5, 9], { v: { $not: { $gt: 2, $lt: 8 } } }, [0, 2]],
    ['fields beside each other are an and', [1, 2], { v: 1, _id: { $gte: 0 } }, [0]],
  ],
  'reference/operator/query/type': [
    ['int', [1, 1.5, 'x', Long.fromNumber(1)], { v: { $type: 'int' } }, [0]],
    ['long', [1, Long.fromNumber(1)], { v: { $type: 'long' } }, [1]],
    ['double', [1, 1.5, new Double(2)], { v: { $type: 'double' } }, [1, 2]],
    ['number is all numeric types', [1, 1.5, Long.fromNumber(1), 'x'], { v: { $type: 'number' } }, [0, 1, 2]],
    ['by number', ['a', 1], { v: { $type: 2 } }, [0]],
    ['any of several', ['a', 1, true], { v: { $type: ['string', 'bool'] } }, [0, 2]],
    ['array means the array itself', [[1], 1, [[1]]], { v: { $type: 'array' } }, [0, 2]],
    ['the type of an element is enough', [['a', 1], [1]], { v: { $type: 'string' } }, [0]],
    ['date, objectId, object', [new Date(0), new ObjectId(), {}], { v: { $type: ['date', 'objectId'] } }, [0, 1]],
  ],
  'reference/operator/query/regex': [
    ['a pattern matches strings', ['abc', 'xbc', 5, null], { v: /^a/ }, [0]],
    ['i ignores case', ['ABC', 'abc', 'x'], { v: { $regex: 'abc', $options: 'i' } }, [0, 1]],
    ['m lets ^ match at lines', ['x\nabc', 'xabc'], { v: { $regex: '^abc', $options: 'm' } }, [0]],
    ['s lets the dot match a newline', ['a\nb'], { v: { $regex: 'a.b', $options: 's' } }, [0]],
    ['without s it does not', ['a\nb', 'a-b'], { v: { $regex: 'a.b' } }, [1]],
    ['x ignores spaces and comments', ['abc'], { v: new BSONRegExp('a b # here\n c', 'x') }, [0]],
    ['an inline option counts', ['ABC'], { v: { $regex: '(?i)abc' } }, [0]],
    ['$ matches before a last newline', ['abc\n', 'abc\nd'], { v: { $regex: 'c$' } }, [0]],
    ['an element of an array is enough', [['x', 'abc'], ['x']], { v: /abc/ }, [0]],
    ['letters beyond ASCII are matched as characters', ['añb', 'a𝒳b'], { v: /^a.b$/ }, [0, 1]],
    ['\\d and groups', ['a12', 'ab'], { v: { $regex: '^a(\\d+)$' } }, [0]],
    ['a carriage return ends no line', ['a\rb'], { v: { $regex: 'a.b' } }, [0]],
    ['m knows no line but by newline', ['x\rabc', 'abc\nx'], { v: { $regex: '^abc$', $options: 'm' } }, [1]],
    ['\\Q quotes up to \\E', ['x+y', 'xxy'], { v: { $regex: '^\\Qx+y\\E$' } }, [0]],
    ['sets of POSIX', ['ab_1', 'ab-1'], { v: { $regex: '^[[:alpha:]_[:digit:]]+$' } }, [0]],
    ['a bracket first in a class', [']', 'a', 'b'], { v: { $regex: '^[]a]$' } }, [0, 1]],
    ['scripts', ['漢', 'p{Han}'], { v: { $regex: '^\\p{Han}$' } }, [0]],
    ['named groups of PCRE', ['aa', 'ab'], { v: { $regex: '^(?P<x>a)(?P=x)$' } }, [0]],
    ['characters by number', ['😀', 'x'], { v: { $regex: '^\\x{1F600}$' } }, [0]],
    ['\\s is ASCII', ['a b', 'a\u00a0b'], { v: { $regex: 'a\\sb' } }, [0]],
    ['a brace for itself', ['a{b}', 'ab'], { v: { $regex: 'a{b}' } }, [0]],
    ['comments', ['ab'], { v: { $regex: 'a(?#here)b' } }, [0]],
    ['lookahead', ['ab', 'ac'], { v: { $regex: 'a(?=b)' } }, [0]],
  ],
  'reference/operator/query/mod': [
    ['$mod', [4, 5, 8, 'x'], { v: { $mod: [4, 0] } }, [0, 2]],
    ['$mod truncates fractions', [4.9, 5], { v: { $mod: [4, 0] } }, [0]],
    ['$mod keeps the sign of the value', [-5, 5], { v: { $mod: [4, -1] } }, [0]],
  ],
  'reference/operator/query/all': [
    ['$all needs every value', [[1, 2, 3], [1], 1], { v: { $all: [1, 2] } }, [0]],
    ['$all of one value matches a scalar', [[1], 1, 2], { v: { $all: [1] } }, [0, 1]],
    ['an empty $all matches nothing', [[], [1]], { v: { $all: [] } }, []],
    [
      '$all of $elemMatch',
      [[{ a: 1 }, { a: 5 }], [{ a: 1 }]],
      { v: { $all: [{ $elemMatch: { a: 1 } }, { $elemMatch: { a: 5 } }] } },
      [0],
    ],
  ],
  'reference/operator/query/elemMatch': [
    [
      'the fields of a reference are no operators',
      [[{ $ref: 'a', $id: 1 }], [{ $ref: 'a', $id: 2 }]],
      { v: { $elemMatch: { $id: 2 } } },
      [1],
    ],
    ['one element must meet all', [[1, 10], [5]], { v: { $elemMatch: { $gt: 4, $lt: 6 } } }, [1]],
    [
      'one document must meet all',
      [[{ a: 1, b: 2 }], [{ a: 1 }, { b: 2 }]],
      { v: { $elemMatch: { a: 1, b: 2 } } },
      [0],
    ],
    ['scalars are no arrays', [5, [5]], { v: { $elemMatch: { $eq: 5 } } }, [1]],
    [
      'with $or inside',
      [[{ a: 1 }], [{ b: 2 }], [{ c: 3 }]],
      { v: { $elemMatch: { $or: [{ a: 1 }, { b: 2 }] } } },
      [0, 1],
    ],
    ['nested', [[{ a: [{ b: 1 }] }], [{ a: [{ b: 2 }] }]], { v: { $elemMatch: { a: { $elemMatch: { b: 1 } } } } }, [0]],
  ],
  'reference/operator/query/size': [
    ['$size counts', [[1, 2], [1], 'ab', undefined], { v: { $size: 2 } }, [0]],
    ['$size 0', [[], [1], null], { v: { $size: 0 } }, [0]],
  ],
  'tutorial/query-array-of-documents': [
    ['a path goes through the documents of an array', [[{ a: 1 }, { a: 2 }], [{ a: 3 }]], { 'v.a': 2 }, [0]],
    [
      'a position in a path',
      [
        [5, 6],
        [6, 5],
      ],
      { 'v.0': 5 },
      [0],
    ],
    ['a position and a field', [[{ a: 1 }, { a: 2 }], [{ a: 2 }]], { 'v.0.a': 2 }, [1]],
    ['a number may be a field', [{ 0: 'x' }, ['x']], { 'v.0': 'x' }, [0, 1]],
    ['arrays in arrays are not gone through', [[[{ a: 1 }]]], { 'v.a': 1 }, []],
    ['deep paths', [{ a: { b: { c: 1 } } }, { a: { b: 1 } }], { 'v.a.b.c': 1 }, [0]],
  ],
  'reference/operator/query/comment': [
    ['$comment changes nothing', [1, 2], { v: 1, $comment: 'why' }, [0]],
    ['$alwaysTrue', [1, 2], { $alwaysTrue: 1 }, [0, 1]],
    ['$alwaysFalse', [1, 2], { $alwaysFalse: 1 }, []],
  ],
  'reference/operator/query/bitsAllSet': [
    ['$bitsAllSet by mask', [7, 5, 2], { v: { $bitsAllSet: 5 } }, [0, 1]],
    ['$bitsAnySet by positions', [1, 4, 8], { v: { $bitsAnySet: [0, 2] } }, [0, 1]],
    ['$bitsAllClear', [8, 5], { v: { $bitsAllClear: 5 } }, [0]],
    ['$bitsAnyClear', [5, 1], { v: { $bitsAnyClear: 5 } }, [1]],
  ],
  'reference/operator/query/expr': [
    [
      '$expr compares fields',
      [
        { a: 1, b: 2 },
        { a: 3, b: 2 },
      ],
      { $expr: { $gt: ['$v.a', '$v.b'] } },
      [1],
    ],
    ['$expr with a condition', [5, 15], { $expr: { $lt: [{ $multiply: ['$v', 2] }, 20] } }, [0]],
  ],
};

const refused: [string, Document, number][] = [
  ['a capital option beside a pattern', { a: { $regex: /a/, $options: 'I' } }, 51108],
  ['an unknown operator', { v: { $foo: 1 } }, 2],
  ['an unknown top-level operator', { $foo: 1 }, 2],
  ['$in without an array', { v: { $in: 1 } }, 2],
  ['an empty $and', { $and: [] }, 2],
  ['$or of what is no document', { $or: [1] }, 2],
  ['$size of a negative number', { v: { $size: -1 } }, 2],
  ['$mod by zero', { v: { $mod: [0, 0] } }, 2],
  ['$not of a value', { v: { $not: 5 } }, 2],
  ['an invalid pattern', { v: { $regex: '(' } }, 51091],
  ['an unknown type', { v: { $type: 'nothing' } }, 2],
];

/** A value of every type that is not deprecated beyond use, by its alias. */
const EVERY_TYPE: Record<string, unknown> = {
  double: new Double(1.5),
  string: 'x',
  object: {},
  array: [new ObjectId()],
  binData: new Binary(Buffer.from('x')),
  objectId: new ObjectId(),
  bool: true,
  date: new Date(0),
  null: null,
  regex: /x/,
  javascript: new Code('x'),
  symbol: new BSONSymbol('x'),
  javascriptWithScope: new Code('x', { a: 1 }),
  int: 1,
  timestamp: new Timestamp({ t: 1, i: 1 }),
  long: Long.fromNumber(1),
  decimal: new Decimal128('1'),
  minKey: new MinKey(),
  maxKey: new MaxKey(),
};

describe('conformance: filters', () => {
  const { db } = server('filters');
  describe('manual: reference/bson-types', () => {
    it('every type is found by its alias and by no other, also after an update of its document', async () => {
      const types = db().collection<{ _id: string; v: unknown; n?: number }>('types');
      const names = Object.keys(EVERY_TYPE);
      await types.insertMany(names.map((_id) => ({ _id, v: EVERY_TYPE[_id] })));
      for (const update of [{ $set: { n: 1 } }, { $unset: { n: true } } as const]) {
        const found = await Promise.all(names.map((alias) => types.distinct('_id', { v: { $type: alias as 'int' } })));
        const others = { objectId: ['array', 'objectId'] } as Record<string, string[]>;
        expect(found.map((ids) => ids.sort())).to.deep.equal(names.map((alias) => others[alias] ?? [alias]));
        await types.updateMany({}, update as Document);
      }
    });
  });
  for (const [page, list] of Object.entries(cases)) {
    describe(`manual: ${page}`, () => {
      for (const [title, values, filter, matching] of list) {
        it(title, async () => {
          const collection = db().collection<{ _id: number; v?: unknown }>('c');
          await collection.deleteMany({});
          await collection.insertMany(values.map((v, _id) => (v === undefined ? { _id } : { _id, v })));
          const found = await collection.find(filter).sort({ _id: 1 }).toArray();
          expect(found.map(({ _id }) => _id)).to.deep.equal(matching);
        });
      }
    });
  }
  it('manual: reference/operator/aggregation/sampleRate: all at a rate of 1, none at 0', async () => {
    const things = () => db().collection('sampled');
    await things().insertMany([{ a: 1 }, { a: 2 }]);
    const counts = [1, 0].map((rate) => things().countDocuments({ $sampleRate: rate }));
    expect(await Promise.all(counts)).to.deep.equal([2, 0]);
    expect(await codeOf(things().countDocuments({ $sampleRate: 2 }))).to.equal(2);
  });
  describe('manual: reference/operator/query', () => {
    for (const [title, filter, code] of refused) {
      it(`${title} is refused`, async () => {
        expect(await codeOf(db().collection('c').find(filter).toArray())).to.equal(code);
      });
    }
  });
});
