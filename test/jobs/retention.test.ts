import { expect } from 'chai';
import { connection } from '../../core/database/mongoose.ts';
import { Event } from '../../core/events/model.ts';
import { kept } from '../../core/jobs/kept.ts';
import { Order } from '../../core/jobs/model.ts';
import { purge } from '../../core/jobs/retention.ts';
import { withDatabase } from '../helpers/database.ts';
import '../../core/hooks/model.ts';
import '../../core/integrations/model.ts';
import '../../core/invocations/model.ts';
import '../../core/syncs/model.ts';
import '../../core/webhooks/model.ts';
import { add, job, newKind, runTo } from './jobs.ts';

const day = 86_400_000;
const rule = (what: (typeof kept)[number]['what']) => kept.find((one) => one.what === what)!;

describe('retention', () => {
  withDatabase();

  it('purges finished jobs when their time is over, and never open ones', async () => {
    const kind = newKind();
    const ids = await add(kind, {}, {});
    await runTo('done', ids);
    const [open = ''] = await add(kind, { delay_ms: 1000 });
    expect(await purge(rule('finished jobs'))).to.equal(0);
    expect(await purge(rule('finished jobs'), Date.now() + 2 * day)).to.equal(2);
    expect((await job(open)).state).to.equal('waiting');
  });

  it('goes in small steps', async () => {
    const old = new Date(Date.now() - 40 * day);
    await Event.insertMany(
      Array.from({ length: 700 }, (_, i) => ({
        ...{ _id: `evt_${i}`, workspace_id: 'w', project_id: null, type: 't', data: {}, occurred_at: old },
        ...{ source: { kind: 'system', id: 'x' }, caused_by: null, depth: 0, created_at: old },
      })),
    );
    expect([await purge(rule('events')), await purge(rule('events')), await purge(rule('events'))]).to.deep.equal([
      500, 200, 0,
    ]);
  });

  it('keeps dead jobs for a month', async () => {
    const kind = newKind({
      max_attempts: 1,
      handle: async () => {
        throw new Error('no');
      },
    });
    const ids = await add(kind, {});
    await runTo('dead', ids);
    expect(await purge(rule('dead jobs'), Date.now() + 29 * day)).to.equal(0);
    expect(await purge(rule('dead jobs'), Date.now() + 31 * day)).to.equal(1);
  });

  it('keeps an order key for as long as jobs wait behind it', async () => {
    const old = new Date(Date.now() - 30 * day);
    await Order.insertMany([
      { _id: 'rest', head: 3, next: 3, moved_at: old },
      // More than one step of them, so that they cannot hide those at rest.
      ...Array.from({ length: 501 }, (_, i) => ({ _id: `!waits${i}`, head: 3, next: 4, moved_at: old })),
    ]);
    await purge(rule('order keys at rest'));
    expect(await Order.countDocuments({ _id: 'rest' })).to.equal(0);
    expect(await Order.countDocuments({})).to.equal(501);
  });

  it('names only collections and fields that exist', () => {
    for (const { collection, from } of kept) {
      const model = Object.values(connection.models).find((one) => one.collection.name === collection);
      expect(model?.schema.path(from), `${collection}.${from}`).to.not.equal(undefined);
    }
  });
});
