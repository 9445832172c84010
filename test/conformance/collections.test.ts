import { expect } from 'chai';
import type { Document } from 'mongodb';
import { codeOf, server } from './server.ts';

describe('conformance: kinds of collections', () => {
  const { db } = server('collections');
  const optionsOf = async (name: string): Promise<Document> =>
    ((await db().listCollections({ name }).next()) as Document | null)?.options;
  const shown = async (name: string) =>
    (await db().listCollections({ name }, { nameOnly: false }).toArray())[0] as Document | undefined;

  describe('manual: core/timeseries-collections', () => {
    const times = () => db().collection<Document>('times');
    before(() =>
      db().createCollection('times', {
        timeseries: { timeField: 'at', metaField: 'from', granularity: 'hours' },
        expireAfterSeconds: 86400,
      }),
    );
    it('listCollections tells its kind and its fields', async () => {
      const collection = await shown('times');
      expect(collection?.type).to.equal('timeseries');
      expect(collection?.options.timeseries).to.include({ timeField: 'at', metaField: 'from', granularity: 'hours' });
      expect(Number(collection?.options.expireAfterSeconds)).to.equal(86400);
    });
    it('documents are inserted, found, aggregated and deleted', async () => {
      await times().insertMany([
        { at: new Date(), from: 'a', v: 1 },
        { at: new Date(), from: 'a', v: 2 },
        { at: new Date(), from: 'b', v: 3 },
      ]);
      const groups = await times()
        .aggregate([{ $group: { _id: '$from', sum: { $sum: '$v' } } }, { $sort: { _id: 1 } }])
        .toArray();
      expect(groups).to.deep.equal([
        { _id: 'a', sum: 3 },
        { _id: 'b', sum: 3 },
      ]);
      await times().deleteMany({ from: 'a' });
      expect(await times().countDocuments()).to.equal(1);
    });
    it('_id need not be unique', async () => {
      await times().insertMany([
        { _id: 1 as never, at: new Date(), from: 'c' },
        { _id: 1 as never, at: new Date(), from: 'c' },
      ]);
      expect(await times().countDocuments({ _id: 1 as never })).to.equal(2);
    });
    it('its metadata is updated, and nothing else of it (core/timeseries/timeseries-limitations)', async () => {
      await times().insertMany([1, 2].map((v) => ({ at: new Date(), from: { name: 'd', floor: 1 }, v })));
      const all = { 'from.name': 'd' };
      expect((await times().updateMany(all, { $set: { 'from.floor': 2 } })).modifiedCount).to.equal(2);
      expect(await times().countDocuments({ from: { name: 'd', floor: 2 } })).to.equal(2);
      const refused: Promise<unknown>[] = [
        times().updateOne(all, { $set: { from: 'e' } }),
        times().updateMany(all, { $set: { from: 'e' } }, { upsert: true }),
        times().updateMany(all, { $set: { v: 5 } }),
        times().updateMany(all, { $rename: { 'from.name': 'v' } }),
        times().updateMany({ ...all, v: 1 }, { $set: { from: 'e' } }),
        times().updateMany({ $expr: true }, { $set: { from: 'e' } }),
        times().updateMany(all, [{ $set: { v: 'e' } }]),
        times().updateMany(all, [{ $replaceWith: { from: 'e' } }]),
      ];
      expect(await Promise.all(refused.map(codeOf))).to.deep.equal(refused.map(() => 72));
      expect(await times().countDocuments({ from: { name: 'd', floor: 2 } })).to.equal(2);
      await times().updateMany(all, [{ $set: { 'from.sum': { $add: ['$from.floor', 1] } } }, { $unset: 'from.floor' }]);
      expect(await times().countDocuments({ from: { name: 'd', sum: 3 } })).to.equal(2);
      await db().createCollection('unnamed', { timeseries: { timeField: 'at' } });
      expect(
        await codeOf(
          db()
            .collection('unnamed')
            .updateMany({}, { $set: { a: 1 } }),
        ),
      ).to.equal(72);
    });
    it('a document without a date in the timeField is refused', async () => {
      expect(await codeOf(times().insertOne({ v: 1 }))).to.equal(2);
      expect(await codeOf(times().insertOne({ at: 'today' }))).to.equal(2);
    });
    it('it has no unique index, is not watched, and is listed without the identifier of a table', async () => {
      expect(await codeOf(times().createIndex({ from: 1 }, { unique: true }))).to.equal(72);
      expect(await codeOf(times().watch().tryNext())).to.equal(166);
      expect((await shown('times'))?.info).to.deep.equal({ readOnly: false });
    });
    it('there is an index of the metaField and the timeField', async () => {
      expect((await times().indexes()).map(({ key }) => key)).to.deep.equal([{ from: 1, at: 1 }]);
    });
    it('the timeField is needed', async () => {
      expect(await codeOf(db().createCollection('wrong', { timeseries: {} as never }))).to.equal(40414);
    });
  });

  describe('manual: core/tailable-cursors', () => {
    it('a tailable cursor gives what comes later too', async () => {
      const log = await db().createCollection<Document>('log', { capped: true, size: 100_000 });
      await log.insertMany([{ n: 1 }, { n: 2 }]);
      const cursor = log.find({ n: { $ne: 2 } }, { tailable: true, awaitData: true, maxAwaitTimeMS: 30_000 });
      expect((await cursor.next())?.n).to.equal(1);
      const next = cursor.next();
      await log.insertMany([{ n: 2 }, { n: 3 }]);
      expect((await next)?.n).to.equal(3);
      await cursor.close();
    });
    it('without awaitData an end is told at once, and the cursor stays open', async () => {
      const cursor = db().collection('log').find({}, { tailable: true });
      expect([await cursor.tryNext(), await cursor.tryNext()].every((found) => found !== null)).to.equal(true);
      while ((await cursor.tryNext()) !== null);
      expect(cursor.closed).to.equal(false);
      await db().collection('log').insertOne({ n: 9 });
      expect((await cursor.tryNext())?.n).to.equal(9);
      await cursor.close();
    });
    it('other collections and other orders are refused', async () => {
      await db().collection('plain').insertOne({});
      expect(await codeOf(db().collection('plain').find({}, { tailable: true }).next())).to.equal(2);
      expect(await codeOf(db().command({ find: 'log', tailable: true, sort: { n: 1 } }))).to.equal(2);
    });
  });

  describe('manual: core/clustered-collections', () => {
    const clustered = () => db().collection<Document>('clustered');
    before(() =>
      db().createCollection('clustered', { clusteredIndex: { key: { _id: 1 }, unique: true, name: 'by id' } }),
    );
    it('documents come in the order of _id', async () => {
      await clustered().insertMany([3, 1, 2].map((_id) => ({ _id: _id as never })));
      expect((await clustered().find().toArray()).map(({ _id }) => _id as unknown)).to.deep.equal([1, 2, 3]);
      expect(await codeOf(clustered().insertOne({ _id: 1 as never }))).to.equal(11000);
    });
    it('its index is listed as what it is', async () => {
      const [index] = await clustered().indexes();
      expect(index).to.include({ name: 'by id', unique: true, clustered: true });
      expect((await shown('clustered'))?.options.clusteredIndex).to.include({ name: 'by id', unique: true });
    });
    it('only _id ascending and unique can be the key', async () => {
      const wrong = db().createCollection('wrong', { clusteredIndex: { key: { a: 1 }, unique: true } as never });
      expect(await codeOf(wrong)).to.equal(197);
    });
    it('expireAfterSeconds needs a clustered or time series collection', async () => {
      expect(await codeOf(db().createCollection('wrong', { expireAfterSeconds: 5 }))).to.equal(72);
    });
  });

  describe('manual: reference/collation', () => {
    it('a collation is shown with all of its fields', async () => {
      await db().createCollection('collated', { collation: { locale: 'en_US', strength: 1 } });
      expect((await shown('collated'))?.options.collation).to.include({
        locale: 'en_US',
        strength: 1,
        caseLevel: false,
        caseFirst: 'off',
        numericOrdering: false,
        alternate: 'non-ignorable',
      });
      await db()
        .collection('words')
        .createIndex({ a: 1 }, { collation: { locale: 'fr' } });
      const [, index] = await db().collection('words').indexes();
      expect(index?.collation).to.include({ locale: 'fr', strength: 3, backwards: false });
    });
  });

  describe('manual: reference/command/collMod', () => {
    it('a capped collection gets smaller and loses its oldest documents', async () => {
      await db().createCollection('ring', { capped: true, size: 10_000 });
      await db()
        .collection('ring')
        .insertMany([1, 2, 3, 4].map((n) => ({ n })));
      await db().command({ collMod: 'ring', cappedMax: 2 });
      expect((await db().collection('ring').find().toArray()).map(({ n }) => n)).to.deep.equal([3, 4]);
      expect(await optionsOf('ring')).to.include({ size: 10_000, max: 2 });
    });
    it('images of change streams and the expiry of a time series are turned on and off', async () => {
      await db().createCollection('imaged');
      await db().command({ collMod: 'imaged', changeStreamPreAndPostImages: { enabled: true } });
      expect(await optionsOf('imaged')).to.deep.equal({ changeStreamPreAndPostImages: { enabled: true } });
      await db().createCollection('lasting', { timeseries: { timeField: 't' }, expireAfterSeconds: 60 });
      await db().command({ collMod: 'lasting', expireAfterSeconds: 120 });
      expect((await optionsOf('lasting')).expireAfterSeconds).to.equal(120);
      await db().command({ collMod: 'lasting', expireAfterSeconds: 'off' });
      expect(await optionsOf('lasting')).to.not.have.property('expireAfterSeconds');
    });
    it('what it does not know, or what this collection has not, is refused', async () => {
      await db().createCollection('modified');
      const change = (fields: Document) => codeOf(db().command({ collMod: 'modified', ...fields }));
      expect(await change({ color: 'red' })).to.equal(40415);
      expect(await change({ cappedMax: 2 })).to.equal(72);
      expect(await change({ expireAfterSeconds: 5 })).to.equal(72);
      expect(await change({ viewOn: 'plain', pipeline: [] })).to.equal(72);
    });
  });

  describe('manual: core/views', () => {
    before(async () => {
      await db()
        .collection<Document>('seen')
        .insertMany([
          { _id: 1 as never, s: 'a' },
          { _id: 2 as never, s: 'A' },
        ]);
      await db().createCollection('loose', { viewOn: 'seen', collation: { locale: 'en', strength: 2 } });
      await db().createCollection('narrow', { viewOn: 'seen', pipeline: [{ $match: { s: 'a' } }] });
    });
    const wrong: [command: Document, code: number][] = [
      [{ create: 'bad', viewOn: 'seen', pipeline: [{ $nope: 1 }] }, 40324],
      [{ create: 'bad', viewOn: 'seen', pipeline: [{ $merge: { into: 'x' } }] }, 167],
      [{ create: 'bad', viewOn: 'seen', pipeline: { $match: {} } }, 14],
      [{ create: 'bad', viewOn: '', pipeline: [] }, 2],
      [{ create: 'bad', viewOn: 'bad', pipeline: [] }, 5],
      [{ create: 'bad', viewOn: 'loose', pipeline: [] }, 167],
      [{ collMod: 'narrow', viewOn: 'narrow', pipeline: [] }, 5],
      [{ collMod: 'narrow', validator: { a: 1 } }, 72],
      [{ collMod: 'seen', viewOn: 'loose' }, 72],
      [{ find: 'loose', collation: { locale: 'fr' } }, 167],
      [{ insert: 'narrow', documents: [{}] }, 166],
      [{ delete: 'narrow', deletes: [{ q: {}, limit: 0 }] }, 166],
      [{ collStats: 'narrow' }, 166],
    ];
    for (const [command, code] of wrong)
      it(`${JSON.stringify(command)} is refused with ${code}`, async () => {
        const reply = await db()
          .command(command)
          .catch((error) => error);
        expect(reply.writeErrors?.[0].code ?? reply.code).to.equal(code);
        expect(await db().collection('seen').countDocuments()).to.equal(2);
        expect(await shown('bad')).to.equal(undefined);
      });
    const joins: [stage: string, spec: Document][] = [
      ['$lookup', { from: 'loose', localField: 'x', foreignField: 'x', as: 'found' }],
      ['$graphLookup', { from: 'loose', startWith: '$x', connectFromField: 'x', connectToField: 'x', as: 'found' }],
      ['$unionWith', { coll: 'loose' }],
    ];
    for (const [stage, spec] of joins)
      it(`${stage} reads it only where strings are compared alike`, async () => {
        const joined = (options: Document) =>
          db()
            .collection('nothingHere')
            .aggregate([{ [stage]: spec }], options);
        expect(await codeOf(joined({}).toArray())).to.equal(167);
        expect(await codeOf(joined({ collation: { locale: 'en', strength: 2 } }).toArray())).to.equal(0);
      });
    it('what it reads becomes no view that compares otherwise', async () => {
      await db().createCollection('early', { viewOn: 'late', pipeline: [], collation: { locale: 'fr' } });
      expect(await codeOf(db().createCollection('late', { viewOn: 'seen', pipeline: [] }))).to.equal(167);
      const alike = { viewOn: 'seen', pipeline: [], collation: { locale: 'fr' } };
      expect(await codeOf(db().createCollection('late', alike))).to.equal(0);
    });
    it('it has a collation of its own', async () => {
      expect(await db().collection('loose').countDocuments({ s: 'A' })).to.equal(2);
      expect(await db().collection('narrow').countDocuments({ s: 'A' })).to.equal(0);
    });
  });

  describe('manual: reference/command/collMod', () => {
    const change = (index: Document) => db().command({ collMod: 'changing', index });
    before(() =>
      db()
        .collection('changing')
        .createIndexes([{ key: { a: 1 } }, { key: { w: 1 }, expireAfterSeconds: 3600 }, { key: { a: 1, b: 1 } }]),
    );
    it('says what of an index has changed', async () => {
      const told = async (index: Document) => {
        const { ok, $clusterTime, operationTime, ...rest } = await change(index);
        return JSON.stringify(rest);
      };
      expect(await told({ name: 'a_1', hidden: true })).to.equal('{"hidden_old":false,"hidden_new":true}');
      expect(await told({ name: 'a_1', hidden: true })).to.equal('{}');
      expect(await told({ keyPattern: { a: 1 }, hidden: false })).to.equal('{"hidden_old":true,"hidden_new":false}');
      expect(await told({ name: 'w_1', expireAfterSeconds: 60 })).to.equal(
        '{"expireAfterSeconds_old":3600,"expireAfterSeconds_new":60}',
      );
    });
    const wrong: [index: Document, code: number][] = [
      [{ name: '_id_', hidden: true }, 2],
      [{ name: 'nope', hidden: true }, 27],
      [{ hidden: true }, 72],
      [{ name: 'a_1' }, 72],
      [{ name: 'a_1', color: 1 }, 40415],
      [{ name: 'a_1', expireAfterSeconds: -1 }, 72],
      [{ name: 'a_1', expireAfterSeconds: 'x' }, 14],
      [{ name: 'a_1_b_1', expireAfterSeconds: 60 }, 72],
    ];
    for (const [index, code] of wrong)
      it(`${JSON.stringify(index)} is refused with ${code}`, async () => {
        expect(await codeOf(change(index))).to.equal(code);
      });
    it('once validation was changed, its level and its action are listed', async () => {
      await db().createCollection('valid', { validator: {} });
      expect(await optionsOf('valid')).to.deep.equal({});
      await db().command({ collMod: 'valid', validator: { a: 1 } });
      const both = { validationLevel: 'strict', validationAction: 'error' };
      expect(await optionsOf('valid')).to.deep.equal({ validator: { a: 1 }, ...both });
      await db().command({ collMod: 'valid', validator: {} });
      expect(await optionsOf('valid')).to.deep.equal(both);
      await db().collection('valid').insertOne({ b: 1 });
    });
  });

  describe('manual: reference/command/create', () => {
    it('a field that it does not have is refused', async () => {
      expect(await codeOf(db().command({ create: 'odd', color: 'red' }))).to.equal(40415);
      expect(await codeOf(db().command({ create: 'odd', pipeline: [] }))).to.equal(72);
    });
    it('a time series has the buckets of its granularity, or of its own', async () => {
      await db().createCollection('hourly', { timeseries: { timeField: 't', granularity: 'hours' } });
      expect((await optionsOf('hourly')).timeseries).to.include({
        granularity: 'hours',
        bucketMaxSpanSeconds: 2_592_000,
      });
      const own = { bucketMaxSpanSeconds: 60, bucketRoundingSeconds: 60 };
      await db().createCollection('minutely', { timeseries: { timeField: 't', ...own } });
      expect((await optionsOf('minutely')).timeseries).to.deep.equal({ timeField: 't', ...own });
      const uneven = { timeField: 't', bucketMaxSpanSeconds: 60 };
      expect(await codeOf(db().command({ create: 'uneven', timeseries: uneven }))).to.equal(72);
    });
  });

  describe('manual: core/index-ttl', () => {
    it('what has expired goes without being asked', async () => {
      const short = db().collection('short');
      await short.createIndex({ at: 1 }, { expireAfterSeconds: 0 });
      await short.insertMany([{ at: new Date(Date.now() - 1000) }, { at: new Date(Date.now() + 3_600_000) }]);
      for (let i = 0; i < 1500 && (await short.countDocuments()) > 1; i++)
        await new Promise((resolve) => setTimeout(resolve, 50));
      expect(await short.countDocuments()).to.equal(1);
    }).timeout(90_000);
  });

  describe('manual: reference/write-concern', () => {
    it('a write to more members than there are is done and says so', async () => {
      const writing = db()
        .collection('concerned')
        .insertOne({ a: 1 }, { writeConcern: { w: 50, wtimeoutMS: 100 } });
      expect(await codeOf(writing)).to.equal(100);
      expect(await db().collection('concerned').countDocuments()).to.equal(1);
    });
    it('so does one to members of an unknown tag', async () => {
      const writing = db()
        .collection('concerned')
        .insertOne({ a: 2 }, { writeConcern: { w: 'farAway' as 'majority' } });
      expect(await codeOf(writing)).to.equal(79);
    });
    it('an unknown level of reading is refused', async () => {
      const reading = db().command({ find: 'concerned', readConcern: { level: 'sometimes' } });
      expect(await codeOf(reading)).to.equal(2);
    });
  });

  describe('manual: reference/command/aggregate', () => {
    it('the option explain gives the plan', async () => {
      const explained = await db().command({ aggregate: 'words', pipeline: [{ $match: { a: 1 } }], explain: true });
      expect(explained.queryPlanner ?? explained.stages).to.be.an('object');
    });
  });

  describe('manual: reference/explain-results', () => {
    const words = () => db().collection<Document>('explained');
    /** The names of the stages of a plan, from the outermost on. */
    const stagesOf = ({ stage, inputStage, queryPlan }: Document): string[] =>
      queryPlan ? stagesOf(queryPlan) : [stage, ...(inputStage ? stagesOf(inputStage) : [])];
    const explained = (command: Document, verbosity = 'executionStats') =>
      db().command({ explain: command, verbosity });
    before(async () => {
      await words().insertMany([
        { a: 1, b: 3 },
        { a: 2, b: 2 },
        { a: 2, b: 1 },
      ]);
      await words().createIndex({ a: 1 });
    });
    it('what sorts in memory says so, what an index sorts does not', async () => {
      const sorted = async (sort: Document) =>
        stagesOf((await words().find({}).sort(sort).explain('queryPlanner')).queryPlanner.winningPlan);
      expect(await sorted({ b: 1 })).to.include('SORT');
      expect(await sorted({ a: 1 })).to.not.include('SORT');
    });
    it('stages stand around what they work on', async () => {
      const found = await words().find({ a: 2 }).project({ a: 1 }).skip(1).limit(1).explain('executionStats');
      const stages = stagesOf(found.queryPlanner.winningPlan);
      expect(stages).to.include.members(['LIMIT', 'SKIP', 'IXSCAN']);
      expect(stages.join()).to.match(/PROJECTION/);
      expect(found.executionStats).to.include({ nReturned: 1, executionSuccess: true });
    });
    it('an update and a delete say what they would do, and do it not', async () => {
      const update = { update: 'explained', updates: [{ q: { a: 2 }, u: { $max: { b: 2 } }, multi: true }] };
      const updating = await explained(update);
      expect(stagesOf(updating.queryPlanner.winningPlan)[0]).to.equal('UPDATE');
      expect(updating.executionStats.executionStages).to.include({ nMatched: 2, nWouldModify: 1 });
      const deleting = await explained({ delete: 'explained', deletes: [{ q: { b: 3 }, limit: 1 }] });
      expect(stagesOf(deleting.queryPlanner.winningPlan)[0]).to.equal('DELETE');
      expect(deleting.executionStats.executionStages).to.include({ nWouldDelete: 1 });
      expect(await words().countDocuments({ b: { $lt: 4 } })).to.equal(3);
      expect(await words().countDocuments({ b: 1 })).to.equal(1);
    });
    it('the collation of the query and of an index are shown', async () => {
      const collation = { locale: 'en', strength: 2 };
      await words().createIndex({ c: 1 }, { collation });
      const { queryPlanner } = await words().find({ c: 5 }).collation(collation).explain('queryPlanner');
      expect(queryPlanner.collation).to.include({ ...collation, version: '57.1' });
      expect(stagesOf(queryPlanner.winningPlan)).to.include('IXSCAN');
      expect(queryPlanner.winningPlan.inputStage.collation).to.include(collation);
    });
    it('count counts', async () => {
      const counting = await explained({ count: 'explained', query: { a: 2 } });
      expect(stagesOf(counting.queryPlanner.winningPlan)[0]).to.equal('COUNT');
      expect(counting.executionStats.executionStages.nCounted).to.equal(2);
    });
    it('a pipeline shows its stages after what the query does', async () => {
      const { stages } = await words()
        .aggregate([{ $match: { a: 2 } }, { $redact: '$$KEEP' }])
        .explain('queryPlanner');
      expect(stages.map((stage: Document) => Object.keys(stage)[0])).to.deep.equal(['$cursor', '$redact']);
      expect(stagesOf(stages[0].$cursor.queryPlanner.winningPlan)).to.include('IXSCAN');
    });
    it('a view is explained as what it reads', async () => {
      await db().createCollection('twos', { viewOn: 'explained', pipeline: [{ $match: { a: 2 } }] });
      const twos = db().collection('twos');
      const whole = await twos.find({}).explain('executionStats');
      expect(stagesOf(whole.queryPlanner.winningPlan)).to.include('IXSCAN');
      expect(whole.executionStats.nReturned).to.equal(2);
      expect(await twos.find({ b: 1 }).explain()).to.satisfy(
        ({ queryPlanner, stages }: Document) => queryPlanner ?? stages,
      );
      expect(await codeOf(explained({ find: 'twos', collation: { locale: 'fr' } }))).to.equal(167);
      expect(await codeOf(explained({ delete: 'twos', deletes: [{ q: {}, limit: 0 }] }))).to.equal(166);
    });
    it('counts come when they are asked for, and nothing by another name', async () => {
      const find = { find: 'explained' };
      expect(await explained(find, 'queryPlanner')).to.not.have.property('executionStats');
      expect((await explained({ find: 'nothing' })).executionStats.nReturned).to.equal(0);
      expect(await codeOf(explained(find, 'everything'))).to.equal(2);
    });
  });

  describe('manual: reference/command/collStats', () => {
    it('tells the sizes of the indexes, and divides by a scale', async () => {
      const sized = db().collection('sized');
      await sized.insertMany(Array.from({ length: 100 }, (_, i) => ({ text: `${i}`.padEnd(100, 'x') })));
      await sized.createIndex({ text: 1 });
      const stats = await db().command({ collStats: 'sized' });
      expect(stats.indexSizes).to.have.all.keys('_id_', 'text_1');
      expect(stats.totalIndexSize).to.equal(stats.indexSizes._id_ + stats.indexSizes.text_1);
      expect(stats).to.include({ scaleFactor: 1, nindexes: 2, count: 100 });
      expect(stats.totalSize).to.equal(stats.storageSize + stats.totalIndexSize);
      const scaled = await db().command({ collStats: 'sized', scale: 1024 });
      expect(scaled).to.include({ scaleFactor: 1024, size: Math.floor(stats.size / 1024) });
      expect(await codeOf(db().command({ collStats: 'sized', scale: 0 }))).to.equal(51024);
      const [row] = await sized.aggregate([{ $collStats: { storageStats: {} } }]).toArray();
      expect(row?.storageStats.indexSizes).to.deep.equal(stats.indexSizes);
    });
    it('dbStats sums them up (reference/command/dbStats)', async () => {
      const stats = await db().stats();
      expect(stats).to.include({ scaleFactor: 1 });
      expect(stats.totalSize).to.equal(stats.storageSize + stats.indexSize);
    });
  });
});
