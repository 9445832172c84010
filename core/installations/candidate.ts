import canonicalize from 'canonicalize';
import semver from 'semver';
import { findPackage, findPublisher, findRelease, manifestOf, resolve } from '../../marketplace/index.ts';
import { Package } from '../../marketplace/models/package.ts';
import { manifestRefusal, refused } from '../../marketplace/releases/intake.ts';
import { hasGoodSignature } from '../../marketplace/releases/signature.ts';
import { checkManifest } from '../../sdk/contract/check-manifest.ts';
import { Failure } from '../../sdk/contract/failure.ts';
import { quote } from '../../sdk/contract/quote.ts';
import { manifestDigest } from '../../sdk/package/sign.ts';
import { trusted } from '../database/mongoose.ts';
import { marketplace } from '../registry/marketplace.ts';
import { version as hostVersion } from '../version.ts';
import { effectivePolicy, type PolicyRules } from './policy.ts';
import { type Candidate, takeSideload } from './sideload.ts';

export interface Wish {
  name: string;
  /** exact version, or a range */
  version?: string;
  /** as the older descriptions send it: must equal the released one, or, with `bundle`, is a sideload */
  manifest?: unknown;
  /** source of the ES module: a sideload */
  bundle?: string;
  /** automatic upgrades: only releases published before */
  published_before?: Date;
}

/**
 * Finds what a wish to install or upgrade means and proves that it may run here: policy, compatibility with this host,
 * signature by a key that is still good, digest of manifest and bytes.
 *
 * @throws Failure `plugin_not_found`, `validation_failed` when a name fits several packages, `install_refused`
 */
export async function findCandidate(workspace_id: string, wish: Wish): Promise<Candidate> {
  const policy = await effectivePolicy(workspace_id);
  const candidate =
    wish.bundle === undefined ? await released(wish, policy) : await sideloaded(wish.manifest, wish.bundle, policy);
  const { name, version, engines } = candidate.manifest;
  if (!semver.satisfies(hostVersion, engines?.patchbay ?? '*', { includePrerelease: true })) {
    throw refused('incompatible', `${name}@${version} runs on Patchbay ${engines?.patchbay}; this is ${hostVersion}`);
  }
  return candidate;
}

async function sideloaded(manifest: unknown, bundle: string, policy: PolicyRules): Promise<Candidate> {
  if (!policy.allow_sideload) {
    throw refused(
      'sideload',
      'Sideloading is not allowed here: publish the package, or set PATCHBAY_ALLOW_SIDELOAD=true for development',
    );
  }
  return takeSideload(manifest, bundle);
}

async function released(wish: Wish, policy: PolicyRules): Promise<Candidate> {
  const given = wish.manifest === undefined ? null : checkManifest(wish.manifest);
  if (given && !given.ok) throw manifestRefusal(given.errors);
  const name = await packageNamed(wish.name);
  const publisher = name.split('/')[0] ?? '';
  if (policy.blocked_publishers.includes(publisher)) {
    throw refused('publisher_blocked', `The policy here blocks everything of ${publisher}`);
  }
  const version = await resolve(name, {
    ...(wish.version !== undefined && { version: wish.version }),
    ...(wish.published_before && { published_before: wish.published_before }),
    verified_only: policy.verified_only,
    host_version: hostVersion,
  });
  const release = await findRelease(name, version);
  const manifest = manifestOf(release);
  if (given && manifestDigest(given.manifest) !== release.digest && !isSame(given.manifest, manifest)) {
    throw refused('manifest_differs', `The manifest given is not the one of ${name}@${version}; leave it out`);
  }
  if (manifestDigest(JSON.parse(release.manifest_text)) !== release.digest) {
    throw refused('tampered', `The stored manifest of ${name}@${version} does not have its digest`);
  }
  if (!hasGoodSignature(manifest, release.signatures, await findPublisher(publisher))) {
    throw refused('signature', `${name}@${version} has no signature by a key of ${publisher} that is still good`);
  }
  await marketplace().fetchBundle(release);
  return {
    manifest,
    manifest_text: release.manifest_text,
    digest: release.digest,
    integrity: release.integrity,
    handlers: release.handlers,
    is_verified: release.is_verified,
    verification_date: release.verified_at,
    source: 'marketplace',
  };
}

/** What a person wrote by hand lacks the list of files that `pack` added. */
function isSame(given: object, manifest: object): boolean {
  const plain = (value: object) => canonicalize({ ...value, files: null });
  return plain(given) === plain(manifest);
}

/** The package that a name means: scoped, unscoped, or what the listing shows as its title. */
async function packageNamed(name: string): Promise<string> {
  if (name.startsWith('@')) return (await findPackage(name))._id;
  const exact = await Package.find(
    {
      $or: [
        { _id: trusted({ $regex: `/${literal(name)}$` }) },
        ...['display_name', 'display_name.en', 'display_name.zh-Hans', 'display_name.zh-Hant'].map((field) => ({
          [field]: name,
        })),
      ],
    },
    { _id: 1 },
  )
    .limit(20)
    .lean();
  const names = exact.map(({ _id }) => _id).sort();
  if (names.length === 1 && names[0]) return names[0];
  if (names.length === 0) return (await findPackage(name))._id;
  const message = `${quote(name)} fits ${names.length} packages: ${names.join(', ')}; name one of them`;
  throw new Failure('validation_failed', {
    message,
    content: {
      matches: names,
      errors: [{ pointer: '/name', message, keyword: 'ambiguous', params: { matches: names } }],
    },
  });
}

function literal(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}
