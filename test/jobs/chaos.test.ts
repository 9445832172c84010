import { expect } from 'chai';
import { sufferChaos } from './chaos.ts';

const [minute, hour] = [60_000, 3_600_000];

describe('workers that are killed, paused and told the wrong time', function () {
  this.timeout(240_000);

  it('make every effect of 1,000 jobs once, none early, and lose none', async () => {
    const { stale_rejected, ...account } = await sufferChaos({
      ...{ jobs: 1000, kills: 4, pauses: 2, workers: 4, delay_ms: 1000, lease_ms: 600, job_ms: 20 },
      shifts: [5 * minute, -5 * minute, 25 * hour, -25 * hour],
    });
    expect(account).to.deep.equal({ effects: 1000, jobs_with_effect: 1000, done: 1000, open: 0, early: 0 });
    expect(stale_rejected).to.be.at.least(0);
  });
});
