import type { Readable } from 'node:stream';
import type { Checkpoint } from '../sdk/package/index.ts';
import { checkpoint } from './log/checkpoint.ts';
import { type Proof, prove } from './log/read.ts';
import { exportPackages } from './mirror/export.ts';
import { fetchBundle } from './mirror/fetch-bundle.ts';
import { type Followed, followRemote } from './mirror/follow-remote.ts';
import { type Imported, importPackages } from './mirror/import.ts';
import type { Package } from './models/package.ts';
import type { Publisher, PublisherKey } from './models/publisher.ts';
import type { Release } from './models/release.ts';
import type { Review } from './models/review.ts';
import type { Actor, Parts } from './parts.ts';
import { addKey, revokeKey } from './publishers/change-keys.ts';
import { removeMember, setMember } from './publishers/change-members.ts';
import { createPublisher } from './publishers/create-publisher.ts';
import { deprecate, rejectRelease, type StateChange, setBlock, verifyRelease, yank } from './releases/change-state.ts';
import { countDownload } from './releases/count-download.ts';
import { diffReleases, type ReleaseDiff } from './releases/diff-releases.ts';
import { type PublishRequest, publish } from './releases/publish.ts';
import { type ReviewRequest, removeReview, writeReview } from './reviews/write-review.ts';
import { followPackages } from './search/follow.ts';
import type { Facets, SearchQuery } from './search/search-index.ts';

export { readLog } from './log/read.ts';
export type { Actor, HostKey, Inspection, Parts } from './parts.ts';
export { publisherPattern } from './publishers/create-publisher.ts';
export { findPublisher } from './publishers/find-publisher.ts';
export { listPublishers } from './publishers/list-publishers.ts';
export { findPackage, findRelease, latestManifest, manifestOf } from './releases/find-release.ts';
export { listReleases, type ReleaseFilter } from './releases/list-releases.ts';
export { readBundle } from './releases/read-bundle.ts';
export { type ResolveOptions, resolve } from './releases/resolve.ts';
export { listReviews } from './reviews/write-review.ts';
export { type Health, type Risk, risk } from './risk.ts';
export { type Facets, type SearchQuery, sortings } from './search/search-index.ts';

/**
 * The registry over its models: publishers, packages, releases, reviews, log. It knows no project, no sandbox and no
 * HTTP; what it needs of them is handed in. What only reads needs no parts and is exported beside it.
 */
export function createMarketplace(parts: Parts) {
  const packages = followPackages(parts.host_version);
  return {
    publish: (actor: Actor, request: PublishRequest): Promise<{ release: Release; is_new: boolean }> =>
      publish(parts, actor, request),
    yank: (actor: Actor, change: StateChange): Promise<Release> => yank(parts, actor, change),
    deprecate: (actor: Actor, change: StateChange): Promise<Release> => deprecate(parts, actor, change),
    verify: (actor: Actor, change: StateChange & { is_security_fix?: boolean }): Promise<Release> =>
      verifyRelease(parts, actor, change),
    reject: (actor: Actor, change: StateChange): Promise<Release> => rejectRelease(parts, actor, change),
    block: (actor: Actor, name: string, reason: string): Promise<Package> => setBlock(parts, actor, name, reason),
    unblock: (actor: Actor, name: string): Promise<Package> => setBlock(parts, actor, name, null),

    createPublisher: (
      actor: Actor,
      wanted: { name: string; display_name?: string; is_first_party?: boolean },
    ): Promise<Publisher> => createPublisher(parts, actor, wanted),
    setMember: (
      actor: Actor,
      name: string,
      member: { user_id: string; role: 'owner' | 'member' },
    ): Promise<Publisher> => setMember(actor, name, member),
    removeMember: (actor: Actor, name: string, user_id: string): Promise<Publisher> =>
      removeMember(actor, name, user_id),
    addKey: (actor: Actor, name: string, public_key: string): Promise<PublisherKey> =>
      addKey(parts, actor, name, public_key),
    revokeKey: (actor: Actor, name: string, asked: { key_id: string; reason: string }): Promise<PublisherKey> =>
      revokeKey(parts, actor, name, asked),

    countDownload: (name: string, version: string, workspace_id: string): Promise<void> =>
      countDownload(parts, name, version, workspace_id),
    writeReview: (request: ReviewRequest, expects: 'new' | 'existing'): Promise<Review> =>
      writeReview(parts, request, expects),
    removeReview: (name: string, user_id: string): Promise<void> => removeReview(parts, name, user_id),

    /** Makes sure that the package of a release is stored here, fetched from its origin when need be. */
    fetchBundle: (release: Release): Promise<void> => fetchBundle(parts, release),
    /** What a release changes against another, or the one before it. */
    diff: (asked: { name: string; version: string; from?: string | undefined }): Promise<ReleaseDiff> =>
      diffReleases((release) => fetchBundle(parts, release), asked),
    exportPackages: (names: readonly string[]): Promise<Readable> => exportPackages(parts, names),
    importPackages: (bytes: Buffer): Promise<Imported> => importPackages(parts, bytes),
    followRemote: (origin: string): Promise<Followed> => followRemote(parts, origin),

    /** Reads what changed since the last time into this node's search index. */
    update: packages.update,
    /** Searches this node's index. */
    search: (query: SearchQuery): { names: string[]; total: number; facets: Facets } => packages.index.find(query),
    checkpoint: (): Promise<Checkpoint> => checkpoint(parts),
    prove: (asked: { index?: number; since?: number }): Promise<Proof> => prove(parts, asked),
    /** what the registry was built with */
    parts,
  };
}

export type Marketplace = ReturnType<typeof createMarketplace>;
