import { expect } from 'chai';
import type { Collection, Document } from 'mongodb';

/** A generator of numbers in [0, 1) that gives the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const INDEXES: [Document, Document][] = [
  [{ a: 1 }, {}],
  [{ a: 1, b: -1 }, {}],
  [{ b: -1, c: 1 }, {}],
  [{ c: 1 }, { sparse: true }],
  [{ 'o.x': 1, 'o.y': 1 }, {}],
  [{ list: 1 }, {}],
  [
    { a: 1, list: 1 },
    { name: 'partial', partialFilterExpression: { b: { $gt: 2 } } },
  ],
];

/** Fills a collection with documents of every shape that indexes treat differently, and makes indexes of every kind. */
export async function fillForPlans(
  collection: Collection<Document>,
  random: () => number,
  count: number,
): Promise<void> {
  const value = valueMaker(random);
  await collection.insertMany(
    Array.from({ length: count }, (_, i) => {
      const document: Document = { _id: i };
      for (const field of ['a', 'b', 'c']) if (random() < 0.85) document[field] = value(false);
      if (random() < 0.8)
        document.o =
          random() < 0.5
            ? { x: value(false), y: value(false) }
            : [{ x: value(false), y: value(false) }, { x: value(false) }, 7];
      if (random() < 0.8) document.list = Array.from({ length: Math.floor(random() * 4) }, () => value(true));
      return document;
    }),
  );
  for (const [key, options] of INDEXES) await collection.createIndex(key as never, options);
}

export function valueMaker(random: () => number): (nested: boolean) => unknown {
  const pick = <T>(list: T[]): T => list[Math.floor(random() * list.length)] as T;
  return (nested) => {
    const kind = random();
    if (kind < 0.5) return Math.floor(random() * 6);
    if (kind < 0.6) return pick([0.5, 2.5, -1, 1e20, Number.NaN, Number.POSITIVE_INFINITY]);
    if (kind < 0.8) return pick(['a', 'ab', 'b', 'B', '', 'a\0b', 'é', '𝒳']);
    if (kind < 0.86) return null;
    if (kind < 0.9) return pick([true, false]);
    if (kind < 0.94) return new Date(Math.floor(random() * 4));
    if (kind < 0.97) return { p: Math.floor(random() * 2) };
    return nested ? [Math.floor(random() * 3)] : Math.floor(random() * 6);
  };
}

function filterMaker(random: () => number): () => Document {
  const value = valueMaker(random);
  const pick = <T>(list: T[]): T => list[Math.floor(random() * list.length)] as T;
  const condition = (): unknown => {
    const kind = random();
    if (kind < 0.3) return value(true);
    if (kind < 0.45) return { [pick(['$gt', '$gte', '$lt', '$lte'])]: value(false) };
    if (kind < 0.6) return { $gte: value(false), $lt: value(false) };
    if (kind < 0.72) return { $in: Array.from({ length: Math.floor(random() * 4) }, () => value(true)) };
    if (kind < 0.77) return { $ne: value(false) };
    if (kind < 0.82) return { $exists: random() < 0.5 };
    if (kind < 0.87) return { $regex: pick(['^a', '^b', 'b', '^a\\0']) };
    if (kind < 0.92) return [value(false), value(false)].slice(0, Math.floor(random() * 3));
    if (kind < 0.96) return { $elemMatch: { $gte: value(false), $lte: value(false) } };
    return { $not: { $gt: value(false) } };
  };
  const make = (depth: number): Document => {
    const filter: Document = {};
    const fields = ['a', 'b', 'c', 'o.x', 'o.y', 'list', 'list.0', '_id'];
    for (let i = Math.floor(random() * 3) + 1; i > 0; i--) filter[pick(fields)] = condition();
    if (depth > 0 && random() < 0.2) filter[pick(['$or', '$and'])] = [make(depth - 1), make(depth - 1)];
    return filter;
  };
  return () => make(1);
}

/** Compares what an index plan finds with what a full scan finds, for so many random queries; sorts and limits included. */
export async function comparePlans(
  collection: Collection<Document>,
  random: () => number,
  queries: number,
): Promise<void> {
  const makeFilter = filterMaker(random);
  for (let i = 0; i < queries; i++) {
    const filter = makeFilter();
    const shape = random();
    const sort: Document =
      shape < 0.25 ? { a: 1, b: -1, _id: 1 } : shape < 0.5 ? { b: shape < 0.4 ? 1 : -1, _id: 1 } : { _id: 1 };
    const limit = random() < 0.3 ? 5 : 0;
    const planned = await collection
      .find(filter)
      .sort(sort as never)
      .limit(limit)
      .map(({ _id }) => _id)
      .toArray();
    const scanned = await collection
      .find(filter)
      .hint({ $natural: 1 })
      .sort(sort as never)
      .limit(limit)
      .map(({ _id }) => _id)
      .toArray();
    expect(planned, `filter ${JSON.stringify(filter)} sort ${JSON.stringify(sort)}`).to.deep.equal(scanned);
    // Without a sort the order is free, the set is not.
    const unsorted = await collection
      .find(filter)
      .map(({ _id }) => _id as unknown as number)
      .toArray();
    if (!limit)
      expect(
        unsorted.sort((a, b) => a - b),
        JSON.stringify(filter),
      ).to.have.members(scanned as never[]);
  }
}
