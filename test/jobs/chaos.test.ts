import { expect } from 'chai';
import { sufferChaos } from './chaos.ts';
import { faketimeLibrary } from './clocks.ts';

const [minute, hour] = [60_000, 3_600_000];
const how = faketimeLibrary() ? 'by libfaketime' : 'by a replaced Date: libfaketime is not installed';

describe('workers that are killed, paused and told the wrong time', function () {
  this.timeout(240_000);

  it(`make every effect of 1,000 jobs once, none early, and lose none (clocks moved ${how})`, async () => {
    const {
      refused,
      burst: _,
      ...account
    } = await sufferChaos({
      ...{ jobs: 1000, kills: 4, pauses: 1, workers: 2, spread_ms: 3000, lease_ms: 2000, job_ms: 20 },
      moves: [5 * minute, -5 * minute, 25 * hour, -25 * hour],
    });
    expect(account).to.deep.equal({ effects: 1000, jobs_with_effect: 1000, done: 1000, open: 0, early: 0 });
    console.log(`      ${refused} writes of lost leases were refused`);
  });
});
