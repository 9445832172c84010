import { expect } from 'chai';
import { transaction } from '../../core/database/transaction.ts';
import { Lease } from '../../core/jobs/model.ts';
import { checkLease, withLease } from '../../core/jobs/with-lease.ts';
import { withDatabase } from '../helpers/database.ts';
import { sleep } from './jobs.ts';

describe('withLease', () => {
  withDatabase();

  it('lets one do it at a time, and all in turn', async () => {
    let inside = 0;
    let most = 0;
    const fences = await Promise.all(
      Array.from({ length: 6 }, () =>
        withLease('turns', async (fence) => {
          most = Math.max(most, ++inside);
          await sleep(5);
          inside -= 1;
          return fence;
        }),
      ),
    );
    expect(most).to.equal(1);
    expect(fences.sort((a, b) => a - b)).to.deep.equal([1, 2, 3, 4, 5, 6]);
  });

  it('says that it is taken when it is not free in time', async () => {
    await withLease('taken', async () => {
      const error = await withLease('taken', async () => 'never', { wait_ms: 0 }).catch((caught: Error) => caught);
      expect(error).to.have.property('name', 'LeaseTaken');
    });
  });

  it('is free again after a failure', async () => {
    const failed = await withLease('fails', async () => {
      throw new Error('inside');
    }).catch((error: Error) => error.message);
    expect(failed).to.equal('inside');
    expect(await withLease('fails', async () => 'free', { wait_ms: 0 })).to.equal('free');
  });

  it('holds longer than its lease while its holder lives', async () => {
    await withLease(
      'long',
      async () => {
        await sleep(500);
        const other = await withLease('long', async () => 'stolen', { wait_ms: 0 }).catch((error: Error) => error.name);
        expect(other).to.equal('LeaseTaken');
      },
      { lease_ms: 200 },
    );
  });

  it('tells a holder that lost it, and lets no stale transaction through', async () => {
    const outcome = await withLease(
      'lost',
      async (fence, signal) => {
        await Lease.updateOne({ _id: 'lost' }, { $set: { until: new Date(0) } });
        expect(await withLease('lost', async (later) => later, { wait_ms: 0 })).to.be.greaterThan(fence);
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        return transaction(() => checkLease('lost', fence)).catch((error: Error) => error.name);
      },
      { lease_ms: 150 },
    );
    expect(outcome).to.equal('StaleLease');
  });
});
