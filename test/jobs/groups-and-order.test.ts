import { expect } from 'chai';
import { transaction } from '../../core/database/transaction.ts';
import { databaseTime } from '../../core/jobs/clock.ts';
import { Again } from '../../core/jobs/define-job.ts';
import { Job, Order } from '../../core/jobs/model.ts';
import { pauseGroup } from '../../core/jobs/pause-group.ts';
import { withDatabase } from '../helpers/database.ts';
import { add, claimAndDie, job, newKind, runTo, sleep, until, working } from './jobs.ts';

describe('groups of jobs', () => {
  withDatabase();
  afterEach(() => Job.deleteMany({}));

  it('run no more at once than their cap, while other groups go on', async () => {
    const running = new Map<string, number>();
    let most = 0;
    const kind = newKind({
      concurrency: 50,
      group_concurrency: 2,
      handle: async (row) => {
        const now = (running.get(row.group ?? '') ?? 0) + 1;
        running.set(row.group ?? '', now);
        most = Math.max(most, now);
        await sleep(3);
        running.set(row.group ?? '', (running.get(row.group ?? '') ?? 0) - 1);
      },
    });
    const ids = await add(kind, ...Array.from({ length: 40 }, (_, i) => ({ group: `g${i % 4}` })));
    await runTo('done', ids);
    expect(most).to.equal(2);
  });

  it('keep their cap over all nodes: what another node runs counts', async () => {
    const kind = newKind({ concurrency: 50, group_concurrency: 2 });
    await add(kind, ...Array.from({ length: 6 }, () => ({ group: 'shared' })));
    const first = await claimAndDie(kind);
    const second = await claimAndDie(kind);
    expect([first.length, second.length]).to.deep.equal([2, 0]);
    expect(await Job.countDocuments({ kind, state: 'running' })).to.equal(2);
  });

  it('that hang leave the places of others alone', async () => {
    const kind = newKind({
      concurrency: 20,
      group_concurrency: 3,
      handle: (row, { signal }) =>
        row.group === 'hangs'
          ? new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined)))
          : sleep(1),
    });
    await add(kind, ...Array.from({ length: 50 }, () => ({ group: 'hangs' })));
    const ids = await add(kind, ...Array.from({ length: 50 }, () => ({ group: 'fine' })));
    await runTo('done', ids);
  });

  it('wait while they are paused, without an attempt or a loss', async () => {
    const kind = newKind();
    await pauseGroup('vendor', 400);
    const [paused = '', free = ''] = await add(kind, { group: 'vendor' }, { group: 'other' });
    await working(async () => {
      await until(async () => (await job(free)).state === 'done');
      await until(async () => (await job(paused)).state === 'waiting');
      await until(async () => (await job(paused)).state === 'done');
    });
    expect(await job(paused)).to.include({ attempts: 0, losses: 0 });
  });

  it('are not paused shorter by a second pause', async () => {
    const kind = newKind();
    await pauseGroup('long', 3_600_000);
    await pauseGroup('long', 1);
    const [id = ''] = await add(kind, { group: 'long' });
    const [other = ''] = await add(kind, {});
    await runTo('done', [other]);
    await until(async () => (await job(id)).state === 'waiting');
  });
});

describe('jobs of one order key', () => {
  withDatabase();
  afterEach(async () => {
    await Job.deleteMany({});
    await Order.deleteMany({});
  });

  it('run one after the other as they were enqueued, keys beside one another', async () => {
    const seen = new Map<string, number[]>();
    let now = 0;
    let most = 0;
    const kind = newKind({
      concurrency: 50,
      handle: async (row) => {
        most = Math.max(most, ++now);
        const { key, n } = row.data;
        seen.set(key, [...(seen.get(key) ?? []), n]);
        await sleep(1);
        now -= 1;
      },
    });
    const all = Array.from({ length: 60 }, (_, i) => ({ order_key: `k${i % 6}`, data: { key: `k${i % 6}`, n: i } }));
    const ids = await add(kind, ...all);
    await runTo('done', ids);
    for (const numbers of seen.values()) expect(numbers).to.deep.equal([...numbers].sort((a, b) => a - b));
    expect([...seen.values()].flat()).to.have.length(60);
    expect(most).to.be.greaterThan(1);
  });

  it('hold those behind them back while they fail, and let them go on when they are dead', async () => {
    const seen: string[] = [];
    const kind = newKind({
      max_attempts: 3,
      backoff: { base_ms: 20 },
      handle: async (row) => {
        seen.push(row.data);
        if (row.data === 'a') throw new Error('no');
      },
    });
    const [a = '', b = ''] = await add(kind, { order_key: 'x', data: 'a' }, { order_key: 'x', data: 'b' });
    await runTo('done', [b]);
    expect(seen).to.deep.equal(['a', 'a', 'a', 'b']);
    expect((await job(a)).state).to.equal('dead');
  });

  it('keep their turn over a deferral', async () => {
    const seen: string[] = [];
    const kind = newKind({
      handle: async (row) => {
        seen.push(row.data);
        return row.data === 'a' ? new Again(new Date((await databaseTime()) + 50), 'A') : undefined;
      },
    });
    const ids = await add(kind, { order_key: 'y', data: 'a' }, { order_key: 'y', data: 'b' });
    await runTo('done', ids);
    expect(seen).to.deep.equal(['a', 'A', 'b']);
  });

  it('keep their turn when their worker dies', async () => {
    const seen: number[] = [];
    const kind = newKind({ handle: async (row) => void seen.push(row.data) });
    const ids = await add(kind, ...Array.from({ length: 5 }, (_, i) => ({ order_key: 'z', data: i })));
    expect(await claimAndDie(kind, 10, 50)).to.have.length(1);
    await runTo('done', ids);
    expect(seen).to.deep.equal([0, 1, 2, 3, 4]);
  });

  it('get their place in the order in which their transactions commit', async () => {
    const seen: number[] = [];
    const kind = newKind({ handle: async (row) => void seen.push(row.data) });
    const ids: string[] = [];
    for (let i = 0; i < 5; i += 1) ids.push(...(await transaction(() => add(kind, { order_key: 'tx', data: i }))));
    await runTo('done', ids);
    expect(seen).to.deep.equal([0, 1, 2, 3, 4]);
  });

  it('start the next one at once when one is finished in its own transaction, without a poll', async () => {
    const kind = newKind({ handle: (_row, { commit }) => commit(async () => {}, { finish: true }) });
    const ids = await add(kind, ...Array.from({ length: 5 }, () => ({ order_key: 'quick' })));
    await runTo('done', ids, { poll_ms: 3_600_000 });
  });

  it('are not moved on by the ending of a lease that was lost', async () => {
    const kind = newKind();
    const [, second = ''] = await add(kind, { order_key: 'q' }, { order_key: 'q' });
    const [row] = await claimAndDie(kind, 1);
    await Job.updateOne({ _id: row?._id }, { $set: { lease: 'other' } });
    const { settle } = await import('../../core/jobs/settle.ts');
    const { kindOf } = await import('./jobs.ts');
    await settle([{ job: row!, kind: kindOf(kind), ending: { result: 'done' }, records: [] }]);
    expect((await job(second)).state).to.equal('blocked');
  });
});
