import { expect } from 'chai';
import { sufferChaos } from '../jobs/chaos.ts';
import { faketimeLibrary } from '../jobs/clocks.ts';
import { playRound } from '../jobs/model.ts';

const seed = Number(process.env.SEED ?? 1);
const rounds = Number(process.env.ROUNDS ?? 5);
const [minute, hour] = [60_000, 3_600_000];
const how = faketimeLibrary() ? 'libfaketime' : 'a replaced Date, because libfaketime is not installed';

describe(`the queue over long rounds (seed ${seed})`, () => {
  it('holds as a model in 20,000 rounds', () => {
    for (let round = 0; round < 20_000; round += 1) {
      const { stale_rejected: _, ...harm } = playRound(seed * 100_000 + round, { fenced: true });
      expect(harm, `round ${seed * 100_000 + round}`).to.deep.equal({ lost: 0, stale_accepted: 0, twice: 0 });
    }
  });

  // Together 50,000 jobs, 200 kills and 50 pauses with the default five rounds.
  let refused = 0;
  for (let round = 1; round <= rounds; round += 1) {
    it(`round ${round}: 10,000 jobs on 2 to 4 workers, 40 kills, 10 pauses: each effect once`, async () => {
      const account = await sufferChaos({
        ...{ jobs: 10_000, kills: 40, pauses: 10, workers: 2 + (round % 3), seed: seed + round },
      });
      expect(account).to.include({ effects: 10_000, jobs_with_effect: 10_000, done: 10_000, open: 0 });
      console.log(`      ${account.refused} writes of lost leases were refused`);
      refused += account.refused;
    });

    it(`round ${round}: clocks moved by ${how} start nothing early, lose nothing and make no burst`, async () => {
      const account = await sufferChaos({
        ...{ jobs: 2000, kills: 0, pauses: 0, workers: 2, spread_ms: 20_000, seed: seed + round, compared: true },
        moves: [5 * minute, 0, -5 * minute, 0, 25 * hour, 0, -25 * hour, 0],
      });
      expect(account).to.include({ effects: 2000, jobs_with_effect: 2000, open: 0, early: 0 });
      expect(account.burst).to.be.at.most(2);
      console.log(`      the busiest second had ${account.burst.toFixed(2)} of what right clocks make of it`);
    });
  }

  it('was rough: writes of lost leases came, and were refused', () => {
    expect(refused).to.be.greaterThan(0);
  });
});
