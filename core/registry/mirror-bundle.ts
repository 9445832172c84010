import { Bundle } from '../../marketplace/models/bundle.ts';
import type { Release } from '../../marketplace/models/release.ts';
import { intake, refused } from '../../marketplace/releases/intake.ts';
import { integrityOf } from '../../sdk/package/integrity.ts';
import { egress } from '../egress/egress.ts';
import { marketplace } from './marketplace.ts';

const mostBytes = 10_500_000;

/**
 * Fetches the bytes of a release from the registry that it was mirrored from, checks them like a publication, and
 * stores them.
 *
 * @throws Failure `install_refused`: `not_stored` when there is no origin or it does not answer, `tampered` when the
 *   bytes are not the ones that the origin logged
 */
export async function mirrorBundle(release: Release): Promise<void> {
  if (release.origin === null) throw refused('not_stored', `The package of ${release._id} is not stored here any more`);
  const url = `${release.origin}/api/v1/registry/plugins/${encodeURIComponent(release.name)}/versions/${encodeURIComponent(release.version)}/tarball`;
  const answer = await egress({ url, max_bytes: mostBytes, timeout_ms: 60_000 }).catch((cause: Error) => {
    throw refused('not_stored', `The registry ${release.origin} does not answer: ${cause.message}`);
  });
  if (answer.status !== 200) {
    throw refused('not_stored', `The registry ${release.origin} answered ${answer.status} for ${release._id}`);
  }
  await storeMirrored(release, answer.body);
}

/** Checks bytes that came from elsewhere against the release that names them, and stores them. */
export async function storeMirrored(release: Release, bytes: Buffer): Promise<void> {
  if (integrityOf(bytes) !== release.integrity) {
    throw refused('tampered', `The package of ${release._id} has another digest than its registry logged`);
  }
  const taken = await intake(marketplace().parts, bytes, async () => undefined);
  if (taken.digest !== release.digest) {
    throw refused('tampered', `The manifest inside ${release._id} has another digest than its registry logged`);
  }
  const { _id, ...bundle } = taken.bundle;
  await Bundle.updateOne({ _id }, { $setOnInsert: bundle }, { upsert: true });
}
