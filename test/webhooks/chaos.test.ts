import { expect } from 'chai';
import { deliverInChaos } from './chaos.ts';
import { withPostOffice } from './post-office.ts';

describe('deliveries by processes that are killed and paused, to receivers that misbehave', function () {
  this.timeout(240_000);
  const office = withPostOffice({ LEASE_MS: '1500' });

  it('arrive at least once under their event’s id, none lost; the sender’s log and the receivers’ ledgers agree', async () => {
    const rough = { events: 50, webhooks: 20, kills: 4, pauses: 2, seed: 7 };
    const { duplicates, ...account } = await deliverInChaos(office, rough);
    expect(account).to.deep.equal({
      ...{
        deliveries: 1000,
        succeeded: 1000,
        log_without_receipt: 0,
        lost: 0,
        wrong_id: 0,
        open_jobs: 0,
        dead_jobs: 0,
      },
    });
    // At most what was on its way at a kill or pause: 384 deliveries a process.
    expect(duplicates).to.be.at.most((rough.kills + rough.pauses) * 384);
  });
});
