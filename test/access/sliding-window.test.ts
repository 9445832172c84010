import { expect } from 'chai';
import fc from 'fast-check';
import { createBurstLimit } from '../../core/access/burst.ts';
import { addTo, bucketAt, fitsAt, liveBuckets, usedOf } from '../../core/access/limits/sliding-window.ts';

const window = { limit: 20, window_ms: 3600 };

/** Lets through what the window lets through, at these moments. */
function accepted(moments: readonly number[]): number[] {
  let buckets: [number, number][] = [];
  return moments.filter((now) => {
    buckets = liveBuckets(buckets, now, window);
    if (usedOf(buckets) >= window.limit) return false;
    buckets = addTo(buckets, bucketAt(now, window), 1);
    return true;
  });
}

const arrivals = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 1, max: 40 })), { minLength: 1, maxLength: 60 })
  .map((steps) => {
    let now = 1_000_000;
    return steps.flatMap(([pause, count]) => {
      now += pause;
      return Array.from({ length: count }, () => now);
    });
  });

describe('a sliding window', () => {
  it('never lets more than its limit through in any stretch of time, whatever comes', () => {
    fc.assert(
      fc.property(arrivals, (moments) => {
        const times = accepted(moments);
        for (const [index, begin] of times.entries()) {
          const inside = times.slice(index).filter((time) => time < begin + window.window_ms);
          expect(inside.length).to.be.at.most(window.limit);
        }
      }),
    );
  });

  it('gives back what is older than the window by at most two parts in 360', () => {
    const late = Math.ceil((window.window_ms * 2) / 360);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000 }), (begin) => {
        const burst = Array.from({ length: window.limit }, () => begin);
        expect(accepted([...burst, begin + window.window_ms + late])).to.have.length(window.limit + 1);
      }),
    );
  });

  it('says when the next one fits, and then it does', () => {
    fc.assert(
      fc.property(arrivals, (moments) => {
        const now = moments.at(-1) ?? 0;
        let buckets: [number, number][] = [];
        for (const moment of moments) {
          buckets = liveBuckets(buckets, moment, window);
          if (usedOf(buckets) < window.limit) buckets = addTo(buckets, bucketAt(moment, window), 1);
        }
        const fits = fitsAt(buckets, 1, now, window);
        expect(usedOf(liveBuckets(buckets, fits, window))).to.be.lessThan(window.limit);
      }),
    );
  });
});

describe('a burst limit', () => {
  it('lets a burst through, then its rate, and tells when to come again', () => {
    let now = 0;
    const limit = createBurstLimit({ burst: 5, per_second: 2 }, () => now);
    const take = () => limit.take('somebody');
    expect(Array.from({ length: 6 }, () => take().allowed)).to.deep.equal([true, true, true, true, true, false]);
    expect(take().retry_after_s).to.equal(0.5);
    now += 500;
    expect(take()).to.include({ allowed: true, remaining: 0 });
    now += 10_000;
    expect(limit.look('somebody')).to.include({ remaining: 5, reset_s: 0 });
    expect(limit.take('somebody else').allowed).to.equal(true);
  });
});
