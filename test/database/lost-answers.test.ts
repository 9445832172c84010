import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { expect } from 'chai';
import { type ClientSession, type Collection, MongoClient, MongoError } from 'mongodb';
import { type Embedded, startEmbedded } from '../../core/database/embedded/start-embedded.ts';
import { temporaryFolder } from './engine-process.ts';

/**
 * The driver behind a connection that loses answers. The driver's pages say what it does then: a write or a read that may be
 * sent again is (manual: core/retryable-writes, core/retryable-reads), a transaction is begun or committed again (manual:
 * core/transactions-in-applications). What the engine did must be there once.
 */
describe('the driver when an answer of the embedded database is lost', () => {
  let place: ReturnType<typeof temporaryFolder>;
  let engine: Embedded;
  let proxy: Server;
  let client: MongoClient;
  let things: Collection;
  /** The answer to the next request that holds this text is lost with its connection, so many times. */
  let losing: { text: string; times: number } | undefined;

  before(async () => {
    place = temporaryFolder();
    engine = await startEmbedded({ folder: place.folder, log: { error: () => {}, warn: () => {} } });
    const path = decodeURIComponent(/^mongodb:\/\/([^/]+)\//.exec(engine.uri)?.[1] ?? '');
    proxy = createServer((socket) => pipe(socket, connect(path)));
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const { port } = proxy.address() as AddressInfo;
    client = await MongoClient.connect(`mongodb://127.0.0.1:${port}/?directConnection=true`);
    things = client.db('test').collection('things');
  });
  after(async () => {
    await client.close();
    proxy.close();
    await engine.close();
    place.remove();
  });
  beforeEach(async () => {
    losing = undefined;
    await things.deleteMany({});
  });

  function pipe(socket: Socket, server: Socket): void {
    let asked = '';
    socket.on('data', (data) => {
      asked = data.toString('latin1');
      server.write(data);
    });
    server.on('data', (data) => {
      if (!losing?.times || !asked.includes(losing.text)) return void socket.write(data);
      losing.times--;
      socket.destroy();
      server.destroy();
    });
    for (const [one, other] of [
      [socket, server],
      [server, socket],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  }

  /** Loses the answer to a command, and asserts that it was lost as often as it was to be. */
  async function losingAnswerTo<T>(text: string, attempt: () => Promise<T>, times = 1): Promise<T> {
    losing = { text, times };
    const result = await attempt();
    expect(losing.times).to.equal(0);
    return result;
  }

  async function inTransaction<T>(work: (session: ClientSession) => Promise<T>): Promise<T> {
    const session = client.startSession();
    try {
      return await work(session);
    } finally {
      await session.endSession();
    }
  }

  it('an insert is sent again and done once', async () => {
    await losingAnswerTo('insert', () => things.insertOne({ n: 1 }));
    expect(await things.countDocuments()).to.equal(1);
  });
  it('a bulk of inserts is sent again and says what it did', async () => {
    const { insertedCount } = await losingAnswerTo('insert', () => things.insertMany([{ n: 1 }, { n: 2 }]));
    expect([insertedCount, await things.countDocuments()]).to.deep.equal([2, 2]);
  });
  it('an update of one document is sent again and says what it did', async () => {
    await things.insertOne({ n: 1 });
    const { modifiedCount } = await losingAnswerTo('update', () => things.updateOne({}, { $inc: { n: 1 } }));
    expect([modifiedCount, (await things.findOne())?.n]).to.deep.equal([1, 2]);
  });
  it('findOneAndUpdate is sent again and gives the document of the first time', async () => {
    await things.insertOne({ n: 1 });
    const update = () => things.findOneAndUpdate({}, { $inc: { n: 1 } }, { returnDocument: 'after' });
    expect((await losingAnswerTo('findAndModify', update))?.n).to.equal(2);
  });
  it('an update of many is not sent again: the caller is told, and it was done once', async () => {
    await things.insertMany([{ n: 1 }, { n: 1 }]);
    const update = () => things.updateMany({}, { $inc: { n: 1 } }).catch((error) => error);
    expect((await losingAnswerTo('update', update)).name).to.equal('MongoNetworkError');
    expect(await things.countDocuments({ n: 2 })).to.equal(2);
  });
  it('a read is sent again', async () => {
    await things.insertOne({ n: 1 });
    expect(await losingAnswerTo('find', () => things.find().toArray())).to.have.length(1);
  });
  it('a commit is sent again without a second run of the callback', async () => {
    let runs = 0;
    const attempt = () =>
      inTransaction((session) =>
        session.withTransaction(async () => {
          runs++;
          await things.insertOne({ n: 1 }, { session });
        }),
      );
    await losingAnswerTo('commitTransaction', attempt);
    expect([runs, await things.countDocuments()]).to.deep.equal([1, 1]);
  });
  it('a commit whose answers are lost twice has an unknown result, and can be sent a third time', () =>
    inTransaction(async (session) => {
      session.startTransaction();
      await things.insertOne({ n: 1 }, { session });
      const commit = () => session.commitTransaction().catch((error: unknown) => error);
      const error = await losingAnswerTo('commitTransaction', commit, 2);
      expect(error instanceof MongoError && error.hasErrorLabel('UnknownTransactionCommitResult')).to.equal(true);
      await session.commitTransaction();
      expect(await things.countDocuments()).to.equal(1);
    }));
  it('a statement of a transaction that gets no answer makes the callback run again', async () => {
    let runs = 0;
    const attempt = () =>
      inTransaction((session) =>
        session.withTransaction(async () => {
          runs++;
          await things.insertOne({ lost: 1 }, { session });
        }),
      );
    await losingAnswerTo('lost', attempt);
    expect([runs, await things.countDocuments()]).to.deep.equal([2, 1]);
  });
});
