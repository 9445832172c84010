import { expect } from 'chai';
import { Session } from '../../../core/access/model.ts';
import { withAccess } from '../../access/serve-access.ts';

describe('a refresh token that was stolen', () => {
  const host = withAccess();
  const refresh = (refresh_token: string) => host.ask('POST', '/auth/refresh', { body: { refresh_token } });

  it('ends the whole session when it is used a second time, for the thief and for the owner', async () => {
    const stolen = (await host.login()).refresh_token;
    const mine = await refresh(stolen);
    expect(mine.status).to.equal(200);
    expect((await refresh(stolen)).code).to.equal('F40001');
    expect((await refresh(mine.content.refresh_token)).code).to.equal('F40001');
    expect((await host.ask('GET', '/auth/me', { token: mine.content.access_token })).code).to.equal('F40001');
    expect(await Session.countDocuments({ revoked_reason: 'reuse' })).to.equal(1);
  });

  it('is known again many generations later', async () => {
    const first = (await host.login()).refresh_token;
    let last = first;
    for (let i = 0; i < 5; i += 1) last = (await refresh(last)).content.refresh_token;
    expect((await refresh(first)).code).to.equal('F40001');
    expect((await refresh(last)).code).to.equal('F40001');
  });

  it('is taken once when it comes twenty times at the same moment', async () => {
    const { refresh_token } = await host.login();
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(refresh_token)));
    expect(answers.filter(({ status }) => status === 200).length).to.be.at.most(1);
    expect(
      (await refresh(answers.find(({ status }) => status === 200)?.content.refresh_token ?? refresh_token)).status,
    ).to.equal(401);
  });

  it('cannot be made up for another session or generation', async () => {
    const { refresh_token } = await host.login();
    const [session = '', generation = '', mac = ''] = refresh_token.split('.');
    for (const forged of [
      `${session}.${Number(generation) + 1}.${mac}`,
      `${session}x.${generation}.${mac}`,
      `${session}.${generation}.${'A'.repeat(43)}`,
      'x',
    ]) {
      expect((await refresh(forged)).code).to.equal('F40001');
    }
    expect((await refresh(refresh_token)).status, 'made-up ones end nothing').to.equal(200);
  });
});
