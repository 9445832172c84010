import { expect } from 'chai';
import { cached, dropAllCached, dropCached } from '../../core/access/cache.ts';

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
});
