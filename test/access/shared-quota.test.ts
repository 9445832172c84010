import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { database } from '../../core/cli/database.ts';
import { burstOf } from './burst-of.ts';
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
    const asked = await runQuotaRound({ uri: served.uri, what: 'quota', how: 'bursts', limit, window_ms, ms: 12_000 });
    const times = asked.flatMap(({ passed }) => passed ?? []);
    expect(times.length, 'a whole window full').to.be.at.least(limit);
    for (const begin of moments(Math.min(...times), Math.max(...times) - window_ms)) {
      expect(countFrom(times, begin, window_ms)).to.be.at.most(limit * 1.05);
    }
  });

  it('and so is a burst, in stretches of any length', async () => {
    const [limit, window_ms] = [400, 4000];
    const asked = await runQuotaRound({ uri: served.uri, what: 'burst', how: 'bursts', limit, window_ms, ms: 8_000 });
    const times = asked.flatMap(({ passed }) => passed ?? []);
    const { burst, per_second } = burstOf({ limit, window_ms });
    expect(times.length, 'the whole burst, and what comes after it').to.be.at.least(burst + per_second);
    for (const begin of moments(Math.min(...times), Math.max(...times))) {
      const length = 50 + Math.random() * window_ms;
      const most = burst + (per_second * length) / 1000;
      expect(countFrom(times, begin, length), `${length} ms`).to.be.at.most(most * 1.05);
    }
  });
});
