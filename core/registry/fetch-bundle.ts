import { Bundle } from '../../marketplace/models/bundle.ts';
import type { Release } from '../../marketplace/models/release.ts';
import { refused } from '../../marketplace/releases/intake.ts';
import { readBundle, TamperedError } from '../../marketplace/releases/read-bundle.ts';
import { mirrorBundle } from './mirror-bundle.ts';

/**
 * Makes sure that a release's package is stored here, whole: one of a remote registry is fetched now.
 *
 * @throws Failure `install_refused`, reason `tampered`, when its bytes are not the ones that were published
 */
export async function fetchBundle(release: Release): Promise<void> {
  if (!(await Bundle.exists({ _id: release.integrity }))) await mirrorBundle(release);
  try {
    await readBundle(release.integrity);
  } catch (error) {
    if (!(error instanceof TamperedError)) throw error;
    throw refused('tampered', `The package of ${release._id} is not the one that was published: ${error.message}`);
  }
}
