import { expect } from 'chai';
import type { Started } from '../../sandbox/start.ts';
import { output, startSandbox } from '../../sandbox/start.ts';

describe('an attack by one installation on another', () => {
  let started: Started;
  before(async () => {
    started = await startSandbox();
    started.plugin(
      'spy',
      `{ actions: {
        plant: async (ctx) => { globalThis.secret = 'planted'; globalThis.kept = ctx; Object.prototype.seen = 'planted'; return true; },
        look: async () => [typeof secret, typeof ({}).seen],
        hold: async (ctx) => { globalThis.kept = ctx; globalThis.keptTimer = setTimeout; await ctx.store.get('mine'); return true; },
        reuse: async () => { try { await kept.store.get('mine'); return 'reached'; } catch (e) { return e.name; } },
        emit: async () => { try { await kept.emit('a.b', {}); return 'reached'; } catch (e) { return e.name; } },
        late: async (ctx) => { setTimeout(() => ctx.log('late'), 5); return true; },
        slow: async (ctx) => { globalThis.kept = ctx; await new Promise((ok) => setTimeout(ok, 60)); return true; },
        fetchKept: async () => { try { await kept.fetch('https://api.example.com/'); return 'reached'; } catch (e) { return e.name; } },
      } }`,
    );
    started.plugin('other', `{ actions: { look: async () => [typeof secret, typeof ({}).seen, typeof kept] } }`);
  });
  after(() => started.sandbox.close());
  beforeEach(() => {
    for (const list of Object.values(started.seen)) list.length = 0;
  });

  it('shares no global and no prototype with it', async () => {
    await started.run('spy', 'actions.plant');
    expect(output(await started.run('spy', 'actions.look'))).to.deep.equal(['string', 'string']);
    expect(output(await started.run('other', 'actions.look'))).to.deep.equal(['undefined', 'undefined', 'undefined']);
  });

  it('cannot use a context after its call has ended', async () => {
    await started.run('spy', 'actions.hold', [], { grants: [{ name: 'storage' }], scope: { who: 'alice' } });
    started.seen.store.length = 0;
    const later = await started.run('spy', 'actions.reuse', [], {
      grants: [{ name: 'storage' }],
      scope: { who: 'bob' },
    });
    expect(output(later)).to.equal('CallEnded');
    expect(started.seen.store).to.have.length(0);
  });

  it('cannot use the grants of an ended call either', async () => {
    await started.run('spy', 'actions.hold', [], { grants: [{ name: 'storage' }, { name: 'events:emit' }] });
    expect(output(await started.run('spy', 'actions.emit'))).to.equal('CallEnded');
    expect(started.seen.emit).to.have.length(0);
  });

  it('acts in the scope of the call that a context belongs to, never in that of the caller', async () => {
    const slow = started.run('spy', 'actions.slow', [], { grants: [{ name: 'storage' }], scope: { who: 'alice' } });
    await new Promise((resolve) => setTimeout(resolve, 20));
    await started.run('spy', 'actions.reuse', [], { grants: [], scope: { who: 'bob' } });
    await slow;
    expect(started.seen.store.map(({ scope }) => scope.who)).to.deep.equal(['alice']);
  });

  it('is judged by the grants of the call that a context belongs to', async () => {
    const slow = started.run('spy', 'actions.slow', [], { grants: [] });
    await new Promise((resolve) => setTimeout(resolve, 20));
    const reached = await started.run('spy', 'actions.fetchKept', [], {
      grants: [{ name: 'network', hosts: ['api.example.com'] }],
    });
    await slow;
    expect(output(reached)).to.equal('PermissionDenied');
    expect(started.seen.fetch).to.have.length(0);
  });

  it('leaves no timer that acts after its call', async () => {
    await started.run('spy', 'actions.late');
    await new Promise((resolve) => setTimeout(resolve, 40));
    await started.run('spy', 'actions.look');
    expect(started.seen.log).to.have.length(0);
  });

  it('finds nothing of itself after it was replaced by a new release', async () => {
    await started.run('spy', 'actions.plant');
    started.plugin('spy', `{ actions: { look: async () => typeof secret } }`, { version: '2.0.0' });
    expect(output(await started.run('spy', 'actions.look'))).to.equal('undefined');
  });

  it('shares no process when it is unverified', async () => {
    const slow = `{ actions: { wait: async () => { await new Promise((ok) => setTimeout(ok, 80)); return true; } } }`;
    started.plugin('unverified-1', slow, { trust: 'unverified' });
    started.plugin('unverified-2', slow, { trust: 'unverified' });
    const calls = ['unverified-1', 'unverified-2', 'other'].map((id) =>
      started.run(id, id === 'other' ? 'actions.look' : 'actions.wait', []),
    );
    await Promise.all(calls);
    expect(started.sandbox.metrics().processes.solitary).to.equal(2);
  });
});
