import { integrityOf } from '../../sdk/package/integrity.ts';
import { Bundle } from '../models/bundle.ts';
import type { Release } from '../models/release.ts';
import type { Parts } from '../parts.ts';
import { intake, refused } from '../releases/intake.ts';
import { readBundle, TamperedError } from '../releases/read-bundle.ts';

const mostBytes = 10_500_000;

/**
 * Makes sure that a release's package is stored here, whole: one of a remote registry is fetched now, and checked like
 * a publication.
 *
 * @throws Failure `install_refused`: `not_stored` when there is no origin or it does not answer, `tampered` when the
 *   bytes are not the ones that were published
 */
export async function fetchBundle(parts: Parts, release: Release): Promise<void> {
  if (!(await Bundle.exists({ _id: release.integrity })))
    await storeBundle(parts, release, await download(parts, release));
  try {
    await readBundle(release.integrity);
  } catch (error) {
    if (!(error instanceof TamperedError)) throw error;
    throw refused('tampered', `The package of ${release._id} is not the one that was published: ${error.message}`);
  }
}

async function download(parts: Parts, release: Release): Promise<Buffer> {
  const { origin, name, version, _id } = release;
  if (origin === null) throw refused('not_stored', `The package of ${_id} is not stored here any more`);
  const path = `/api/v1/registry/plugins/${encodeURIComponent(name)}/versions/${encodeURIComponent(version)}/tarball`;
  const answer = await parts.fetch(origin + path, mostBytes).catch((cause: Error) => {
    throw refused('not_stored', `The registry ${origin} does not answer: ${cause.message}`);
  });
  if (answer.status !== 200) throw refused('not_stored', `The registry ${origin} answered ${answer.status} for ${_id}`);
  return answer.body;
}

/** Checks bytes that came from elsewhere against the release that names them, and stores them. @throws Failure */
export async function storeBundle(
  parts: Parts,
  release: Pick<Release, '_id' | 'integrity' | 'digest'>,
  bytes: Buffer,
): Promise<void> {
  if (integrityOf(bytes) !== release.integrity) {
    throw refused('tampered', `The package of ${release._id} has another digest than its registry logged`);
  }
  const taken = await intake(parts, bytes, async () => undefined);
  if (taken.digest !== release.digest) {
    throw refused('tampered', `The manifest inside ${release._id} has another digest than its registry logged`);
  }
  const { _id, ...bundle } = taken.bundle;
  await Bundle.updateOne({ _id }, { $setOnInsert: bundle }, { upsert: true });
}
