import { rmSync } from 'node:fs';
import type { Document } from 'mongodb';
import { server } from '../conformance/server.ts';
import { crashRound } from '../database/crash-round.ts';
import { temporaryFolder } from '../database/engine-process.ts';
import { comparePlans, fillForPlans, randomFrom } from '../database/plans.ts';

const rounds = Number(process.env.ROUNDS ?? 26);
const seed = Number(process.env.SEED ?? 1);

describe(`the embedded database, ${rounds} rounds from seed ${seed}`, () => {
  const { db } = server('long');

  it('keeps every acknowledged write through kill -9', async function () {
    this.timeout(rounds * 20_000);
    const { folder } = temporaryFolder();
    const random = randomFrom(seed);
    for (let round = 0; round < rounds; round++) await crashRound(folder, round, 50 + random() * 1500);
    rmSync(folder, { recursive: true, force: true });
  });

  it('finds by indexes what full scans find, over 10,000 random queries', async function () {
    this.timeout(600_000);
    for (let round = 0; round < 10; round++) {
      const random = randomFrom(seed * 1000 + round);
      const collection = db().collection<Document>(`things${round}`);
      await fillForPlans(collection, random, 250);
      await comparePlans(collection, random, 1000);
    }
  });
});
