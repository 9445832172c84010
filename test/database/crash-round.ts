import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { type Db, MongoClient, MongoServerError } from 'mongodb';
import { doctor } from '../../core/database/embedded/doctor.ts';
import { startEngine } from './engine-process.ts';

const ACCOUNTS = 20;
const START = 100;

type Acknowledged = { inserted: Set<string>; updated: Map<string, number> };

/**
 * One round of `kill -9`: 12 writers insert and update, 4 move money between accounts in transactions, one makes and drops
 * an index; in the middle of it the engine is killed. Whatever was acknowledged must be there after a restart, the sum of the accounts unchanged, and
 * every index equal to the documents.
 *
 * @param data - the data folder, the same through all rounds
 * @param kill - when to kill: so many milliseconds after the first write, or as soon as so many inserts are acknowledged
 * @returns how many inserts were acknowledged
 */
export async function crashRound(
  data: string,
  round: number,
  kill: { ms: number } | { writes: number },
): Promise<number> {
  const engine = await startEngine(data);
  const client = new MongoClient(engine.uri, { serverSelectionTimeoutMS: 2000, retryWrites: false });
  const acknowledged: Acknowledged = { inserted: new Set(), updated: new Map() };
  try {
    await client.connect();
    const db = client.db('crash');
    await prepare(db);
    let running = true;
    const writers = [
      ...Array.from({ length: 12 }, (_, i) => write(db, `${round}-${i}`, acknowledged, () => running)),
      ...Array.from({ length: 4 }, () => transfer(client, db, () => running)),
      makeIndexes(db, () => running),
    ];
    if ('ms' in kill) await setTimeout(kill.ms);
    else while (acknowledged.inserted.size < kill.writes) await setTimeout(5);
    await engine.kill('SIGKILL');
    running = false;
    await Promise.all(writers);
  } finally {
    await client.close();
    await engine.kill('SIGKILL');
  }
  const before = doctor(join(data, 'database'));
  expect(before.findings).to.deep.equal([]);
  await check(data, acknowledged);
  return acknowledged.inserted.size;
}

async function prepare(db: Db): Promise<void> {
  await db.collection('events').createIndex({ key: 1 }, { unique: true });
  await db.collection('events').createIndex({ tags: 1, n: -1 });
  await db
    .collection('events')
    .dropIndex('n_1_tags_1')
    .catch(() => {});
  if ((await db.collection('accounts').countDocuments({})) > 0) return;
  await db
    .collection('accounts')
    .insertMany(Array.from({ length: ACCOUNTS }, (_, i) => ({ _id: i as never, money: START })));
}

async function write(db: Db, name: string, acknowledged: Acknowledged, running: () => boolean): Promise<void> {
  const events = db.collection('events');
  try {
    for (let i = 0; running(); i++) {
      const key = `${name}-${i}`;
      await events.insertOne({ key, n: i, tags: [name, `t${i % 5}`] });
      acknowledged.inserted.add(key);
      if (i % 3 !== 0) continue;
      await events.updateOne({ key }, { $inc: { version: 1 }, $push: { tags: 'again' as never } });
      acknowledged.updated.set(key, 1);
    }
  } catch (error) {
    // The engine is gone: what was not acknowledged may be there or not.
    if (!engineIsGone(error)) throw error;
  }
}

/** Makes an index and drops it, over and over, so that kills hit that as well. */
async function makeIndexes(db: Db, running: () => boolean): Promise<void> {
  const events = db.collection('events');
  try {
    while (running()) {
      await events.createIndex({ n: 1, tags: 1 });
      await events.dropIndex('n_1_tags_1');
    }
  } catch (error) {
    if (!engineIsGone(error)) throw error;
  }
}

async function transfer(client: MongoClient, db: Db, running: () => boolean): Promise<void> {
  const accounts = db.collection('accounts');
  while (running()) {
    const session = client.startSession();
    try {
      session.startTransaction();
      const [from, to] = [Math.floor(Math.random() * ACCOUNTS), Math.floor(Math.random() * ACCOUNTS)];
      await accounts.updateOne({ _id: from as never }, { $inc: { money: -5 } }, { session });
      await accounts.updateOne({ _id: to as never }, { $inc: { money: 5 } }, { session });
      await session.commitTransaction();
    } catch (error) {
      if (engineIsGone(error)) return;
      if (!(error instanceof MongoServerError && error.hasErrorLabel('TransientTransactionError'))) throw error;
    } finally {
      // Ending a session of an engine that is gone has nobody to tell.
      await session.endSession().catch(() => {});
    }
  }
}

/** Whether an error means that the engine was killed; the driver lets some of the operating system's errors through. */
function engineIsGone(error: unknown): boolean {
  const { name, code } = error as { name?: string; code?: unknown };
  return (
    /Mongo(Network|ServerSelection|PoolCleared|Topology|ExpiredSession)/.test(String(name)) ||
    ['EPIPE', 'ECONNRESET', 'ECONNREFUSED', 'ENOENT'].includes(String(code))
  );
}

async function check(data: string, { inserted, updated }: Acknowledged): Promise<void> {
  const engine = await startEngine(data);
  const client = new MongoClient(engine.uri);
  try {
    const db = client.db('crash');
    const keys = new Map(
      (
        await db
          .collection('events')
          .find({}, { projection: { key: 1, version: 1 } })
          .toArray()
      ).map(({ key, version }) => [key, version]),
    );
    const lost = [...inserted].filter((key) => !keys.has(key));
    const old = [...updated].filter(([key, version]) => keys.get(key) !== version);
    expect({ lost, old }).to.deep.equal({ lost: [], old: [] });
    const [sum] = await db
      .collection('accounts')
      .aggregate([{ $group: { _id: null, money: { $sum: '$money' } } }])
      .toArray();
    expect(sum?.money).to.equal(ACCOUNTS * START);
  } finally {
    await client.close();
    await engine.kill('SIGTERM');
  }
}
