import { expect } from 'chai';
import { crashRound } from './crash-round.ts';
import { temporaryFolder } from './engine-process.ts';

describe('the embedded database under kill -9', () => {
  it('keeps every acknowledged write, sums of transactions and its indexes', async function () {
    this.timeout(60_000);
    const { folder, remove } = temporaryFolder();
    let written = 0;
    for (const [round, after] of [150, 400].entries()) written += await crashRound(folder, round, after);
    expect(written).to.be.greaterThan(20);
    remove();
  });
});
