import semver from 'semver';
import { resolve } from '../../marketplace/index.ts';
import { Package } from '../../marketplace/models/package.ts';
import { Release, releaseId } from '../../marketplace/models/release.ts';
import { Failure } from '../../sdk/contract/failure.ts';
import { type Language, type Text, textIn } from '../../sdk/contract/language.ts';
import { trusted } from '../database/mongoose.ts';
import { authorOf, presentDeprecation } from '../registry/present.ts';
import { version as hostVersion } from '../version.ts';
import type { Installation } from './model.ts';

/** Installed plugins as the API shows them, with what the marketplace says of each. */
export async function presentPlugins(installations: readonly Installation[], language: Language) {
  const names = installations.map(({ name }) => name);
  const [packages, releases] = await Promise.all([
    Package.find({ _id: trusted({ $in: names }) }).lean(),
    Release.find(
      { _id: trusted({ $in: installations.map((one) => releaseId(one.name, one.version)) }) },
      { icon: 1, deprecated: 1, state: 1, state_reason: 1 },
    ).lean(),
  ]);
  const listings = new Map(packages.map((one) => [one._id, one]));
  const released = new Map(releases.map((one) => [one._id, one]));
  return Promise.all(
    installations.map(async (one) => {
      const listing = listings.get(one.name);
      const release = one.source === 'marketplace' ? released.get(releaseId(one.name, one.version)) : undefined;
      return present(one, listing, { release, newest: listing ? await newestFor(listing) : null }, language);
    }),
  );
}

/** The newest release that this host runs. */
async function newestFor({ _id, latest, engines }: Package): Promise<string | null> {
  if (latest === null || runsHere(engines)) return latest;
  try {
    const version = await resolve(_id, { host_version: hostVersion });
    return version === latest ? null : version;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return null;
  }
}

const runsHere = (engines: string) => semver.satisfies(hostVersion, engines, { includePrerelease: true });

/** One installed plugin. */
export async function presentPlugin(installation: Installation, language: Language) {
  const [shown] = await presentPlugins([installation], language);
  if (!shown) throw new RangeError('one installation makes one plugin');
  return shown;
}

interface Shown {
  /** none of a sideload */
  release: Pick<Release, 'icon' | 'deprecated' | 'state' | 'state_reason'> | undefined;
  newest: string | null;
}

function present(one: Installation, listing: Package | undefined, { release, newest }: Shown, language: Language) {
  const { manifest } = one;
  return {
    id: one._id,
    name: one.name,
    display_name: inWords(manifest.display_name, language) ?? one.name,
    version: one.version,
    description: inWords(manifest.description, language) ?? '',
    author: authorOf(manifest.author),
    repository_url: manifest.repository_url ?? null,
    documentation_url: manifest.documentation_url ?? null,
    manifest: manifest as unknown as Record<string, unknown>,
    permissions: one.grants.map((grant) => ({ ...grant })),
    configuration_schema: (manifest.configuration ?? {}) as Record<string, unknown>,
    is_enabled: one.is_enabled,
    is_verified: one.is_verified,
    verification_date: one.verification_date?.toISOString() ?? null,
    download_count: listing?.download_count ?? 0,
    rating: listing?.rating ?? 0,
    review_count: listing?.review_count ?? 0,
    installed_by: one.installed_by,
    installed_at: one.installed_at.toISOString(),
    available_version: newest !== null && semver.gt(newest, one.version) ? newest : null,
    status: one.status,
    status_reason: one.status_reason,
    source: one.source,
    pinned: one.pinned,
    auto_upgrade: one.auto_upgrade,
    jitless: one.jitless,
    is_recording: one.is_recording,
    previous_version: one.previous?.version ?? null,
    canary_version: one.canary?.version ?? null,
    integration_type: one.integration_type,
    icon: release?.icon ?? null,
    deprecated: presentDeprecation(release?.deprecated ?? null),
    release_state: release?.state ?? null,
    release_state_reason: release?.state_reason ?? null,
  };
}

/** A text of a manifest in the caller's language. */
export function inWords(text: Text | undefined, language: Language): string | null {
  return text === undefined ? null : textIn(text, language);
}
