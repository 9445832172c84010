import { statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { MongoClient } from 'mongodb';
import { database } from '../../core/cli/database.ts';
import { type Embedded, startEmbedded } from '../../core/database/embedded/start-embedded.ts';
import { claimRound } from './claim-round.ts';
import { startEngine, temporaryFolder } from './engine-process.ts';

const silent = { error: () => {}, warn: () => {} };

async function untilTrue(check: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await check())) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('the life of the embedded database', () => {
  let place: ReturnType<typeof temporaryFolder>;
  let engine: Embedded | undefined;
  let client: MongoClient | undefined;
  beforeEach(() => {
    place = temporaryFolder();
  });
  afterEach(async () => {
    await client?.close();
    await engine?.close();
    [client, engine] = [undefined, undefined];
    place.remove();
  });
  const start = async () => {
    engine = await startEmbedded({ folder: place.folder, log: silent });
    client = await MongoClient.connect(engine.uri, { heartbeatFrequencyMS: 500 });
    return { engine, things: client.db('test').collection('things') };
  };

  it('listens on a socket that only this user can open, in a folder that only this user can enter', async () => {
    await start();
    expect(statSync(place.folder).mode & 0o777).to.equal(0o700);
    expect(statSync(join(place.folder, 'db.sock')).mode & 0o777).to.equal(0o600);
  });

  it('listens in the folder for temporary files when the path is too long for a socket', async () => {
    const long = join(place.folder, 'x'.repeat(90));
    engine = await startEmbedded({ folder: long, log: silent });
    client = await MongoClient.connect(engine.uri);
    expect((await client.db('test').command({ ping: 1 })).ok).to.equal(1);
    expect(decodeURIComponent(engine.uri)).to.not.include('xxx');
  });

  it('starts again by itself at the same address when its thread is killed, with everything there', async () => {
    const { engine: running, things } = await start();
    await things.insertOne({ a: 1 });
    const { uri } = running;
    const ended = new Promise((resolve) => running.onExit(resolve));
    await running.thread().terminate();
    await ended;
    await untilTrue(() => running.status() === 'serving');
    await untilTrue(async () => (await things.countDocuments({ a: 1 }).catch(() => 0)) === 1);
    expect(running.uri).to.equal(uri);
  });

  it('has everything after it was closed and opened', async () => {
    const { engine: first, things } = await start();
    await things.createIndex({ a: 1 }, { unique: true });
    await things.insertMany([{ a: 1 }, { a: 2 }]);
    await client?.close();
    await first.close();
    expect(first.status()).to.equal('stopped');
    const { things: again } = await start();
    expect([await again.countDocuments({}), (await again.indexes()).length]).to.deep.equal([2, 2]);
  });

  it('answers what is at work when it stops, and tells the rest that it is shutting down', async () => {
    const { engine: running, things } = await start();
    await things.insertMany(Array.from({ length: 500 }, (_, n) => ({ n })));
    const outcomes: Promise<unknown>[] = [];
    for (let n = 0; n < 40; n++) {
      outcomes.push(
        things.insertOne({ late: n }).then(
          () => 'stored',
          (error) => error.name,
        ),
      );
    }
    await outcomes[0];
    await running.close();
    // The driver sends a refused write once more; nobody is there to take it.
    await client?.close();
    const stored = (await Promise.all(outcomes)).filter((outcome) => outcome === 'stored').length;
    const { things: again } = await start();
    expect(stored).to.be.greaterThan(0);
    expect(await again.countDocuments({ late: { $exists: true } })).to.be.least(stored);
  });

  it('refuses a folder that another process owns, says which, and takes it when that was killed', async () => {
    const owner = await startEngine(place.folder);
    const error = await startEmbedded({ folder: join(place.folder, 'database'), log: silent }).catch(
      (thrown) => thrown,
    );
    expect(error.message).to.match(new RegExp(`in use by process ${owner.process.pid} .*patchbay-host database`));
    await owner.kill('SIGKILL');
    engine = await startEmbedded({ folder: join(place.folder, 'database'), log: silent });
    expect(engine.status()).to.equal('serving');
  });

  it('ends the connection of a client that sends nonsense, and goes on serving others', async () => {
    const { engine: running, things } = await start();
    const path = decodeURIComponent(
      new URL(running.uri.replace('mongodb:', 'http:').replace(/http:\/\/([^/]+)\//, 'http://x/$1/')).pathname.split(
        '/',
      )[1] ?? '',
    );
    const socket = connect(path);
    const ended = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => {});
    socket.write(Buffer.alloc(64, 0xff));
    await ended;
    expect(await things.countDocuments({})).to.equal(0);
  });

  it('is shared by the clients of three processes: 21 workers claim 210 jobs by batch lease, each once', async function () {
    this.timeout(60_000);
    await claimRound(210);
  });

  it('on a port, asks for the secret of the folder and lets nobody else in, unless it is open to all', async () => {
    let served = await database({ data: place.folder, port: 0 });
    try {
      client = await MongoClient.connect(served.uri);
      await client.db('test').collection('things').insertOne({ a: 1 });
      const wrong = served.uri.replace(/:[0-9a-f]{64}@/, `:${'0'.repeat(64)}@`);
      const stranger = await MongoClient.connect(wrong).catch((error) => error);
      expect(stranger.code).to.equal(18);
      const nobody = new MongoClient(served.uri.replace(/\/\/[^@]+@/, '//').replace(/&auth[^&]+/g, ''));
      const refused = await nobody
        .db('test')
        .collection('things')
        .findOne({})
        .catch((error) => error);
      expect(refused.code).to.equal(13);
      await nobody.close();
      // As a suite of one's own uses it: any database name, and the set by its name.
      const named = served.uri.replace('/patchbay?', '/any-name?');
      const set = await MongoClient.connect(named.replace('directConnection=true', 'replicaSet=patchbay'));
      const counted = await set.withSession((session) =>
        session.withTransaction(() => set.db().collection('things').countDocuments({}, { session })),
      );
      expect([set.db().databaseName, counted]).to.deep.equal(['any-name', 0]);
      await set.close();
      await client.close();
      await served.stop();
      served = await database({ data: place.folder, port: 0, open: true });
      client = await MongoClient.connect(served.uri);
      expect(await client.db('test').collection('things').countDocuments({})).to.equal(1);
    } finally {
      await client?.close();
      client = undefined;
      await served.stop();
    }
  });

  it('answers a full disk with a code of its own, keeps what was acknowledged, and recovers', async function () {
    this.timeout(30_000);
    const limited = await startEngine(place.folder, ['prlimit', '--fsize=1000000']);
    client = await MongoClient.connect(limited.uri, { retryWrites: false });
    const things = client.db('test').collection('things');
    let stored = 0;
    let error: { code?: number } = {};
    while (error.code === undefined && stored < 10_000) {
      try {
        await things.insertOne({ text: 'x'.repeat(10_000) });
        stored++;
      } catch (thrown) {
        error = thrown as { code?: number };
      }
    }
    expect(error.code).to.equal(14031);
    expect(await things.countDocuments({})).to.equal(stored);
    await client.close();
    await limited.kill('SIGTERM');
    expect(limited.process.exitCode).to.equal(0);
    engine = await startEmbedded({ folder: join(place.folder, 'database'), log: silent });
    client = await MongoClient.connect(engine.uri);
    const again = client.db('test').collection('things');
    await again.insertOne({ text: 'y' });
    expect(await again.countDocuments({})).to.equal(stored + 1);
  });
});
