import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { type Document, MongoClient, MongoError, MongoServerSelectionError } from 'mongodb';
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

  it('has a transaction wholly or not at all when it is killed at its commit, and the driver says what it knows', async function () {
    this.timeout(180_000);
    const { folder, remove } = temporaryFolder();
    const random = randomFrom(seed);
    for (let round = 0; round < 6; round++) {
      const early = round % 2 === 0;
      const engine = await startEngine(folder);
      const client = await MongoClient.connect(engine.uri, { serverSelectionTimeoutMS: 1000 });
      const session = client.startSession();
      session.startTransaction();
      for (const half of ['one', 'two']) await client.db('test').collection(half).insertOne({ round }, { session });
      const commit = () =>
        session.commitTransaction().then(
          () => 'committed' as const,
          (error: unknown) => error,
        );
      let outcome: unknown;
      if (early) {
        await engine.kill('SIGKILL');
        outcome = await commit();
      } else {
        const under = commit();
        await pause(random() * 8);
        await engine.kill('SIGKILL');
        outcome = await under;
      }
      await session.endSession().catch(() => {});
      await client.close();
      // The driver labels an answer that was lost; one that it knows to be unsent fails for want of a server.
      const known = outcome instanceof MongoError && outcome.hasErrorLabel('UnknownTransactionCommitResult');
      const unsent = outcome instanceof MongoServerSelectionError || /ECONNREFUSED|ENOENT/.test(String(outcome));
      expect(outcome === 'committed' || known || unsent, String(outcome)).to.equal(true);
      const there = await halvesOf(folder, round);
      if (early) expect(there).to.deep.equal([0, 0]);
      else if (outcome === 'committed') expect(there).to.deep.equal([1, 1]);
      else expect(there[0]).to.equal(there[1]);
    }
    remove();
  });

  async function halvesOf(folder: string, round: number): Promise<number[]> {
    const engine = await startEngine(folder);
    const client = await MongoClient.connect(engine.uri);
    const there = ['one', 'two'].map((half) => client.db('test').collection(half).countDocuments({ round }));
    const counts = await Promise.all(there);
    await client.close();
    await engine.kill('SIGTERM');
    return counts;
  }

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
