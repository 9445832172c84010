import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { database } from '../../core/cli/database.ts';
import { countFrom, moments, runQuotaRound } from './quota-rounds.ts';

describe('a quota that four processes share', function () {
  this.timeout(180_000);
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-quota-'));
  let served: Awaited<ReturnType<typeof database>>;
  before(async () => {
    served = await database({ data: folder });
  });
  after(async () => {
    await served.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is never exceeded in any stretch of time, however the requests arrive and whoever dies', async () => {
    const [limit, window_ms] = [100, 3000];
    const asked = await runQuotaRound({ uri: served.uri, how: 'bursts', limit, window_ms, ms: 9_000 });
    const times = asked.flatMap(({ passed }) => passed ?? []);
    expect(times.length, 'a whole window full').to.be.at.least(limit);
    for (const begin of moments(Math.min(...times), Math.max(...times) - window_ms)) {
      expect(countFrom(times, begin, window_ms)).to.be.at.most(limit * 1.05);
    }
  });
});
