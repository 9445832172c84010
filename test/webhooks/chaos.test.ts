import { expect } from 'chai';
import { deliverInChaos, lease_ms, spotless } from './chaos.ts';
import { withPostOffice } from './post-office.ts';

describe('deliveries by processes that are killed and paused, to receivers that misbehave', function () {
  this.timeout(480_000);
  const office = withPostOffice({ LEASE_MS: String(lease_ms) });

  it('arrive at least once under their event’s id, none lost; the sender’s log and the receivers’ ledgers agree', async () => {
    // A fiftieth of what test/long/webhooks.test.ts does; more of its faults are pauses, because a start costs a second.
    const rough = { events: 50, webhooks: 20, kills: 5, pauses: 15, seed: 7 };
    const { duplicates: _, in_flight: __, ...account } = await deliverInChaos(office, rough);
    expect(account).to.deep.equal(spotless(rough));
  });
});
