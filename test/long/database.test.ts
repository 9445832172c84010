import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Document, MongoClient } from 'mongodb';
import { server } from '../conformance/server.ts';
import { claimRound } from '../database/claim-round.ts';
import { crashRound } from '../database/crash-round.ts';
import { startEngine, temporaryFolder } from '../database/engine-process.ts';
import { compareWithOracle } from '../database/oracle.ts';
import { comparePlans, fillForPlans, randomFrom } from '../database/plans.ts';

const rounds = Number(process.env.ROUNDS ?? 26);
const seed = Number(process.env.SEED ?? 1);

describe(`the embedded database, ${rounds} rounds from seed ${seed}`, () => {
  const { db, client } = server('long');

  it('keeps every acknowledged write through kill -9', async function () {
    this.timeout(rounds * 20_000);
    const { folder } = temporaryFolder();
    const random = randomFrom(seed);
    for (let round = 0; round < rounds; round++) await crashRound(folder, round, { ms: 50 + random() * 1500 });
    rmSync(folder, { recursive: true, force: true });
  });

  it('is shared by the clients of three processes: 21 workers claim 5,000 jobs by batch lease, each once', async function () {
    this.timeout(120_000);
    await claimRound(5000);
  });

  it('ends a transaction that stays open for more than five seconds, and lets those go on that wait for it', async function () {
    this.timeout(30_000);
    const things = db().collection<Document>('held');
    await things.insertOne({ _id: 1 as never, n: 0 });
    const session = client().startSession();
    session.startTransaction();
    await things.updateOne({ _id: 1 as never }, { $inc: { n: 10 } }, { session });
    await things.updateOne({ _id: 1 as never }, { $inc: { n: 1 } });
    expect((await things.findOne({}))?.n).to.equal(1);
    const late = await session.commitTransaction().catch((error) => error);
    expect([late.code, late.hasErrorLabel('TransientTransactionError')]).to.deep.equal([251, true]);
    await session.endSession();
  });

  it('lets the driver say that nobody knows whether a transaction was committed when the engine is killed', async function () {
    this.timeout(60_000);
    const { folder, remove } = temporaryFolder();
    const engine = await startEngine(folder);
    const client = await MongoClient.connect(engine.uri, { serverSelectionTimeoutMS: 3000 });
    const session = client.startSession();
    session.startTransaction();
    await client.db('test').collection('things').insertOne({ a: 1 }, { session });
    await engine.kill('SIGKILL');
    const unknown = await session.commitTransaction().catch((error) => error);
    expect(unknown.hasErrorLabel('UnknownTransactionCommitResult')).to.equal(true);
    await session.endSession().catch(() => {});
    await client.close();
    remove();
  });

  it('answers a full disk with a code of its own, and goes on when there is room again', async function () {
    this.timeout(60_000);
    const { folder, remove } = temporaryFolder();
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', folder]);
    if (mounted.status !== 0) {
      remove();
      console.log('not run: mounting a tmpfs is not allowed here');
      this.skip();
    }
    const filler = join(folder, 'filler');
    writeFileSync(filler, Buffer.alloc(4_000_000));
    const engine = await startEngine(folder);
    const client = await MongoClient.connect(engine.uri, { retryWrites: false });
    const things = client.db('test').collection('things');
    let stored = 0;
    let code: unknown;
    while (code === undefined) {
      await things.insertOne({ text: 'x'.repeat(50_000) }).then(
        () => stored++,
        (error) => {
          code = error.code;
        },
      );
    }
    expect(code).to.equal(14031);
    expect(await things.countDocuments({})).to.equal(stored);
    rmSync(filler);
    await things.insertOne({ text: 'there is room again' });
    expect(await things.countDocuments({})).to.equal(stored + 1);
    await client.close();
    await engine.kill('SIGTERM');
    spawnSync('umount', [folder]);
    remove();
  });

  it('finds by indexes what full scans find, over 10,000 random queries, and what a second implementation finds', async function () {
    this.timeout(600_000);
    for (let round = 0; round < 10; round++) {
      const random = randomFrom(seed * 1000 + round);
      const collection = db().collection<Document>(`things${round}`);
      await fillForPlans(collection, random, 250);
      await comparePlans(collection, random, 1000);
      await compareWithOracle(collection, random, 400);
    }
  });
});
