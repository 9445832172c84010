import { createHash } from 'node:crypto';
import type { Manifest } from '../../sdk/contract/manifest.ts';
import { type Installation, parseManifest, type RunningRelease } from '../installations/model.ts';

/** The release that serves a call, with its manifest. */
export interface ChosenRelease extends RunningRelease {
  manifest: Manifest;
  is_canary: boolean;
}

/**
 * The release that serves a project: the one on trial for a fixed share of the projects, else the installed one.
 * Sticky: the same project has the same one for as long as the trial runs.
 */
export function chooseRelease(installation: Installation, project_id: string | null): ChosenRelease {
  const { canary } = installation;
  if (canary && shareOf(`${installation._id} ${canary.version} ${project_id ?? '-'}`) < canary.percent) {
    return { ...canary, manifest: parseManifest(canary), is_canary: true };
  }
  const { version, integrity, digest, manifest_text, grants, handlers, manifest } = installation;
  return { version, integrity, digest, manifest_text, grants, handlers, manifest, is_canary: false };
}

/** A number from 0 to below 100, the same for the same text, evenly spread. */
export function shareOf(text: string): number {
  return (createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32) * 100;
}
