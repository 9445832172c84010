import { expect } from 'chai';
import { cached, cachedCount, dropAllCached, dropCached } from '../../core/access/cache.ts';

describe('what a process keeps in memory', () => {
  beforeEach(() => dropAllCached());

  it('is loaded once, until the news of its workspace', async () => {
    let loads = 0;
    const read = (workspace: string) => cached(workspace, 'thing', 'a', async () => ++loads);
    expect([await read('w1'), await read('w1'), await read('w2')]).to.deep.equal([1, 1, 2]);
    dropCached('w1');
    expect([await read('w1'), await read('w2')]).to.deep.equal([3, 2]);
  });

  it('is not kept when the news came while it was being read', async () => {
    let value = 'old';
    let finish = () => {};
    const reading = cached('w1', 'thing', 'a', async () => {
      const seen = value;
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      return seen;
    });
    value = 'new';
    dropCached('w1');
    finish();
    expect(await reading).to.equal('old');
    expect(await cached('w1', 'thing', 'a', async () => value)).to.equal('new');
  });

  it('does not keep what was not found', async () => {
    const answers = [null, 'found'];
    const read = () => cached('w1', 'thing', 'b', async () => answers.shift());
    expect([await read(), await read(), await read()]).to.deep.equal([null, 'found', 'found']);
  });

  it('stays within its bound, and of what was pushed out nothing comes back after the news', async () => {
    let version = 1;
    const read = (workspace: string, id: number) => cached(workspace, 'thing', String(id), async () => version);
    for (let id = 0; id < 100; id += 1) await read('w1', id);
    for (let id = 0; id < 20_050; id += 1) await read('w2', id);
    expect(cachedCount()).to.equal(20_000);
    version = 2;
    expect(await read('w1', 0), 'was pushed out').to.equal(2);
    dropCached('w2');
    expect(cachedCount(), 'only what is kept of w1').to.be.at.most(100);
    expect(await read('w2', 20_049)).to.equal(2);
  });

  it('forgets by itself after its time, for what no news tells', async () => {
    let value = 'old';
    const read = () => cached('w1', 'thing', 'short', async () => value, -1);
    expect(await read()).to.equal('old');
    value = 'new';
    expect(await read()).to.equal('new');
  });
});
