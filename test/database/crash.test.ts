import { expect } from 'chai';
import { crashRound } from './crash-round.ts';
import { temporaryFolder } from './engine-process.ts';

describe('the embedded database under kill -9', () => {
  it('keeps every acknowledged write, sums of transactions and its indexes', async function () {
    this.timeout(60_000);
    const { folder, remove } = temporaryFolder();
    expect(await crashRound(folder, 0, { writes: 40 })).to.be.least(40);
    remove();
  });
});
