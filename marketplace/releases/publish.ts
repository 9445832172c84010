import { transaction } from '../../core/database/transaction.ts';
import { Failure } from '../../sdk/contract/failure.ts';
import type { Manifest } from '../../sdk/contract/manifest.ts';
import type { Signature } from '../../sdk/package/sign.ts';
import { append, type LogFact } from '../log/append.ts';
import { Bundle } from '../models/bundle.ts';
import { Package } from '../models/package.ts';
import type { Publisher } from '../models/publisher.ts';
import { Release, releaseId } from '../models/release.ts';
import type { Actor, Parts } from '../parts.ts';
import { findPublisher, mustBeHome, mustBelong } from '../publishers/find-publisher.ts';
import { findAlike } from './find-alike.ts';
import { latestManifest } from './find-release.ts';
import { type Intake, intake, refused } from './intake.ts';
import { refreshPackage } from './refresh-package.ts';
import { mustBeSigned } from './signature.ts';

export interface PublishRequest {
  /** the packed `.tgz` */
  bytes: Buffer;
  /** given for a package whose signature is not inside: the host's own over a first-party package */
  signature?: (manifest: Manifest) => Signature;
  /** reviewed by whoever publishes it: the host for what it brings along */
  is_verified?: boolean;
}

/**
 * Publishes a release. Everything is checked before anything is stored; then bytes, release, listing and log entry
 * are stored together. The same digest again answers the release that exists, with the new signature added.
 *
 * @returns the release, and whether it is new
 * @throws Failure `install_refused` with `content.reason` for anything wrong with the package, `forbidden` for a
 *   stranger to the publisher, `conflict` for a released version with another digest
 */
export async function publish(
  parts: Parts,
  actor: Actor,
  request: PublishRequest,
): Promise<{ release: Release; is_new: boolean }> {
  const taken = await intake(parts, request.bytes, latestManifest);
  const { manifest } = taken;
  const publisher = await findPublisher(manifest.name.split('/')[0] ?? '');
  mustBelong(publisher, actor);
  mustBeHome(publisher);
  const signature = request.signature?.(manifest) ?? taken.signature;
  mustBeSigned(manifest, signature, publisher);
  taken.findings.push(...(await findAlike(manifest)));
  return transaction(async () => {
    const existing = await Release.findById(releaseId(manifest.name, manifest.version)).lean();
    if (existing) return { release: await again(parts, actor, existing, taken, signature), is_new: false };
    const release = await store(parts, actor, publisher, taken, signature, request.is_verified ?? false);
    return { release, is_new: true };
  });
}

async function again(
  parts: Parts,
  actor: Actor,
  existing: Release,
  taken: Intake,
  signature: Signature | null,
): Promise<Release> {
  if (existing.digest !== taken.digest) {
    throw new Failure('conflict', {
      message: `${existing._id} is released with another content, and a release never changes; publish it as a new version`,
    });
  }
  if (!signature || existing.signatures.some(({ key_id }) => key_id === signature.key_id)) return existing;
  const signatures = [...existing.signatures, signature];
  await Release.updateOne({ _id: existing._id }, { $set: { signatures } });
  const { name, version } = existing;
  await append(parts, actor, [
    { kind: 'release.signed', subject: name, version, facts: { digest: existing.digest, ...signature } },
  ]);
  return { ...existing, signatures };
}

async function store(
  parts: Parts,
  actor: Actor,
  publisher: Publisher,
  taken: Intake,
  signature: Signature | null,
  is_verified: boolean,
): Promise<Release> {
  const { name, version } = taken.manifest;
  const at = new Date(parts.clock());
  const facts: LogFact[] = [
    {
      kind: 'release.published',
      subject: name,
      version,
      facts: { digest: taken.digest, integrity: taken.bundle._id, ...signature },
    },
  ];
  if (is_verified) {
    facts.push({
      kind: 'release.verified',
      subject: name,
      version,
      facts: { digest: taken.digest, reason: 'first party' },
    });
  }
  const blocked = await Package.findById(name, { blocked: 1 }).lean();
  if (blocked?.blocked) throw refused('blocked', `${name} is blocked here: ${blocked.blocked.reason}`);
  const [entry] = await append(parts, actor, facts);
  const release: Release = {
    _id: releaseId(name, version),
    name,
    version,
    publisher: publisher._id,
    state: 'published',
    state_reason: null,
    digest: taken.digest,
    integrity: taken.bundle._id,
    signatures: signature ? [signature] : [],
    manifest_text: taken.manifest_text,
    size: taken.size,
    script_size: taken.script_size,
    handlers: taken.handlers,
    readme: taken.readme,
    changelog: taken.changelog,
    icon: taken.icon,
    screenshots: taken.screenshots,
    findings: taken.findings,
    is_verified,
    verified_at: is_verified ? at : null,
    verified_by: is_verified ? actor.label : null,
    verified_reason: is_verified ? 'first party' : null,
    is_security_fix: false,
    deprecated: null,
    published_by: actor.id,
    published_at: at,
    log_index: entry?._id ?? null,
    download_count: 0,
    origin: null,
  };
  const { _id, ...bundle } = taken.bundle;
  await Bundle.updateOne({ _id }, { $setOnInsert: bundle }, { upsert: true });
  await Release.create([release]);
  await refreshPackage(parts, name);
  return release;
}
