import { expect } from 'chai';
import type { IntegrationDoc } from '../../core/integrations/model.ts';
import { accountGroup } from '../../core/syncs/account-group.ts';
import { ProjectPlaces } from '../../core/syncs/project-places.ts';

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
