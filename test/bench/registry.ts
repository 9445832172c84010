// The registry with 20,000 packages and 100,000 releases in the embedded database. Prints absolute values and ratios.
// PACKAGES=2000 makes a smaller one.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { connectDatabase } from '../../core/database/connect.ts';
import { trusted } from '../../core/database/mongoose.ts';
import { startSandbox } from '../../core/invocations/sandbox.ts';
import { log } from '../../core/log.ts';
import { openMarketplace } from '../../core/registry/marketplace.ts';
import { openVault } from '../../core/vault/vault.ts';
import { resolve } from '../../marketplace/index.ts';
import { Package } from '../../marketplace/models/package.ts';
import { Release } from '../../marketplace/models/release.ts';
import { takenFor } from '../../marketplace/releases/find-alike.ts';
import { followPackages } from '../../marketplace/search/follow.ts';
import { author, keys, packed } from '../registry/parts.ts';

const packages = Number(process.env.PACKAGES ?? 20_000);
const perPackage = 5;
const nouns = [
  'issue',
  'ticket',
  'invoice',
  'repository',
  'message',
  'calendar',
  'metric',
  'deploy',
  'contact',
  'order',
];
const verbs = ['sync', 'import', 'watch', 'archive', 'report', 'notify', 'merge', 'mirror', 'clean', 'label'];
const handlers = '{ actions: { async ping() { return { pong: true }; } } }';
const manifest = (version: string, more: object = {}) => ({
  name: '@acme/measured',
  version,
  actions: { ping: { title: 'Ping' } },
  ...more,
});

let cpu = 0;
const folder = mkdtempSync(join(tmpdir(), 'patchbay-bench-'));
const database = await connectDatabase({ uri: process.env.MONGODB_URI ?? null, data: folder, log });
openVault([Buffer.alloc(32, 7)]);
const sandbox = await startSandbox();
const market = await openMarketplace();

try {
  await market.createPublisher(author, { name: '@acme' });
  await market.addKey(author, '@acme', keys.public_key);
  await market.publish(author, { bytes: await packed(folder, manifest('1.0.0'), handlers) });
  const alone = await times(200, () => resolve('@acme/measured', { version: '^1.0.0' }));

  await fill();
  const total = packages * perPackage;
  console.log(`${packages} packages, ${total} releases, sharing one stored package`);

  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const began = performance.now();
  const followed = followPackages('1.0.0');
  await times(1, followed.update);
  const built = performance.now() - began;
  globalThis.gc?.();
  const heap = (process.memoryUsage().heapUsed - before) / 1_048_576;
  row('index of this node, rebuilt', `${built.toFixed(0)} ms`, 'limit 3000 ms');
  row('index of this node, heap', `${heap.toFixed(1)} MB`, 'limit 60 MB');

  const asked = ['githb', 'repo*', '工單', 'sync invoice', 'notify contact', 'measured', 'archve', 'calendar report'];
  const searches = await times(200, async (n) => {
    followed.index.find({ search: asked[n % asked.length] ?? '', page: 1 + (n % 3), size: 20 });
  });
  row('search, p95', ms(p(searches, 95)), 'limit 50 ms');
  const lists = await times(100, async (n) => {
    const { names } = followed.index.find({ sort_by: n % 2 ? 'rating' : 'downloads', page: 1 + (n % 50), size: 20 });
    await Package.find({ _id: trusted({ $in: names }) }).lean();
  });
  row('page of a listing with its packages read, p95', ms(p(lists, 95)), 'limit 50 ms');

  const crowded = await times(200, (n) => resolve(`@acme/bench-${(n * 97) % packages}`, { version: '^1.0.0' }));
  row(
    'resolve a range among all, p50',
    ms(p(crowded, 50)),
    `${(p(crowded, 50) / p(alone, 50)).toFixed(2)} × of a registry with one package`,
  );

  const code = await packed(folder, manifest('1.1.0'), handlers, keys, { 'CHANGELOG.md': noise(2_000_000) });
  const publishes: number[] = [];
  for (let n = 0; n < 12; n += 1) {
    const bytes = await packed(folder, manifest(`2.0.${n}`), handlers, keys, { 'CHANGELOG.md': noise(2_000_000) });
    publishes.push(...(await times(1, () => market.publish(author, { bytes }))));
  }
  row(`publish (${(code.length / 1_000_000).toFixed(1)} MB packed), p95`, ms(p(publishes, 95)), 'limit 1000 ms');
} finally {
  await sandbox.close();
  await database.close();
  rmSync(folder, { recursive: true, force: true });
}
process.exit(0);

/** Makes packages and releases of the one that the verb published: only names, words and versions differ. */
async function fill(): Promise<void> {
  const release = await Release.findById('@acme/measured@1.0.0').lean().orFail();
  const listing = await Package.findById('@acme/measured').lean().orFail();
  const step = 500;
  for (let from = 0; from < packages; from += step) {
    const names = Array.from({ length: Math.min(step, packages - from) }, (_, n) => from + n);
    await Package.insertMany(
      names.map((n) => {
        const [_id, words] = [`@acme/bench-${n}`, wordsOf(n)];
        return { ...listing, ...words, _id, alike: takenFor(_id, words.display_name) };
      }),
    );
    const releases = names.flatMap((n) =>
      Array.from({ length: perPackage }, (_, minor) => ({
        ...release,
        _id: `@acme/bench-${n}@1.${minor}.0`,
        name: `@acme/bench-${n}`,
        version: `1.${minor}.0`,
      })),
    );
    await Release.insertMany(releases);
  }
}

function wordsOf(n: number): Partial<Package> & Pick<Package, 'display_name'> {
  const noun = nouns[n % nouns.length] ?? '';
  const verb = verbs[Math.floor(n / 10) % verbs.length] ?? '';
  const brand = `brand${Math.floor(n / 100)}`;
  return {
    display_name:
      n % 10 === 0
        ? { en: `${brand} ${verb}`, 'zh-Hans': `${n % 20 === 0 ? '工单' : '消息'}同步 ${n}` }
        : `${brand} ${verb} ${noun}`,
    description: `Lets ${brand} ${verb} every ${noun} with your projects, and keeps the ${nouns[(n + 3) % 10]} next to it`,
    changed_at: new Date(Date.now() - 3_600_000),
    keywords: [noun, verb, n % 500 === 0 ? 'github' : brand],
    categories: [`category_${n % 12}`],
    auth_types: [['oauth2', 'api_key', 'none'][n % 3] ?? 'none'],
    permissions: ['network', ...(n % 2 ? ['storage'] : [])],
    download_count: (n * 7919) % 100_000,
    rating: ((n * 31) % 50) / 10,
  };
}

/** How long each took, ms. What this process computed for each on average is left in `cpu`: other load does not move it. */
async function times(count: number, work: (n: number) => Promise<unknown>): Promise<number[]> {
  const taken: number[] = [];
  const start = process.cpuUsage();
  for (let n = 0; n < count; n += 1) {
    const began = performance.now();
    await work(n);
    taken.push(performance.now() - began);
  }
  const used = process.cpuUsage(start);
  cpu = (used.user + used.system) / 1000 / count;
  return taken;
}

/** Text whose packed size is about `length`: packages of a real size. */
function noise(length: number): string {
  return randomBytes(length).toString('base64');
}

function p(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? 0;
}

function ms(value: number): string {
  return `${value.toFixed(2)} ms`;
}

function row(what: string, value: string, more: string): void {
  console.log(`${what.padEnd(52)} ${value.padStart(12)}   ${more.padEnd(45)} (CPU ${cpu.toFixed(1)} ms each)`);
}
