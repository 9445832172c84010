import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { connectDatabase, type Database } from '../../core/database/connect.ts';
import { trusted } from '../../core/database/mongoose.ts';
import { transaction } from '../../core/database/transaction.ts';
import { Installation } from '../../core/installations/model.ts';
import type { IntegrationDoc } from '../../core/integrations/model.ts';
import type { JobContext } from '../../core/jobs/define-job.ts';
import { log } from '../../core/log.ts';
import { dueStreams } from '../../core/syncs/due-streams.ts';
import { Record, type RecordDoc, StreamState, Sync, type SyncDoc } from '../../core/syncs/model.ts';
import { beginPass, isUnchanged, parentMark, type Unit } from '../../core/syncs/pass.ts';
import { keyOf } from '../../core/syncs/record-key.ts';
import { sweep } from '../../core/syncs/sweep.ts';
import type { Stream } from '../../sdk/contract/manifest/streams.ts';

const minute = 60_000;

describe('What a sync leaves alone', () => {
  const data = mkdtempSync(join(tmpdir(), 'patchbay-resting-'));
  const integration = {
    _id: 'int_1',
    workspace_id: 'w1',
    installation_id: 'plg_1',
    configuration: {},
    sync_settings: {},
  } as IntegrationDoc;
  const issues = { title: 'Issues', primary_key: ['/id'], modes: ['incremental'], deletes: 'none' } as const;
  let database: Database;
  before(async () => {
    database = await connectDatabase({ uri: process.env.MONGODB_URI ?? null, data, log });
    await Installation.collection.insertOne({
      _id: 'plg_1' as never,
      workspace_id: 'w1',
      manifest: { streams: { issues, people: { ...issues, every_s: 3600 } } },
    });
  });
  after(async () => {
    await database.close();
    rmSync(data, { recursive: true, force: true });
  });

  it('is, on schedule, a stream that was read to its end less than `every_s` ago', async () => {
    const now = Date.now();
    expect(await dueStreams(integration, now), 'never read').to.deep.equal(['issues', 'people']);
    const row = { workspace_id: 'w1', integration_id: 'int_1', bound_to: 'x' };
    const completed_at = new Date(now);
    await StreamState.create([
      { ...row, _id: 'st_issues', stream: 'issues', completed_at },
      { ...row, _id: 'st_people', stream: 'people', completed_at },
    ]);
    expect(await dueStreams(integration, now + minute)).to.deep.equal(['issues']);
    await StreamState.create({ ...row, _id: 'st_stopped', stream: 'people', parent: 'p2', pass: 'syn_0' });
    expect(await dueStreams(integration, now + minute), 'one was stopped').to.deep.equal(['issues', 'people']);
    await StreamState.deleteOne({ _id: 'st_stopped' });
    expect(await dueStreams(integration, now + 60 * minute)).to.deep.equal(['issues', 'people']);
    const chosen = (streams: string[]) => ({ ...integration, sync_settings: { streams } }) as IntegrationDoc;
    expect(await dueStreams(chosen(['people']), now + minute)).to.deep.equal([]);
    expect(await dueStreams(chosen(['issues']), now + minute), 'none rests').to.equal(undefined);
  });

  it('is not a stream whose last sync was stopped between two parents', async () => {
    const comments = { ...issues, every_s: 3600, parent: { stream: 'issues' } };
    await Installation.collection.insertOne({
      _id: 'plg_2' as never,
      name: '@tests/two',
      workspace_id: 'w1',
      manifest: { streams: { issues, comments } },
    });
    const one = { ...integration, _id: 'int_2', installation_id: 'plg_2' } as IntegrationDoc;
    const completed_at = new Date();
    const row = { workspace_id: 'w1', integration_id: 'int_2', bound_to: 'x', stream: 'comments', completed_at };
    await StreamState.create({ ...row, _id: 'st_first_parent', parent: '["i1"]' });
    const soon = Number(completed_at) + minute;
    const sync = (fields: object) => ({
      workspace_id: 'w1',
      project_id: 'p1',
      integration_id: 'int_2',
      installation_id: 'plg_2',
      sync_type: 'incremental' as const,
      streams: ['issues', 'comments'],
      at_stream: 1,
      started_at: new Date(),
      counts: {},
      cause: {},
      ...fields,
    });
    await Sync.create(sync({ _id: 'syn_a', status: 'succeeded', created_at: new Date(1) }));
    expect(await dueStreams(one, soon)).to.deep.equal(['issues']);
    await Sync.create(sync({ _id: 'syn_b', status: 'cancelled', created_at: new Date(2) }));
    expect(await dueStreams(one, soon)).to.deep.equal(['issues', 'comments']);
    await Sync.create(sync({ _id: 'syn_c', status: 'failed', streams: ['issues'], created_at: new Date(3) }));
    expect(await dueStreams(one, soon), 'the last one of comments counts').to.deep.equal(['issues', 'comments']);
    await Sync.create(sync({ _id: 'syn_d', status: 'partial', created_at: new Date(4) }));
    expect(await dueStreams(one, soon)).to.deep.equal(['issues']);
  });

  it('is, when it sweeps, what a webhook brought meanwhile and what hangs on another parent', async () => {
    const one = { ...integration, _id: 'int_3', project_id: 'p1', integration_type: 'x' } as IntegrationDoc;
    const declared: Stream = { ...issues, modes: ['full'], deletes: 'missing', parent: { stream: 'people' } };
    const began = new Date();
    const before = new Date(Number(began) - minute);
    const row = (external_id: string, parent: string, changed_at: Date, seen_in: string | null = null) => {
      const key = keyOf([external_id], parent);
      return {
        ...{ workspace_id: 'w1', project_id: 'p1', integration_id: 'int_3', integration_type: 'x', stream: 'comments' },
        ...{ _id: `rec_${key}`, key, parent, external_id, raw_text: '{}', hash: 'h', changed_at, seen_in },
        ...{ first_seen_at: before, last_seen_at: changed_at },
      };
    };
    await Record.create([
      row('gone', '["p"]', before),
      row('seen', '["p"]', before, 'syn_1'),
      row('brought', '["p"]', new Date(Number(began) + 1)),
      row('other', '["p"]x', before),
      row('another', '["p","q"]', before),
    ]);
    const sync = { _id: 'syn_1', integration_id: 'int_3', started_at: began, sync_type: 'full' } as SyncDoc;
    const context = { commit: <T>(fn: () => Promise<T>) => transaction(fn) } as JobContext;
    await sweep({ sync, integration: one, context }, { stream: 'comments', declared, parent: '["p"]' });
    const gone = await Record.find({ integration_id: 'int_3', deleted_at: trusted({ $ne: null }) }).lean();
    expect(gone.map(({ external_id }) => external_id)).to.deep.equal(['gone']);
  });

  it('is what hangs on a parent that says at `unless_changed` what it said at the last whole pass', async () => {
    const declared: Stream = { ...issues, parent: { stream: 'projects', unless_changed: '/updated_at' } };
    const unit = (raw: object): Unit => ({
      stream: 'comments',
      declared,
      parent: { key: '["p1"]', raw_text: JSON.stringify(raw) } as RecordDoc,
    });
    const sync = (sync_type: string) =>
      ({ _id: 'syn_1', workspace_id: 'w1', integration_id: 'int_1', sync_type }) as SyncDoc;
    const asked = (raw: object, type = 'incremental') => isUnchanged(sync(type), integration, unit(raw));
    const monday = { updated_at: '2026-11-30' };
    expect(await asked(monday), 'never read').to.equal(false);
    const state = await beginPass(sync('incremental'), integration, unit(monday));
    expect(await asked(monday), 'still being read').to.equal(false);
    await StreamState.updateOne(
      { _id: state._id },
      { $set: { pass: null, completed_at: new Date(), parent_mark: parentMark(unit(monday)) } },
    );
    expect(await asked(monday)).to.equal(true);
    expect(await asked({ updated_at: '2026-12-01' }), 'it changed').to.equal(false);
    expect(await asked(monday, 'full'), 'all is asked for').to.equal(false);
    expect(await asked({}), 'it says nothing').to.equal(false);
  });
});
