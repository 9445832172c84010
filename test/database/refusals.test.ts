import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Document, MongoServerError } from 'mongodb';
import { ACCUMULATORS } from '../../core/database/embedded/aggregate/accumulators.ts';
import { EXPRESSION_NAMES } from '../../core/database/embedded/aggregate/operators.ts';
import { STAGE_NAMES } from '../../core/database/embedded/aggregate/pipeline.ts';
import {
  REFUSED_ACCUMULATORS,
  REFUSED_EXPRESSIONS,
  REFUSED_STAGES,
} from '../../core/database/embedded/aggregate/refused.ts';
import { WINDOW_NAMES } from '../../core/database/embedded/aggregate/windows/set-window-fields.ts';
import { COMMAND_NAMES } from '../../core/database/embedded/commands/commands.ts';
import { REFUSED_COMMANDS } from '../../core/database/embedded/commands/refused.ts';
import { REFUSED_TOP_OPERATORS, TOP_OPERATORS } from '../../core/database/embedded/query/match.ts';
import { FIELD_OPERATORS, REFUSED_FIELD_OPERATORS } from '../../core/database/embedded/query/operators.ts';
import { UPDATE_OPERATORS } from '../../core/database/embedded/update/compile-update.ts';
import { TYPE_NUMBERS } from '../../core/database/embedded/values/types.ts';
import { real, server } from '../conformance/server.ts';

const root = join(import.meta.dirname, '../..');

describe('what the embedded database does not do', () => {
  const { db, client } = server('refusals');
  const things = () => db().collection<Document>('things');
  before(function () {
    // A real server does these things.
    if (real) this.skip();
    return things().insertOne({ a: 1 });
  });

  async function refuses(promise: Promise<unknown>): Promise<void> {
    const error: unknown = await promise.catch((thrown) => thrown);
    if (!(error instanceof MongoServerError)) throw new Error('it was not refused', { cause: error });
    expect([error.code, error.message]).to.satisfy(
      ([code, message]: [number, string]) => code === 238 && message.includes('MONGODB_URI'),
    );
  }

  for (const operator of REFUSED_TOP_OPERATORS) {
    it(`the query operator ${operator} is refused with 238`, () =>
      refuses(
        things()
          .find({ [operator]: {} })
          .toArray(),
      ));
  }
  for (const operator of REFUSED_FIELD_OPERATORS) {
    it(`the query operator ${operator} is refused with 238`, () =>
      refuses(
        things()
          .find({ a: { [operator]: {} } })
          .toArray(),
      ));
  }
  for (const stage of REFUSED_STAGES) {
    it(`the stage ${stage} is refused with 238`, () =>
      refuses(
        things()
          .aggregate([{ [stage]: {} }])
          .toArray(),
      ));
  }
  for (const expression of REFUSED_EXPRESSIONS) {
    it(`the expression ${expression} is refused with 238`, () =>
      refuses(
        things()
          .aggregate([{ $set: { x: { [expression]: {} } } }])
          .toArray(),
      ));
  }
  it('every command that MongoDB has and this engine has not is refused with 238', async () => {
    for (const command of REFUSED_COMMANDS)
      await refuses(
        db()
          .admin()
          .command({ [command]: 1 }),
      );
  });
  for (const type of ['2dsphere', '2d', 'text']) {
    it(`an index of type ${type} is refused with 238`, () => refuses(things().createIndex({ a: type as never })));
  }
  const others: [string, () => Promise<unknown>][] = [
    ['expanded events of a change stream', () => things().watch([], { showExpandedEvents: true }).next()],
    [
      '$currentOp',
      () =>
        db()
          .admin()
          .command({ aggregate: 1, pipeline: [{ $currentOp: {} }], cursor: {} }),
    ],
    [
      'findAndModify of a time series',
      async () => {
        await db().createCollection('times', { timeseries: { timeField: 't' } });
        await db()
          .collection('times')
          .findOneAndUpdate({}, { $set: { a: 1 } });
      },
    ],
    [
      'returnKey with an index that has a collation',
      async () => {
        const collation = { locale: 'en' };
        await db().collection('words').createIndex({ a: 1 }, { collation });
        await db().collection('words').insertOne({ a: 1 });
        await db().collection('words').find({ a: 1 }, { returnKey: true, collation }).toArray();
      },
    ],
    [
      'a clustered collection with a collation',
      () =>
        db().createCollection('clustered', {
          clusteredIndex: { key: { _id: 1 }, unique: true },
          collation: { locale: 'en' },
        }),
    ],
    [
      'accents compared from the end where the locale does not',
      () => things().findOne({}, { collation: { locale: 'en', backwards: true } }),
    ],
    [
      'spaces alone left out by a collation',
      () => things().findOne({}, { collation: { locale: 'en', alternate: 'shifted', maxVariable: 'space' } }),
    ],
    [
      'min and max of strings with a collation',
      () =>
        db()
          .collection('words')
          .find({}, { min: { a: 'x' }, hint: { a: 1 }, collation: { locale: 'en' } })
          .toArray(),
    ],
    [
      'returnKey with an index of arrays',
      async () => {
        await db().collection('lists').createIndex({ a: 1 });
        await db()
          .collection('lists')
          .insertOne({ a: [1, 2] });
        await db().collection('lists').find({ a: 1 }, { returnKey: true }).toArray();
      },
    ],
    ...REFUSED_ACCUMULATORS.flatMap((name): [string, () => Promise<unknown>][] => [
      [
        `the accumulator ${name}`,
        () =>
          things()
            .aggregate([{ $group: { _id: null, m: { [name]: {} } } }])
            .toArray(),
      ],
      [
        `the window function ${name}`,
        () =>
          things()
            .aggregate([{ $setWindowFields: { output: { m: { [name]: {} } } } }])
            .toArray(),
      ],
    ]),
    [
      'a session of snapshots',
      () => client().withSession({ snapshot: true }, (session) => things().find({}, { session }).toArray()),
    ],
    [
      'the granularity of $bucketAuto',
      () =>
        things()
          .aggregate([{ $bucketAuto: { groupBy: '$a', buckets: 2, granularity: 'R5' } }])
          .toArray(),
    ],
    [
      'converting to binary data',
      () =>
        things()
          .aggregate([{ $set: { x: { $convert: { input: 'aGk=', to: 'binData', format: 'base64' } } } }])
          .toArray(),
    ],
    ['changing the buckets of a time series', () => db().command({ collMod: 'times', timeseries: {} })],
    [
      'preparing an index to be unique',
      async () => {
        await db().collection('lists').createIndex({ a: 1 });
        await db().command({ collMod: 'lists', index: { keyPattern: { a: 1 }, prepareUnique: true } });
      },
    ],
    ['making a user', () => db().command({ createUser: 'someone', pwd: 'x', roles: [] })],
    ['mapReduce', () => db().command({ mapReduce: 'things' })],
    [
      'a script that is not known to a unique index that ignores case',
      async () => {
        await db()
          .collection('folded')
          .createIndex({ a: 1 }, { unique: true, collation: { locale: 'en', strength: 2 } });
        await db().collection('folded').insertOne({ a: 'かな' });
      },
    ],
    [
      'the logarithm of a Decimal128',
      () =>
        things()
          .aggregate([{ $project: { x: { $ln: { $toDecimal: '2' } } } }])
          .toArray(),
    ],
    [
      'a possessive repeat',
      () =>
        things()
          .find({ a: { $regex: 'a++' } })
          .toArray(),
    ],
  ];
  for (const [what, attempt] of others) it(`${what} is refused with 238`, () => refuses(attempt()));

  it('a collection that is made after a refusal holds nothing of it', async () => {
    await refuses(things().updateOne({ $where: 'true' }, { $set: { b: 1 } }, { upsert: true }));
    expect(await things().countDocuments({ b: 1 })).to.equal(0);
  });

  const accepted = {
    types: Object.keys(TYPE_NUMBERS).filter((name) => name !== 'undefined' && name !== 'dbPointer'),
    'query operators': [...TOP_OPERATORS, ...Object.keys(FIELD_OPERATORS), '$elemMatch', '$not', '$all'],
    'update operators': Object.keys(UPDATE_OPERATORS),
    stages: STAGE_NAMES,
    accumulators: ACCUMULATORS,
    'window functions': WINDOW_NAMES.filter((name) => !ACCUMULATORS.includes(name)),
    expressions: EXPRESSION_NAMES,
    commands: COMMAND_NAMES,
    'refused with 238': [
      ...[REFUSED_TOP_OPERATORS, REFUSED_FIELD_OPERATORS, REFUSED_STAGES, REFUSED_EXPRESSIONS].flat(),
      ...REFUSED_ACCUMULATORS,
    ],
  };
  const cases = readdirSync(join(root, 'test/conformance'))
    .map((name) => readFileSync(join(root, 'test/conformance', name), 'utf8'))
    .join('\n');
  const readme = readFileSync(join(root, 'core/database/embedded/README.md'), 'utf8');
  /** The names of one list of the README: `**Stages**: `$match` …`. */
  const listed = (title: string) => {
    const [line = ''] = readme.split('\n').filter((one) => one.toLowerCase().startsWith(`**${title}**: \``));
    // After the names, a list may go on in words.
    return [...(line.split(/, with |; /)[0] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name);
  };
  for (const [kind, names] of Object.entries(accepted)) {
    it(`the README lists the ${kind} that there are and no others`, () => {
      expect(listed(kind).sort()).to.deep.equal([...new Set(names)].sort());
    });
  }
  for (const kind of [
    'query operators',
    'update operators',
    'stages',
    'accumulators',
    'window functions',
    'expressions',
  ] as const) {
    it(`all ${kind} that are accepted have a case in the contract suite`, () => {
      expect(accepted[kind].filter((name) => !new RegExp(`\\${name}\\b`).test(cases))).to.deep.equal([]);
    });
  }
});
