import { expect } from 'chai';
import { withAccess } from '../../access/serve-access.ts';

describe('guessing passwords', () => {
  const host = withAccess();
  const login = (email: string, password: string, from: string) =>
    host.ask('POST', '/auth/login', { body: { email, password }, headers: { 'x-forwarded-for': from } });

  it('is stopped after ten wrong ones from one address, for known and unknown accounts alike', async () => {
    for (const email of [host.owner.email, 'nobody@example.com']) {
      const answers = await Promise.all(
        Array.from({ length: 14 }, () => login(email, 'a wrong password', '192.0.2.10')),
      );
      expect(answers.filter(({ code }) => code === 'F40001').length, email).to.equal(10);
      expect(answers.filter(({ code }) => code === 'F40029').length, email).to.equal(4);
    }
    expect(
      (await login(host.owner.email, host.owner.password, '192.0.2.10')).code,
      'the right one too, from there',
    ).to.equal('F40029');
  });

  it('from a hundred addresses does not lock out a person where they signed in before', async () => {
    expect((await login(host.owner.email, host.owner.password, '198.51.100.7')).status).to.equal(200);
    let refused = 0;
    for (let at = 0; at < 12; at += 1) {
      const swarm = Array.from({ length: 6 }, (_, index) =>
        login(host.owner.email, 'a wrong password', `203.0.113.${at * 6 + index}`),
      );
      refused += (await Promise.all(swarm)).filter(({ code }) => code === 'F40029').length;
    }
    expect(refused, 'the swarm is slowed down').to.be.greaterThan(10);
    expect((await login(host.owner.email, host.owner.password, '203.0.113.200')).code, 'from a new place').to.equal(
      'F40029',
    );
    expect((await login(host.owner.email, host.owner.password, '198.51.100.7')).status, 'from a known place').to.equal(
      200,
    );
  });

  it('counts an IPv6 subscriber by the network, not by the address', async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        login('v6@example.com', 'a wrong password', `2001:db8:1:2::${index + 1}`),
      ),
    );
    expect(answers.filter(({ code }) => code === 'F40029').length).to.equal(2);
  });
});
