import { expect } from 'chai';
import { emitEvents } from '../../core/events/emit-event.ts';
import { Delivery } from '../../core/webhooks/model.ts';
import { numbers } from '../jobs/chaos.ts';
import { deliverInChaos, lease_ms, spotless } from '../webhooks/chaos.ts';
import { withPostOffice } from '../webhooks/post-office.ts';

const seed = Number(process.env.SEED ?? 1);
const rounds = Number(process.env.ROUNDS ?? 10);

// Together 50,000 deliveries and 1,000 kills or pauses with the default ten rounds.
for (let round = 1; round <= rounds; round += 1) {
  describe(`deliveries in chaos, round ${round} (seed ${seed})`, () => {
    const office = withPostOffice({ LEASE_MS: String(lease_ms) });

    it('5,000 deliveries, 60 kills, 40 pauses: none lost, both ledgers agree', async () => {
      const rough = { events: 250, webhooks: 20, kills: 60, pauses: 40, seed: seed + round };
      const { duplicates, in_flight, ...account } = await deliverInChaos(office, rough);
      expect(account).to.deep.equal(spotless(rough));
      console.log(`      ${duplicates} duplicates, ${in_flight} were in flight at the faults`);
      expect(duplicates).to.be.at.most(in_flight);
    });
  });
}

describe(`ordered deliveries (seed ${seed})`, () => {
  const office = withPostOffice();
  const count = Number(process.env.ORDERED ?? 100_000);

  it(`${count} events with a fifth of failures: none out of order within its key`, async () => {
    const random = numbers(seed);
    const last = new Map<string, number>();
    let out_of_order = 0;
    let taken = 0;
    office.answer('/ordered', (request, response) => {
      if (random(5) === 0) return void response.writeHead(500).end();
      const { id, n } = JSON.parse(request.body.toString()).data;
      if (n < (last.get(id) ?? -1)) out_of_order += 1;
      last.set(id, n);
      taken += 1;
      return void response.end();
    });
    const retry_config = { max_retries: 20, retry_delay: 0.01, backoff_multiplier: 1 };
    await office.webhook('/ordered', { events: ['task.updated'], order_key: '/id', retry_config });
    for (let from = 0; from < count; from += 100) {
      await emitEvents(
        Array.from({ length: Math.min(100, count - from) }, (_, i) => ({
          ...{
            workspace_id: 'w1',
            project_id: 'prj_1',
            type: 'task.updated',
            data: { id: `k${i % 100}`, n: from + i },
          },
          ...{ source: { kind: 'user' as const, id: 'usr_1' } },
        })),
      );
    }
    while ((await Delivery.countDocuments({ status: 'pending' })) > 0)
      await new Promise((resolve) => setTimeout(resolve, 200));
    expect(out_of_order).to.equal(0);
    expect(taken).to.be.at.least(count);
  });
});
