import { expect } from 'chai';
import { readRetryAfter, waitAfter } from '../../core/webhooks/retry-waits.ts';

const seconds = (config: Parameters<typeof waitAfter>[0], random = 0.5): number[] => {
  const waits = [];
  for (let attempt = 1; ; attempt += 1) {
    const wait = waitAfter(config, attempt, random);
    if (wait === null) return waits;
    waits.push(wait / 1000);
  }
};

describe('the waits between attempts', () => {
  it('are 5, 10 and 20 seconds by default, then it is over', () => {
    expect(seconds({ max_retries: 3, retry_delay: 5, backoff_multiplier: 2 })).to.deep.equal([5, 10, 20]);
  });

  it('of the standard schedule are ten attempts over 75 hours', () => {
    const waits = seconds({ schedule: 'standard' });
    expect(waits).to.have.length(9);
    expect(waits.reduce((a, b) => a + b, 0)).to.be.within(75 * 3600, 76 * 3600);
  });

  it('of the standard schedule are spread by a fifth both ways', () => {
    expect(seconds({ schedule: 'standard' }, 0)[1]).to.equal(240);
    expect(seconds({ schedule: 'standard' }, 1)[1]).to.equal(360);
  });

  it('are never shorter than Retry-After, and at most a day', () => {
    const config = { max_retries: 1, retry_delay: 5, backoff_multiplier: 2 };
    expect(waitAfter(config, 1, 0.5, 120)).to.equal(120_000);
    expect(waitAfter(config, 1, 0.5, 1)).to.equal(5000);
    expect(waitAfter(config, 1, 0.5, 1e9)).to.equal(86_400_000);
  });

  it('do not begin without retries', () => {
    expect(seconds({ max_retries: 0, retry_delay: 5, backoff_multiplier: 2 })).to.deep.equal([]);
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-11-20T12:00:00Z');
  for (const [header, expected] of [
    ['120', 120],
    ['Fri, 20 Nov 2026 12:01:00 GMT', 60],
    ['Fri, 20 Nov 2026 11:00:00 GMT', 0],
    ['soon', null],
    ['-5', null],
    ['1e3', null],
    [undefined, null],
  ] as const) {
    it(`${JSON.stringify(header)} means ${expected} s`, () => expect(readRetryAfter(header, now)).to.equal(expected));
  }
});
