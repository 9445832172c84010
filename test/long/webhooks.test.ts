import { expect } from 'chai';
import { deliverInChaos } from '../webhooks/chaos.ts';
import { withPostOffice } from '../webhooks/post-office.ts';

const seed = Number(process.env.SEED ?? 1);
const rounds = Number(process.env.ROUNDS ?? 10);

// Together 50,000 deliveries and 1,000 kills or pauses with the default ten rounds.
for (let round = 1; round <= rounds; round += 1) {
  describe(`deliveries in chaos, round ${round} (seed ${seed})`, () => {
    const office = withPostOffice({ LEASE_MS: '1500' });

    it('5,000 deliveries, 60 kills, 40 pauses: none lost, both ledgers agree', async () => {
      const rough = { events: 250, webhooks: 20, kills: 60, pauses: 40, seed: seed + round };
      const { duplicates, ...account } = await deliverInChaos(office, rough);
      expect(account).to.deep.equal({
        ...{
          deliveries: 5000,
          succeeded: 5000,
          log_without_receipt: 0,
          lost: 0,
          wrong_id: 0,
          open_jobs: 0,
          dead_jobs: 0,
        },
      });
      expect(duplicates).to.be.at.most((rough.kills + rough.pauses) * 384);
      console.log(`      ${duplicates} duplicates`);
    });
  });
}
