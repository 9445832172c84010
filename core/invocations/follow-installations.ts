import type { Sandbox } from '../../sandbox/types.ts';
import { trusted } from '../database/mongoose.ts';
import { Installation } from '../installations/model.ts';
import { imageId, loadedInstallations, unloadImages } from './load-image.ts';
import type { CallScope } from './scope.ts';

/**
 * Brings the isolates of this process to what their installations say now, whichever node changed them: those of an
 * installation that is gone, stopped, or runs another release end, and calls in flight lose what was taken back.
 *
 * @param workspace_id whose installations; null for all
 */
export async function followInstallations(sandbox: Sandbox<CallScope>, workspace_id: string | null): Promise<void> {
  const ids = loadedInstallations(workspace_id);
  if (ids.length === 0) return;
  const found = await Installation.find(
    { _id: trusted({ $in: ids }), is_enabled: true, status: 'ok' },
    { manifest_text: 0 },
  ).lean();
  const running = new Map(found.map((one) => [one._id, one]));
  for (const installation_id of ids) {
    const one = running.get(installation_id);
    const releases = one ? [one, ...(one.canary ? [one.canary] : [])] : [];
    const images = releases.map((release) => ({ id: imageId(installation_id, release), grants: release.grants }));
    unloadImages(
      sandbox,
      installation_id,
      images.map(({ id }) => id),
    );
    for (const { id, grants } of images) sandbox.regrant(id, grants);
  }
}
