import { expect } from 'chai';
import { deliverInChaos, spotless } from './chaos.ts';
import { withPostOffice } from './post-office.ts';

describe('deliveries by processes that are killed and paused, to receivers that misbehave', function () {
  this.timeout(480_000);
  const office = withPostOffice({ LEASE_MS: '4000' });

  it('arrive at least once under their event’s id, none lost; the sender’s log and the receivers’ ledgers agree', async () => {
    // A fiftieth of what test/long/webhooks.test.ts does.
    const rough = { events: 50, webhooks: 20, kills: 12, pauses: 8, seed: 7 };
    const { duplicates, ...account } = await deliverInChaos(office, rough);
    expect(account).to.deep.equal(spotless(rough));
    // At most what was on its way at a kill or pause: 384 deliveries a process.
    expect(duplicates).to.be.at.most((rough.kills + rough.pauses) * 384);
  });
});
