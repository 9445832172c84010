import { expect } from 'chai';
import { Integration } from '../../core/integrations/model.ts';
import { Record as Records } from '../../core/syncs/model.ts';
import { forgetOldRecords } from '../../core/syncs/retention.ts';
import { withDatabase } from '../helpers/database.ts';

const day_ms = 86_400_000;
const now = Date.UTC(2026, 5, 1);

describe('The retention of an integration', () => {
  withDatabase();

  const connect = (_id: string, retention_days?: number | null) =>
    Integration.create({
      ...{ _id, workspace_id: 'wsp_1', project_id: 'prj_1', installation_id: 'plg_1', integration_type: 'demo' },
      ...{ service_type: 'custom', name: _id, status: 'active', created_by: 'usr_1' },
      sync_settings: {
        sync_interval: 'manual',
        auto_sync: false,
        ...(retention_days !== undefined && { retention_days }),
      },
    });
  const keep = (integration_id: string, days_ago: number) => {
    const at = new Date(now - days_ago * day_ms);
    const _id = `rec_${integration_id}_${days_ago}`;
    return Records.create({
      ...{ _id, workspace_id: 'wsp_1', project_id: 'prj_1', integration_id, integration_type: 'demo', stream: 's' },
      ...{ key: `["${_id}"]`, external_id: _id, raw_text: '{}', hash: 'h' },
      ...{ first_seen_at: at, last_seen_at: at, changed_at: at },
    });
  };

  it('forgets what changed longer ago than it keeps, and leaves all other records alone', async () => {
    await connect('int_30', 30);
    await connect('int_null', null);
    await connect('int_none');
    for (const id of ['int_30', 'int_null', 'int_none']) for (const days of [1, 29, 31, 400]) await keep(id, days);
    expect(await forgetOldRecords(now)).to.equal(2);
    expect(await forgetOldRecords(now)).to.equal(0);
    const left = await Records.find({ integration_id: 'int_30' }).sort({ changed_at: -1 }).lean();
    expect(left.map(({ _id }) => _id)).to.deep.equal(['rec_int_30_1', 'rec_int_30_29']);
    expect(await Records.countDocuments({ integration_id: 'int_null' })).to.equal(4);
    expect(await Records.countDocuments({ integration_id: 'int_none' })).to.equal(4);
  });
});
