import { Package } from '../models/package.ts';
import { Publisher } from '../models/publisher.ts';
import { Release, releaseId } from '../models/release.ts';
import type { Parts } from '../parts.ts';
import { takenFor } from './find-alike.ts';
import { manifestOf } from './find-release.ts';
import { greatest } from './resolve.ts';

/** Writes the listing of a package anew from its greatest published release. Call it in the transaction of a change. */
export async function refreshPackage(parts: Parts, name: string): Promise<void> {
  const all = await Release.find({ name }, { version: 1, state: 1 }).lean();
  const open = all.filter(({ state }) => state === 'published').map(({ version }) => version);
  const latest = greatest(open);
  const now = new Date(parts.clock());
  // Without an open release the listing keeps its words: those who run it still look at its page.
  const shown = latest ?? greatest(all.map(({ version }) => version));
  if (shown === null) return;
  const release = await Release.findById(releaseId(name, shown)).lean().orFail();
  await Package.updateOne(
    { _id: name },
    {
      $set: { latest, changed_at: now, ...(await listingOf(release)) },
      $setOnInsert: { created_at: now },
    },
    { upsert: true },
  );
}

/** The same for every package of a publisher: its keys changed, so some may be signed no more. */
export async function refreshPackagesOf(parts: Parts, publisher: string): Promise<void> {
  for (const { _id } of await Package.find({ publisher }, { _id: 1 }).lean()) await refreshPackage(parts, _id);
}

async function listingOf(release: Release): Promise<Partial<Package>> {
  const manifest = manifestOf(release);
  const publisher = await Publisher.findById(release.publisher, { is_first_party: 1, keys: 1 }).lean();
  const good = new Set(publisher?.keys.filter(({ revoked_at }) => !revoked_at).map(({ key_id }) => key_id));
  return {
    publisher: release.publisher,
    display_name: manifest.display_name ?? release.name,
    alike: takenFor(release.name, manifest.display_name),
    description: manifest.description ?? '',
    categories: [...(manifest.categories ?? [])],
    keywords: [...(manifest.keywords ?? [])],
    auth_types: [...new Set((manifest.auth ?? []).map(({ type }) => type))],
    permissions: [...new Set((manifest.permissions ?? []).map((permission) => permission.name))],
    permissions_text: JSON.stringify(manifest.permissions ?? []),
    integration_type: manifest.integration?.type ?? null,
    engines: manifest.engines?.patchbay ?? '*',
    is_verified: release.is_verified,
    is_signed: release.signatures.some(({ key_id }) => good.has(key_id)),
    is_deprecated: release.deprecated !== null,
    is_first_party: publisher?.is_first_party ?? false,
    icon: release.icon,
    published_at: release.published_at,
    origin: release.origin,
  };
}
