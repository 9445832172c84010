import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { connectDatabase, type Database } from '../../core/database/connect.ts';
import { Installation } from '../../core/installations/model.ts';
import type { IntegrationDoc } from '../../core/integrations/model.ts';
import { log } from '../../core/log.ts';
import { dueStreams } from '../../core/syncs/due-streams.ts';
import { type RecordDoc, StreamState, type SyncDoc } from '../../core/syncs/model.ts';
import { beginPass, isUnchanged, parentMark, type Unit } from '../../core/syncs/pass.ts';
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
