import type { Document } from 'mongodb';
import { server } from '../conformance/server.ts';
import { compareWithOracle } from './oracle.ts';
import { comparePlans, fillForPlans, randomFrom } from './plans.ts';

describe('the planner of the embedded database', () => {
  const { db } = server('plans');
  it('finds by indexes exactly what a full scan finds, in the same order', async function () {
    this.timeout(60_000);
    const random = randomFrom(Number(process.env.SEED ?? 20260727));
    const collection = db().collection<Document>('things');
    await fillForPlans(collection, random, 120);
    await comparePlans(collection, random, 120);
  });

  it('finds and sorts as a second implementation of the manual does', async function () {
    this.timeout(60_000);
    await compareWithOracle(db().collection<Document>('things'), randomFrom(Number(process.env.SEED ?? 4)), 120);
  });
});
