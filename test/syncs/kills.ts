import { expect } from 'chai';
import type { RunningHost } from '../helpers/host.ts';
import { descendants, eventually } from '../helpers/processes.ts';
import type { DemoVendor } from '../integrations/demo-vendor.ts';

export interface Kill {
  victim: 'host' | 'sandbox' | 'vendor';
  /** when so many pages were asked for */
  at_page: number;
  /** and so long after */
  delay_ms: number;
}

interface Ended {
  status: string;
  counts: { read: number; created: number; updated: number; deleted: number; failed: number };
  errors: unknown[];
}

/**
 * Changes things at the vendor, starts a full sync, kills somebody in the middle of it, and holds that the records are
 * the vendor's afterwards: no page lost, none counted twice, no job left over.
 */
export async function killDuringSync(host: RunningHost, vendor: DemoVendor, id: string, kill: Kill): Promise<void> {
  const round = `${kill.victim} ${kill.at_page} ${kill.delay_ms} ${vendor.seen.length}`;
  const before = new Map([...vendor.things].map(([key, { title }]) => [key, title]));
  const keys = [...vendor.things.keys()];
  for (const key of keys.slice(0, 15)) vendor.things.delete(key);
  for (const key of keys.slice(15, 45)) vendor.put(key, `${key} in ${round}`);
  for (let index = 0; index < 15; index += 1) vendor.put(`n${vendor.seen.length}-${index}`);
  let pages = 0;
  let killed: Promise<unknown> | undefined;
  vendor.before = async (request) => {
    if (!request.url?.startsWith('/things')) return false;
    pages += 1;
    if (pages === kill.at_page) {
      if (kill.delay_ms > 0) await new Promise((resolve) => setTimeout(resolve, kill.delay_ms));
      killed = strike(host, vendor, kill.victim);
    }
    return false;
  };
  const started = await host.request('POST', `/integrations/${id}/sync`, { body: { sync_type: 'full' } });
  expect(started.status, started.text).to.equal(202);
  await eventually(`the ${kill.victim} was killed`, () => killed !== undefined, 60_000);
  await killed;
  vendor.before = undefined;
  let ended: Ended | undefined;
  const at = `/integrations/${id}/sync/${started.body.content.id}`;
  await eventually(
    `the sync ended after the ${round}`,
    async () => {
      ended = (await host.request('GET', at)).body.content as Ended;
      return !['queued', 'running'].includes(ended.status);
    },
    90_000,
  );
  expect(ended?.status, JSON.stringify(ended)).to.equal('succeeded');
  const changed = [...vendor.things].filter(([key, { title }]) => before.has(key) && before.get(key) !== title).length;
  expect(ended?.counts, round).to.deep.equal({
    read: vendor.things.size,
    created: [...vendor.things.keys()].filter((key) => !before.has(key)).length,
    updated: changed,
    deleted: [...before.keys()].filter((key) => !vendor.things.has(key)).length,
    failed: 0,
  });
  const titles = new Map((await records(host, id)).map((raw) => [raw.id, raw.title]));
  expect(titles, round).to.deep.equal(new Map([...vendor.things].map(([key, { title }]) => [key, title])));
  const jobs = (await host.request('GET', '/jobs?kind=sync.step&size=100')).body.content.jobs as { state: string }[];
  expect(jobs.filter(({ state }) => state !== 'done')).to.deep.equal([]);
}

async function strike(host: RunningHost, vendor: DemoVendor, victim: Kill['victim']): Promise<void> {
  if (victim === 'vendor') return vendor.crash();
  if (victim === 'host') {
    await host.kill();
    return host.restart();
  }
  for (const pid of descendants(host.process.pid ?? 0)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself.
    }
  }
  return undefined;
}

async function records(host: RunningHost, id: string): Promise<{ id: string; title: string }[]> {
  const token = await host.login(host.admin.email, host.admin.password);
  const answer = await fetch(`${host.url}/api/v1/integrations/${id}/records?format=jsonl`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const lines = (await answer.text()).trim().split('\n');
  return lines.map((line) => (JSON.parse(line) as { raw: { id: string; title: string } }).raw);
}
