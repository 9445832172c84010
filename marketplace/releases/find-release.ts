import { LRUCache } from 'lru-cache';
import { Failure } from '../../sdk/contract/failure.ts';
import type { Manifest } from '../../sdk/contract/manifest.ts';
import { nearest } from '../../sdk/contract/nearest.ts';
import { quote } from '../../sdk/contract/quote.ts';
import { Package } from '../models/package.ts';
import { Release, releaseId } from '../models/release.ts';

const parsed = new LRUCache<string, Manifest>({ max: 500 });

/** The manifest of a release, parsed once for each digest: its schemas are compiled once then. Not to be changed. */
export function manifestOf({ digest, manifest_text }: Pick<Release, 'digest' | 'manifest_text'>): Manifest {
  const known = parsed.get(digest);
  if (known) return known;
  const manifest = JSON.parse(manifest_text) as Manifest;
  parsed.set(digest, manifest);
  return manifest;
}

/** @throws Failure `plugin_not_found`, naming the nearest package */
export async function findPackage(name: string): Promise<Package> {
  const found = await Package.findById(name).lean();
  if (found) return found;
  const known = await Package.find({}, { _id: 1 }).limit(5000).lean();
  const names = known.map(({ _id }) => _id);
  // People leave the publisher out more often than they misspell a name.
  const plain = (one: string) => one.replace(/^.*\//, '');
  const meant = name.startsWith('@') ? undefined : nearest(name, names.map(plain));
  const near = names.find((one) => plain(one) === (meant ?? plain(name))) ?? nearest(name, names);
  throw new Failure('plugin_not_found', {
    message: `The marketplace has no ${quote(name)}${near ? `; did you mean ${near}?` : ''}`,
    content: { nearest: near ?? null },
  });
}

/** @throws Failure `plugin_not_found`, naming the versions that exist */
export async function findRelease(name: string, version: string): Promise<Release> {
  const release = await Release.findById(releaseId(name, version)).lean();
  if (release) return release;
  await findPackage(name);
  const versions = (await Release.find({ name }, { version: 1 }).lean()).map((one) => one.version);
  throw new Failure('plugin_not_found', {
    message: `${name} has no version ${quote(version)}; it has ${versions.slice(-10).join(', ')}`,
    content: { nearest: nearest(version, versions) ?? null },
  });
}

/** The manifest of the release that a package's listing shows. */
export async function latestManifest(name: string): Promise<Manifest | undefined> {
  const listing = await Package.findById(name, { latest: 1 }).lean();
  if (!listing?.latest) return undefined;
  const release = await Release.findById(releaseId(name, listing.latest), { digest: 1, manifest_text: 1 }).lean();
  return release ? manifestOf(release) : undefined;
}
