import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Publisher } from '../../marketplace/models/publisher.ts';
import { Release } from '../../marketplace/models/release.ts';
import type { Actor } from '../../marketplace/parts.ts';
import { Failure } from '../../sdk/contract/failure.ts';
import { integrityOf } from '../../sdk/package/integrity.ts';
import { sign } from '../../sdk/package/sign.ts';
import { config } from '../config.ts';
import { withLease } from '../jobs/with-lease.ts';
import { log } from '../log.ts';
import { followRemote } from './follow-remote.ts';
import { hostKey } from './host-key.ts';
import { openMarketplace } from './marketplace.ts';

const firstParty = '@patchbay';
const host: Actor = { kind: 'system', id: 'host', label: 'host', user_id: null, is_operator: true };
const packed = join(import.meta.dirname, '../../plugins');

/**
 * Opens the marketplace and publishes the packages that `prepare` packed, signed with this host's key and verified.
 * Those that are published already are left as they are. One node at a time does it. Then a remote registry is followed,
 * when there is one.
 *
 * @param folder holds `<plugin>/dist/*.tgz`
 */
export async function publishFirstParty(folder: string = packed): Promise<void> {
  const market = await openMarketplace();
  await withLease('registry.first-party', async () => {
    await ensurePublisher();
    for (const path of await packages(folder)) await publishOne(path);
  });
  await market.update();
  const remote = config().registry_url;
  if (remote !== null) followRemote(remote);
}

async function publishOne(path: string): Promise<void> {
  const market = await openMarketplace();
  const key = await hostKey();
  const bytes = await readFile(path);
  const integrity = integrityOf(bytes);
  // What this key signed was judged then: a start does not judge it again.
  if (await Release.exists({ integrity, 'signatures.key_id': key.key_id })) return;
  try {
    const { release, is_new } = await market.publish(host, {
      bytes,
      is_verified: true,
      signature: (manifest) => sign(manifest, key.private_key),
    });
    if (is_new) log.info({ release: release._id }, 'published a first-party package');
  } catch (error) {
    // A package that was changed without a new version: the release stays what it was, and the host goes on.
    if (!(error instanceof Failure)) throw error;
    log.warn({ path, reason: error.message }, 'a first-party package was not published');
  }
}

async function ensurePublisher(): Promise<void> {
  const market = await openMarketplace();
  const key = await hostKey();
  const found = await Publisher.findById(firstParty).lean();
  if (!found) {
    await market.createPublisher(host, { name: firstParty, display_name: 'Patchbay', is_first_party: true });
  }
  if (!found?.keys.some(({ key_id }) => key_id === key.key_id)) await market.addKey(host, firstParty, key.public_key);
}

async function packages(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const plugin of (await readdir(folder, { withFileTypes: true }).catch(() => [])).sort()) {
    if (!plugin.isDirectory()) continue;
    const dist = join(folder, plugin.name, 'dist');
    const files = await readdir(dist).catch(() => []);
    found.push(...files.filter((file) => file.endsWith('.tgz')).map((file) => join(dist, file)));
  }
  return found.sort();
}
