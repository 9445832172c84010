import { expect } from 'chai';
import type { IntegrationDoc } from '../../core/integrations/model.ts';
import { accountGroup } from '../../core/syncs/account-group.ts';
import type { StreamStateDoc } from '../../core/syncs/model.ts';
import { pullOf } from '../../core/syncs/pass.ts';
import { ProjectPlaces } from '../../core/syncs/project-places.ts';
import type { Stream } from '../../sdk/contract/manifest/streams.ts';

describe('A pass that goes on from the last one', () => {
  it('is asked from what that saw, less the overlap and what the vendor may still change', () => {
    const state = { since: '2026-01-10T00:00:00.000Z', cursor_text: null } as StreamStateDoc;
    const asked = (cursor: Stream['cursor'], mode = 'incremental') => {
      const declared = { cursor } as Stream;
      return (pullOf(state, { stream: 'days', declared, parent: null }, mode, 0) as { since?: string }).since;
    };
    const day_s = 86_400;
    expect(asked({})).to.equal('2026-01-10T00:00:00.000Z');
    expect(asked({ overlap_s: 60 })).to.equal('2026-01-09T23:59:00.000Z');
    expect(asked({ overlap_s: 60, restates_s: 3 * day_s })).to.equal('2026-01-07T00:00:00.000Z');
    expect(asked({ restates_s: 3 * day_s }, 'full')).to.equal(undefined);
  });

  it('is asked from as far back as its stream has history when it is the first, unless it sweeps', () => {
    const now = Date.parse('2026-01-10T00:00:00.000Z');
    const asked = (deletes: Stream['deletes'], mode: string, since: string | null = null) => {
      const declared = { cursor: { history_s: 86_400 }, deletes } as Stream;
      const state = { since, cursor_text: null } as StreamStateDoc;
      return (pullOf(state, { stream: 'days', declared, parent: null }, mode, now) as { since?: string }).since;
    };
    expect(asked('none', 'incremental')).to.equal('2026-01-09T00:00:00.000Z');
    expect(asked('none', 'full')).to.equal('2026-01-09T00:00:00.000Z');
    expect(asked('missing', 'full')).to.equal(undefined);
    expect(asked('missing', 'incremental', '2026-01-01T00:00:00.000Z')).to.equal('2026-01-01T00:00:00.000Z');
  });

  it('is asked for one window after the other where its stream has a step, the last of them open', () => {
    const now = Date.parse('2026-01-10T00:00:00.000Z');
    const declared = { cursor: { step_s: 86_400, overlap_s: 3_600 }, deletes: 'none' } as Stream;
    const asked = (since: string | null, window_at: string | null = null) => {
      const state = { since, window_at, cursor_text: null } as StreamStateDoc;
      const { since: from, until } = pullOf(state, { stream: 'days', declared, parent: null }, 'incremental', now);
      return [from, until];
    };
    const [hour, day] = ['2026-01-07T23:00:00.000Z', '2026-01-08T23:00:00.000Z'];
    expect(asked('2026-01-08T00:00:00.000Z')).to.deep.equal([hour, day]);
    expect(asked('2026-01-08T00:00:00.000Z', day)).to.deep.equal([day, '2026-01-09T23:00:00.000Z']);
    expect(asked('2026-01-08T00:00:00.000Z', '2026-01-09T23:00:00.000Z')).to.deep.equal([
      '2026-01-09T23:00:00.000Z',
      undefined,
    ]);
    expect(asked(null), 'no time to begin at').to.deep.equal([undefined, undefined]);
    expect(asked('7'), 'not a time').to.deep.equal(['7', undefined]);
  });
});

describe('Syncs that wait for each other', () => {
  it('of one project leave a place to the others, and give each place back once', () => {
    const places = new ProjectPlaces(2);
    const [first, second] = [places.take('prj_one'), places.take('prj_one')];
    expect(places.take('prj_one')).to.equal(null);
    expect(places.take('prj_two')).to.be.a('function');
    first?.();
    first?.();
    expect(places.take('prj_one')).to.be.a('function');
    expect(places.take('prj_one'), 'the second one still runs').to.equal(null);
    second?.();
    expect(places.take('prj_one')).to.be.a('function');
  });

  it('are those of one account at a vendor, whoever connected it', () => {
    const group = (_id: string, account: string | null, installation_id = 'plg_one') =>
      accountGroup({ _id, installation_id, auth_summary: { account } } as IntegrationDoc);
    expect(group('int_one', 'octocat')).to.equal(group('int_two', 'octocat'));
    expect(group('int_one', 'octocat')).not.to.equal(group('int_one', 'octocat', 'plg_two'));
    expect(group('int_one', null), 'of unknown accounts').not.to.equal(group('int_two', null));
  });
});
