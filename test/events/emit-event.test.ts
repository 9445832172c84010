import { expect } from 'chai';
import { transaction } from '../../core/database/transaction.ts';
import { deepest, emitEvent, emitEvents, type NewEvent } from '../../core/events/emit-event.ts';
import { findEventType, listEventTypes } from '../../core/events/find-event-type.ts';
import { Event, EventType } from '../../core/events/model.ts';
import { once } from '../../core/http/idempotency.ts';
import { IdempotentAnswer } from '../../core/http/idempotency-model.ts';
import { Job } from '../../core/jobs/model.ts';
import { openVault } from '../../core/vault/vault.ts';
import type { Failure } from '../../sdk/contract/failure.ts';
import { withDatabase } from '../helpers/database.ts';

const task: NewEvent = {
  workspace_id: 'w1',
  project_id: 'prj_1',
  type: 'task.created',
  data: { id: 't1' },
  source: { kind: 'user', id: 'usr_1' },
};
const fails = async (more: Partial<NewEvent>): Promise<Failure> => {
  const error = await emitEvent({ ...task, ...more }).catch((caught: unknown) => caught);
  expect(error).to.have.property('name', 'validation_failed');
  return error as Failure;
};

describe('an event', () => {
  withDatabase();
  afterEach(async () => {
    await Event.deleteMany({});
    await Job.deleteMany({});
  });

  it('is stored with its announcement, or neither is', async () => {
    const event = await emitEvent(task);
    expect(await Job.countDocuments({ kind: 'event.announce', _id: `announce:${event._id}` })).to.equal(1);
    const undone = transaction(async () => {
      await emitEvent(task);
      throw new Error('undo');
    });
    await undone.catch(() => {});
    expect(await Event.countDocuments({})).to.equal(1);
    expect(await Job.countDocuments({})).to.equal(1);
  });

  it('with an id of its sender is one event, however often it is sent', async () => {
    const [first, second] = [await emitEvent({ ...task, id: 'x1' }), await emitEvent({ ...task, id: 'x1' })];
    expect(second._id).to.equal(first._id);
    expect(await Event.countDocuments({})).to.equal(1);
    const other = await emitEvent({ ...task, id: 'x1', source: { kind: 'user', id: 'usr_2' } });
    expect(other._id).to.not.equal(first._id);
  });

  it('that comes again under its Idempotency-Key, because the host died before it could answer, is one event', async () => {
    openVault([Buffer.alloc(32, 7)]);
    const asked = {
      key: 'k1',
      caller: 'usr_1',
      workspace_id: 'w1',
      method: 'POST',
      path: '/e',
      body: Buffer.from('{}'),
    };
    const store = async (id: string) => ({ event_id: (await emitEvent({ ...task, id }))._id });
    const dying = new Promise<void>((stored) => {
      // Stored, but never answered: what a host does that is killed at this moment.
      void once(asked, async (id) => {
        await store(id);
        stored();
        return new Promise(() => {});
      });
    });
    await dying;
    const early = await once(asked, store).catch((caught: unknown) => caught);
    expect(early).to.have.property('name', 'conflict');
    await IdempotentAnswer.updateMany({}, { $set: { running_until: new Date(0) } });
    const answer = (await once(asked, store)) as { event_id: string };
    expect(await Event.countDocuments({ _id: answer.event_id })).to.equal(1);
    expect([await Event.countDocuments({}), await Job.countDocuments({})]).to.deep.equal([1, 1]);
  });

  it('whose storing failed in the middle is not stored twice by another try under its Idempotency-Key', async () => {
    const asked = {
      key: 'k2',
      caller: 'usr_1',
      workspace_id: 'w1',
      method: 'POST',
      path: '/e',
      body: Buffer.from('{}'),
    };
    const failing = once(asked, async (id) => {
      await emitEvent({ ...task, id });
      throw new TypeError('the database went away while the webhooks were counted');
    });
    expect(await failing.catch((caught: unknown) => caught)).to.be.instanceOf(TypeError);
    await once(asked, (id) => emitEvent({ ...task, id }));
    expect(await Event.countDocuments({})).to.equal(1);
  });

  it('of an unknown type is refused, naming the nearest', async () => {
    const failure = await fails({ type: 'task.creatd' });
    expect(failure.message).to.match(/"task\.created"/);
    expect(failure.content).to.have.nested.property('errors[0].params.nearest', 'task.created');
  });

  it('may come under its older name', async () => {
    expect((await emitEvent({ ...task, type: 'POST_PUBLISHED' })).type).to.equal('post.published');
    await fails({ type: 'TASK_CREATED' });
  });

  it('whose data is not as the type says is refused with pointers', async () => {
    const failure = await fails({ data: { id: 7 } });
    expect(failure.content).to.have.nested.property('errors[0].pointer', '/id');
  });

  it('of a plugin’s type is checked by the schema that the plugin declares, in its workspace alone', async () => {
    const schema = { type: 'object', required: ['ref'], properties: { ref: { type: 'string' } } };
    await EventType.create({
      ...{
        _id: 'w1 acme.push',
        workspace_id: 'w1',
        type: 'acme.push',
        title: 'A push',
        schema,
        sample: { ref: 'main' },
      },
      ...{ installation_id: 'plg_1', plugin: '@acme/x' },
    });
    expect((await emitEvent({ ...task, type: 'acme.push', data: { ref: 'main' } })).type).to.equal('acme.push');
    await fails({ type: 'acme.push', data: {} });
    await fails({ type: 'acme.push', data: { ref: 'main' }, workspace_id: 'w2' });
    expect(await findEventType('w1', 'acme.push')).to.include({ plugin: '@acme/x' });
  });

  it('that follows from others in a ring is refused in the end', async () => {
    let event = await emitEvent(task);
    for (let depth = 1; depth <= deepest; depth += 1) {
      event = await emitEvent({ ...task, caused_by: event._id });
      expect(event.depth).to.equal(depth);
    }
    expect((await fails({ caused_by: event._id })).message).to.match(/ring/);
  });

  it('among many is stored with all of them, or none is', async () => {
    const broken = emitEvents([task, { ...task, data: {} }]);
    await broken.catch(() => {});
    expect(await Event.countDocuments({})).to.equal(0);
    expect(await emitEvents([task, task, task])).to.have.length(3);
  });
});

describe('event types', () => {
  withDatabase();

  it('all have a sample that fits their schema', async () => {
    const types = await listEventTypes('nobody');
    expect(types.length).to.be.greaterThan(30);
    for (const { type, sample } of types) {
      await emitEvent({ ...task, workspace_id: 'nobody', type, data: sample });
    }
  });
});
