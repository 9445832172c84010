import { expect } from 'chai';
import { GroupLimits } from '../../core/jobs/group-limits.ts';
import { Job } from '../../core/jobs/model.ts';
import { withDatabase } from '../helpers/database.ts';
import { add, newKind, until, working } from './jobs.ts';

describe('what is known of groups', () => {
  let now = 0;
  const at = (ms: number) => {
    now = ms;
  };
  const fresh = () => {
    at(0);
    return new GroupLimits(() => now);
  };

  it('a new group gets a quarter of its cap, one that proved quick the whole', () => {
    const limits = fresh();
    expect(limits.allowed('g', 64)).to.equal(16);
    limits.started('g');
    at(10);
    limits.ended('g', 10);
    expect(limits.allowed('g', 64)).to.equal(64);
  });

  it('one that hangs is slow before its first run has ended', () => {
    const limits = fresh();
    for (let i = 0; i < 4; i += 1) limits.started('g');
    expect(limits.slow('g')).to.equal(false);
    at(600);
    expect(limits.slow('g')).to.equal(true);
    expect(limits.took('g')).to.equal(600);
  });

  it('a single long run among quick ones does not make a group slow', () => {
    const limits = fresh();
    limits.started('g');
    at(5000);
    for (let i = 0; i < 10; i += 1) limits.started('g');
    at(5010);
    limits.ended('g', 10);
    expect(limits.slow('g')).to.equal(false);
    expect(limits.running('g')).to.equal(10);
  });

  it('a slow one is quick again when its runs are', () => {
    const limits = fresh();
    limits.started('g');
    at(30_000);
    limits.ended('g', 30_000);
    expect(limits.slow('g')).to.equal(true);
    for (let i = 0; i < 20; i += 1) {
      limits.started('g');
      limits.ended('g', 5);
    }
    expect(limits.slow('g')).to.equal(false);
  });
});

describe('groups that hang', function () {
  this.timeout(60_000);
  withDatabase();
  const kind = newKind({
    concurrency: 40,
    group_concurrency: 16,
    slow_concurrency: 20,
    handle: async (row, { signal }) => {
      if (row.group?.startsWith('hang')) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    },
  });

  it('take no more than the places for slow ones together, and their jobs wait out of sight', async () => {
    const done = async (ids: string[]) =>
      (await Job.collection.countDocuments({ _id: { $in: ids }, state: 'done' } as never)) === ids.length;
    await working(async (workers) => {
      const first = await add(kind, { group: 'fine' });
      await until(() => done(first));
      const groups = Array.from({ length: 30 }, (_, i) => ({ group: `hang${i}` }));
      await add(kind, ...groups.flatMap((group) => Array.from({ length: 20 }, () => group)));
      await until(() => workers.count() >= 20);
      const fine = await add(kind, ...Array.from({ length: 100 }, () => ({ group: 'fine' })));
      await until(() => done(fine));
      // The limit, and a single trial of some groups that nothing is known of.
      expect(workers.count()).to.be.within(20, 25);
      const inSight = () =>
        Job.collection.countDocuments({
          kind,
          state: 'ready',
          group: { $in: groups.map((one) => one.group) },
        } as never);
      await until(async () => (await inSight()) <= groups.length * 4);
    });
  });
});
