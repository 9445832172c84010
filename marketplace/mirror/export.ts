import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { trusted } from '../../core/database/mongoose.ts';
import { checkpoint } from '../log/checkpoint.ts';
import { prove } from '../log/read.ts';
import { Bundle } from '../models/bundle.ts';
import { Publisher } from '../models/publisher.ts';
import { Release } from '../models/release.ts';
import type { Parts } from '../parts.ts';
import { findPackage, manifestOf } from '../releases/find-release.ts';
import { type ExportLine, exportFormat } from './export-line.ts';
import { fetchBundle } from './fetch-bundle.ts';
import type { ForeignPublisher, ForeignRelease } from './take-release.ts';

/**
 * Packs packages with their open releases, keys and proofs into one file that another host takes without any network.
 * Every proof is made against the checkpoint in its head, whatever is published meanwhile.
 *
 * @param names the packages; all of them when empty
 * @throws Failure `plugin_not_found`
 */
export async function exportPackages(parts: Parts, names: readonly string[]): Promise<Readable> {
  for (const name of names) await findPackage(name);
  const filter = names.length > 0 ? { name: trusted({ $in: [...names] }) } : {};
  const releases = await Release.find({
    ...filter,
    state: trusted({ $in: ['published', 'yanked'] }),
    log_index: trusted({ $ne: null }),
  })
    .sort({ _id: 1 })
    .lean();
  return Readable.from(lines(parts, releases)).pipe(createGzip());
}

async function* lines(parts: Parts, releases: Release[]): AsyncGenerator<string> {
  const head = await checkpoint(parts);
  yield line({ kind: 'head', format: exportFormat, origin: parts.origin, checkpoint: head });
  const publishers = await Publisher.find({
    _id: trusted({ $in: [...new Set(releases.map(({ publisher }) => publisher))] }),
  }).lean();
  for (const publisher of publishers) yield line({ kind: 'publisher', publisher: foreignPublisher(publisher) });
  for (const release of releases) {
    await fetchBundle(parts, release);
    const bundle = await Bundle.findById(release.integrity, { bytes: 1 }).orFail();
    const { entry, leaf_hash, inclusion } = await prove(parts, { index: release.log_index ?? 0, at: head.size });
    yield line({
      kind: 'release',
      release: foreignRelease(release),
      bytes: bundle.bytes.toString('base64'),
      proof: { index: release.log_index ?? 0, leaf: entry?.leaf ?? '', leaf_hash, inclusion },
    });
  }
}

const line = (value: ExportLine) => `${JSON.stringify(value)}\n`;

function foreignPublisher(publisher: Publisher): ForeignPublisher {
  return {
    name: publisher._id,
    display_name: publisher.display_name,
    keys: publisher.keys.map(({ key_id, public_key, added_at, revoked_at, revoked_reason }) => ({
      ...{ key_id, public_key, revoked_reason },
      added_at: added_at.toISOString(),
      revoked_at: revoked_at?.toISOString() ?? null,
    })),
    created_at: publisher.created_at.toISOString(),
  };
}

function foreignRelease(release: Release): ForeignRelease {
  const { name, version, publisher, state, state_reason, digest, integrity, signatures, size, handlers } = release;
  const { is_verified, verified_by, verified_reason, readme, changelog, icon, screenshots } = release;
  return {
    ...{ name, version, publisher, state, state_reason, digest, integrity, signatures, size, handlers },
    ...{ is_verified, verified_by, verified_reason, readme, changelog, icon, screenshots },
    verified_at: release.verified_at?.toISOString() ?? null,
    deprecated: release.deprecated && { reason: release.deprecated.reason, at: release.deprecated.at.toISOString() },
    published_at: release.published_at.toISOString(),
    manifest: manifestOf(release),
  };
}
