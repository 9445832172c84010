import type { Sandbox } from '../../sandbox/types.ts';
import { trusted } from '../database/mongoose.ts';
import { Installation } from '../installations/model.ts';
import { imageId, loadedInstallations, unloadImage, unloadImages } from './load-image.ts';
import type { CallScope } from './scope.ts';

const fields = { manifest_text: 0 } as const;

/** A call that asked for its isolate may still wait for a process; an upgrade's trial run is installed nowhere yet. */
const spareMs = 60_000;

/**
 * Brings the isolates of this process to what the installations of a workspace say now, whichever node changed them:
 * those of a stopped one end, and calls in flight lose what was taken back. Others are left alone: one may belong to a
 * release whose installation or upgrade is not committed yet.
 */
export async function followInstallations(sandbox: Sandbox<CallScope>, workspace_id: string | null): Promise<void> {
  const ids = loadedInstallations(workspace_id);
  if (ids.length === 0) return;
  for (const one of await Installation.find({ _id: trusted({ $in: ids }) }, fields).lean()) {
    const runs = one.is_enabled && one.status === 'ok';
    for (const release of [one, ...(one.canary ? [one.canary] : [])]) {
      const id = imageId(one._id, release);
      if (runs) sandbox.regrant(id, release.grants);
      else unloadImage(sandbox, id);
    }
  }
}

/**
 * Ends isolates whose installation is gone, stopped, or runs another release.
 *
 * @param used_before those that a call asked for since are spared
 */
export async function sweepImages(sandbox: Sandbox<CallScope>, used_before = Date.now() - spareMs): Promise<void> {
  const ids = loadedInstallations(null);
  if (ids.length === 0) return;
  const filter = { _id: trusted({ $in: ids }), is_enabled: true, status: 'ok' as const };
  const running = new Map((await Installation.find(filter, fields).lean()).map((one) => [one._id, one]));
  for (const installation_id of ids) {
    const one = running.get(installation_id);
    const releases = one ? [one, ...(one.canary ? [one.canary] : [])] : [];
    const keep = releases.map((release) => imageId(installation_id, release));
    unloadImages(sandbox, installation_id, { keep, used_before });
  }
}
