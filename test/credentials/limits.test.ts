import { expect } from 'chai';
import { letOut, type Over, type Slices, settle, usedOf } from '../../core/credentials/limits/window.ts';

/** Reproducible chance. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

/** Callers that always want more, on a clock of our own; each request reaches the vendor at any time before it is over. */
function simulate(seed: number, window: { limit: number; window_ms: number }, slowest_ms: number, until: number) {
  const random = chance(seed);
  let slices: Slices = [];
  let flying: { over: Over; at: number }[] = [];
  const arrivals: number[] = [];
  let now = 0;
  while (now < until) {
    const landed = flying.filter(({ at }) => at <= now);
    flying = flying.filter(({ at }) => at > now);
    slices = settle(
      slices,
      window,
      landed.map(({ over, at }) => ({ ...over, at_ms: at })),
    );
    const wanted = Array.from({ length: 1 + Math.floor(random() * 20) }, () => ({ flight_ms: 60_000, cost: 1 }));
    const out = letOut(slices, window, now, wanted);
    slices = out.slices;
    for (const slice of out.granted) {
      const takes = random() * slowest_ms;
      arrivals.push(now + takes * random());
      flying.push({ over: { slice, cost: 1, at_ms: null }, at: now + takes });
    }
    now += 1 + random() * 60;
  }
  return arrivals.sort((a, b) => a - b);
}

function mostIn(arrivals: number[], window_ms: number): number {
  let from = 0;
  return arrivals.reduce((most, at, index) => {
    while ((arrivals[from] as number) <= at - window_ms) from += 1;
    return Math.max(most, index - from + 1);
  }, 0);
}

describe('A vendor’s limit', () => {
  it('is never passed in any window, however slow the requests are', () => {
    for (let seed = 1; seed <= 10; seed += 1)
      for (const slowest of [5, 700, 20_000]) {
        const window = { limit: 1 + ((seed * 7) % 100), window_ms: 1_000 * (1 + (seed % 10)) };
        const most = mostIn(simulate(seed, window, slowest, 60_000), window.window_ms);
        expect(most, `seed ${seed}, up to ${slowest} ms`).to.be.at.most(window.limit);
      }
  });

  it('is used to more than nine tenths when the vendor answers within half a second', () => {
    const window = { limit: 100, window_ms: 10_000 };
    for (let seed = 1; seed <= 5; seed += 1) {
      const used = simulate(seed, window, 500, 100_000).filter((at) => at < 100_000).length;
      expect(used / 1000, `seed ${seed}`).to.be.at.least(0.9);
    }
  });

  it('gives back the slots of a host that died, when its requests cannot be on their way any more', () => {
    const window = { limit: 3, window_ms: 1_000 };
    const wanted = Array.from({ length: 3 }, () => ({ flight_ms: 30_000, cost: 1 }));
    const { slices } = letOut([], window, 0, wanted);
    expect(letOut(slices, window, 30_900, wanted).granted).to.have.length(0);
    expect(letOut(slices, window, 31_100, wanted).granted).to.have.length(3);
  });

  it('of concurrency gives a slot back as soon as its request is over', () => {
    const window = { limit: 2, window_ms: 0 };
    const wanted = Array.from({ length: 3 }, () => ({ flight_ms: 30_000, cost: 1 }));
    const { granted, slices } = letOut([], window, 0, wanted);
    expect(granted).to.have.length(2);
    const after = settle(slices, window, [{ slice: granted[0] as number, cost: 1, at_ms: 50 }]);
    expect(letOut(after, window, 61, wanted).granted).to.have.length(1);
  });

  it('counts what a request costs, and lets out alone what costs more than the whole', () => {
    const window = { limit: 10, window_ms: 1_000 };
    const dear = { flight_ms: 1_000, cost: 4 };
    const { granted, slices } = letOut([], window, 0, [dear, dear, dear]);
    expect(granted).to.have.length(2);
    expect(usedOf(slices, window, 0)).to.equal(8);
    expect(letOut([], window, 0, [{ flight_ms: 1_000, cost: 25 }]).granted).to.have.length(1);
    expect(letOut(slices, window, 0, [{ flight_ms: 1_000, cost: 25 }]).granted).to.have.length(0);
  });

  it('forgets a request that was never sent', () => {
    const window = { limit: 1, window_ms: 60_000 };
    const { granted, slices } = letOut([], window, 0, [{ flight_ms: 1_000, cost: 1 }]);
    const after = settle(slices, window, [{ slice: granted[0] as number, cost: 1, at_ms: null }]);
    expect(usedOf(after, window, 0)).to.equal(0);
  });
});
