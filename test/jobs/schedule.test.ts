import { expect } from 'chai';
import { Job, Schedule } from '../../core/jobs/model.ts';
import { lastDueSlot, nextSlot } from '../../core/jobs/next-slot.ts';
import { runSchedules, schedule, unschedule } from '../../core/jobs/schedule.ts';
import { withDatabase } from '../helpers/database.ts';

const slots = (rule: Parameters<typeof nextSlot>[0], from: string, count: number): string[] => {
  const found = [];
  for (let at = new Date(from); found.length < count; ) {
    at = nextSlot(rule, at);
    found.push(at.toISOString().slice(0, 16));
  }
  return found;
};

describe('slots of a schedule', () => {
  const berlin = { cron: '30 2 * * *', time_zone: 'Europe/Berlin' };

  it('follow the local time of their zone', () => {
    expect(slots({ cron: '0 9 * * 1-5', time_zone: 'Asia/Taipei' }, '2026-03-06T00:00:00Z', 2)).to.deep.equal([
      '2026-03-06T01:00',
      '2026-03-09T01:00',
    ]);
  });

  it('come at the end of the jump on the day when the clocks jump over them', () => {
    expect(slots(berlin, '2026-03-28T00:00:00Z', 3)).to.deep.equal([
      '2026-03-28T01:30',
      '2026-03-29T01:00',
      '2026-03-30T00:30',
    ]);
  });

  it('come once on the day when the clocks pass them twice', () => {
    expect(slots(berlin, '2026-10-24T12:00:00Z', 2)).to.deep.equal(['2026-10-25T00:30', '2026-10-26T01:30']);
  });

  it('of an interval lie on whole multiples, the same on every node and in every zone', () => {
    expect(slots({ every_s: 900 }, '2026-03-29T00:07:12Z', 3)).to.deep.equal([
      '2026-03-29T00:15',
      '2026-03-29T00:30',
      '2026-03-29T00:45',
    ]);
  });

  it('that were missed are made good by the last one alone', () => {
    const now = new Date('2026-05-01T12:20:00Z');
    const hourly = lastDueSlot({ cron: '0 * * * *' }, new Date('2026-04-30T10:00:00Z'), now);
    expect(hourly.due.toISOString()).to.equal('2026-05-01T12:00:00.000Z');
    expect(hourly.next.toISOString()).to.equal('2026-05-01T13:00:00.000Z');
    const quarter = lastDueSlot({ every_s: 900 }, new Date('2026-04-30T10:00:00Z'), now);
    expect(quarter.due.toISOString()).to.equal('2026-05-01T12:15:00.000Z');
  });

  for (const [name, rule, pointer] of [
    ['a bad expression', { cron: '99 * * * *' }, '/cron'],
    ['no expression', { cron: 'soon' }, '/cron'],
    ['a bad time zone', { cron: '0 * * * *', time_zone: 'Mars/Olympus' }, '/time_zone'],
    ['an interval of nothing', { every_s: 0 }, '/every_s'],
  ] as const) {
    it(`are refused for ${name}, naming the field`, () => {
      expect(() => nextSlot(rule, new Date()))
        .to.throw()
        .with.nested.property('content.errors[0].pointer', pointer);
    });
  }
});

describe('schedules', () => {
  withDatabase();
  afterEach(async () => {
    await Schedule.deleteMany({});
    await Job.deleteMany({});
  });
  const rule = { id: 's1', workspace_id: 'w1', kind: 'test.slot', every_s: 3600, data: { n: 1 } };
  const makeDue = () => Schedule.updateOne({ _id: 's1' }, { $set: { next_at: new Date('2026-01-01T00:00:00Z') } });

  it('make one job per slot, however many nodes look at once', async () => {
    await schedule(rule);
    await makeDue();
    await Promise.all([runSchedules(), runSchedules(), runSchedules(), runSchedules()]);
    expect(await Job.countDocuments({ kind: 'test.slot' })).to.equal(1);
    await makeDue();
    await runSchedules();
    expect(await Job.countDocuments({ kind: 'test.slot' })).to.equal(1);
  });

  it('keep their place when the same rule is scheduled again, and take a new one', async () => {
    await schedule(rule);
    await makeDue();
    await schedule({ ...rule, data: { n: 2 } });
    expect((await Schedule.findById('s1').lean())?.next_at.toISOString()).to.equal('2026-01-01T00:00:00.000Z');
    await schedule({ ...rule, every_s: 60 });
    expect((await Schedule.findById('s1').lean())?.next_at.getTime()).to.be.greaterThan(Date.now() - 60_000);
  });

  it('spread the jobs of a slot by their jitter', async () => {
    for (let i = 0; i < 8; i += 1) await schedule({ ...rule, id: `s${i}`, jitter_s: 3000 });
    await Schedule.updateMany({}, { $set: { next_at: new Date(Date.now() - 1000) } });
    await runSchedules();
    const jobs = await Job.find({ kind: 'test.slot' }).lean();
    expect(new Set(jobs.map((one) => one.run_at.getTime())).size).to.equal(8);
  });

  it('are silent no longer than their rule when the database’s clock was ahead and is set back', async () => {
    const { runSchedules: fresh } = await import(`../../core/jobs/schedule.ts?${Date.now()}`);
    await schedule({ ...rule, every_s: 60 });
    await Schedule.updateOne({ _id: 's1' }, { $set: { next_at: new Date(Date.now() + 25 * 3_600_000) } });
    await fresh();
    expect((await Schedule.findById('s1').lean())?.next_at.getTime()).to.be.below(Date.now() + 61_000);
  });

  it('make nothing any more when they are ended', async () => {
    await schedule(rule);
    await makeDue();
    await unschedule('s1');
    await runSchedules();
    expect(await Job.countDocuments({ kind: 'test.slot' })).to.equal(0);
  });
});
