import { Package } from '../models/package.ts';
import { Publisher } from '../models/publisher.ts';
import { Release, releaseId } from '../models/release.ts';
import type { Parts } from '../parts.ts';
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

async function listingOf(release: Release): Promise<Partial<Package>> {
  const manifest = manifestOf(release);
  const publisher = await Publisher.findById(release.publisher, { is_first_party: 1 }).lean();
  return {
    publisher: release.publisher,
    display_name: manifest.display_name ?? release.name,
    description: manifest.description ?? '',
    categories: [...(manifest.categories ?? [])],
    keywords: [...(manifest.keywords ?? [])],
    auth_types: [...new Set((manifest.auth ?? []).map(({ type }) => type))],
    permissions: [...new Set((manifest.permissions ?? []).map((permission) => permission.name))],
    permissions_text: JSON.stringify(manifest.permissions ?? []),
    integration_type: manifest.integration?.type ?? null,
    engines: manifest.engines?.patchbay ?? '*',
    is_verified: release.is_verified,
    is_signed: release.signatures.length > 0,
    is_deprecated: release.deprecated !== null,
    is_first_party: publisher?.is_first_party ?? false,
    icon: release.icon,
    published_at: release.published_at,
    origin: release.origin,
  };
}
