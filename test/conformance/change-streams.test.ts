import { expect } from 'chai';
import { type ChangeStream, type Document, Timestamp } from 'mongodb';
import { codeOf, server } from './server.ts';

describe('conformance: change streams', () => {
  const { db, client } = server('change_streams');
  let things: import('mongodb').Collection<Document>;
  let number = 0;
  let streams: ChangeStream[] = [];
  beforeEach(() => {
    things = db().collection(`things${++number}`);
  });
  afterEach(async () => {
    await Promise.all(streams.map((stream) => stream.close()));
    streams = [];
  });
  /** A stream that is open at the server: its first read has been answered. */
  const open = async (stream: ChangeStream): Promise<ChangeStream> => {
    streams.push(stream);
    await stream.tryNext();
    return stream;
  };
  const watch = (pipeline: Document[] = [], options: Document = {}) =>
    open(things.watch(pipeline, { maxAwaitTimeMS: 100, ...options }));
  const next = async (stream: ChangeStream, count: number): Promise<Document[]> => {
    const events: Document[] = [];
    while (events.length < count) events.push(await stream.next());
    return events;
  };

  describe('manual: reference/change-events', () => {
    it('an insert has its document, a delete its key', async () => {
      const stream = await watch();
      await things.insertOne({ _id: 1 as never, a: 1 });
      await things.deleteOne({ _id: 1 as never });
      const [inserted, deleted] = await next(stream, 2);
      const ns = { db: db().databaseName, coll: things.collectionName };
      expect(inserted).to.deep.include({
        operationType: 'insert',
        ns,
        documentKey: { _id: 1 },
        fullDocument: { _id: 1, a: 1 },
      });
      expect([inserted?.clusterTime, inserted?.wallTime]).to.satisfy(
        ([time, wall]: unknown[]) => time instanceof Timestamp && wall instanceof Date,
      );
      expect(deleted).to.deep.include({ operationType: 'delete', ns, documentKey: { _id: 1 } });
      expect(deleted).to.not.have.property('fullDocument');
    });
    it('an update says what it changed, removed and cut short', async () => {
      await things.insertOne({ _id: 1 as never, a: 1, o: { x: 1, y: 2 }, list: [1, 2, 3] });
      const stream = await watch();
      await things.updateOne({}, { $set: { 'o.x': 5, fresh: true }, $unset: { a: 1 }, $pop: { list: 1 } });
      await things.updateOne({}, { $push: { list: 9 as never } });
      const [first, second] = await next(stream, 2);
      expect(first?.updateDescription).to.deep.equal({
        updatedFields: { 'o.x': 5, fresh: true },
        removedFields: ['a'],
        truncatedArrays: [{ field: 'list', newSize: 2 }],
      });
      expect(first).to.not.have.property('fullDocument');
      expect(second?.updateDescription.updatedFields).to.deep.equal({ 'list.2': 9 });
    });
    it('a replacement is told apart from an update', async () => {
      await things.insertOne({ _id: 1 as never, a: 1 });
      const stream = await watch();
      await things.replaceOne({}, { b: 1 });
      await things.findOneAndReplace({}, { b: 2 });
      const events = await next(stream, 2);
      expect(events.map(({ operationType, fullDocument }) => [operationType, fullDocument.b])).to.deep.equal([
        ['replace', 1],
        ['replace', 2],
      ]);
    });
    it('it compares by bytes, whatever the collation of the collection, unless it has its own', async () => {
      const collation = { locale: 'en', strength: 2 };
      things = await db().createCollection(`things${++number}`, { collation });
      const match = [{ $match: { 'fullDocument.s': 'a' } }];
      const [exact, loose] = [await watch(match), await watch(match, { collation })];
      await things.insertMany([{ s: 'A' }, { s: 'a' }]);
      const [first] = await next(exact, 1);
      const all = await next(loose, 2);
      expect([first, ...all].map((event) => event?.fullDocument.s)).to.deep.equal(['a', 'A', 'a']);
    });
    it('what changes nothing and what fails is no event', async () => {
      await things.insertOne({ _id: 1 as never, a: 1 });
      const stream = await watch();
      await things.updateOne({}, { $set: { a: 1 } });
      await codeOf(things.insertOne({ _id: 1 as never }));
      await things.insertOne({ _id: 2 as never });
      expect(((await stream.next()) as Document).documentKey).to.deep.equal({ _id: 2 });
    });
    it('a transaction is seen when it commits, with its session and number, and never when it aborts', async () => {
      await db().createCollection(things.collectionName);
      const stream = await watch();
      await client().withSession(async (session) => {
        session.startTransaction();
        await things.insertOne({ _id: 1 as never }, { session });
        await session.abortTransaction();
        session.startTransaction();
        await things.insertOne({ _id: 2 as never }, { session });
        expect(await stream.tryNext()).to.equal(null);
        await session.commitTransaction();
      });
      const event: Document = await stream.next();
      expect([event.documentKey, event.lsid, Number(event.txnNumber)]).to.satisfy(
        ([key, session, transaction]: [Document, Document, number]) => key._id === 2 && session.id && transaction > 0,
      );
    });
    it('a drop ends the stream with an invalidate', async () => {
      await things.insertOne({});
      const stream = await watch();
      await things.drop();
      const events = await next(stream, 2);
      expect(events.map(({ operationType }) => operationType)).to.deep.equal(['drop', 'invalidate']);
    });
    it('a rename says where to', async () => {
      await things.insertOne({});
      const stream = await watch();
      await things.rename(`${things.collectionName}_new`);
      const [event] = await next(stream, 1);
      expect([event?.operationType, event?.to]).to.deep.equal([
        'rename',
        { db: db().databaseName, coll: `${things.collectionName}_new` },
      ]);
    });
  });

  describe('manual: changeStreams', () => {
    it('a database and the whole deployment are watched', async () => {
      const [one, all] = [await open(db().watch()), await open(client().watch())];
      await things.insertOne({ _id: 'both' as never });
      const keys = [(await one.next()) as Document, (await all.next()) as Document].map(
        ({ documentKey }) => documentKey,
      );
      expect(keys).to.deep.equal([{ _id: 'both' }, { _id: 'both' }]);
    });
    it('a collection that does not exist yet is watched', async () => {
      const stream = await watch();
      await things.insertOne({ _id: 1 as never });
      expect((await stream.next()).operationType).to.equal('insert');
    });
    it('a pipeline chooses and shapes events', async () => {
      const stream = await watch([
        { $match: { 'fullDocument.a': { $gt: 1 } } },
        { $addFields: { twice: { $multiply: ['$fullDocument.a', 2] } } },
      ]);
      await things.insertMany([{ a: 1 }, { a: 4 }]);
      expect(((await stream.next()) as Document).twice).to.equal(8);
    });
    it('a stage that a stream cannot have is refused', async () => {
      expect(await codeOf(things.watch([{ $sort: { a: 1 } }]).next())).to.equal(20);
    });
    it('$changeStream stands first', async () => {
      expect(await codeOf(things.aggregate([{ $match: {} }, { $changeStream: {} }]).toArray())).to.equal(40602);
    });
    it('the resume token stays in the event', async () => {
      const stream = await watch([{ $project: { _id: 0 } }]);
      await things.insertOne({});
      const error = await stream.next().catch((thrown) => thrown);
      expect([error.code, error.hasErrorLabel('NonResumableChangeStreamError')]).to.deep.equal([280, true]);
    });
    it('a stream goes on after the event whose token it is given', async () => {
      const stream = await watch();
      await things.insertMany([{ n: 1 }, { n: 2 }, { n: 3 }]);
      const [{ _id } = {}] = await next(stream, 1);
      await stream.close();
      const resumed = things.watch([], { resumeAfter: _id });
      streams.push(resumed);
      const events = await next(resumed, 2);
      expect(events.map(({ fullDocument }) => fullDocument.n)).to.deep.equal([2, 3]);
    });
    it('after an invalidate a stream is started, not resumed', async () => {
      await things.insertOne({});
      const stream = await watch();
      await things.drop();
      const [, invalidate] = await next(stream, 2);
      expect(await codeOf(things.watch([], { resumeAfter: invalidate?._id }).tryNext())).to.equal(260);
      await things.insertOne({ again: true });
      const again = things.watch([], { startAfter: invalidate?._id });
      streams.push(again);
      expect(((await again.next()) as Document).fullDocument.again).to.equal(true);
    });
    it('a time before all that is known is refused', async () => {
      const startAtOperationTime = new Timestamp({ t: 1, i: 1 });
      expect(await codeOf(things.watch([], { startAtOperationTime }).tryNext())).to.equal(286);
    });
  });

  describe('manual: reference/operator/aggregation/changeStream', () => {
    it('updateLookup gives the document as it is when the event is read', async () => {
      await things.insertOne({ _id: 1 as never, a: 1 });
      const stream = await watch([], { fullDocument: 'updateLookup' });
      await things.updateOne({}, { $inc: { a: 1 } });
      await things.updateOne({}, { $inc: { a: 1 } });
      expect(((await stream.next()) as Document).fullDocument).to.deep.equal({ _id: 1, a: 3 });
    });
    it('images before and after are there when the collection keeps them', async () => {
      await db().createCollection(things.collectionName, { changeStreamPreAndPostImages: { enabled: true } });
      await things.insertOne({ _id: 1 as never, a: 1 });
      const stream = await watch([], { fullDocument: 'required', fullDocumentBeforeChange: 'required' });
      await things.updateOne({}, { $inc: { a: 1 } });
      await things.deleteOne({});
      const [updated, deleted] = await next(stream, 2);
      expect([
        updated?.fullDocumentBeforeChange.a,
        updated?.fullDocument.a,
        deleted?.fullDocumentBeforeChange.a,
      ]).to.deep.equal([1, 2, 2]);
    });
    it('a required image that is not kept ends the stream', async () => {
      await things.insertOne({ a: 1 });
      const stream = await watch([], { fullDocumentBeforeChange: 'required' });
      await things.updateOne({}, { $inc: { a: 1 } });
      expect(await codeOf(stream.next())).to.equal(47);
    });
    it('an image that is only wished for is null', async () => {
      await things.insertOne({ a: 1 });
      const stream = await watch([], { fullDocumentBeforeChange: 'whenAvailable' });
      await things.updateOne({}, { $inc: { a: 1 } });
      expect(((await stream.next()) as Document).fullDocumentBeforeChange).to.equal(null);
    });
    it('a view is not watched', async () => {
      await db().createCollection(`view${number}`, { viewOn: things.collectionName, pipeline: [] });
      expect(await codeOf(db().collection(`view${number}`).watch().tryNext())).to.equal(166);
    });
  });
});
