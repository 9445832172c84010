import semver from 'semver';
import { Failure } from '../../sdk/contract/failure.ts';
import { quote } from '../../sdk/contract/quote.ts';
import { Release, type ReleaseState, releaseId } from '../models/release.ts';
import { findPackage, manifestOf } from './find-release.ts';
import { refused } from './intake.ts';

export interface ResolveOptions {
  /** exact version, or a semver range; the greatest stable release without it */
  version?: string;
  verified_only?: boolean;
  /** of several that fit, the greatest that runs on this version of Patchbay */
  host_version?: string;
  /** releases published after this are left out: the cool-down of automatic upgrades */
  published_before?: Date;
}

type Candidate = Pick<Release, 'version' | 'state' | 'is_verified' | 'published_at' | 'is_security_fix'>;

/**
 * Finds the version that a wish means. An exact one must be published; a range takes the greatest published one that
 * fits and runs here, pre-releases only where the range names one.
 *
 * @throws Failure `plugin_not_found` for an unknown package, `install_refused` when no release fits (with those that
 *   exist), or when the package is blocked
 */
export async function resolve(name: string, options: ResolveOptions = {}): Promise<string> {
  const listing = await findPackage(name);
  if (listing.blocked) throw refused('blocked', `${name} is blocked here: ${listing.blocked.reason}`);
  const all: Candidate[] = await Release.find(
    { name },
    { version: 1, state: 1, is_verified: 1, published_at: 1, is_security_fix: 1 },
  ).lean();
  const wanted = options.version;
  const exact = wanted === undefined ? undefined : all.find(({ version }) => version === wanted);
  if (exact) return mustBeInstallable(name, exact, options);
  if (wanted !== undefined && semver.validRange(wanted) === null) {
    const message = `${quote(wanted)} is no version and no range; write one such as "1.2.0", "^1.2.0" or "1.x"`;
    throw new Failure('validation_failed', {
      message,
      content: { errors: [{ pointer: '/version', message, keyword: 'format', params: {} }] },
    });
  }
  const open = all.filter((one) => one.state === 'published' && fits(one, options));
  let left = open.map(({ version }) => version);
  const best = bestOf(left, wanted);
  for (let next = best; next !== null; next = bestOf(left, wanted)) {
    if (options.host_version === undefined || (await runsOn(options.host_version, name, next))) return next;
    left = left.filter((version) => version !== next);
  }
  // None runs here: whoever installs the best one hears what it needs.
  if (best) return best;
  const versions = open.map(({ version }) => version).sort(semver.rcompare);
  throw refused(
    'no_release',
    `No ${options.verified_only ? 'verified ' : ''}release of ${name} fits ${quote(wanted ?? '*')}; there ${versions.length === 1 ? 'is' : 'are'} ${versions.slice(0, 10).join(', ') || 'none'}`,
  );
}

function bestOf(versions: readonly string[], wanted: string | undefined): string | null {
  return semver.maxSatisfying([...versions], wanted ?? '*') ?? (wanted === undefined ? greatest(versions) : null);
}

/** Read one at a time: manifests are long, and nearly always the first one fits. */
async function runsOn(host_version: string, name: string, version: string): Promise<boolean> {
  const release = await Release.findById(releaseId(name, version), { digest: 1, manifest_text: 1 }).lean().orFail();
  const range = manifestOf(release).engines?.patchbay ?? '*';
  return semver.satisfies(host_version, range, { includePrerelease: true });
}

function mustBeInstallable(name: string, release: Candidate, options: ResolveOptions): string {
  const why: Partial<Record<ReleaseState, string>> = {
    submitted: 'is still being checked',
    yanked: 'was withdrawn by its publisher',
    rejected: 'was rejected by a reviewer',
  };
  const obstacle = why[release.state];
  if (obstacle) throw refused(release.state, `${name}@${release.version} ${obstacle}; choose another version`);
  if (options.verified_only && !release.is_verified) {
    throw refused('unverified', `${name}@${release.version} is not verified, and the policy takes only what is`);
  }
  return release.version;
}

function fits(release: Candidate, { verified_only, published_before }: ResolveOptions): boolean {
  if (verified_only && !release.is_verified) return false;
  return !published_before || release.is_security_fix || release.published_at <= published_before;
}

/** The greatest version; a stable one before any pre-release. */
export function greatest(versions: readonly string[]): string | null {
  return semver.maxSatisfying([...versions], '*') ?? [...versions].sort(semver.rcompare)[0] ?? null;
}
