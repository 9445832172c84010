import { checkManifest } from '../../sdk/contract/check-manifest.ts';
import type { Manifest } from '../../sdk/contract/manifest.ts';
import { manifestDigest, type Signature } from '../../sdk/package/sign.ts';
import { Publisher, type PublisherKey } from '../models/publisher.ts';
import { Release, type ReleaseState, releaseId } from '../models/release.ts';
import type { Parts } from '../parts.ts';
import { refreshPackage, refreshPackagesOf } from '../releases/refresh-package.ts';
import { hasGoodSignature } from '../releases/signature.ts';

/** A publisher as another registry tells of it. */
export interface ForeignPublisher {
  name: string;
  display_name: string;
  keys: {
    key_id: string;
    public_key: string;
    added_at: string;
    revoked_at: string | null;
    revoked_reason?: string | null;
  }[];
  created_at: string;
}

/** A release as another registry tells of it, without the bytes. */
export interface ForeignRelease {
  name: string;
  version: string;
  publisher: string;
  state: ReleaseState;
  state_reason?: string | null;
  digest: string;
  integrity: string;
  signatures: Signature[];
  size: number;
  handlers: string[];
  is_verified: boolean;
  verified_at?: string | null;
  verified_by?: string | null;
  verified_reason?: string | null;
  deprecated?: { reason: string; at: string } | null;
  published_at: string;
  manifest: Manifest;
  readme?: string | null;
  changelog?: string | null;
  icon?: string | null;
  screenshots?: string[];
}

/** Something from another registry does not prove itself: it is left out, and said. */
export class MirrorError extends Error {
  override readonly name = 'MirrorError';
}

/**
 * Takes a publisher of another registry over, with its keys. One that is at home here stays as it is.
 *
 * @returns whether it was taken
 */
export async function takePublisher(parts: Parts, given: ForeignPublisher, origin: string): Promise<boolean> {
  const known = await Publisher.findById(given.name, { origin: 1, keys: 1 }).lean();
  if (known && known.origin !== origin) return false;
  const told: PublisherKey[] = given.keys.map((key) => ({
    key_id: key.key_id,
    public_key: key.public_key,
    added_by: origin,
    added_at: new Date(key.added_at),
    revoked_at: key.revoked_at ? new Date(key.revoked_at) : null,
    revoked_reason: key.revoked_reason ?? null,
  }));
  const keys = addKnown(told, known?.keys ?? []);
  await Publisher.updateOne(
    { _id: given.name },
    {
      $set: { display_name: given.display_name, keys },
      $setOnInsert: {
        origin,
        created_by: origin,
        created_at: new Date(given.created_at),
        members: [],
        is_first_party: false,
      },
    },
    { upsert: true },
  );
  // Only a key that is good no more changes what is signed; a publisher may have very many packages.
  const good = new Set(known?.keys.filter(({ revoked_at }) => !revoked_at).map(({ key_id }) => key_id));
  if (keys.some(({ key_id, revoked_at }) => revoked_at && good.has(key_id))) await refreshPackagesOf(parts, given.name);
  return true;
}

/** Keys as told, with what is known of them: a file of earlier takes no key away, and never makes a revoked one good. */
function addKnown(told: readonly PublisherKey[], known: readonly PublisherKey[]): PublisherKey[] {
  const revoked = new Map(known.filter(({ revoked_at }) => revoked_at).map((key) => [key.key_id, key]));
  const later = known.filter(({ key_id }) => !told.some((key) => key.key_id === key_id));
  return [...told.map((key) => revoked.get(key.key_id) ?? key), ...later];
}

/**
 * Takes a release of another registry over, without its bytes, once it proves itself: a valid manifest with the digest
 * that was logged, signed by its publisher. What was yanked stays so. One that is released here with the same digest only gains the signatures.
 *
 * @throws MirrorError
 */
export async function takeRelease(parts: Parts, given: ForeignRelease, origin: string): Promise<void> {
  const checked = checkManifest(given.manifest);
  if (!checked.ok) throw new MirrorError(`${given.name}@${given.version}: ${checked.errors[0]?.message}`);
  const { manifest } = checked;
  const _id = releaseId(given.name, given.version);
  if (manifestDigest(manifest) !== given.digest || manifest.name !== given.name || manifest.version !== given.version) {
    throw new MirrorError(`The manifest of ${_id} is not the one that its registry logged`);
  }
  const known = await Release.findById(_id).lean();
  if (known && known.origin !== origin) return addSignatures(known, given);
  const publisher = await Publisher.findById(given.publisher).lean();
  if (!publisher || publisher.origin !== origin) {
    throw new MirrorError(`${_id} is not taken: ${given.publisher} is at home elsewhere`);
  }
  if (!hasGoodSignature(manifest, given.signatures, publisher)) {
    throw new MirrorError(`${_id} has no signature by a key of ${given.publisher} that is still good`);
  }
  const { _id: __, ...told } = releaseOf(given, manifest, origin);
  const release = known?.state === 'yanked' ? { ...told, state: known.state, state_reason: known.state_reason } : told;
  await Release.updateOne({ _id }, { $set: release }, { upsert: true });
  await refreshPackage(parts, given.name);
}

async function addSignatures(known: Release, given: ForeignRelease): Promise<void> {
  if (known.digest !== given.digest) {
    throw new MirrorError(`${known._id} is released here with another content; the one from elsewhere is left out`);
  }
  const fresh = given.signatures.filter(({ key_id }) => !known.signatures.some((one) => one.key_id === key_id));
  if (fresh.length === 0) return;
  await Release.updateOne({ _id: known._id }, { $set: { signatures: [...known.signatures, ...fresh] } });
}

function releaseOf(given: ForeignRelease, manifest: Manifest, origin: string): Omit<Release, 'download_count'> {
  const date = (text: string | null | undefined) => (text ? new Date(text) : null);
  return {
    _id: releaseId(given.name, given.version),
    name: given.name,
    version: given.version,
    publisher: given.publisher,
    state: given.state,
    state_reason: given.state_reason ?? null,
    digest: given.digest,
    integrity: given.integrity,
    signatures: given.signatures.map(({ key_id, signature }) => ({ key_id, signature })),
    manifest_text: JSON.stringify(manifest),
    size: given.size,
    script_size: 0,
    handlers: given.handlers,
    readme: given.readme ?? null,
    changelog: given.changelog ?? null,
    icon: given.icon ?? null,
    screenshots: given.screenshots ?? [],
    findings: [],
    is_verified: given.is_verified,
    verified_at: date(given.verified_at),
    verified_by: given.verified_by ?? null,
    verified_reason: given.verified_reason ?? null,
    is_security_fix: false,
    deprecated: given.deprecated ? { reason: given.deprecated.reason, at: new Date(given.deprecated.at) } : null,
    published_by: origin,
    published_at: new Date(given.published_at),
    log_index: null,
    origin,
  };
}
