import { expect } from 'chai';
import { sufferChaos } from '../jobs/chaos.ts';
import { playRound } from '../jobs/model.ts';

const seed = Number(process.env.SEED ?? 1);
const rounds = Number(process.env.ROUNDS ?? 5);
const [minute, hour] = [60_000, 3_600_000];

describe(`the queue over long rounds (seed ${seed})`, () => {
  it('holds as a model in 20,000 rounds', () => {
    for (let round = 0; round < 20_000; round += 1) {
      const { stale_rejected: _, ...harm } = playRound(seed * 100_000 + round, { fenced: true });
      expect(harm, `round ${seed * 100_000 + round}`).to.deep.equal({ lost: 0, stale_accepted: 0, twice: 0 });
    }
  });

  // Together 50,000 jobs, 200 kills and 50 pauses with the default five rounds.
  for (let round = 1; round <= rounds; round += 1) {
    it(`round ${round}: 10,000 jobs on 2 to 4 workers, 40 kills, 10 pauses: each effect once`, async () => {
      const account = await sufferChaos({
        ...{ jobs: 10_000, kills: 40, pauses: 10, workers: 2 + (round % 3), seed: seed + round },
      });
      expect(account).to.include({ effects: 10_000, jobs_with_effect: 10_000, done: 10_000, open: 0 });
      console.log(`      ${account.stale_rejected} stale writes were rejected`);
    });

    it(`round ${round}: wrong clocks start nothing early`, async () => {
      const account = await sufferChaos({
        ...{ jobs: 2000, kills: 4, pauses: 2, workers: 4, delay_ms: 5000, seed: seed + round },
        shifts: [5 * minute, -5 * minute, 25 * hour, -25 * hour],
      });
      expect(account).to.include({ effects: 2000, jobs_with_effect: 2000, open: 0, early: 0 });
    });
  }
});
