import { expect } from 'chai';
import { playRound, type Verdict } from './model.ts';

const seeds = 2000;

describe('the queue as a model', () => {
  function playAll(fenced: boolean): Verdict {
    const sum = { lost: 0, stale_accepted: 0, twice: 0, stale_rejected: 0 };
    for (let seed = 1; seed <= seeds; seed += 1) {
      const verdict = playRound(seed, { fenced });
      for (const name of Object.keys(sum) as (keyof Verdict)[]) sum[name] += verdict[name];
    }
    return sum;
  }

  it(`loses no job, accepts no stale write and makes no effect twice, in ${seeds} rounds of crashes and pauses`, () => {
    const { stale_rejected, ...harm } = playAll(true);
    expect(harm).to.deep.equal({ lost: 0, stale_accepted: 0, twice: 0 });
    expect(stale_rejected).to.be.greaterThan(seeds / 10);
  });

  it('would not hold without fences', () => {
    const verdict = playAll(false);
    expect(verdict.stale_accepted).to.be.greaterThan(0);
    expect(verdict.twice).to.be.greaterThan(0);
  });
});
