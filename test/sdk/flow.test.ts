import { expect } from 'chai';
import fc from 'fast-check';
import { backoff, batch, retry, throttle } from '../../sdk/flow/index.ts';

/** A clock that moves only when somebody waits. */
function stillClock() {
  const waits: number[] = [];
  let time = 0;
  return {
    waits,
    now: () => time,
    wait: async (ms: number) => {
      waits.push(ms);
      time += ms;
    },
  };
}

describe('retry', () => {
  const failing = (times: number) => async (attempt: number) => {
    if (attempt <= times) throw new Error(`try ${attempt}`);
    return attempt;
  };

  it('tries until it succeeds, and throws the last error as it is', async () => {
    const clock = stillClock();
    expect(await retry(failing(2), clock)).to.equal(3);
    const error = await retry(failing(9), { ...clock, attempts: 3 }).catch((thrown: Error) => thrown.message);
    expect(error).to.equal('try 3');
  });

  it('waits a random time below a cap that doubles', async () => {
    const clock = stillClock();
    await retry(failing(6), { ...clock, attempts: 9, base_ms: 100, cap_ms: 1_000, random: () => 0.999 });
    expect(clock.waits).to.deep.equal([99, 199, 399, 799, 999, 999]);
    const half = (random: number) => backoff(3, { base_ms: 100, jitter: 0.5, random: () => random });
    expect([half(0), half(0.999)]).to.deep.equal([200, 399]);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5_000 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (attempt, random) => {
          expect(backoff(attempt, { random: () => random, cap_ms: 700 })).to.be.within(0, 700);
        },
      ),
    );
  });

  it('waits as long as the other side asks, and gives up when that is too long', async () => {
    const clock = stillClock();
    await retry(failing(1), { ...clock, after_ms: () => 7_000 });
    expect(clock.waits).to.deep.equal([7_000]);
    let tries = 0;
    const work = async () => {
      tries++;
      throw new Error('wait an hour');
    };
    await retry(work, { ...clock, after_ms: () => 3_600_000 }).catch(() => undefined);
    expect(tries).to.equal(1);
  });

  it('does not try again what is not worth it, nor after an abort', async () => {
    let tries = 0;
    const work = async () => {
      tries++;
      throw new TypeError('no');
    };
    await retry(work, { retryable: (error) => !(error instanceof TypeError) }).catch(() => undefined);
    expect(tries).to.equal(1);
    const controller = new AbortController();
    const waiting = retry(work, { signal: controller.signal, base_ms: 1_000_000, random: () => 0.9 });
    controller.abort(new Error('enough'));
    expect(await waiting.catch((error: Error) => error.message)).to.equal('enough');
  });
});

describe('throttle', () => {
  it('lets no window see more than its limit, in the order of asking', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 40 }), async (limit, calls) => {
        const clock = stillClock();
        const run = throttle({ limit, window_ms: 1_000, ...clock });
        const starts: number[] = [];
        const order: number[] = [];
        const work = Array.from({ length: calls }, (_, i) =>
          run(async () => {
            starts.push(clock.now());
            order.push(i);
          }),
        );
        await Promise.all(work);
        expect(order).to.deep.equal([...order].sort((a, b) => a - b));
        for (const start of starts) {
          expect(starts.filter((other) => other >= start && other < start + 1_000).length).to.be.at.most(limit);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('runs no more at once than allowed, also when work fails', async () => {
    const run = throttle({ limit: 1_000, window_ms: 1, concurrent: 3 });
    let running = 0;
    let most = 0;
    await Promise.allSettled(
      Array.from({ length: 30 }, (_, i) =>
        run(async () => {
          most = Math.max(most, ++running);
          await new Promise((resolve) => setImmediate(resolve));
          running--;
          if (i % 2) throw new Error('no');
        }),
      ),
    );
    expect(most).to.equal(3);
  });
});

describe('batch', () => {
  it('loses, doubles and reorders nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer()), fc.integer({ min: 1, max: 9 }), async (items, size) => {
        const lists: number[][] = [];
        for await (const some of batch(items, size)) lists.push(some);
        expect(lists.flat()).to.deep.equal(items);
        expect(lists.every((some) => some.length > 0 && some.length <= size)).to.equal(true);
      }),
    );
  });
});
