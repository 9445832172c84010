import { expect } from 'chai';
import { transaction } from '../../core/database/transaction.ts';
import { claim } from '../../core/jobs/claim.ts';
import { databaseTime } from '../../core/jobs/clock.ts';
import { Again } from '../../core/jobs/define-job.ts';
import { Hand } from '../../core/jobs/hand.ts';
import { Job } from '../../core/jobs/model.ts';
import { reapMove } from '../../core/jobs/moves.ts';
import { oneAtATime } from '../../core/jobs/one-at-a-time.ts';
import { promote } from '../../core/jobs/promote.ts';
import { settle } from '../../core/jobs/settle.ts';
import { startWorkers } from '../../core/jobs/start-workers.ts';
import { withDatabase } from '../helpers/database.ts';
import { add, claimAndDie, job, kindOf, newKind, newMemory, runTo, sleep, until, working } from './jobs.ts';

describe('the queue', () => {
  withDatabase();
  afterEach(() => Job.deleteMany({}));

  describe('enqueueing', () => {
    it('writes a job once, however often its id is enqueued', async () => {
      const kind = newKind();
      await add(kind, { id: 'same', data: 1 });
      await add(kind, { id: 'same', data: 2 });
      expect(await Job.countDocuments({ kind })).to.equal(1);
      expect((await job('same')).data).to.equal(1);
    });

    it('writes a job once that is named twice in one call, and leaves no hole in its order', async () => {
      const kind = newKind();
      const ids = await add(
        kind,
        ...[1, 2].map(() => ({ id: 'named-twice', order_key: 'holes' })),
        ...[{ id: 'after-it', order_key: 'holes' }],
      );
      expect(ids).to.deep.equal(['named-twice', 'named-twice', 'after-it']);
      await runTo('done', ids);
    });

    it('leaves a finished job alone when its id is enqueued again', async () => {
      const kind = newKind();
      await add(kind, { id: 'finished-once' });
      await runTo('done', ['finished-once']);
      await add(kind, { id: 'finished-once' });
      expect((await job('finished-once')).state).to.equal('done');
    });

    it('is part of the transaction around it: no job without its cause', async () => {
      const kind = newKind();
      const undone = transaction(async () => {
        await add(kind, {});
        throw new Error('undo');
      });
      expect(await undone.catch((error: Error) => error.message)).to.equal('undo');
      expect(await Job.countDocuments({ kind })).to.equal(0);
    });

    it('wakes idle workers when the transaction is committed, without a poll', async () => {
      const kind = newKind();
      await working(
        async () => {
          await sleep(50);
          const [id = ''] = await transaction(() => add(kind, {}));
          await until(async () => (await job(id)).state === 'done');
        },
        { poll_ms: 3_600_000 },
      );
    });

    it('keeps a delayed job waiting until its time', async () => {
      const kind = newKind();
      const [later = '', soon = ''] = await add(kind, { delay_ms: 3_600_000 }, { delay_ms: 30 });
      await runTo('done', [soon]);
      expect((await job(later)).state).to.equal('waiting');
    });

    it('refuses a delay for a job that has its turn in an order', async () => {
      const error = await add(newKind(), { order_key: 'k', delay_ms: 10 }).catch((caught: Error) => caught);
      expect(error).to.be.instanceOf(TypeError);
    });
  });

  describe('polls', () => {
    it('wait for the last one, so that a slow database is asked no more than it answers', async () => {
      const answers: (() => void)[] = [];
      const ask = oneAtATime(
        () => new Promise<void>((resolve) => answers.push(resolve)),
        (error) => expect.fail(String(error)),
      );
      for (let times = 0; times < 100; times += 1) ask();
      expect(answers).to.have.length(1);
      answers[0]?.();
      await until(() => answers.length > 1);
      answers[1]?.();
      await sleep(0);
      expect(answers).to.have.length(2);
    });

    it('of workers do not overlap, however slow the database is', async () => {
      const { find } = Job.collection;
      let [looks, open, most] = [0, 0, 0];
      const slow = (...given: Parameters<typeof find>) => {
        const cursor = find.apply(Job.collection, given);
        const read = cursor.toArray.bind(cursor);
        const isLook = typeof (given[0] as { state?: unknown })?.state === 'object';
        cursor.toArray = async () => {
          if (!isLook) return read();
          [looks, open] = [looks + 1, open + 1];
          most = Math.max(most, open);
          await sleep(60);
          open -= 1;
          return read();
        };
        return cursor;
      };
      Job.collection.find = slow as typeof find;
      try {
        await working(() => until(() => looks >= 4), { poll_ms: 5 });
      } finally {
        Job.collection.find = find;
      }
      expect(most).to.equal(1);
    });

    it('go on after one that failed', async () => {
      const failures: unknown[] = [];
      const ask = oneAtATime(async () => {
        throw new Error('the database is away');
      }, failures.push.bind(failures));
      ask();
      await until(() => failures.length === 1);
      ask();
      await until(() => failures.length === 2);
    });
  });

  describe('claiming', () => {
    it('never lets two claims overlap, when they come at the same moment', async () => {
      const kind = newKind({ concurrency: 100 });
      await add(kind, ...Array.from({ length: 60 }, () => ({})));
      const claims = await Promise.all(Array.from({ length: 5 }, () => claimAndDie(kind, 40)));
      const ids = claims.flat().map((row) => row._id);
      expect(new Set(ids).size).to.equal(ids.length);
      expect(ids.length).to.be.at.least(40);
    });

    it('raises the fence with every claim', async () => {
      const kind = newKind();
      await add(kind, {});
      const [first] = await claimAndDie(kind, 1, 1);
      await sleep(20);
      await promote();
      const [second] = await claimAndDie(kind, 1);
      expect(second?.fence).to.equal((first?.fence ?? 0) + 1);
    });

    it('takes lower priorities first, then the longer waiting', async () => {
      const kind = newKind();
      const [c = ''] = await add(kind, { priority: 1 });
      await sleep(5);
      const [b = ''] = await add(kind, {});
      const [a = ''] = await add(kind, { priority: -1 });
      const order = [await claimAndDie(kind, 1), await claimAndDie(kind, 1), await claimAndDie(kind, 1)];
      expect(order.flat().map((row) => row._id)).to.deep.equal([a, b, c]);
    });

    it('gives every workspace its turn, however long another one’s line is', async () => {
      const seen: string[] = [];
      const kind = newKind({ concurrency: 4, handle: async (row) => void seen.push(row.workspace_id) });
      await add(kind, ...Array.from({ length: 300 }, () => ({ workspace_id: 'a-busy' })));
      const [small = ''] = await add(kind, { workspace_id: 'b-small' });
      await working(() => until(async () => (await job(small)).state === 'done'));
      expect(seen.indexOf('b-small')).to.be.below(60);
    });

    it('leaves a quarter of a kind’s places free of any one workspace', async () => {
      const running = new Set<string>();
      const kind = newKind({
        concurrency: 4,
        handle: async (row, { signal }) => {
          running.add(`${row.workspace_id} ${row._id}`);
          if (row.workspace_id === 'hog') await new Promise((resolve) => signal.addEventListener('abort', resolve));
        },
      });
      await add(kind, ...Array.from({ length: 10 }, () => ({ workspace_id: 'hog' })));
      await working(async () => {
        await until(() => running.size === 3);
        const [other = ''] = await add(kind, { workspace_id: 'other' });
        await until(async () => (await job(other)).state === 'done');
        expect([...running].filter((one) => one.startsWith('hog'))).to.have.length(3);
      });
    });

    it('goes on to the next workspace each time, also when all that is ready is seen at once', async () => {
      const kind = newKind({ concurrency: 1 });
      const memory = newMemory();
      await add(kind, ...Array.from({ length: 3 }, () => ({ workspace_id: 'a' })));
      await add(kind, ...Array.from({ length: 3 }, () => ({ workspace_id: 'b' })));
      const served: string[] = [];
      for (let i = 0; i < 4; i += 1) {
        for (const row of await claimAndDie(kind, 1, 60_000, memory)) served.push(row.workspace_id);
        // As one workspace keeps sending.
        await add(kind, { workspace_id: 'a' });
      }
      expect(served).to.deep.equal(['a', 'b', 'a', 'b']);
    });

    it('gives a free place to the workspace that has the fewest', async () => {
      const kind = newKind({ concurrency: 8 });
      await add(kind, ...Array.from({ length: 5 }, () => ({ workspace_id: 'a-has-two' })), { workspace_id: 'b-new' });
      const held = { has: () => false, byWorkspace: new Map([['a-has-two', 2]]) };
      const { jobs } = await claim(kindOf(kind), 1, newMemory(), held, 60_000);
      expect(jobs.map((row) => row.workspace_id)).to.deep.equal(['b-new']);
    });

    it('starts one workspace’s single job soon behind thousands of another', async function () {
      this.timeout(60_000);
      let flood = 0;
      let before = -1;
      const kind = newKind({
        concurrency: 20,
        handle: async (row) => {
          if (row.workspace_id === 'a-flood') flood += 1;
          else before = flood;
        },
      });
      for (let i = 0; i < 3; i += 1) {
        await add(kind, ...Array.from({ length: 1000 }, () => ({ workspace_id: 'a-flood' })));
      }
      await working(async () => {
        await until(() => flood > 50);
        const begun = flood;
        await add(kind, { workspace_id: 'b-single' });
        await until(() => before >= 0);
        // Two windows' worth at most: one that was read before it came, one that begins with it.
        expect(before - begun).to.be.below(200);
      });
    });

    it('runs no more of a kind at once than its concurrency', async () => {
      let now = 0;
      let most = 0;
      const kind = newKind({
        concurrency: 3,
        handle: async () => {
          most = Math.max(most, ++now);
          await sleep(5);
          now -= 1;
        },
      });
      const ids = await add(kind, ...Array.from({ length: 30 }, (_, i) => ({ workspace_id: `w${i % 5}` })));
      await runTo('done', ids);
      expect(most).to.equal(3);
    });

    it('leaves jobs of kinds that this process does not know to those that do', async () => {
      const [id = ''] = await add('test.unknown-here', {});
      const [mine = ''] = await add(newKind(), {});
      await runTo('done', [mine]);
      expect((await job(id)).state).to.equal('ready');
    });
  });

  describe('leases', () => {
    it('make the jobs of a dead worker ready again when they run out, and count the loss', async () => {
      const kind = newKind();
      const [id = ''] = await add(kind, {});
      await claimAndDie(kind, 1, 1);
      await sleep(20);
      await promote();
      expect(await job(id)).to.include({ state: 'ready', losses: 1, attempts: 0, lease: null });
    });

    it('are not taken back before they run out', async () => {
      const kind = newKind();
      const [id = ''] = await add(kind, {});
      await claimAndDie(kind, 1, 60_000);
      await promote();
      expect((await job(id)).state).to.equal('running');
    });

    it('are renewed while the handler runs, so that long work stays with its worker', async () => {
      let runs = 0;
      const kind = newKind({
        handle: async () => {
          runs += 1;
          await sleep(700);
        },
      });
      const [id = ''] = await add(kind, {});
      await runTo('done', [id], { lease_ms: 200 });
      expect(runs).to.equal(1);
      expect((await job(id)).losses).to.equal(0);
    });

    it('are never renewed by a heartbeat of someone else', async () => {
      const kind = newKind();
      const [id = ''] = await add(kind, {});
      const [lost] = await claimAndDie(kind, 1, 1);
      await sleep(20);
      await promote();
      const [own] = await claimAndDie(kind, 1, 5000);
      const stranger = new Hand(3_600_000);
      const { signal } = stranger.take(lost!, 0);
      await stranger.renew();
      expect(signal.aborted).to.equal(true);
      expect((await job(id)).until?.getTime()).to.be.below((await databaseTime()) + 5001);
      expect((await job(id)).lease).to.equal(own?.lease);
    });

    it('that are lost abort the handler, and what it says afterwards counts for nothing', async () => {
      let reason: unknown;
      const kind = newKind({
        handle: async (row, { signal }) => {
          if (row.losses > 0) return;
          // As a reaper does; a lease that only looked run out would be renewed before one came.
          const { update } = reapMove(new Date(), [row._id]);
          await Job.updateOne({ _id: row._id }, update);
          await new Promise((resolve) => signal.addEventListener('abort', resolve));
          reason = signal.reason;
          throw new Error('too late');
        },
      });
      const [id = ''] = await add(kind, {});
      await runTo('done', [id], { lease_ms: 300 });
      expect(reason).to.have.property('name', 'StaleLease');
      expect(await job(id)).to.include({ attempts: 0, losses: 1, error: null });
    });

    it('lost ten times make a job dead: it is likely what kills its workers', async () => {
      const told: string[] = [];
      const kind = newKind({ died: async (_row, error) => void told.push(error.type) });
      const [id = ''] = await add(kind, {});
      await Job.updateOne({ _id: id }, { $set: { losses: 11 } });
      await runTo('dead', [id]);
      expect(told).to.deep.equal(['WorkerLost']);
    });

    it('may be lost as often as the kind says, and once more is the end', async () => {
      const kind = newKind({ max_losses: 100 });
      const [last = '', over = ''] = await add(kind, {}, {});
      await Job.updateOne({ _id: last }, { $set: { losses: 100 } });
      await Job.updateOne({ _id: over }, { $set: { losses: 101 } });
      await working(() => until(async () => (await job(last)).finished_at && (await job(over)).finished_at));
      expect([(await job(last)).state, (await job(over)).state]).to.deep.equal(['done', 'dead']);
    });
  });

  describe('endings', () => {
    const done = { result: 'done' } as const;

    it('of a lost lease are thrown away', async () => {
      const kind = newKind();
      const [id = ''] = await add(kind, {});
      const [row] = await claimAndDie(kind, 1, 1);
      await sleep(20);
      await promote();
      await settle([{ job: row!, kind: kindOf(kind), ending: done, records: [] }]);
      expect((await job(id)).state).to.equal('ready');
    });

    it('of one lost job in a batch do not undo the others', async () => {
      const kind = newKind();
      const ids = await add(kind, {}, {}, {});
      const rows = await claimAndDie(kind, 3);
      await Job.updateOne({ _id: rows[1]?._id }, { $inc: { fence: 1 }, $set: { lease: 'other' } });
      await settle(rows.map((row) => ({ job: row, kind: kindOf(kind), ending: done, records: [] })));
      const states = await Promise.all(ids.map(async (id) => (await job(id)).state));
      expect(states.sort()).to.deep.equal(['done', 'done', 'running']);
    });

    it('take the writes that belong to them along, or leave them out with them', async () => {
      const kind = newKind();
      const [target = ''] = await add('test.target', {});
      await add(kind, {}, {});
      const rows = await claimAndDie(kind, 2);
      await Job.updateOne({ _id: rows[1]?._id }, { $set: { lease: 'other' } });
      const write = { filter: { _id: target }, update: { $inc: { priority: 1 } } };
      await settle(
        rows.map((row) => ({ job: row, kind: kindOf(kind), ending: done, records: [{ model: Job, write }] })),
      );
      expect((await job(target)).priority).to.equal(1);
    });

    it('of a failing handler count an attempt and wait', async () => {
      const kind = newKind({
        backoff: { base_ms: 3_600_000 },
        handle: async () => {
          throw new RangeError('no good');
        },
      });
      const [id = ''] = await add(kind, {});
      await runTo('waiting', [id]);
      const row = await job(id);
      expect(row.attempts).to.equal(1);
      expect(row.error).to.include({ type: 'RangeError', message: 'no good' });
    });

    it('after the last attempt are dead, and the kind is told', async () => {
      const told: string[] = [];
      const kind = newKind({
        max_attempts: 3,
        backoff: { base_ms: 1 },
        handle: async () => {
          throw new Error('never');
        },
        died: async (row) => void told.push(row._id),
      });
      const [id = ''] = await add(kind, {});
      await runTo('dead', [id]);
      expect((await job(id)).attempts).to.equal(3);
      expect(told).to.deep.equal([id]);
    });

    it('by deferral count no attempt and may change the data', async () => {
      const kind = newKind({
        max_attempts: 1,
        handle: async (row) => (row.data < 5 ? new Again(new Date(await databaseTime()), row.data + 1) : undefined),
      });
      const [id = ''] = await add(kind, { data: 0 });
      await runTo('done', [id]);
      expect(await job(id)).to.include({ attempts: 0, data: 5 });
    });

    it('come as failures when a run takes longer than it may', async () => {
      const kind = newKind({ timeout_ms: 30, max_attempts: 1, handle: () => new Promise(() => {}) });
      const [id = ''] = await add(kind, {});
      await runTo('dead', [id]);
      expect((await job(id)).error?.type).to.equal('JobTimeout');
    });

    it('of a thousand jobs cost few commands', async () => {
      const kind = newKind({ concurrency: 200 });
      const ids = await add(kind, ...Array.from({ length: 1000 }, () => ({})));
      let commands = 0;
      const client = Job.db.getClient();
      const count = (): void => void ++commands;
      client.on('commandStarted', count);
      await working(
        () => until(() => Job.countDocuments({ kind, state: 'done' }).then((done) => done === ids.length)),
        {
          poll_ms: 3_600_000,
        },
      );
      client.off('commandStarted', count);
      expect(commands / ids.length).to.be.below(0.15);
    });
  });

  describe('committing under a lease', () => {
    it('makes effect and end of a job one', async () => {
      const target = (await add('test.target', {}))[0] ?? '';
      const kind = newKind({
        handle: async (_row, { commit }) => {
          await commit(() => Job.updateOne({ _id: target }, { $inc: { priority: 1 } }), { finish: true });
        },
      });
      const [id = ''] = await add(kind, {});
      await runTo('done', [id]);
      expect((await job(target)).priority).to.equal(1);
    });

    it('writes nothing when the lease was lost', async () => {
      const target = (await add('test.target', {}))[0] ?? '';
      const kind = newKind({
        handle: async (row, { commit }) => {
          if (row.losses === 0) await Job.updateOne({ _id: row._id }, { $set: { until: new Date(0) } });
          if (row.losses === 0) await until(async () => (await job(row._id)).state !== 'running' || (await promote()));
          await commit(() => Job.updateOne({ _id: target }, { $inc: { priority: 1 } }), { finish: true });
        },
      });
      const [id = ''] = await add(kind, {});
      await runTo('done', [id], { lease_ms: 60_000 });
      expect((await job(target)).priority).to.equal(1);
    });

    it('undoes the job’s end when the effect fails', async () => {
      const kind = newKind({
        max_attempts: 1,
        handle: async (_row, { commit }) =>
          commit(
            async () => {
              throw new Error('effect failed');
            },
            { finish: true },
          ),
      });
      const [id = ''] = await add(kind, {});
      await runTo('dead', [id]);
      expect((await job(id)).error?.message).to.equal('effect failed');
    });
  });

  describe('stopping', () => {
    it('drains: what runs is finished and written', async () => {
      let begun = false;
      const kind = newKind({
        handle: async () => {
          begun = true;
          await sleep(150);
        },
      });
      const [id = ''] = await add(kind, {});
      await working(() => until(() => begun));
      expect((await job(id)).state).to.equal('done');
    });

    it('gives back what does not finish in time, without an attempt', async () => {
      const kind = newKind({
        handle: (_row, { signal }) =>
          new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
      });
      const [id = ''] = await add(kind, {});
      await working(async (workers) => {
        await until(async () => (await job(id)).state === 'running');
        await workers.stop(20);
      });
      expect(await job(id)).to.include({ state: 'ready', attempts: 0, losses: 0, lease: null });
    });

    it('gives back unstarted what a claim under way still brings', async () => {
      let ran = 0;
      const kind = newKind({ handle: async () => void ++ran });
      for (let round = 0; round < 10; round += 1) {
        const workers = startWorkers({ poll_ms: 3_600_000 });
        const [id = ''] = await add(kind, {});
        const begun = ran;
        await workers.stop(0);
        const { state, attempts, losses, lease } = await job(id);
        expect([state, ran - begun]).to.be.deep.oneOf([
          ['ready', 0],
          ['done', 1],
        ]);
        expect({ attempts, losses, lease }).to.deep.equal({ attempts: 0, losses: 0, lease: null });
        await Job.deleteMany({});
      }
    });

    it('claims nothing more', async () => {
      const kind = newKind();
      const ids = await working(async (workers) => {
        await workers.stop();
        return add(kind, {});
      });
      await sleep(120);
      expect((await job(ids[0] ?? '')).state).to.equal('ready');
    });
  });
});
