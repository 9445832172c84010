import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { database } from '../../core/cli/database.ts';
import { connectDatabase, type Database } from '../../core/database/connect.ts';
import { log } from '../../core/log.ts';
import { startVault } from '../../core/vault/start-vault.ts';
import { burstOf } from '../access/burst-of.ts';
import { countFrom, moments, passedByExact, passedByExactBurst, runQuotaRound } from '../access/quota-rounds.ts';
import { rotateUnderWork, storeSecrets } from '../vault/rotate-rounds.ts';

describe('the rotation of the master key', () => {
  const data = mkdtempSync(join(tmpdir(), 'patchbay-vault-'));
  let database: Database;
  before(async () => {
    database = await connectDatabase({ uri: process.env.MONGODB_URI ?? null, data, log });
    await startVault([], data);
  });
  after(async () => {
    await database.close();
    rmSync(data, { recursive: true, force: true });
  });

  it('leaves each of 50,000 secrets readable at every moment, killed half-way and resumed', async () => {
    await storeSecrets(50_000);
    await rotateUnderWork(data, 50_000);
  });
});

describe('a quota that four processes share', () => {
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

  it('is used to the full while twice as much is asked for, although one of them dies, and never exceeded', async () => {
    const [limit, window_ms] = [1500, 30_000];
    const asked = await runQuotaRound({ uri: served.uri, what: 'quota', how: 'steady', limit, window_ms, ms: 75_000 });
    const passed = asked.flatMap((one) => one.passed ?? []);
    // For what was used, a request counts when it came: how long this machine took to answer is not the quota's matter.
    const used = asked.flatMap((one) => (one.passed === null ? [] : one.arrived));
    const exact = passedByExact(asked, limit, window_ms);
    for (const begin of moments(asked[0]?.arrived ?? 0, (asked.at(-1)?.arrived ?? 0) - window_ms)) {
      expect(countFrom(passed, begin, window_ms)).to.be.at.most(limit * 1.05);
      expect(countFrom(used, begin, window_ms)).to.be.at.least(countFrom(exact, begin, window_ms) * 0.95);
    }
  });

  it('is never exceeded as a burst either, and used to the full', async () => {
    const [limit, window_ms] = [3000, 30_000];
    const asked = await runQuotaRound({ uri: served.uri, what: 'burst', how: 'steady', limit, window_ms, ms: 75_000 });
    const { burst, per_second } = burstOf({ limit, window_ms });
    const passed = asked.flatMap((one) => one.passed ?? []);
    const used = asked.flatMap((one) => (one.passed === null ? [] : one.arrived));
    const exact = passedByExactBurst(asked, limit, window_ms);
    const [least, most] = [asked[0]?.arrived ?? 0, (asked.at(-1)?.arrived ?? 0) - window_ms];
    let [fullest, emptiest, where] = [0, 1, ''];
    for (const begin of moments(least, most)) {
      const length = window_ms * (0.2 + 0.8 * Math.random());
      fullest = Math.max(fullest, countFrom(passed, begin, length) / (burst + (per_second * length) / 1000));
      const could = countFrom(exact, begin, length);
      // Where nobody asked for so long, nothing could be used.
      const part = could > 0 ? countFrom(used, begin, length) / could : 1;
      if (part < emptiest) where = `${Math.round(length)} ms from ${Math.round(begin - least)} ms on: of ${could}`;
      emptiest = Math.min(emptiest, part);
    }
    process.stdout.write(
      `      at most ${fullest.toFixed(3)} of the limit, at least ${emptiest.toFixed(3)} of exact (${where})\n`,
    );
    expect(fullest).to.be.at.most(1.05);
    expect(emptiest).to.be.at.least(0.95);
  });
});
