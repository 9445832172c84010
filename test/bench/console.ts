// First contentful paint of the marketplace with 20,000 packages over that of an empty page, in one Chromium, by turns.
// PACKAGES=2000 makes fewer. "Empty" is the console's own page without content (an address that is no page), and for
// comparison a document of the host that needs no script (/docs).
import { connectDatabase } from '../../core/database/connect.ts';
import { log } from '../../core/log.ts';
import { Package } from '../../marketplace/models/package.ts';
import { closeBrowser, openWindow, signIn } from '../console/browser.ts';
import { startHost } from '../helpers/host.ts';

const packages = Number(process.env.PACKAGES ?? 20_000);
const rounds = 15;
const host = await startHost();
try {
  await host.request('GET', '/plugins/marketplace');
  await host.stop();
  await fill(host.data);
  await host.restart();
  const window = await openWindow();
  await signIn(window, host);
  const { total } = (await host.request('GET', '/plugins/marketplace')).body.content;
  console.log(`${total} packages in the marketplace`);
  const places = { marketplace: '/marketplace', empty: '/nowhere', document: '/docs' };
  const paints: Record<string, number[]> = { marketplace: [], empty: [], document: [] };
  // The first round fills Chromium's caches for all three and does not count.
  for (let round = 0; round <= rounds; round += 1)
    for (const [name, address] of Object.entries(places)) {
      await window.page.goto(host.url + address, { waitUntil: 'networkidle' });
      const paint = await window.page.evaluate('performance.getEntriesByName("first-contentful-paint")[0]?.startTime');
      if (round > 0) paints[name]?.push(Number(paint));
    }
  const middle = (name: string): number => {
    const sorted = [...(paints[name] ?? [])].sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  };
  const [full, empty, plain] = [middle('marketplace'), middle('empty'), middle('document')];
  console.log(`first contentful paint, median of ${rounds}: marketplace ${full.toFixed(0)} ms`);
  console.log(`  empty page of the console  ${empty.toFixed(0)} ms   ${(full / empty).toFixed(2)} × (at most 2)`);
  console.log(`  page without script        ${plain.toFixed(0)} ms   ${(full / plain).toFixed(2)} ×`);
} finally {
  await closeBrowser();
  await host.remove();
}
process.exit(0);

/** Makes packages of a first-party one; only names and words differ. */
async function fill(data: string): Promise<void> {
  const database = await connectDatabase({ uri: process.env.MONGODB_URI ?? null, data, log });
  const listing = await Package.findById('@patchbay/hello').lean().orFail();
  const step = 500;
  for (let from = 0; from < packages; from += step)
    await Package.insertMany(
      Array.from({ length: Math.min(step, packages - from) }, (_, n) => ({
        ...listing,
        _id: `@patchbay/copy-${from + n}`,
        display_name: `Copy ${from + n}`,
        download_count: ((from + n) * 7919) % 100_000,
        changed_at: new Date(Date.now() - 3_600_000),
      })),
    );
  await database.close();
}
