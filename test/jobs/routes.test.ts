import { expect } from 'chai';
import type { Caller } from '../../core/http/caller.ts';
import { Job } from '../../core/jobs/model.ts';
import { jobRoutes } from '../../core/jobs/routes.ts';
import { withDatabase } from '../helpers/database.ts';
import { add, job, newKind, runTo } from './jobs.ts';

const operator: Caller = {
  ...{ kind: 'user', id: 'usr_1', label: 'ana@example.com', user_id: 'usr_1', workspace_id: 'w1', role: 'owner' },
  ...{ site_roles: ['operator'], scopes: null, project_id: null, by_cookie: false },
};
const [list, retry] = jobRoutes;
const ask = async (route: typeof list, caller: Caller, query: object, id = '') =>
  (await route?.handle({ caller, query, params: { id }, address: '127.0.0.1' } as never)) as any;
const page = { page: 1, size: 20 };

describe('jobs that died', () => {
  withDatabase();
  let kind: string;
  let attempts = 0;
  before(() => {
    kind = newKind({
      max_attempts: 1,
      handle: async () => {
        attempts += 1;
        if (attempts <= 2) throw new Error('it is down');
      },
    });
  });

  it('for the host itself are seen and tried again by an operator of the site, by nobody else', async () => {
    const [own = '', of_site = ''] = await add(kind, { workspace_id: 'w1' }, { workspace_id: 'site' });
    await runTo('dead', [own, of_site]);
    const site = { level: 'site', state: 'dead' };
    expect((await ask(list, operator, { ...page, level: 'workspace', kind })).jobs).to.have.length(1);
    const { jobs } = await ask(list, operator, { ...page, ...site, kind });
    expect(jobs).to.have.length(1);
    expect(jobs[0]).to.deep.include({ id: of_site, state: 'dead' });
    expect(jobs[0].error).to.include({ message: 'it is down' });

    const other = { ...operator, site_roles: [] };
    for (const route of [list, retry]) {
      const error = await ask(route, other, { ...page, ...site }, of_site).catch((caught: unknown) => caught);
      expect(error).to.have.property('name', 'forbidden');
    }
    const unseen = await ask(retry, operator, { level: 'workspace' }, of_site).catch((caught: unknown) => caught);
    expect(unseen).to.have.property('name', 'not_found');

    expect((await ask(retry, operator, { level: 'site' }, of_site)).state).to.equal('ready');
    await runTo('done', [of_site]);
    expect(await job(own)).to.include({ state: 'dead' });
    await Job.deleteMany({});
  });
});
