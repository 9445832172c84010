import { type Health, manifestOf, risk } from '../../marketplace/index.ts';
import type { LogEntry } from '../../marketplace/models/log-entry.ts';
import type { Package } from '../../marketplace/models/package.ts';
import type { Publisher } from '../../marketplace/models/publisher.ts';
import type { Release } from '../../marketplace/models/release.ts';
import type { Review } from '../../marketplace/models/review.ts';
import { type Language, textIn } from '../../sdk/contract/language.ts';
import type { Manifest } from '../../sdk/contract/manifest.ts';

const iso = (at: Date | null) => at?.toISOString() ?? null;

/** A line of the marketplace. */
export function presentListing(
  listing: Package,
  health: Health | null,
  language: Language,
  permissions?: Manifest['permissions'],
) {
  return {
    name: listing._id,
    display_name: textIn(listing.display_name, language),
    description: textIn(listing.description, language),
    publisher: listing.publisher,
    version: listing.latest,
    categories: listing.categories,
    keywords: listing.keywords,
    auth_types: listing.auth_types,
    permissions: listing.permissions,
    integration_type: listing.integration_type,
    engines: listing.engines,
    is_verified: listing.is_verified,
    is_signed: listing.is_signed,
    is_deprecated: listing.is_deprecated,
    is_first_party: listing.is_first_party,
    is_blocked: listing.blocked !== null,
    icon: listing.icon,
    download_count: listing.download_count,
    rating: listing.rating,
    review_count: listing.review_count,
    updated_at: iso(listing.published_at),
    origin: listing.origin,
    risk: risk(
      {
        permissions: permissions ?? (JSON.parse(listing.permissions_text) as Manifest['permissions']),
        is_signed: listing.is_signed,
        is_verified: listing.is_verified,
        is_first_party: listing.is_first_party,
        is_deprecated: listing.is_deprecated,
        is_blocked: listing.blocked !== null,
        published_at: listing.published_at,
        health,
      },
      Date.now(),
    ),
    health,
  };
}

type ReleaseLine = Omit<Release, 'manifest_text' | 'readme' | 'changelog' | 'findings' | 'icon'>;

export function presentRelease(release: ReleaseLine) {
  return {
    name: release.name,
    version: release.version,
    publisher: release.publisher,
    state: release.state,
    state_reason: release.state_reason,
    digest: release.digest,
    integrity: release.integrity,
    signatures: release.signatures.map(({ key_id, signature }) => ({ key_id, signature })),
    size: release.size,
    handlers: release.handlers,
    is_verified: release.is_verified,
    verified_at: iso(release.verified_at),
    verified_by: release.verified_by,
    verified_reason: release.verified_reason,
    deprecated: presentDeprecation(release.deprecated),
    published_at: release.published_at.toISOString(),
    log_index: release.log_index,
    download_count: release.download_count,
  };
}

/** Why a publisher advises against a release, and since when; null where none does. */
export function presentDeprecation(deprecated: Release['deprecated']) {
  return deprecated && { reason: deprecated.reason, at: deprecated.at.toISOString() };
}

export function presentReleaseDetail(release: Release) {
  return {
    ...presentRelease(release),
    manifest: manifestOf(release) as unknown as Record<string, unknown>,
    readme: release.readme,
    changelog: release.changelog,
    icon: release.icon,
    screenshots: release.screenshots,
  };
}

/** Everything that helps to decide about one plugin. */
export function presentDetail(given: {
  listing: Package;
  releases: ReleaseLine[];
  shown: Release;
  manifest: Manifest;
  health: Health | null;
  stars: { _id: number; count: number }[];
  language: Language;
}) {
  const { listing, releases, shown, manifest, health, stars, language } = given;
  return {
    ...presentListing(listing, health, language, manifest.permissions ?? []),
    author: authorOf(manifest.author),
    license: manifest.license ?? null,
    repository_url: manifest.repository_url ?? null,
    documentation_url: manifest.documentation_url ?? null,
    support_url: manifest.support_url ?? null,
    privacy_url: manifest.privacy_url ?? null,
    versions: [...releases].sort((a, b) => b.published_at.getTime() - a.published_at.getTime()).map(presentRelease),
    manifest: manifest as unknown as Record<string, unknown>,
    permissions_asked: (manifest.permissions ?? []).map((permission) => permission as { name: string }),
    configuration_schema: (manifest.configuration ?? {}) as Record<string, unknown>,
    readme: shown.readme,
    changelog: shown.changelog,
    screenshots: shown.screenshots,
    block_reason: listing.blocked?.reason ?? null,
    ratings: Object.fromEntries(
      [1, 2, 3, 4, 5].map((rating) => [rating, stars.find(({ _id }) => _id === rating)?.count ?? 0]),
    ),
  };
}

export function presentPublisher(publisher: Publisher) {
  return {
    name: publisher._id,
    display_name: publisher.display_name,
    is_first_party: publisher.is_first_party,
    origin: publisher.origin,
    keys: publisher.keys.map((key) => ({
      key_id: key.key_id,
      public_key: key.public_key,
      added_at: key.added_at.toISOString(),
      revoked_at: iso(key.revoked_at),
      revoked_reason: key.revoked_reason,
    })),
    created_at: publisher.created_at.toISOString(),
  };
}

export function presentReview(review: Review, user_id: string | null) {
  return {
    name: review.name,
    author: review.author,
    rating: review.rating,
    text: review.text,
    version: review.version,
    is_mine: review.user_id === user_id,
    created_at: review.created_at.toISOString(),
    updated_at: review.updated_at.toISOString(),
  };
}

export function presentLogEntry(entry: LogEntry) {
  const { _id, kind, subject, version, leaf, at } = entry;
  return { index: _id, kind, subject, version, leaf, at: at.toISOString() };
}

/** The author as one line. */
export function authorOf(author: Manifest['author']): string | null {
  if (author === undefined) return null;
  return typeof author === 'string' ? author : author.name;
}
