import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createSharedBurst } from '../../core/access/limits/shared-burst.ts';
import { spend } from '../../core/access/limits/spend.ts';
import { usedQuota } from '../../core/access/limits/take-quota.ts';
import { database } from '../../core/cli/database.ts';
import { connectDatabase, type Database } from '../../core/database/connect.ts';
import { log } from '../../core/log.ts';
import { burstOf } from './burst-of.ts';
import { countFrom, moments, runQuotaRound } from './quota-rounds.ts';

// How full a limit is used, and four processes for longer: test/long/access.test.ts.
describe('a limit that several nodes share', function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-quota-'));
  let served: Awaited<ReturnType<typeof database>>;
  let joined: Database | undefined;
  before(async () => {
    served = await database({ data: folder });
    joined = await connectDatabase({ uri: served.uri, data: folder, log });
  });
  after(async () => {
    await joined?.close();
    await served.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is used to the full by two processes, and not exceeded, although one of them dies', async () => {
    // A window longer than the round: all that passes in it counts.
    const [limit, window_ms] = [200, 60_000];
    const round = { uri: served.uri, what: 'quota', how: 'bursts', limit, window_ms, ms: 2000, processes: 2 } as const;
    const passed = (await runQuotaRound(round)).filter((one) => one.passed !== null).length;
    let more = 0;
    while (more <= limit && (await spend('subject-bursts', { limit, window_ms })).allowed) more += 1;
    // What the dead one had passed and could not tell any more is missing here, and counted there.
    expect(passed + more).to.be.within(1, limit);
    expect((await usedQuota('subject-bursts', { limit, window_ms })).used).to.equal(limit);
  });

  it('lets the whole burst of one caller through and what has grown back, but no more, over four nodes', async () => {
    const rule = burstOf({ limit: 400, window_ms: 4000 });
    const began = Date.now();
    let now = began;
    const nodes = Array.from({ length: 4 }, () => createSharedBurst('in-process', rule, () => now, 60_000));
    const times: number[] = [];
    for (let step = 0; step < 8; step += 1, now += 200) {
      const asked = await Promise.all(Array.from({ length: 60 }, (_, index) => nodes[index % 4]?.('somebody')));
      times.push(...asked.flatMap((verdict) => (verdict?.allowed ? [now] : [])));
    }
    const whole = rule.burst + rule.per_second * 1.6;
    expect(times.length).to.be.within(whole * 0.8, whole * 1.05);
    for (const begin of moments(began - 200, now)) {
      const length = 50 + Math.random() * 4000;
      const most = rule.burst + (rule.per_second * (length + 200)) / 1000;
      expect(countFrom(times, begin, length), `${length} ms`).to.be.at.most(most * 1.05);
    }
  });
});
