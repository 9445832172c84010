import { expect } from 'chai';
import { Decimal128, type Document, Double, Long, ObjectId, Timestamp } from 'mongodb';
import { codeOf, server } from './server.ts';

/** What every expression is evaluated on. */
const INPUT = {
  _id: 1,
  n: 7,
  neg: -7,
  half: 2.5,
  long: Long.fromNumber(5),
  zero: 0,
  s: 'Hello World',
  u: 'añ𝒳',
  t: true,
  nil: null,
  date: new Date('2024-03-10T13:45:30.123Z'),
  a: [3, 1, 2],
  docs: [
    { k: 'x', v: 1 },
    { k: 'y', v: 2 },
  ],
  o: { p: 1, q: 'r' },
  nested: [[1, 2], [3]],
  empty: [],
};

/** By another name, for the linter: an object with a `then` is taken for a promise by `await`. */
const THEN = 'then';
const when = (test: unknown, value: unknown) => ({ case: test, [THEN]: value });

type Case = [expression: unknown, value: unknown];

/** `undefined` stands for a field that is left out. */
const cases: Record<string, Case[]> = {
  'reference/operator/aggregation/sum': [
    [{ $sum: '$a' }, 6],
    [{ $sum: ['$n', '$long', '$s'] }, 12],
    [{ $sum: ['$a', '$n'] }, 7],
    [{ $sum: '$missing' }, 0],
    [{ $avg: '$a' }, 2],
    [{ $avg: ['$n', '$neg', '$half'] }, 2.5 / 3],
    [{ $avg: '$empty' }, null],
    [{ $min: '$a' }, 1],
    [{ $max: ['$n', '$neg', '$nil'] }, 7],
    [{ $max: ['$a', 99] }, [3, 1, 2]],
    [{ $min: '$empty' }, null],
    [{ $stdDevPop: [2, 4] }, 1],
    [{ $stdDevSamp: [1, 2, 3] }, 1],
    [{ $stdDevSamp: [1] }, null],
  ],
  'reference/operator/aggregation/bitAnd': [
    [{ $bitAnd: ['$n', 3] }, 3],
    [{ $bitOr: [4, 3] }, 7],
    [{ $bitXor: ['$n', 5] }, 2],
    [{ $bitNot: '$n' }, -8],
    [{ $bitAnd: ['$n', '$nil'] }, null],
  ],
  'reference/operator/aggregation/tsSecond': [
    [{ $tsSecond: new Timestamp({ t: 1622731060, i: 13 }) }, 1622731060],
    [{ $tsIncrement: new Timestamp({ t: 1622731060, i: 13 }) }, 13],
    [{ $tsSecond: '$missing' }, null],
  ],
  'meta/aggregation-quick-reference': [
    ['$n', 7],
    ['$o.p', 1],
    ['$docs.v', [1, 2]],
    ['$missing', undefined],
    ['$o.missing', undefined],
    ['$$ROOT.n', 7],
    ['$$CURRENT.n', 7],
    ['$$REMOVE', undefined],
    [
      { x: '$n', y: { z: '$t' } },
      { x: 7, y: { z: true } },
    ],
    [
      ['$n', '$missing'],
      [7, null],
    ],
    [{ $literal: '$n' }, '$n'],
  ],
  'reference/operator/aggregation/add': [
    [{ $add: ['$n', 1] }, 8],
    [{ $add: ['$n', 0.5] }, 7.5],
    [{ $add: ['$n', null] }, null],
    [{ $add: ['$date', 1000] }, new Date('2024-03-10T13:45:31.123Z')],
    [{ $type: { $add: ['$n', '$long'] } }, 'long'],
    [{ $type: { $add: [2147483647, 1] } }, 'long'],
    [{ $subtract: ['$n', 10] }, -3],
    [{ $subtract: ['$date', new Date('2024-03-10T13:45:30.000Z')] }, 123],
    [{ $subtract: ['$date', 123] }, new Date('2024-03-10T13:45:30.000Z')],
    [{ $multiply: ['$n', '$half'] }, 17.5],
    [{ $divide: ['$n', 2] }, 3.5],
    [{ $type: { $divide: [4, 2] } }, 'double'],
    [{ $mod: ['$neg', 4] }, -3],
    [{ $abs: '$neg' }, 7],
    [{ $ceil: 2.1 }, 3],
    [{ $floor: -2.1 }, -3],
    [{ $round: [2.5, 0] }, 2],
    [{ $round: [3.5] }, 4],
    [{ $round: [1234.567, 2] }, 1234.57],
    [{ $round: [1250, -2] }, 1200],
    [{ $trunc: [-2.9] }, -2],
    [{ $trunc: [1.239, 2] }, 1.23],
    [{ $sqrt: 16 }, 4],
    [{ $pow: [2, 10] }, 1024],
    [{ $pow: [2, -1] }, 0.5],
    [{ $exp: 0 }, 1],
    [{ $ln: 1 }, 0],
    [{ $log: [100, 10] }, 2],
    [{ $log10: 1000 }, 3],
    [{ $degreesToRadians: 180 }, Math.PI],
    [{ $sin: 0 }, 0],
    [{ $cos: 0 }, 1],
    [{ $tan: 0 }, 0],
    [{ $asin: 1 }, Math.PI / 2],
    [{ $acos: 1 }, 0],
    [{ $atan: 1 }, Math.PI / 4],
    [{ $atan2: [1, 1] }, Math.PI / 4],
    [{ $sinh: 0 }, 0],
    [{ $cosh: 0 }, 1],
    [{ $tanh: 0 }, 0],
    [{ $asinh: 0 }, 0],
    [{ $acosh: 1 }, 0],
    [{ $atanh: 0 }, 0],
    [{ $radiansToDegrees: Math.PI }, 180],
    [{ $lt: [{ $rand: {} }, 1] }, true],
    [{ $const: 5 }, 5],
  ],
  'reference/operator/aggregation/cmp': [
    [{ $eq: ['$n', 7] }, true],
    [{ $ne: ['$n', 7] }, false],
    [{ $gt: ['$s', 'A'] }, true],
    [{ $gte: [7, '$n'] }, true],
    [{ $lt: ['$n', 'x'] }, true],
    [{ $lte: ['$n', 6] }, false],
    [{ $cmp: ['$n', 8] }, -1],
    [{ $eq: ['$missing', null] }, false],
    [{ $lt: ['$missing', null] }, true],
    [{ $and: [true, 1, 'x'] }, true],
    [{ $and: [true, 0] }, false],
    [{ $and: [] }, true],
    [{ $or: [false, null, '$missing'] }, false],
    [{ $or: [0, ''] }, true],
    [{ $not: ['$t'] }, false],
    [{ $not: [null] }, true],
  ],
  'reference/operator/aggregation/cond': [
    [{ $cond: ['$t', 'yes', 'no'] }, 'yes'],
    [{ $cond: { if: { $gt: ['$n', 10] }, [THEN]: 1, else: 2 } }, 2],
    [{ $ifNull: ['$missing', 'd'] }, 'd'],
    [{ $ifNull: ['$nil', '$missing', 3] }, 3],
    [
      {
        $switch: {
          branches: [when({ $eq: ['$n', 1] }, 'one'), when({ $eq: ['$n', 7] }, 'seven')],
          default: 'many',
        },
      },
      'seven',
    ],
    [{ $switch: { branches: [when(false, 1)], default: 'd' } }, 'd'],
    [{ $let: { vars: { x: '$n', y: 2 }, in: { $multiply: ['$$x', '$$y'] } } }, 14],
  ],
  'reference/operator/aggregation/arrayElemAt': [
    [{ $arrayElemAt: ['$a', 0] }, 3],
    [{ $arrayElemAt: ['$a', -1] }, 2],
    [{ $arrayElemAt: ['$a', 9] }, undefined],
    [{ $first: '$a' }, 3],
    [{ $last: '$a' }, 2],
    [{ $first: '$empty' }, undefined],
    [{ $size: '$a' }, 3],
    [{ $isArray: '$a' }, true],
    [{ $isArray: '$n' }, false],
    [{ $concatArrays: ['$a', [9]] }, [3, 1, 2, 9]],
    [{ $concatArrays: ['$a', null] }, null],
    [{ $slice: ['$a', 2] }, [3, 1]],
    [{ $slice: ['$a', -2] }, [1, 2]],
    [{ $slice: ['$a', 1, 1] }, [1]],
    [{ $reverseArray: '$a' }, [2, 1, 3]],
    [{ $in: [1, '$a'] }, true],
    [{ $in: [9, '$a'] }, false],
    [{ $indexOfArray: ['$a', 2] }, 2],
    [{ $indexOfArray: ['$a', 99] }, -1],
    [{ $range: [0, 5, 2] }, [0, 2, 4]],
    [{ $range: [3, 0, -1] }, [3, 2, 1]],
    [
      { $zip: { inputs: ['$a', ['x', 'y']] } },
      [
        [3, 'x'],
        [1, 'y'],
      ],
    ],
    [
      { $zip: { inputs: ['$a', ['x']], useLongestLength: true, defaults: [0, '-'] } },
      [
        [3, 'x'],
        [1, '-'],
        [2, '-'],
      ],
    ],
    [{ $sortArray: { input: '$a', sortBy: 1 } }, [1, 2, 3]],
    [
      { $sortArray: { input: '$docs', sortBy: { v: -1 } } },
      [
        { k: 'y', v: 2 },
        { k: 'x', v: 1 },
      ],
    ],
    [{ $firstN: { input: '$a', n: 2 } }, [3, 1]],
    [{ $lastN: { input: '$a', n: 2 } }, [1, 2]],
    [{ $maxN: { input: '$a', n: 2 } }, [3, 2]],
    [{ $minN: { input: '$a', n: 2 } }, [1, 2]],
  ],
  'reference/operator/aggregation/map': [
    [{ $map: { input: '$a', as: 'x', in: { $multiply: ['$$x', 2] } } }, [6, 2, 4]],
    [{ $map: { input: '$a', in: { $add: ['$$this', '$n'] } } }, [10, 8, 9]],
    [{ $map: { input: '$missing', in: '$$this' } }, null],
    [{ $filter: { input: '$a', as: 'x', cond: { $gt: ['$$x', 1] } } }, [3, 2]],
    [{ $filter: { input: '$a', as: 'x', cond: { $gt: ['$$x', 1] }, limit: 1 } }, [3]],
    [{ $reduce: { input: '$a', initialValue: 0, in: { $add: ['$$value', '$$this'] } } }, 6],
    [{ $reduce: { input: '$nested', initialValue: [], in: { $concatArrays: ['$$value', '$$this'] } } }, [1, 2, 3]],
  ],
  'reference/operator/aggregation/mergeObjects': [
    [{ $mergeObjects: ['$o', { q: 2, z: 3 }] }, { p: 1, q: 2, z: 3 }],
    [{ $mergeObjects: ['$o', null] }, { p: 1, q: 'r' }],
    [
      { $objectToArray: '$o' },
      [
        { k: 'p', v: 1 },
        { k: 'q', v: 'r' },
      ],
    ],
    [{ $arrayToObject: '$docs' }, { x: 1, y: 2 }],
    [
      {
        $arrayToObject: [
          [
            ['a', 1],
            ['b', 2],
          ],
        ],
      },
      { a: 1, b: 2 },
    ],
    [{ $getField: { field: 'q', input: '$o' } }, 'r'],
    [{ $getField: 'n' }, 7],
    [{ $setField: { field: 'x.y', input: '$o', value: 9 } }, { p: 1, q: 'r', 'x.y': 9 }],
    [{ $unsetField: { field: 'p', input: '$o' } }, { q: 'r' }],
  ],
  'reference/operator/aggregation/setUnion': [
    [{ $setUnion: ['$a', [3, 4]] }, [1, 2, 3, 4]],
    [{ $setIntersection: ['$a', [2, 3, 9]] }, [2, 3]],
    [{ $setDifference: ['$a', [3]] }, [1, 2]],
    [{ $setEquals: ['$a', [1, 2, 3, 3]] }, true],
    [{ $setIsSubset: [[1], '$a'] }, true],
    [{ $anyElementTrue: [[false, 0, 1]] }, true],
    [{ $allElementsTrue: [[1, true, 'x']] }, true],
  ],
  'reference/operator/aggregation/concat': [
    [{ $concat: ['$s', '!'] }, 'Hello World!'],
    [{ $concat: ['$s', null] }, null],
    [{ $toLower: '$s' }, 'hello world'],
    [{ $toUpper: '$s' }, 'HELLO WORLD'],
    [{ $toUpper: null }, ''],
    [{ $split: ['$s', ' '] }, ['Hello', 'World']],
    [{ $strLenCP: '$u' }, 3],
    [{ $strLenBytes: '$u' }, 7],
    [{ $substrCP: ['$u', 1, 1] }, 'ñ'],
    [{ $substrBytes: ['$s', 0, 5] }, 'Hello'],
    [{ $substr: ['$s', 6, -1] }, 'World'],
    [{ $indexOfCP: ['$u', '𝒳'] }, 2],
    [{ $indexOfBytes: ['$u', '𝒳'] }, 3],
    [{ $indexOfCP: ['$s', 'xyz'] }, -1],
    [{ $trim: { input: '  x ' } }, 'x'],
    [{ $trim: { input: '\u00a0\u2000x\t' } }, 'x'],
    [{ $trim: { input: '\u3000x' } }, '\u3000x'],
    [{ $ltrim: { input: 'aabca', chars: 'a' } }, 'bca'],
    [{ $rtrim: { input: 'aabca', chars: 'a' } }, 'aabc'],
    [{ $replaceOne: { input: '$s', find: 'o', replacement: '0' } }, 'Hell0 World'],
    [{ $replaceAll: { input: '$s', find: 'o', replacement: '0' } }, 'Hell0 W0rld'],
    [{ $strcasecmp: ['$s', 'hello world'] }, 0],
    [{ $regexMatch: { input: '$s', regex: /world/i } }, true],
    [{ $regexFind: { input: '$s', regex: 'o (W)' } }, { match: 'o W', idx: 4, captures: ['W'] }],
    [
      { $regexFindAll: { input: '$s', regex: 'o' } },
      [
        { match: 'o', idx: 4, captures: [] },
        { match: 'o', idx: 7, captures: [] },
      ],
    ],
    [{ $regexFind: { input: '$s', regex: 'z' } }, null],
    [
      { $regexFindAll: { input: 'ab', regex: 'b?' } },
      [
        { match: '', idx: 0, captures: [] },
        { match: 'b', idx: 1, captures: [] },
      ],
    ],
    [{ $regexMatch: { regex: 'o' } }, false],
    [{ $regexMatch: { input: '$u', regex: '(*UTF8)ñ' } }, true],
  ],
  'reference/operator/aggregation/dateToString': [
    [{ $year: '$date' }, 2024],
    [{ $month: '$date' }, 3],
    [{ $dayOfMonth: '$date' }, 10],
    [{ $hour: '$date' }, 13],
    [{ $minute: '$date' }, 45],
    [{ $second: '$date' }, 30],
    [{ $millisecond: '$date' }, 123],
    [{ $dayOfYear: '$date' }, 70],
    [{ $dayOfWeek: '$date' }, 1],
    [{ $isoDayOfWeek: '$date' }, 7],
    [{ $week: '$date' }, 10],
    [{ $isoWeek: '$date' }, 10],
    [{ $isoWeekYear: new Date('2021-01-01T00:00:00Z') }, 2020],
    [{ $hour: { date: '$date', timezone: 'America/New_York' } }, 9],
    [{ $hour: { date: '$date', timezone: '+05:30' } }, 19],
    [{ $dateToString: { date: '$date' } }, '2024-03-10T13:45:30.123Z'],
    [{ $dateToString: { date: '$date', format: '%Y-%m-%d %H:%M:%S' } }, '2024-03-10 13:45:30'],
    [{ $dateToString: { date: '$date', format: '%d.%m.%Y %z', timezone: 'Europe/Berlin' } }, '10.03.2024 +0100'],
    [{ $dateToString: { date: null, onNull: 'none' } }, 'none'],
    [{ $dateToString: { date: '$date', format: '%b, %B' } }, 'Mar, March'],
    [{ $dateToString: { date: '$date', timezone: '$missing' } }, null],
    [{ $hour: { date: '$date', timezone: '$missing' } }, null],
    [
      { $dateToString: { date: new Date('1900-01-01T12:00:00Z'), format: '%z %Z', timezone: 'America/Caracas' } },
      '-0427 -267',
    ],
    [{ $dateFromString: { dateString: '2024-03-10T13:45:30.123Z' } }, INPUT.date],
    [{ $dateFromString: { dateString: '2024-03-10', timezone: '+01:00' } }, new Date('2024-03-09T23:00:00Z')],
    [{ $dateFromString: { dateString: '10/03/2024', format: '%d/%m/%Y' } }, new Date('2024-03-10T00:00:00Z')],
    [{ $dateFromString: { dateString: 'nonsense', onError: 'bad' } }, 'bad'],
    [{ $dateFromString: { dateString: '2024-03-10T13:45:30.12 CET' } }, new Date('2024-03-10T12:45:30.120Z')],
    [
      { $dateFromString: { dateString: '10 March 2024 9:05:07.5 GMT-3', format: '%d %B %Y %H:%M:%S.%L%z' } },
      new Date('2024-03-10T12:05:07.500Z'),
    ],
    [{ $dateFromString: { dateString: '2024 10 7', format: '%G %V %u' } }, new Date('2024-03-10T00:00:00Z')],
    [{ $dateFromString: { dateString: '2024/070/-90', format: '%Y/%j/%Z' } }, new Date('2024-03-10T01:30:00Z')],
    [{ $dateFromString: { dateString: '2024-03-10', format: '$missing' } }, null],
    [{ $dateFromParts: { year: 33, month: 4, day: 3 } }, new Date('0033-04-03T00:00:00Z')],
    [{ $dateFromParts: { year: 2024, hour: '$missing' } }, null],
    [{ $dateFromParts: { year: 2024, month: 2, day: 29, hour: 1 } }, new Date('2024-02-29T01:00:00Z')],
    [{ $dateFromParts: { year: 2024, month: 14 } }, new Date('2025-02-01T00:00:00Z')],
    [
      { $dateToParts: { date: '$date' } },
      { year: 2024, month: 3, day: 10, hour: 13, minute: 45, second: 30, millisecond: 123 },
    ],
    [
      { $dateAdd: { startDate: new Date('2024-01-31T00:00:00Z'), unit: 'month', amount: 1 } },
      new Date('2024-02-29T00:00:00Z'),
    ],
    [{ $dateSubtract: { startDate: '$date', unit: 'hour', amount: 13 } }, new Date('2024-03-10T00:45:30.123Z')],
    [
      {
        $dateAdd: {
          startDate: new Date('2024-03-09T12:00:00-05:00'),
          unit: 'day',
          amount: 1,
          timezone: 'America/New_York',
        },
      },
      new Date('2024-03-10T12:00:00-04:00'),
    ],
    [
      {
        $dateDiff: {
          startDate: new Date('2023-12-31T23:00:00Z'),
          endDate: new Date('2024-01-01T01:00:00Z'),
          unit: 'year',
        },
      },
      1,
    ],
    [{ $dateDiff: { startDate: new Date('2024-03-01T00:00:00Z'), endDate: '$date', unit: 'day' } }, 9],
    [{ $dateDiff: { startDate: '$date', endDate: '$date', unit: 'hour', startOfWeek: 'never' } }, 0],
    [{ $dateTrunc: { date: '$date', unit: 'hour' } }, new Date('2024-03-10T13:00:00Z')],
    [{ $dateTrunc: { date: '$date', unit: 'month' } }, new Date('2024-03-01T00:00:00Z')],
    [{ $dateTrunc: { date: '$date', unit: 'minute', binSize: 30 } }, new Date('2024-03-10T13:30:00Z')],
    [{ $dateTrunc: { date: '$date', unit: 'week', startOfWeek: 'monday' } }, new Date('2024-03-04T00:00:00Z')],
  ],
  'reference/operator/aggregation/convert': [
    [{ $type: '$n' }, 'int'],
    [{ $type: '$missing' }, 'missing'],
    [{ $type: '$half' }, 'double'],
    [{ $isNumber: '$n' }, true],
    [{ $toInt: '12' }, 12],
    [{ $toInt: 2.9 }, 2],
    [{ $type: { $toLong: 5 } }, 'long'],
    [{ $toDouble: '1.5' }, 1.5],
    [{ $toString: '$n' }, '7'],
    [{ $toString: '$date' }, '2024-03-10T13:45:30.123Z'],
    [{ $toBool: 0 }, false],
    [{ $toBool: 'false' }, true],
    [{ $toDate: Long.fromNumber(5) }, new Date(5)],
    [{ $toObjectId: '65a0000000000000000000aa' }, new ObjectId('65a0000000000000000000aa')],
    [{ $round: [Long.fromString('9223372036854775803'), -1] }, Long.fromString('9223372036854775800')],
    [{ $toDecimal: '1.50' }, Decimal128.fromString('1.50')],
    [{ $toDecimal: 2.5 }, Decimal128.fromString('2.50000000000000')],
    [{ $convert: { input: 'x', to: 'object', onError: 'none' } }, 'none'],
    [{ $convert: { input: 'x', to: 'int', onError: -1 } }, -1],
    [{ $convert: { input: null, to: 'int', onNull: 0 } }, 0],
    [{ $toString: new Double(3) }, '3'],
    [{ $bsonSize: { a: 1 } }, 12],
    [{ $binarySize: 'añ' }, 3],
  ],
};

const refused: [title: string, expression: unknown, code: number][] = [
  ['a date that lacks its day', { $dateFromString: { dateString: '2024-03', format: '%Y-%m' } }, 241],
  ['a date that there is not', { $dateFromString: { dateString: '30.2.2024', format: '%d.%m.%Y' } }, 241],
  ['a date with two zones', { $dateFromString: { dateString: '2024-03-10T01:00:00Z', timezone: 'Europe/Rome' } }, 241],
  ['a format that ends too early', { $dateToString: { date: '$date', format: '%H:%' } }, 18535],
  ['a round number beyond an int64', { $round: [Long.MAX_VALUE, -1] }, 51080],
  ['a range up to a fraction', { $range: [0, 1.5] }, 34446],
  ['the year 0', { $dateFromParts: { year: 0 } }, 40523],
  ['an unknown unit of time', { $dateTrunc: { date: '$date', unit: 'decade' } }, 5439014],
  ['a week that begins on no day', { $dateTrunc: { date: '$date', unit: 'week', startOfWeek: 'x' } }, 5439016],
  ['pairs with a third part', { $arrayToObject: { $literal: [['a', 1, 2]] } }, 40397],
  ['a pair after a document', { $arrayToObject: { $literal: [{ k: 'a', v: 1 }, ['b', 2]] } }, 40391],
  ['a list that is none before a null', { $concatArrays: ['$a', '$n', null] }, 28664],
  ['$getField without its input', { $getField: { field: 'n' } }, 3041703],
  ['$setField of a computed name', { $setField: { field: { $concat: ['n'] }, input: {}, value: 1 } }, 4161106],
  ['$zip of no list', { $zip: { inputs: [] } }, 34465],
  ['a slice that is no int32', { $slice: [[1, 2], 0, 2 ** 40] }, 28728],
  ['a branch without its result', { $switch: { branches: [{ case: true }] } }, 40065],
  ['$reduce without a start', { $reduce: { input: '$a', in: 1 } }, 40078],
  ['$trim of a plain text', { $trim: ' x ' }, 50696],
  ['a pattern that is none', { $regexFind: { input: '$s', regex: '(' } }, 51111],
  ['adding a string', { $add: ['$s', 1] }, 14],
  ['dividing by zero', { $divide: [1, '$zero'] }, 2],
  ['a remainder by zero', { $mod: [1, '$zero'] }, 16610],
  ['a place before the first of an array', { $indexOfArray: [[1, 2], 2, -1] }, 40097],
  ['a precision beyond an int', { $round: [7.5, 10_000_000_000] }, 51082],
  ['a precision that is a text', { $round: [7.5, 'x'] }, 16004],
  ['a precision without end', { $trunc: [7.5, Number.POSITIVE_INFINITY] }, 31109],
  ['a double that is out of range', { $toDouble: '1e400' }, 241],
  ['an unknown expression', { $nothing: 1 }, 31325],
  ['two expressions in one object', { $add: [1], $subtract: [1] }, 15983],
  ['an undefined variable', '$$nobody', 17276],
  ['$size of a number', { $size: '$n' }, 17124],
  ['$switch without a match', { $switch: { branches: [when(false, 1)] } }, 40066],
  ['$toInt of letters', { $toInt: 'x' }, 241],
  ['$concat of a number', { $concat: ['$s', '$n'] }, 16702],
  ['$arrayElemAt of a number', { $arrayElemAt: ['$n', 0] }, 28689],
  ['an unknown time zone', { $hour: { date: '$date', timezone: 'Nowhere/City' } }, 40485],
  ['too few arguments', { $subtract: [1] }, 16020],
  ['the square root of a negative', { $sqrt: -1 }, 28714],
  ['$in without an array', { $in: [1, '$n'] }, 40081],
];

describe('conformance: expressions', () => {
  const { db } = server('expressions');
  const things = () => db().collection<Document>('things');
  before(() => things().insertOne(INPUT as never));

  for (const [page, list] of Object.entries(cases)) {
    describe(`manual: ${page}`, () => {
      for (const [expression, value] of list) {
        it(`${JSON.stringify(expression)} is ${JSON.stringify(value)}`, async () => {
          const [result] = await things()
            .aggregate([{ $project: { _id: 0, value: expression } }])
            .toArray();
          expect(result).to.deep.equal(value === undefined ? {} : { value });
        });
      }
    });
  }
  describe('manual: reference/operator/aggregation', () => {
    for (const [title, expression, code] of refused) {
      it(`${title} is refused`, async () => {
        expect(
          await codeOf(
            things()
              .aggregate([{ $project: { value: expression } }])
              .toArray(),
          ),
        ).to.equal(code);
      });
    }
  });
});
